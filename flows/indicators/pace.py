"""How a figure stands against its target and the calendar (完成率、时序进度、较时序、季节进度、尚需月均)."""

import polars as pl

from flows.indicators.exact import ONE, hundredths, quotient
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period
from flows.plan.terms import CITY, Bound, Rule, State

_YTD, _TARGET = hundredths("ytd"), hundredths("target")


def with_pace(amounts: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Add attainment_pct, pace_pct, gap_pp, met and required_monthly; each null where it does not apply.

    Percentages 0–100, unrounded. Pace, gap and required_monthly are for rule `total` alone: no other rule
    grows with the calendar.
    """
    return amounts.with_columns(
        attainment_pct=_attainment_pct(),
        pace_pct=pl.when(is_total() & pl.col("target").is_not_null()).then(pl.lit(period.pace_pct)),
        gap_pp=pl.when(is_total() & _has_attainment()).then(_gap_pp(period.last)),
        met=_met(),
        required_monthly=_required_monthly(12 - period.last),
    )


def with_seasonal_pace(paced: pl.DataFrame, catalogue: Catalogue, period: Period) -> pl.DataFrame:
    """Add seasonal_pct, the share of the year that such work has usually done by now (0–100, from the policy's curve),
    and seasonal_gap_pp; null without a curve."""
    curves = catalogue.policy.seasonal
    shares = {indicator: curve.cumulative_pct[period.last - 1] for indicator, curve in curves.items()}
    usual = pl.col("indicator").replace_strict(shares, default=None, return_dtype=pl.Float64)
    gap = quotient(_YTD * 100 * ONE - hundredths("seasonal_pct") * _TARGET, _TARGET * ONE)
    paced = paced.with_columns(seasonal_pct=pl.when(is_total()).then(usual))
    return paced.with_columns(seasonal_gap_pp=pl.when(_has_attainment()).then(gap))


def is_total() -> pl.Expr:
    """Whether the row's rule is `total`."""
    return pl.col("rule") == Rule.TOTAL.value


def is_partial_sum() -> pl.Expr:
    """Whether the row adds up only some of its counties: a lower bound, on which nobody is found wanting."""
    is_sum = pl.col("rule").is_in([Rule.TOTAL.value, Rule.EACH_COUNTY.value])
    return is_sum & (pl.col("county") == CITY) & (pl.col("state") == State.PARTIAL.value)


def _has_attainment() -> pl.Expr:
    """A ceiling has none: less is better there, and `met` tells."""
    return (pl.col("target") > 0) & (pl.col("bound") != Bound.AT_MOST.value)


def _attainment_pct() -> pl.Expr:
    """完成率 = ytd × 100 ÷ annual target.

    A share is no whole number of hundredths but a quotient already; the eleventh decimal of its attainment is far from
    the last one printed and far above the residue of dividing twice.
    """
    of_share = (pl.col("ytd") * 100 / pl.col("target")).round(11)
    of_number = quotient(_YTD * 100, _TARGET)
    is_share = pl.col("rule") == Rule.SHARE.value
    return pl.when(_has_attainment()).then(pl.when(is_share).then(of_share).otherwise(of_number))


def _gap_pp(month: int) -> pl.Expr:
    """较时序 = ytd × 100 ÷ target − month × 100 ÷ 12, over one denominator."""
    return quotient(_YTD * 300 - _TARGET * 25 * month, _TARGET * 3)


def with_own_figure(figures: pl.DataFrame, city_own: pl.DataFrame) -> pl.DataFrame:
    """met of the city's rows by its own de-duplicated figure (own_ytd) where one is known: the sum of the counties may
    count a person twice, and a sum that lacks a county need not be waited for."""
    own = city_own.select("indicator", "own_ytd", county=pl.lit(CITY))
    joined = figures.join(own, on=["county", "indicator"], how="left", maintain_order="left")
    met = pl.when(pl.col("own_ytd").is_not_null()).then(_is_reached(pl.col("own_ytd"))).otherwise("met")
    return joined.with_columns(met=met).drop("own_ytd")


def _met() -> pl.Expr:
    """Whether ytd is on the right side of the target; null if unknown, also when a partial sum falls short."""
    met = _is_reached(pl.col("ytd"))
    return pl.when(met | ~is_partial_sum()).then(met)


def _is_reached(number: pl.Expr) -> pl.Expr:
    bound, target = pl.col("bound"), pl.col("target")
    return (
        pl.when(bound == Bound.AT_MOST.value)
        .then(number <= target)
        .when(bound == Bound.MORE_THAN.value)
        .then(number > target)
        .otherwise(number >= target)
    )


def _required_monthly(months_left: int) -> pl.Expr:
    """尚需月均: what is left of the target over the months left, in the unit; 0 once the target is reached.

    Null where ytd is unknown, where a partial sum falls short (the rest may have been done and not
    reported), and at the year's end, when no month is left to spread a remainder over.
    """
    left = _TARGET - _YTD
    monthly = quotient(left, months_left * ONE) if months_left else pl.lit(None, dtype=pl.Float64)
    if_short = pl.when(~is_partial_sum()).then(monthly)
    return pl.when(is_total()).then(pl.when(left <= 0).then(0.0).when(left > 0).then(if_short))
