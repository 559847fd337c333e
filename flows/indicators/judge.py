"""How a figure stands against its target and the clock (完成率、时序进度、较时序、尚需月均)."""

import polars as pl

from flows.plan.period import Period
from flows.plan.terms import CITY, Bound, Rule, State

# Decimals at which points are compared: 31.666… − 41.666… is −10 on paper and must be so in binary.
EXACT = 9


def judged(figures: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Adds attainment_pct, pace_pct, gap_pp, met and required_monthly; each null where it does not apply.

    Percentages 0–100, unrounded. Pace, gap and required_monthly are for rule `total` alone: no other rule
    grows with the calendar.
    """
    measured = figures.with_columns(attainment_pct=_attainment(), pace_pct=_of_total(pl.lit(period.pace_pct)))
    return measured.with_columns(
        gap_pp=pl.col("attainment_pct") - pl.col("pace_pct"),
        met=_met(),
        required_monthly=_required_monthly(12 - period.last),
    )


def is_total() -> pl.Expr:
    """Whether the row's rule is `total`."""
    return pl.col("rule") == Rule.TOTAL.value


def is_partial_sum() -> pl.Expr:
    """Whether the row adds up only some of its counties: a lower bound, on which nobody is found wanting."""
    adds_up = pl.col("rule").is_in([Rule.TOTAL.value, Rule.EACH_COUNTY.value])
    return adds_up & (pl.col("county") == CITY) & (pl.col("state") == State.PARTIAL.value)


def _of_total(expression: pl.Expr) -> pl.Expr:
    return pl.when(is_total()).then(expression)


def _attainment() -> pl.Expr:
    """完成率 = ytd × 100 ÷ annual target; none for a ceiling, where less is better and `met` tells."""
    applies = (pl.col("target") > 0) & (pl.col("bound") != Bound.AT_MOST.value)
    return pl.when(applies).then(pl.col("ytd") * 100 / pl.col("target"))


def _met() -> pl.Expr:
    """Whether ytd is on the right side of the target; null if unknown, also when a partial sum falls short."""
    bound, ytd, target = pl.col("bound"), pl.col("ytd"), pl.col("target")
    met = (
        pl.when(bound == Bound.AT_MOST.value)
        .then(ytd <= target)
        .when(bound == Bound.MORE_THAN.value)
        .then(ytd > target)
        .otherwise(ytd >= target)
    )
    return pl.when(met | ~is_partial_sum()).then(met)


def _required_monthly(months_left: int) -> pl.Expr:
    """尚需月均: what is left of the target over the months left, 0 once it is reached.

    Null where ytd is unknown, where a partial sum falls short (the rest may have been done and not
    reported), and at the year's end, when no month is left to spread a remainder over.
    """
    left = pl.col("target") - pl.col("ytd")
    monthly = left / months_left if months_left else pl.lit(None, dtype=pl.Float64)
    short = pl.when(~is_partial_sum()).then(monthly)
    return _of_total(pl.when(left <= 0).then(0.0).when(left > 0).then(short))
