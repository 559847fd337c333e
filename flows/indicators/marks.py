"""The mark (预警标识): 蓝 well ahead, 绿 on pace, 黄 behind, 红 far behind or behind for months running."""

from collections.abc import Sequence

import polars as pl

from flows.indicators.pace import is_partial_sum
from flows.plan.policy import Marks
from flows.plan.terms import CITY, Mark

_KEY = ["county", "indicator"]


def with_mark(
    paced: pl.DataFrame, open_queries: pl.DataFrame, earlier: Sequence[pl.DataFrame], marks: Marks
) -> pl.DataFrame:
    """Add mark: blue, green, yellow or red for every row with a gap, else null.

    Yellow and red are judged on the better of the two gaps, since nobody is urged on the linear one alone
    where there is a seasonal curve; blue on the linear one, which is official, and only without an open
    query. `earlier` are the months before, of the same rows: they turn yellow into red where all of them are yellow
    or worse and the year has had as many as the policy asks. A partial sum is never found behind: its mark is null.
    """
    ahead = pl.col("gap_pp") >= marks.blue_at_least_pp
    far_behind = _behind_by(marks.red_at_most_pp)
    behind = _behind_by(marks.yellow_at_most_pp)
    flagged = _with_open_query(_with_running(paced, earlier, marks), open_queries)
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
    may_judge = ~is_partial_sum() | ~behind
    return flagged.with_columns(mark=pl.when(may_judge).then(mark)).drop("running", "queried")


def _behind_by(at_most_pp: float) -> pl.Expr:
    """Whether even the better of the two gaps is that far behind."""
    return pl.max_horizontal("gap_pp", "seasonal_gap_pp") <= at_most_pp


def _with_running(paced: pl.DataFrame, earlier: Sequence[pl.DataFrame], marks: Marks) -> pl.DataFrame:
    """Add running: yellow or worse in every earlier month that counts; an unknown month breaks the run."""
    long_enough = len(earlier) + 1 >= marks.red_after_yellow_months
    running = paced.with_columns(running=pl.lit(long_enough))
    behind = (_behind_by(marks.yellow_at_most_pp) & ~is_partial_sum()).fill_null(False)
    for month in earlier:
        running = running.with_columns(pl.col("running") & month.select(behind).to_series())
    return running


def _with_open_query(figures: pl.DataFrame, open_queries: pl.DataFrame) -> pl.DataFrame:
    """Add queried: an open query on the very cell; for the city, on anyone's cell of the indicator."""
    open_cells = open_queries.select(pl.col(c).cast(pl.String) for c in _KEY)
    city_wide = open_cells.select(pl.lit(CITY).alias("county"), "indicator")
    queried = pl.concat([open_cells, city_wide]).unique().with_columns(queried=pl.lit(True))
    joined = figures.join(queried, on=_KEY, how="left", maintain_order="left")
    return joined.with_columns(pl.col("queried").fill_null(False))
