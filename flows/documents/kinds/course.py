"""The year so far, month by month (逐月走势): what a chart draws and what a sentence says of the rhythm."""

from dataclasses import dataclass

import polars as pl

from flows.documents.figures import Figures
from flows.documents.filters import month
from flows.documents.provenance import Fact, derived, facts_of
from flows.indicators import exact
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.terms import CITY, State


@dataclass(frozen=True, slots=True)
class Step:
    """One month: its own number and the running total (None: not known), and whether counties are lacking."""

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
class Course:
    """One figure's months, January first, beside its annual target (None: there is none)."""

    name: str
    unit: str
    target: float | None
    steps: tuple[Step, ...]

    @property
    def attained(self) -> list[tuple[int, Fact | None, bool]]:
        """By month the attainment (0–100, None where unknown) and whether it lacks a county."""
        return [(s.month, _pct(s.ytd, self.target), s.is_partial) for s in self.steps]

    @property
    def monthly_average(self) -> Fact | None:
        """What was done a month so far; None where the last month is not known."""
        last = self.steps[-1]
        if not isinstance(last.ytd, Fact):
            return None
        source = last.ytd.source._replace(column="monthly_average")
        return derived(exact.monthly_average(last.ytd, last.month), source, ytd=last.ytd, months=last.month)


@dataclass(frozen=True, slots=True)
class Courses:
    """An indicator's courses: the city's, and the counties' in annex order."""

    indicator: Indicator
    city: Course
    counties: tuple[Course, ...]


def courses(trend: pl.DataFrame, figures: Figures, catalogue: Catalogue, indicator: Indicator) -> Courses:
    """The courses of one indicator out of the rollup's trend."""
    rows = trend.filter(pl.col("indicator") == indicator.id)

    def course(county: str) -> Course:
        months = rows.filter(pl.col("county") == county).drop("county", "indicator")
        steps = (
            facts_of(Step(**{**row, "month": int(row["month"][5:])}), row["month"], county, indicator.id)
            for row in months.iter_rows(named=True)
        )
        target = figures.of(indicator.id, county).target
        return Course(catalogue.name_of(county), indicator.unit, target, tuple(steps))

    asked = [county.id for county in catalogue.counties_of(indicator)]
    return Courses(indicator, course(CITY), tuple(course(county) for county in asked))


def _pct(ytd: float | None, target: float | None) -> Fact | None:
    if not isinstance(ytd, Fact) or not target:
        return None
    return derived(ytd * 100 / target, ytd.source._replace(column="share_pct"), part=ytd, whole=target)
