"""Rank (位次): counties by attainment, where a difference smaller than one unit of work is none (并列)."""

from collections.abc import Iterable

import polars as pl

from flows.indicators.judge import EXACT, is_total
from flows.plan.terms import CITY

_DUST = 10**-EXACT  # a gap of exactly one unit is a gap, whatever its binary fraction


def ranked(judged: pl.DataFrame) -> pl.DataFrame:
    """Adds rank, tied and ranked (how many of the indicator's counties are ranked, on all its rows).

    Ranked are the counties of a `total` with a target and a known ytd, the highest unrounded attainment
    first. Rank and tied are null for all others.
    """
    placed = pl.concat([judged, places(judged)], how="horizontal")
    by_county = (pl.col("county") != CITY).any().over("indicator")
    count = pl.col("rank").count().over("indicator").cast(pl.Int64)
    return placed.with_columns(ranked=pl.when(is_total() & by_county).then(count))


def places(judged: pl.DataFrame) -> pl.DataFrame:
    """Rank and tied of every row, in the order of the rows; null where a row is not ranked.

    Equal attainments are ordered by target, the smaller first, so that the same counties lead whatever the
    order of the rows; what is then still equal is interchangeable.
    """
    indicators = pl.Enum(judged["indicator"].unique(maintain_order=True))  # sorted as numbers, not as texts
    rows = judged.with_row_index("at")
    contenders = rows.filter(is_total(), pl.col("county") != CITY, pl.col("attainment_pct").is_not_null()).select(
        "at", "target",
        of=pl.col("indicator").cast(indicators).to_physical(),
        pct=pl.col("attainment_pct").round(EXACT),
        unit_pct=100 / pl.col("target"),
    )  # fmt: skip
    ordered = contenders.sort("of", "pct", "target", descending=[False, True, False])
    ranks = _ranks(zip(*(ordered[c].to_list() for c in ("of", "pct", "unit_pct")), strict=True))
    placed = ordered.select("at", "of", rank=pl.Series(ranks, dtype=pl.Int64))
    placed = placed.select("at", "rank", tied=_as_next(-1) | _as_next(1))
    return rows.select("at").join(placed, on="at", how="left", maintain_order="left").drop("at")


def with_rank_change(ranked_now: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """Adds rank_change: places gained since the period before (negative: lost); null if unranked in either.

    `before` are its `places`, of the same rows; None where there is no earlier period of the same year.
    """
    then = pl.lit(None, dtype=pl.Int64) if before is None else before["rank"]
    return ranked_now.with_columns(rank_change=then - pl.col("rank"))


def _as_next(step: int) -> pl.Expr:
    """Whether the row so many further on has the same rank of the same indicator."""
    alike = pl.struct("of", "rank") == pl.struct("of", "rank").shift(step)
    return alike.fill_null(False)


def _ranks(contenders: Iterable[tuple[int, float, float]]) -> list[int]:
    """The rank of each, best first: one more than the number of counties above its group.

    A county shares a rank that is level with the last one let in, or less than one unit's worth behind the
    group's leader; one unit's worth is the larger of the two counties'. Plain numbers, no objects: the country
    has 160,000 of them.
    """
    ranks: list[int] = []
    of, place, rank, leader, leader_unit, last = -1, 0, 0, 0.0, 0.0, 0.0
    for indicator, pct, unit in contenders:
        place = place + 1 if indicator == of else 1
        if indicator != of or (pct != last and leader - pct >= max(leader_unit, unit) - _DUST):
            rank, leader, leader_unit = place, pct, unit
        of, last = indicator, pct
        ranks.append(rank)
    return ranks
