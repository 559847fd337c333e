"""Rank (位次): counties by attainment, where a difference smaller than one unit of work is none (并列)."""

from collections.abc import Iterable

import polars as pl

from flows.indicators.exact import ONE, hundredths
from flows.indicators.pace import is_total
from flows.plan.terms import CITY


def with_rank(paced: pl.DataFrame) -> pl.DataFrame:
    """Add rank, tied and ranked (how many of the indicator's counties are ranked, on all its rows).

    Ranked are the counties of a `total` with a target and a known ytd, the highest unrounded attainment
    first. Rank and tied are null for all others.
    """
    placed = pl.concat([paced, ranks(paced)], how="horizontal")
    by_county = (pl.col("county") != CITY).any().over("indicator")
    count = pl.col("rank").count().over("indicator").cast(pl.Int64)
    return placed.with_columns(ranked=pl.when(is_total() & by_county).then(count))


def ranks(paced: pl.DataFrame) -> pl.DataFrame:
    """Rank and tied of every row, in the order of the rows; null where a row is not ranked.

    Equal attainments are ordered by target, the smaller first, so that the same counties lead whatever the
    order of the rows; what is then still equal is interchangeable.
    """
    indicators = pl.Enum(paced["indicator"].unique(maintain_order=True))  # sorted as numbers, not as text
    rows = paced.with_row_index("at")
    contenders = rows.filter(is_total(), pl.col("county") != CITY, pl.col("attainment_pct").is_not_null()).select(
        "at", "attainment_pct",
        of=pl.col("indicator").cast(indicators).to_physical(), done=hundredths("ytd"), due=hundredths("target"),
    )  # fmt: skip
    ordered = contenders.sort("of", "attainment_pct", "due", descending=[False, True, False])
    rank = _ranks(zip(*(ordered[c].to_list() for c in ("of", "done", "due")), strict=True))
    placed = ordered.select("at", "of", rank=pl.Series(rank, dtype=pl.Int64))
    placed = placed.select("at", "rank", tied=_is_same_as_next(-1) | _is_same_as_next(1))
    return rows.select("at").join(placed, on="at", how="left", maintain_order="left").drop("at")


def with_rank_change(paced_now: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """Add rank_change: places gained since the period before (negative: lost) among the counties ranked in both, so that
    one that did not report moves nobody else; null for a county unranked in either.

    `before` is that period's frame with its pace, of the same rows; None where there is no earlier period of the year.
    """
    if before is None:
        return paced_now.with_columns(rank_change=pl.lit(None, dtype=pl.Int64))
    is_in_both = paced_now["attainment_pct"].is_not_null() & before["attainment_pct"].is_not_null()
    then, now = (_ranks_among(frame, is_in_both) for frame in (before, paced_now))
    return paced_now.with_columns(rank_change=then - now)


def _ranks_among(paced: pl.DataFrame, counts: pl.Series) -> pl.Series:
    """The ranks that the rows have when only those that count are ranked."""
    attainment = pl.when(pl.lit(counts)).then("attainment_pct")
    return ranks(paced.with_columns(attainment_pct=attainment))["rank"]


def _is_same_as_next(step: int) -> pl.Expr:
    """Whether the row `step` further on has the same rank of the same indicator."""
    alike = pl.struct("of", "rank") == pl.struct("of", "rank").shift(step)
    return alike.fill_null(False)


def _ranks(contenders: Iterable[tuple[int, int, int]]) -> list[int]:
    """The rank of each (indicator, done, due in hundredths), best first: one more than the counties above its group.

    A county shares a rank if it is level with the last one let in, or less than one unit's worth behind the
    group's leader; one unit's worth is the larger of the two counties'. Compared as fractions over a common
    denominator, in whole numbers. No objects: the country has 160,000 contenders.
    """
    result: list[int] = []
    of, place, rank, lead_done, lead_due, last_done, last_due = -1, 0, 0, 0, 1, 0, 1
    for indicator, done, due in contenders:
        place = place + 1 if indicator == of else 1
        is_level = done * last_due == last_done * due
        is_unit_behind = lead_done * due - done * lead_due >= ONE * max(due, lead_due)
        if indicator != of or (not is_level and is_unit_behind):
            rank, lead_done, lead_due = place, done, due
        of, last_done, last_due = indicator, done, due
        result.append(rank)
    return result
