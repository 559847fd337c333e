"""事项 (`milestone`): done or not, with a date; what is done stays done."""

from calendar import monthrange
from datetime import date

import polars as pl

from flows.indicators.cell_lookup import is_expected, is_known, said
from flows.plan.period import Period
from flows.plan.terms import Measure, State


def own(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """value = ytd = 1 if done by the period's end, 0 if the last month's report says not done, else null.

    Any report of the year in force up to the last month can say that it is done; a later silence does not
    undo it. A date after the period's end is not done yet.
    """
    end = date(period.year, period.last, monthrange(period.year, period.last)[1])
    last = said(cells, rows, period.months[-1], Measure.DONE)
    done = _done(cells, period, end)
    joined = last.join(done, on="row", how="left", maintain_order="left")
    said_not = pl.col("value").is_not_null() | pl.col("done_on").is_not_null()
    value = pl.when(pl.col("done")).then(1.0).when(said_not).then(0.0)
    state = pl.when(pl.col("done")).then(pl.lit(State.REPORTED.value)).otherwise(pl.col("state"))
    return joined.with_columns(value=value, ytd=value, state=state).with_columns(
        reported=is_known("ytd"), expected=is_expected(), value_reported=is_known("value")
    )


def _done(cells: pl.DataFrame, period: Period, end: date) -> pl.DataFrame:
    """The cells that a report in force, January to the last month, calls done by `end`."""
    counted = pl.col("month").is_in(period.months_to_date) & (pl.col("measure") == Measure.DONE.value)
    dated = pl.col("done_on").is_not_null()
    yes = pl.when(pl.col("value").is_null()).then(dated).otherwise(pl.col("value") >= 1)
    reported = pl.col("state") == State.REPORTED.value
    return (
        cells.filter(counted, reported, yes, ~dated | (pl.col("done_on") <= end))
        .select("row", done=pl.lit(True))
        .unique()
    )
