"""The mark (预警标识): 蓝 well ahead, 绿 on pace, 黄 behind, 红 far behind or behind for months running."""

from collections.abc import Sequence

import polars as pl

from flows.indicators.judge import EXACT, is_partial_sum
from flows.plan.policy import Marks
from flows.plan.terms import CITY, Mark

_KEY = ["county", "indicator"]


def with_mark(
    clocked: pl.DataFrame, open_queries: pl.DataFrame, earlier: Sequence[pl.DataFrame], marks: Marks
) -> pl.DataFrame:
    """Adds mark: blue, green, yellow or red for every row with a gap, else null.

    Yellow and red are judged on the better of the two clocks, since nobody is urged on the linear one alone
    where there is a seasonal curve; blue on the linear one, which is official, and only without an open
    query. `earlier` are the months before, of the same rows, which turn yellow into red when all of them are yellow or worse
    and the year has had as many as the policy asks. A partial sum is never found behind: its mark is null.
    """
    ahead = pl.col("gap_pp").round(EXACT) >= marks.blue_at_least_pp
    far_behind = _behind_by(marks.red_at_most_pp)
    behind = _behind_by(marks.yellow_at_most_pp)
    flagged = _with_open_query(_with_running(clocked, earlier, marks), open_queries)
    mark = (
        pl.when(pl.col("gap_pp").is_null())
        .then(pl.lit(None, dtype=pl.String))
        .when(far_behind | (behind & pl.col("running")))
        .then(pl.lit(Mark.RED.value))
        .when(behind)
        .then(pl.lit(Mark.YELLOW.value))
        .when(ahead & ~pl.col("queried"))
        .then(pl.lit(Mark.BLUE.value))
        .otherwise(pl.lit(Mark.GREEN.value))
    )
    judgeable = ~is_partial_sum() | ~behind
    return flagged.with_columns(mark=pl.when(judgeable).then(mark)).drop("running", "queried")


def _behind_by(at_most_pp: float) -> pl.Expr:
    """Whether even the better clock says so; compared as written numbers, so that −5 is −5."""
    return pl.max_horizontal("gap_pp", "seasonal_gap_pp").round(EXACT) <= at_most_pp


def _with_running(clocked: pl.DataFrame, earlier: Sequence[pl.DataFrame], marks: Marks) -> pl.DataFrame:
    """Adds running: yellow or worse in every earlier month that counts; an unknown month breaks the run."""
    long_enough = len(earlier) + 1 >= marks.red_after_yellow_months >= 1
    running = clocked.with_columns(running=pl.lit(long_enough))
    behind = (_behind_by(marks.yellow_at_most_pp) & ~is_partial_sum()).fill_null(False)
    for month in earlier:
        running = running.with_columns(pl.col("running") & month.select(behind).to_series())
    return running


def _with_open_query(figures: pl.DataFrame, open_queries: pl.DataFrame) -> pl.DataFrame:
    """Adds queried: an open query on the very cell; for the city, on anyone's cell of the indicator."""
    open_cells = open_queries.select(pl.col(c).cast(pl.String) for c in _KEY)
    city_wide = open_cells.select(pl.lit(CITY).alias("county"), "indicator")
    queried = pl.concat([open_cells, city_wide]).unique().with_columns(queried=pl.lit(True))
    joined = figures.join(queried, on=_KEY, how="left", maintain_order="left")
    return joined.with_columns(pl.col("queried").fill_null(False))
