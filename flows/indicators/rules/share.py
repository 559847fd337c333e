"""占比 (`share`): 100 × numerator ÷ denominator of the period's last month; never an average of shares."""

import polars as pl

from flows.indicators.cell_lookup import is_expected, is_known, said
from flows.plan.period import Period
from flows.plan.terms import Measure, State

_GRAVER_LAST = (State.NOT_APPLICABLE, State.MISSING, State.BLOCKED)


def own(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """value = ytd = the share in percent, 0–100; null if either part is unknown or the denominator is 0.

    The row's state is the graver of its two parts'. 0 of 0 is 不适用 (there is nothing to have a share in);
    anything else of 0 cannot be right and is 数据待核.
    """
    month = period.months[-1]
    numerator = said(cells, rows, month, Measure.NUMERATOR)
    part = said(cells, rows, month, Measure.DENOMINATOR).select(whole="value", whole_state="state")
    both = pl.concat([numerator, part], how="horizontal")
    some = pl.col("whole") != 0
    return (
        both.with_columns(state=_state(), value=pl.when(some).then(pl.col("value") * 100 / pl.col("whole")))
        .with_columns(ytd="value")
        .with_columns(reported=is_known("ytd"), expected=is_expected(), value_reported=is_known("value"))
    )


def _state() -> pl.Expr:
    state = pl.when(pl.col("whole") == 0).then(_state_over_zero()).otherwise(pl.col("state"))
    for graver in _GRAVER_LAST:
        either = (pl.col("state") == graver.value) | (pl.col("whole_state") == graver.value)
        state = pl.when(either).then(pl.lit(graver.value)).otherwise(state)
    return state


def _state_over_zero() -> pl.Expr:
    nothing = pl.col("value") == 0
    return pl.when(nothing).then(pl.lit(State.NOT_APPLICABLE.value)).otherwise(pl.lit(State.BLOCKED.value))
