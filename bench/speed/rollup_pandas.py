"""The country's December by pandas: python -m bench.speed.rollup_pandas FOLDER. Every rule is `total`.

Written as somebody would who knows pandas well: joins on an index, whole columns, and for the ranks, where one place
depends on the one before, a loop over plain lists.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.speed.measure import clocked, say

KEY = ["county", "indicator"]
MONTHS = ("2025-10", "2025-11", "2025-12")


def main(folder: Path) -> None:
    """Load the tables, then time the rollup alone."""
    policy = json.loads((folder / "policy.json").read_text())
    cells, rows = (pd.read_parquet(folder / f"{name}.parquet") for name in ("cells", "rows"))
    made, took = clocked(lambda: december(cells, rows, policy))
    made.to_parquet(folder / "pandas.parquet")
    say(**took)


def december(cells: pd.DataFrame, rows: pd.DataFrame, policy: dict[str, Any]) -> pd.DataFrame:
    """A row a county and indicator, in the order of `rows`."""
    made = _amounts(cells, rows)
    made["attainment_pct"] = made["ytd"] * 100 / made["target"]
    made["pace_pct"] = 100.0
    made["gap_pp"] = made["attainment_pct"] - 100
    season = made["indicator"].map({name: curve[-1] for name, curve in policy["seasonal"].items()})
    made["seasonal_pct"], made["seasonal_gap_pp"] = season, made["attainment_pct"] - season
    reached = (made["ytd"] >= made["target"]).astype("boolean")
    partial = (made["county"] == "city") & (made["state"] == "partial")
    made["met"] = reached.mask(made["ytd"].isna() | (~reached & partial))
    made["required_monthly"] = np.where(made["target"] - made["ytd"] <= 0, 0.0, np.nan)
    made["mark"] = _marks(made, partial, policy)
    made = _ranked(made)
    made["small_target"] = (
        (made["target"] <= policy["small"]).astype("boolean").mask(made["county"] == "city")
    )
    return made.assign(period="2025-12", ytd_year_ago=np.nan)


def _amounts(cells: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Running totals of three months beside each row; the city's the sums of its counties."""
    held = cells[
        (cells["measure"] == "running_total") & (cells["state"] == "reported") & cells["month"].isin(MONTHS)
    ]
    wide = held.pivot(index=KEY, columns="month", values="value").reindex(pd.MultiIndex.from_frame(rows[KEY]))
    made = rows.copy()
    made["october"], made["november"], made["ytd"] = (wide[month].to_numpy() for month in MONTHS)
    made["value"] = (made["ytd"] - made["november"]).round(4)
    made["previous_value"] = (made["november"] - made["october"]).round(4)
    numbers = ["ytd", "november", "value", "previous_value"]
    counties = made[made["county"] != "city"]
    by_indicator = counties.groupby("indicator", sort=False)
    sums, known = by_indicator[numbers].sum(min_count=1).round(4), by_indicator[numbers].count()
    alike = (
        (counties["value"].isna() == counties["previous_value"].isna()).groupby(counties["indicator"]).all()
    )
    is_city = made["county"] == "city"
    at = made.loc[is_city, "indicator"]
    for name in numbers:
        made.loc[is_city, name] = sums[name].reindex(at).to_numpy()
    made.loc[is_city & ~made["indicator"].map(alike), "previous_value"] = np.nan
    made["expected"] = 1
    made["reported"], made["value_reported"], made["then"] = (
        made[name].notna().astype("int64") for name in ("ytd", "value", "november")
    )
    made.loc[is_city, "expected"] = by_indicator.size().reindex(at).to_numpy()
    for name, of in (("reported", "ytd"), ("value_reported", "value"), ("then", "november")):
        made.loc[is_city, name] = known[of].reindex(at).to_numpy()
    made["state"], made["state_then"] = (
        _state(made["reported"], made["expected"]),
        _state(made["then"], made["expected"]),
    )
    return made


def _state(reported: pd.Series, expected: pd.Series) -> np.ndarray:
    return np.select([reported == 0, reported < expected], ["missing", "partial"], "reported")


def _marks(made: pd.DataFrame, partial: pd.Series, policy: dict[str, Any]) -> np.ndarray:
    """Judged on the better of two clocks; two yellow months running are red."""
    then = made["november"] * 100 / made["target"]
    season = made["indicator"].map({name: curve[-2] for name, curve in policy["seasonal"].items()})
    before = np.fmax(then - 1100 / 12, then - season).round(9) <= policy["yellow"]
    before &= ~((made["county"] == "city") & (made["state_then"] == "partial"))
    better = np.fmax(made["gap_pp"], made["seasonal_gap_pp"]).round(9)
    behind = better <= policy["yellow"]
    return np.select(
        [made["gap_pp"].isna() | (partial & behind), (better <= policy["red"]) | (behind & before), behind,
         made["gap_pp"].round(9) >= policy["blue"]],
        [None, "red", "yellow", "blue"], "green",
    )  # fmt: skip


def _ranked(made: pd.DataFrame) -> pd.DataFrame:
    """Adds rank, tied, ranked and rank_change."""
    now = _places(made, made["attainment_pct"])
    then = _places(made, made["november"] * 100 / made["target"])["rank"]
    made["rank"], made["tied"] = now["rank"].astype("Int64"), now["tied"].astype("boolean")
    made["rank_change"] = then.astype("Int64") - made["rank"]
    made["ranked"] = made.groupby("indicator", sort=False)["rank"].transform("count")
    return made


def _places(made: pd.DataFrame, attainment: pd.Series) -> pd.DataFrame:
    pct = attainment.round(9)
    ordered = pd.DataFrame({"indicator": made["indicator"], "pct": pct, "target": made["target"]})
    ordered = ordered[(made["county"] != "city") & pct.notna()]
    ordered = ordered.sort_values(["indicator", "pct", "target"], ascending=[True, False, True])
    columns = (ordered["indicator"].tolist(), ordered["pct"].tolist(), (100 / ordered["target"]).tolist())
    ordered["rank"] = _ranks(*columns)
    ordered["tied"] = ordered.duplicated(["indicator", "rank"], keep=False)
    return ordered[["rank", "tied"]].reindex(made.index)


def _ranks(indicators: list[str], pcts: list[float], units: list[float]) -> list[int]:
    """Level with the last one let in, or less than a unit behind the first of the rank: the rank is shared."""
    ranks, of, place, rank, leader, leader_unit, last = [], "", 0, 0, 0.0, 0.0, 0.0
    for indicator, pct, unit in zip(indicators, pcts, units, strict=True):
        place = place + 1 if indicator == of else 1
        if indicator != of or (pct != last and leader - pct >= max(leader_unit, unit) - 1e-9):
            rank, leader, leader_unit = place, pct, unit
        of, last = indicator, pct
        ranks.append(rank)
    return ranks


if __name__ == "__main__":
    main(Path(sys.argv[1]))
