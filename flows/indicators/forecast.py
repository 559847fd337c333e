"""The year's end (全年预测): the running total extrapolated along the seasonal curve, or why there is no forecast.

季节份额外推法: if work goes on as in the years behind the curve, the share of the year that is usually done by
now gives the whole. The range moves the season half a month either way: 春节, which governs the first half of
the year, falls up to a fortnight either side of its mean date. The curve is the year before's own (`own_curves`) where
all its months are held, else the policy's published one. `backtest` (回测) tries the method on years that are over; its
results, by which this order was chosen, are in docs/evidence/forecast.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from flows.indicators.exact import fraction
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period
from flows.plan.terms import CITY, Measure, Rule, State, Term

EARLIEST_MONTH = 3
SEASON_MOVES_BY = 0.5  # months, either way
ABSENT_AT_MOST_PCT = 10  # of the annual target: a county that small may lack in a forecast
FORECAST = {
    "indicator": pl.String,
    "ytd": pl.Float64,
    "target": pl.Float64,
    "low": pl.Float64,
    "middle": pl.Float64,
    "high": pl.Float64,
    "reason": pl.String,
    "absent_pct": pl.Float64,
    "is_own_curve": pl.Boolean,
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


def forecast(
    figures: pl.DataFrame,
    catalogue: Catalogue,
    period: Period,
    own: Mapping[str, Sequence[float]] | None = None,
) -> pl.DataFrame:
    """One row per city total of `figures` (rule `total`), in their order; columns and types of FORECAST.

    Low, middle and high are of the year's end, in the unit; null exactly where `reason` (a NoForecast) says why.
    `own` are the year before's curves (`own_curves`). Where counties with at most ABSENT_AT_MOST_PCT of the annual target
    have not reported, the forecast is of the others: `target` is then theirs, and `absent_pct` (0–100) what lacks; null
    where nobody does. The city alone: a county is too small to follow a curve.
    """
    city = figures.filter(
        pl.col("county") == CITY, pl.col("rule") == Rule.TOTAL.value, pl.col("target").is_not_null()
    )
    rows = [_row(row, figures, catalogue, period, own or {}) for row in city.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=FORECAST)


def _row(
    figure: dict[str, Any],
    figures: pl.DataFrame,
    catalogue: Catalogue,
    period: Period,
    own: Mapping[str, Sequence[float]],
) -> dict[str, Any]:
    indicator = figure["indicator"]
    published = catalogue.policy.seasonal.get(indicator)
    curve = own.get(indicator) or (published.cumulative_pct if published else None)
    known = {name: figure[name] for name in ("indicator", "ytd", "target")}
    absent = _absent(figure, figures)
    is_small = bool(absent) and absent * 100 <= ABSENT_AT_MOST_PCT * fraction(figure["target"])
    state = State.REPORTED if is_small else figure["state"]
    obstacle = _obstacle(state, period.last, has_curve=curve is not None)
    if obstacle or curve is None:
        return known | {"reason": str(obstacle)}
    ahead = outlook(figure["ytd"], curve, period.last)
    found = {"low": ahead.low, "middle": ahead.middle, "high": ahead.high, "is_own_curve": indicator in own}
    if absent:
        left = fraction(figure["target"]) - absent
        found |= {"target": float(left), "absent_pct": float(absent * 100 / fraction(figure["target"]))}
    return known | found


def _absent(figure: dict[str, Any], figures: pl.DataFrame) -> Fraction:
    """The annual targets of the counties whose number is not known; 0 where the city is complete or reports itself."""
    if figure["state"] != State.PARTIAL or not figure["target"]:
        return Fraction(0)
    unknown = figures.filter(pl.col("county") != CITY, pl.col("ytd").is_null(), indicator=figure["indicator"])
    return sum(map(fraction, unknown["target"].drop_nulls()), Fraction(0))


def own_curves(by_cell: pl.DataFrame, catalogue: Catalogue) -> dict[str, tuple[float, ...]]:
    """The city's own curve of the year before by indicator: twelve cumulative shares, 0–100, of the totals whose twelve
    months are all known, of every county that reports it (or from history.csv, of the city); none where one is lacking,
    where a month fell below the one before, or where the year came to nothing."""
    year = catalogue.plan.year - 1
    cells = by_cell.filter(
        pl.col("month").str.starts_with(f"{year}-"),
        pl.col("measure") == Measure.RUNNING_TOTAL.value,
        pl.col("value").is_not_null(),
    )
    sums = {
        (row["indicator"], int(row["month"][5:])): (row["value"], row["reporters"])
        for row in cells.filter(pl.col("reporter") == _reporter(catalogue))
        .group_by("indicator", "month")
        .agg(pl.col("value").sum(), reporters=pl.len())
        .to_dicts()
    }
    curves = {}
    for indicator in (i for i in catalogue.indicators if i.rule is Rule.TOTAL):
        expected = len(indicator.reporting_counties) or 1
        totals = [
            value if known == expected else catalogue.year_before.total(CITY, indicator.id, month)
            for month in range(1, 13)
            for value, known in [sums.get((indicator.id, month), (0.0, 0))]
        ]
        if (shares := _shares(totals)) is not None:
            curves[indicator.id] = shares
    return curves


def _reporter(catalogue: Catalogue) -> pl.Expr:
    """Who reports the row's indicator for the sum: its department, or the county the row is about."""
    departments = {i.id: i.reporter for i in catalogue.indicators if i.reporter}
    return pl.col("indicator").replace_strict(departments, default=pl.col("county"), return_dtype=pl.String)


def _shares(totals: Sequence[float | Decimal | None]) -> tuple[float, ...] | None:
    known = [fraction(float(total)) for total in totals if total is not None]
    if len(known) < 12 or known[-1] <= 0 or known[0] <= 0 or known != sorted(known):
        return None
    return tuple(float(total * 100 / known[-1]) for total in known)


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


def backtest(years: Mapping[int, Totals], *, nearest_only: bool = False) -> list[Trial]:
    """Every year that has a December, month by month from March to November, leaving that year out.

    Curves are learned only from years reported from January to December. A year without a December cannot be
    checked, one that begins later is checked from where it begins. `nearest_only`: learned from the one complete year that
    lies nearest, as an office with a single year behind it would.
    """
    return [trial for year in sorted(years) for trial in _trials_of(year, years, nearest_only=nearest_only)]


def curve(complete_years: Sequence[Totals]) -> tuple[float, ...]:
    """The mean of the years' cumulative shares, 0–100, each year weighing the same."""
    return tuple(
        sum(100 * totals[month] / totals[12] for totals in complete_years) / len(complete_years)
        for month in range(1, 13)
    )


def _trials_of(year: int, years: Mapping[int, Totals], *, nearest_only: bool) -> Iterator[Trial]:
    totals = years[year]
    others = tuple(y for y in sorted(years) if y != year and len(years[y]) == 12)
    if 12 not in totals or not others:
        return
    if nearest_only:
        others = (min(others, key=lambda other: abs(other - year)),)
    learned = curve([years[y] for y in others])
    for month in range(EARLIEST_MONTH, 12):
        if month in totals:
            ahead, linear = outlook(totals[month], learned, month), totals[month] * 12 / month
            yield Trial(year, month, others, ahead.low, ahead.middle, ahead.high, totals[12],
                        100 * (linear - totals[12]) / totals[12])  # fmt: skip
