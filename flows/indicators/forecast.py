"""The year's end (全年预测): the running total extrapolated along the seasonal curve, or why there is no forecast.

季节份额外推法: if work goes on as in the years behind the curve, the share of the year that is usually done by
now gives the whole. The range moves the season half a month either way: 春节, which governs the first half of
the year, falls up to a fortnight either side of its mean date. `backtest` (回测) tries the method on years that are
over; its results are in docs/evidence/forecast.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from flows.indicators.exact import fraction
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


class NoForecast(Term):
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

    Low, middle and high are of the year's end, in the unit; null exactly where `reason` (a NoForecast) says why.
    The city alone: the curve is a nation's, and a county is too small to follow it.
    """
    city = figures.filter(pl.col("county") == CITY, pl.col("rule") == Rule.TOTAL.value)
    return pl.DataFrame([_row(row, catalogue, period) for row in city.iter_rows(named=True)], schema=FORECAST)


def _row(figure: dict[str, Any], catalogue: Catalogue, period: Period) -> dict[str, Any]:
    curve = catalogue.policy.seasonal.get(figure["indicator"])
    obstacle = _obstacle(figure["state"], period.last, has_curve=curve is not None)
    known = {name: figure[name] for name in ("indicator", "ytd", "target")}
    if obstacle or curve is None:
        return known | {"reason": str(obstacle)}
    ahead = outlook(figure["ytd"], curve.cumulative_pct, period.last)
    return known | {"low": ahead.low, "middle": ahead.middle, "high": ahead.high}


def _obstacle(state: str, month: int, *, has_curve: bool) -> NoForecast | None:
    if month == 12:
        return NoForecast.OVER
    if month < EARLIEST_MONTH:
        return NoForecast.EARLY
    if not has_curve:
        return NoForecast.NO_CURVE
    if state == State.PARTIAL:
        return NoForecast.PARTIAL
    return None if state in {State.REPORTED, State.CONFIRMED_ZERO} else NoForecast.MISSING


def outlook(ytd: float, cumulative_pct: Sequence[float], month: int) -> Outlook:
    """ytd ÷ the usual share by the end of `month` (1–11): the range from a season half a month early or late."""
    late, usual, early = (
        share_at(cumulative_pct, month + shift) for shift in (-SEASON_MOVES_BY, 0, SEASON_MOVES_BY)
    )
    low, middle, high = (float(fraction(ytd) * 100 / share) for share in (early, usual, late))
    return Outlook(low, middle, high)


def share_at(cumulative_pct: Sequence[float], months: float) -> Fraction:
    """The curve between the ends of two months, 0–100, by straight lines; nothing at the year's beginning."""
    points = [Fraction(0), *map(fraction, cumulative_pct)]
    before = int(months)
    if before == months:
        return points[before]
    return points[before] + fraction(months - before) * (points[before + 1] - points[before])


# Running totals by month number, in the unit; a year is known from its first month here to December.
Totals = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Trial:
    """One forecast that can be checked: of `year`, made after `month`, from the curves of `learned_from`.

    Errors are in per cent of what the year came to; `linear_error_pct` is that of ytd × 12 ÷ month.
    """

    year: int
    month: int
    learned_from: tuple[int, ...]
    low: float
    middle: float
    high: float
    actual: float
    linear_error_pct: float

    @property
    def error_pct(self) -> float:
        """By how much the middle was too high (+) or too low (−)."""
        return 100 * (self.middle - self.actual) / self.actual

    @property
    def is_within_range(self) -> bool:
        """Whether the year ended within the range."""
        return self.low <= self.actual <= self.high


def backtest(years: Mapping[int, Totals]) -> list[Trial]:
    """Every year that has a December, month by month from March to November, leaving that year out.

    Curves are learned only from years reported from January to December. A year without a December cannot be
    checked, one that begins later is checked from where it begins.
    """
    return [trial for year in sorted(years) for trial in _trials_of(year, years)]


def curve(complete_years: Sequence[Totals]) -> tuple[float, ...]:
    """The mean of the years' cumulative shares, 0–100, each year weighing the same."""
    return tuple(
        sum(100 * totals[month] / totals[12] for totals in complete_years) / len(complete_years)
        for month in range(1, 13)
    )


def _trials_of(year: int, years: Mapping[int, Totals]) -> Iterator[Trial]:
    totals = years[year]
    others = tuple(y for y in sorted(years) if y != year and len(years[y]) == 12)
    if 12 not in totals or not others:
        return
    learned = curve([years[y] for y in others])
    for month in range(EARLIEST_MONTH, 12):
        if month in totals:
            ahead, linear = outlook(totals[month], learned, month), totals[month] * 12 / month
            yield Trial(year, month, others, ahead.low, ahead.middle, ahead.high, totals[12],
                        100 * (linear - totals[12]) / totals[12])  # fmt: skip
