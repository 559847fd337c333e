"""The size of the country: 2,844 counties × 56 indicators × 12 months of cells, written for all who add them up.

Run as a child: python -m bench.speed.country FOLDER writes cells.parquet (CellSchema), rows.parquet (what is expected,
in print order) and policy.json (what a figure of December is judged by).
"""

import dataclasses
import json
import sys
from decimal import Decimal
from pathlib import Path

import polars as pl

from flows.indicators.amounts import expected_rows
from flows.plan.catalogue import Catalogue, County
from flows.plan.frames import CellSchema, polars_schema
from flows.plan.load import load
from flows.plan.terms import Bound, Measure, ReportedBy, Rule, State

COUNTIES, YEAR = 2844, 2025
PLAN = Path("plan/2025")


def main(folder: Path) -> None:
    """Write the three files."""
    catalogue = country()
    cells = reports(catalogue)
    cells.write_parquet(folder / "cells.parquet")
    expected_rows(catalogue).with_row_index("n").write_parquet(folder / "rows.parquet")
    marks, seasonal = catalogue.policy.marks, catalogue.policy.seasonal
    policy = {
        "blue": marks.blue_at_least_pp, "yellow": marks.yellow_at_most_pp, "red": marks.red_at_most_pp,
        "small": catalogue.policy.ranking.small_target_at_most, "months": marks.red_after_yellow_months,
        "seasonal": {name: list(curve.cumulative_pct) for name, curve in seasonal.items()},
    }  # fmt: skip
    (folder / "policy.json").write_text(json.dumps(policy))
    print(json.dumps({"cells": cells.height}))


def country() -> Catalogue:
    """The plan with a country's counties, all of which report each of its indicators as a running total."""
    plan = load(PLAN)
    counties = tuple(County(f"county_{n:04d}", f"县{n}", f"{n:06d}", True, ()) for n in range(COUNTIES))
    targets = {c.id: Decimal(300 + n % 97 * 1000) for n, c in enumerate(counties)}
    indicators = tuple(
        dataclasses.replace(i, target=sum(targets.values(), Decimal(0)), rule=Rule.TOTAL, bound=Bound.AT_LEAST,
                            reported_by=ReportedBy.COUNTY, reporter=None, county_targets=targets)
        for i in plan.indicators
    )  # fmt: skip
    return dataclasses.replace(plan, counties=counties, indicators=indicators)


def reports(catalogue: Catalogue) -> pl.DataFrame:
    """Twelve months of both measures from everyone but one in fifty, uneven enough to fill every rank."""
    counties = pl.DataFrame({"county": [c.id for c in catalogue.counties]}).with_row_index("n")
    indicators = pl.DataFrame({"indicator": [i.id for i in catalogue.indicators]}).with_row_index("k")
    months = pl.DataFrame({"m": range(1, 13)})
    measures = pl.DataFrame({"measure": [Measure.RUNNING_TOTAL.value, Measure.IN_MONTH.value]})
    cells = counties.join(indicators, how="cross").join(months, how="cross").join(measures, how="cross")
    cells = cells.filter((pl.col("n") * 31 + pl.col("k") * 17 + pl.col("m")) % 50 != 0)
    target = 300 + pl.col("n") % 97 * 1000
    speed = 70 + (pl.col("n") * 7 + pl.col("k") * 13) % 53
    return cells.select(
        pl.format("{}-{}", pl.lit(YEAR), pl.col("m").cast(pl.String).str.zfill(2)).alias("month"),
        reporter="county", county="county", indicator="indicator", measure="measure",
        value=(target * speed * pl.col("m") // 1200).cast(pl.Float64),
        state=pl.lit(State.REPORTED.value), done_on=pl.lit(None, dtype=pl.Date),
    ).select(pl.col(name).cast(kind) for name, kind in polars_schema(CellSchema).items())  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
