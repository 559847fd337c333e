"""Rank (位次): counties by attainment, where a difference smaller than one unit of work is none (并列)."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from flows.catalogue.terms import CITY
from flows.rollup.judge import EXACT, is_total

_KEY = ["county", "indicator"]
_DUST = 10**-EXACT  # a gap of exactly one unit is a gap, whatever its binary fraction
_SCHEMA = {"county": pl.String, "indicator": pl.String, "rank": pl.Int64, "tied": pl.Boolean}


def ranked(judged: pl.DataFrame) -> pl.DataFrame:
    """Adds rank, tied and ranked (how many of the indicator's counties are ranked, on all its rows).

    Ranked are the counties of a `total` with a target and a known ytd, the highest unrounded attainment
    first. Rank and tied are null for all others.
    """
    contenders = judged.filter(is_total(), pl.col("county") != CITY, pl.col("attainment_pct").is_not_null())
    joined = judged.join(_placed(contenders), on=_KEY, how="left", validate="1:1", maintain_order="left")
    by_county = (pl.col("county") != CITY).any().over("indicator")
    count = pl.col("rank").count().over("indicator").cast(pl.Int64)
    return joined.with_columns(ranked=pl.when(is_total() & by_county).then(count))


def with_rank_change(ranked_now: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """Adds rank_change: places gained since the period before (negative: lost); null if unranked in either.

    `before` is None where there is no earlier period of the same year to compare with.
    """
    if before is None:
        return ranked_now.with_columns(rank_change=pl.lit(None, dtype=pl.Int64))
    earlier = before.select(*_KEY, earlier="rank")
    joined = ranked_now.join(earlier, on=_KEY, how="left", validate="1:1", maintain_order="left")
    return joined.with_columns(rank_change=pl.col("earlier") - pl.col("rank")).drop("earlier")


@dataclass(slots=True)
class _Group:
    """Counties that share a rank: the leader they are measured against and the last one let in."""

    indicator: str
    rank: int
    leader_pct: float
    leader_unit_pct: float
    last_pct: float
    members: int = 1

    def includes(self, indicator: str, pct: float, unit_pct: float) -> bool:
        """Whether the next county is level with the last, or less than one unit's worth behind the leader.

        One unit's worth is the larger of the two counties'; who is level with a member shares its rank.
        """
        if indicator != self.indicator:
            return False
        return pct == self.last_pct or self.leader_pct - pct < max(self.leader_unit_pct, unit_pct) - _DUST

    def admit(self, pct: float) -> None:
        """Let the county in."""
        self.members += 1
        self.last_pct = pct


def _placed(contenders: pl.DataFrame) -> pl.DataFrame:
    """Rank and tied by county and indicator.

    Equal attainments are ordered by target, the smaller first, so that the same counties lead whatever the
    order of the rows; what is then still equal is interchangeable.
    """
    ordered = contenders.with_columns(
        pct=pl.col("attainment_pct").round(EXACT), unit_pct=100 / pl.col("target")
    )
    ordered = ordered.sort("indicator", "pct", "target", descending=[False, True, False])
    groups = _grouped(zip(*(ordered[c].to_list() for c in ("indicator", "pct", "unit_pct")), strict=True))
    places = {"rank": [g.rank for g in groups], "tied": [g.members > 1 for g in groups]}
    columns = {"county": ordered["county"], "indicator": ordered["indicator"], **places}
    return pl.DataFrame(columns, schema=_SCHEMA)


def _grouped(contenders: Iterable[tuple[str, float, float]]) -> list[_Group]:
    """The group of each county, best first: a rank is one more than the number of counties above the group."""
    groups: list[_Group] = []
    place = 0
    for indicator, pct, unit_pct in contenders:
        group = groups[-1] if groups else None
        place = place + 1 if group and group.indicator == indicator else 1
        if group and group.includes(indicator, pct, unit_pct):
            group.admit(pct)
        else:
            group = _Group(indicator, place, pct, unit_pct, last_pct=pct)
        groups.append(group)
    return groups
