"""Rank (位次): counties by attainment, where a difference smaller than one unit of work is none (并列)."""

from collections.abc import Iterable

import polars as pl

from flows.catalogue.terms import CITY
from flows.rollup.judge import EXACT, is_total

_KEY = ["county", "indicator"]
_DUST = 10**-EXACT  # a gap of exactly one unit is a gap, whatever its binary fraction


def ranked(judged: pl.DataFrame) -> pl.DataFrame:
    """Adds rank, tied and ranked (how many of the indicator's counties are ranked, on all its rows).

    Ranked are the counties of a `total` with a target and a known ytd, the highest unrounded attainment
    first. Rank and tied are null for all others.
    """
    joined = judged.join(places(judged), on=_KEY, how="left", validate="m:1", maintain_order="left")
    by_county = (pl.col("county") != CITY).any().over("indicator")
    count = pl.col("rank").count().over("indicator").cast(pl.Int64)
    return joined.with_columns(ranked=pl.when(is_total() & by_county).then(count))


def places(judged: pl.DataFrame) -> pl.DataFrame:
    """Rank and tied of those that are ranked, by county and indicator."""
    ranked_alone = (is_total(), pl.col("county") != CITY, pl.col("attainment_pct").is_not_null())
    return _placed(judged.filter(*ranked_alone))


def with_rank_change(ranked_now: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """Adds rank_change: places gained since the period before (negative: lost); null if unranked in either.

    `before` are its `places`, None where there is no earlier period of the same year to compare with.
    """
    if before is None:
        return ranked_now.with_columns(rank_change=pl.lit(None, dtype=pl.Int64))
    earlier = before.select(*_KEY, earlier="rank")
    joined = ranked_now.join(earlier, on=_KEY, how="left", validate="m:1", maintain_order="left")
    return joined.with_columns(rank_change=pl.col("earlier") - pl.col("rank")).drop("earlier")


def _placed(contenders: pl.DataFrame) -> pl.DataFrame:
    """Rank and tied by county and indicator.

    Equal attainments are ordered by target, the smaller first, so that the same counties lead whatever the
    order of the rows; what is then still equal is interchangeable.
    """
    ordered = contenders.with_columns(
        pct=pl.col("attainment_pct").round(EXACT), unit_pct=100 / pl.col("target")
    )
    ordered = ordered.sort("indicator", "pct", "target", descending=[False, True, False])
    columns = (ordered[c].to_list() for c in ("indicator", "pct", "unit_pct"))
    rank = pl.Series(_ranks(zip(*columns, strict=True)), dtype=pl.Int64)
    placed = ordered.select(*_KEY, rank=rank)
    return placed.with_columns(tied=pl.len().over("indicator", "rank") > 1)


def _ranks(contenders: Iterable[tuple[str, float, float]]) -> list[int]:
    """The rank of each, best first: one more than the number of counties above its group.

    A county shares a rank that is level with the last one let in, or less than one unit's worth behind the
    group's leader; one unit's worth is the larger of the two counties'. Plain numbers, no objects: the country
    has 160,000 of them.
    """
    ranks: list[int] = []
    of, place, rank, leader, leader_unit, last = "", 0, 0, 0.0, 0.0, 0.0
    for indicator, pct, unit in contenders:
        place = place + 1 if indicator == of else 1
        if indicator != of or (pct != last and leader - pct >= max(leader_unit, unit) - _DUST):
            rank, leader, leader_unit = place, pct, unit
        of, last = indicator, pct
        ranks.append(rank)
    return ranks
