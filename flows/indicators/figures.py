"""The rollup (汇总): every figure of a period, from the reports in force to rank and mark."""

from collections.abc import Mapping

import polars as pl

from flows.indicators.amounts import amounts_of_each
from flows.indicators.compare import with_earlier
from flows.indicators.expected import expected
from flows.indicators.judge import is_total, judged
from flows.indicators.mark import with_mark
from flows.indicators.rank import places, ranked, with_rank_change
from flows.indicators.seasonal import with_seasonal_clock
from flows.plan.catalogue import Catalogue
from flows.plan.frames import FIGURES
from flows.plan.period import Period
from flows.plan.terms import CITY

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
    running = _months_running(catalogue, period)
    needed = {period, period.previous, period.year_ago, *running}
    held = {p: _beside_target(rows, found) for p, found in amounts_of_each(by_cell, rows, needed).items()}

    now = _clocked(held[period], catalogue, period)
    earlier = [_clocked(held[month], catalogue, month) for month in running]
    marked = with_mark(now, open_queries, earlier, catalogue.policy.marks)
    placed = with_rank_change(ranked(marked), _ranked_before(held, period))
    compared = with_earlier(placed, held[period.previous], "value", "previous_value")
    compared = with_earlier(compared, held[period.year_ago], "ytd", "ytd_year_ago")
    return _in_print(compared, catalogue, period)


def _beside_target(rows: pl.DataFrame, amounts_of: pl.DataFrame) -> pl.DataFrame:
    """The amounts are in the order of the rows (see `amounts`), so nothing has to be looked up."""
    return pl.concat([rows, amounts_of.drop(_KEY)], how="horizontal")


def _clocked(beside_target: pl.DataFrame, catalogue: Catalogue, period: Period) -> pl.DataFrame:
    """The amounts of a period judged on both clocks."""
    return with_seasonal_clock(judged(beside_target, period), catalogue, period)


def _months_running(catalogue: Catalogue, period: Period) -> list[Period]:
    """The months before the last one that turn its yellow into red; fewer where the year is younger."""
    back = range(1, catalogue.policy.marks.red_after_yellow_months)
    return [Period.month(period.year, period.last - n) for n in back if n < period.last]


def _ranked_before(held: Mapping[Period, pl.DataFrame], period: Period) -> pl.DataFrame | None:
    """The places of the period before; None across the year's end, where the targets start anew."""
    before = period.previous
    return places(judged(held[before], before)) if before.year == period.year else None


def _in_print(compared: pl.DataFrame, catalogue: Catalogue, period: Period) -> pl.DataFrame:
    """The columns of the contract; small_target (基数小) marks the counties that are ranked on few units."""
    of_county = is_total() & (pl.col("county") != CITY)
    small = pl.col("target") <= catalogue.policy.ranking.small_target_at_most
    return compared.with_columns(
        period=pl.lit(str(period)), small_target=pl.when(of_county).then(small)
    ).select(pl.col(name).cast(getattr(pl, kind)) for name, kind in FIGURES.items())
