"""The year month by month (逐月走势) and its expected end (趋势研判), as charts draw them and sentences state them."""

from dataclasses import dataclass

import polars as pl

from flows.documents.figures import Figures
from flows.documents.filters import month
from flows.documents.kinds.overall import CityLine
from flows.documents.provenance import Fact, derived, facts_of
from flows.indicators import exact
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.terms import CITY, State
from flows.plan.units import round_half_up


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """One month: its own number and the running total (None: not known), and how many counties are in them."""

    month: int
    value: float | None
    ytd: float | None
    reported: int
    expected: int
    value_reported: int
    state: str

    @property
    def label(self) -> str:
        """6月."""
        return month(self.month)

    @property
    def is_partial(self) -> bool:
        """Whether the running total lacks a county."""
        return self.state == State.PARTIAL


@dataclass(frozen=True, slots=True)
class MonthlySeries:
    """One figure's months, January first, beside its annual target (None: there is none)."""

    name: str
    unit: str
    target: float | None
    months: tuple[MonthFigure, ...]

    @property
    def attainment(self) -> list[tuple[int, Fact | None, bool]]:
        """By month the attainment (0–100, None where unknown) and whether it lacks a county."""
        return [(m.month, _attainment(m.ytd, self.target), m.is_partial) for m in self.months]

    @property
    def monthly_average(self) -> Fact | None:
        """The running total per month so far; None where the last month is not known."""
        last = self.months[-1]
        if not isinstance(last.ytd, Fact):
            return None
        source = last.ytd.source._replace(column="monthly_average")
        return derived(exact.monthly_average(last.ytd, last.month), source, ytd=last.ytd, months=last.month)


@dataclass(frozen=True, slots=True)
class IndicatorSeries:
    """An indicator's monthly series: the city's, and the counties' in annex order."""

    indicator: Indicator
    city: MonthlySeries
    counties: tuple[MonthlySeries, ...]

    def without(self, month: int) -> list[str]:
        """Names of the counties whose own number of a month is not known, one that does not apply aside."""
        months = ((series.name, series.months[month - 1]) for series in self.counties)
        return [name for name, m in months if m.value is None and m.state != State.NOT_APPLICABLE]

    def is_uneven(self, first: int) -> bool:
        """Whether the months from one on are sums of different counties, so that they do not add up to the period's."""
        return len({tuple(self.without(m.month)) for m in self.city.months[first - 1 :]}) > 1


def indicator_series(
    trend: pl.DataFrame, figures: Figures, catalogue: Catalogue, indicator: Indicator
) -> IndicatorSeries:
    """The monthly series of one indicator from the trend frame."""
    rows = trend.filter(pl.col("indicator") == indicator.id)

    def series(county: str) -> MonthlySeries:
        months = rows.filter(pl.col("county") == county).drop("county", "indicator")
        return MonthlySeries(
            catalogue.name_of(county),
            indicator.unit_for(county),
            figures.of(indicator.id, county).target,
            tuple(
                facts_of(
                    MonthFigure(**{**row, "month": int(row["month"][5:])}), row["month"], county, indicator.id
                )
                for row in months.iter_rows(named=True)
            ),
        )

    counties = tuple(series(county.id) for county in catalogue.counties_of(indicator))
    return IndicatorSeries(indicator, series(CITY), counties)


def _attainment(ytd: float | None, target: float | None) -> Fact | None:
    if not isinstance(ytd, Fact) or not target:
        return None
    return derived(
        exact.share_pct(ytd, target), ytd.source._replace(column="share_pct"), part=ytd, whole=target
    )


@dataclass(frozen=True, slots=True)
class YearEndForecast:
    """One indicator's forecast of the year's end, in its unit; None throughout where `reason` says why there is none
    (flows.indicators.forecast). Where `absent_pct` of the annual target is not in it, `target` is that of the counties it is of."""

    line: CityLine
    low: Fact | None
    middle: Fact | None
    high: Fact | None
    reason: str | None
    target: Fact | None = None
    absent_pct: Fact | None = None
    is_own_curve: bool | None = None

    @property
    def rounded(self) -> tuple[Fact, Fact, Fact]:
        """Low, middle and high to the unit's decimals; ValueError where there is no forecast."""
        if self.low is None or self.middle is None or self.high is None:
            raise ValueError(self.reason)
        decimals = self.line.indicator.decimals
        low, middle, high = (
            Fact(float(round_half_up(n, decimals)), n.source) for n in (self.low, self.middle, self.high)
        )
        return low, middle, high


def year_end_forecasts(forecast: pl.DataFrame, lines: tuple[CityLine, ...]) -> tuple[YearEndForecast, ...]:
    """The forecasts of these lines, in their order; lines that the frame does not have are left out."""
    rows = {
        row["indicator"]: facts_of(row, "", CITY, row["indicator"]) for row in forecast.iter_rows(named=True)
    }
    found = ((line, rows[line.indicator.id]) for line in lines if line.indicator.id in rows)
    return tuple(
        YearEndForecast(
            line,
            row["low"],
            row["middle"],
            row["high"],
            row["reason"],
            row["target"],
            row["absent_pct"],
            row["is_own_curve"],
        )
        for line, row in found
    )
