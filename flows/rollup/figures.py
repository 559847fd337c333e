"""The rollup (汇总): every figure of a period, from the reports in force to rank and mark."""

import polars as pl

from flows.catalogue.catalogue import Catalogue
from flows.catalogue.frames import FIGURES
from flows.catalogue.period import Period
from flows.rollup.amounts import amounts
from flows.rollup.compare import with_earlier
from flows.rollup.expected import expected
from flows.rollup.judge import is_total, judged
from flows.rollup.mark import with_mark
from flows.rollup.rank import ranked, with_rank_change
from flows.rollup.seasonal import with_seasonal_clock

_KEY = ["county", "indicator"]


def figures(
    by_cell: pl.DataFrame, open_queries: pl.DataFrame, catalogue: Catalogue, period: Period
) -> pl.DataFrame:
    """One row per county × indicator of the plan, columns and types of `catalogue.frames.FIGURES`.

    In plan order of indicators, of each 'city' first and the counties in annex order. `by_cell` is the frame
    BY_CELL, whatever months it holds; `open_queries` has a row (county, indicator) per unanswered query. Null
    means not known or not applicable, never zero; `state` says which.
    """
    rows = expected(catalogue)
    before = amounts(by_cell, rows, period.previous)
    year_ago = amounts(by_cell, rows, period.year_ago)

    now = _clocked(by_cell, rows, catalogue, period)
    now = with_mark(
        now, open_queries, _months_behind(by_cell, rows, catalogue, period), catalogue.policy.marks
    )
    now = with_rank_change(ranked(now), _ranked_before(rows, before, period))
    now = with_earlier(now, before, "value", "previous_value")
    now = with_earlier(now, year_ago, "ytd", "ytd_year_ago")
    small = is_total() & (pl.col("county") != "city")
    return now.with_columns(
        period=pl.lit(str(period)),
        small_target=pl.when(small).then(pl.col("target") <= catalogue.policy.ranking.small_target_at_most),
    ).select(pl.col(name).cast(getattr(pl, kind)) for name, kind in FIGURES.items())


def _clocked(by_cell: pl.DataFrame, rows: pl.DataFrame, catalogue: Catalogue, period: Period) -> pl.DataFrame:
    """The amounts of a period beside their targets, judged on both clocks."""
    laid = rows.join(
        amounts(by_cell, rows, period), on=_KEY, how="left", validate="1:1", maintain_order="left"
    )
    return with_seasonal_clock(judged(laid, period), catalogue, period)


def _months_behind(
    by_cell: pl.DataFrame, rows: pl.DataFrame, catalogue: Catalogue, period: Period
) -> list[pl.DataFrame] | None:
    """The months before the last that turn yellow into red, each on its own figures; None if too early."""
    earlier = catalogue.policy.marks.red_after_yellow_months - 1
    if not 0 <= earlier < period.last:
        return None
    months = (Period.month(period.year, period.last - back) for back in range(1, earlier + 1))
    return [_clocked(by_cell, rows, catalogue, month) for month in months]


def _ranked_before(rows: pl.DataFrame, before: pl.DataFrame, period: Period) -> pl.DataFrame | None:
    """The ranks of the period before; None across the year's end, where the targets start anew."""
    if period.previous.year != period.year:
        return None
    laid = rows.join(before, on=_KEY, how="left", validate="1:1", maintain_order="left")
    return ranked(judged(laid, period.previous))
