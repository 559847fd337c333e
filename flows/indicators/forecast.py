"""The year's end (全年预测): the running total carried on along the seasonal curve, or why nothing can be said.

季节份额外推法: if work goes on as in the years behind the curve, the share of the year that is usually done by
now tells the whole. The range moves the season half a month either way: 春节, which governs the first half of
the year, falls up to a fortnight either side of its mean date. How often that range held is in docs/forecast.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from flows.plan.catalogue import Catalogue
from flows.plan.period import Period
from flows.plan.terms import CITY, Rule, State, Term

EARLIEST_MONTH = 3
SEASON_MOVES_BY = 0.5  # months, either way
FORECAST = {
    "indicator": pl.String,
    "ytd": pl.Float64,
    "target": pl.Float64,
    "low": pl.Float64,
    "middle": pl.Float64,
    "high": pl.Float64,
    "reason": pl.String,
}


class Silence(Term):
    """Why no forecast is made (资料不足)."""

    OVER = "over", "全年已结束"
    EARLY = "early", "不足3个月"
    NO_CURVE = "no_curve", "没有公布的季节曲线"
    MISSING = "missing", "末月未报"
    PARTIAL = "partial", "报送不全"


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast of the year's end in the indicator's unit: the middle and the range."""

    low: float
    middle: float
    high: float


def forecast(figures: pl.DataFrame, catalogue: Catalogue, period: Period) -> pl.DataFrame:
    """One row per city total of `figures` (rule `total`), in their order; columns and types of FORECAST.

    Low, middle and high are of the year's end, in the unit; null exactly where `reason` (a Silence) says why.
    The city alone: the curve is a nation's, and a county is too small to follow it.
    """
    city = figures.filter(pl.col("county") == CITY, pl.col("rule") == Rule.TOTAL.value)
    return pl.DataFrame([_row(row, catalogue, period) for row in city.iter_rows(named=True)], schema=FORECAST)


def _row(figure: dict[str, Any], catalogue: Catalogue, period: Period) -> dict[str, Any]:
    curve = catalogue.policy.seasonal.get(figure["indicator"])
    silence = _silence(figure["state"], period.last, has_curve=curve is not None)
    known = {name: figure[name] for name in ("indicator", "ytd", "target")}
    if silence or curve is None:
        return known | {"reason": str(silence)}
    ahead = outlook(figure["ytd"], curve.cumulative_pct, period.last)
    return known | {"low": ahead.low, "middle": ahead.middle, "high": ahead.high}


def _silence(state: str, month: int, *, has_curve: bool) -> Silence | None:
    if month == 12:
        return Silence.OVER
    if month < EARLIEST_MONTH:
        return Silence.EARLY
    if not has_curve:
        return Silence.NO_CURVE
    if state == State.PARTIAL:
        return Silence.PARTIAL
    return None if state in {State.REPORTED, State.CONFIRMED_ZERO} else Silence.MISSING


def outlook(ytd: float, cumulative_pct: Sequence[float], month: int) -> Outlook:
    """ytd ÷ the usual share by the end of `month` (1–11): the range from a season half a month early or late."""
    late, usual, early = (
        share_at(cumulative_pct, month + shift) for shift in (-SEASON_MOVES_BY, 0, SEASON_MOVES_BY)
    )
    return Outlook(low=ytd * 100 / early, middle=ytd * 100 / usual, high=ytd * 100 / late)


def share_at(cumulative_pct: Sequence[float], months: float) -> float:
    """The curve between the ends of two months, by straight lines; nothing at the year's beginning."""
    points = (0.0, *cumulative_pct)
    before = int(months)
    if before == months:
        return points[before]
    return points[before] + (months - before) * (points[before + 1] - points[before])
