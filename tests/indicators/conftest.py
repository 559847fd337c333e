"""Reports written cell by cell, and the figures they make."""

import dataclasses
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from flows.indicators.figures import figures
from flows.plan.catalogue import Catalogue, County, Indicator
from flows.plan.frames import CellSchema, polars_schema
from flows.plan.load import load
from flows.plan.period import Period
from flows.plan.policy import CityOwnFigures
from flows.plan.terms import FIGURE_MEASURES, Bound, ReportedBy, Rule

PLAN = Path(__file__).parents[2] / "plan" / "2025"
SCHEMA = polars_schema(CellSchema)


class Reports:
    """The reports in force, as a test writes them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.rows: list[tuple[Any, ...]] = []
        self._made: dict[tuple[Any, ...], pl.DataFrame] = {}

    def say(
        self, month: str, county: str, indicator: str, value: float | None = None, **cell: Any
    ) -> "Reports":
        """One cell: state, reporter and measure default to those of a plain report, done_on to no date."""
        asked = self.catalogue.indicator[indicator]
        reporter = cell.pop("reporter", asked.reporter or county)
        measure = cell.pop("measure", FIGURE_MEASURES[asked.rule][0].value)
        state, done_on = cell.pop("state", "reported"), cell.pop("done_on", None)
        assert not cell
        self.rows.append((month, reporter, county, indicator, measure, value, state, done_on))
        return self

    def everyone(self, month: str, indicator: str, *values: float | None) -> "Reports":
        """One value a county, in annex order; None leaves the county out."""
        counties = self.catalogue.counties_of(self.catalogue.indicator[indicator])
        for county, value in zip(counties, values, strict=True):
            if value is not None:
                self.say(month, county.id, indicator, value)
        return self

    @property
    def by_cell(self) -> pl.DataFrame:
        return pl.DataFrame(self.rows, schema=SCHEMA, orient="row")

    def frame(self, period: str, queries: Iterable[tuple[str, str]] = ()) -> pl.DataFrame:
        """The figures of a period; `queries` are (county, indicator) pairs still open."""
        opened = tuple(queries)
        key = (len(self.rows), period, opened)  # reports are only ever added
        if key not in self._made:
            asked = pl.DataFrame(
                list(opened), schema=dict.fromkeys(("county", "indicator"), pl.String), orient="row"
            )
            self._made[key] = figures(self.by_cell, asked, self.catalogue, Period.parse(period))
        return self._made[key]

    def figure(self, period: str, county: str, indicator: str, **more: Any) -> dict[str, Any]:
        """One figure as a record."""
        rows = self.frame(period, **more).filter(county=county, indicator=indicator).to_dicts()
        assert len(rows) == 1
        return rows[0]


@pytest.fixture(scope="session")
def plan() -> Catalogue:
    return load(PLAN)


@pytest.fixture
def reports(plan: Catalogue) -> Reports:
    return Reports(plan)


@pytest.fixture(scope="session")
def three(plan: Catalogue) -> Catalogue:
    """Another city: three counties, jobs (300, 600 and 100 of 1000) and one brand each; no curve, no limit."""
    counties = tuple(
        County(name, f"{name}县", f"{n}", True, ()) for n, name in enumerate(("east", "west", "north"))
    )
    jobs = {"east": Decimal(300), "west": Decimal(600), "north": Decimal(100)}
    one_each = dict.fromkeys(jobs, Decimal(1))

    def indicator(name: str, target: int, rule: Rule, targets: dict[str, Decimal]) -> Indicator:
        return Indicator(name, name, 1, Decimal(target), "人", Bound.AT_LEAST, rule, ReportedBy.COUNTY, None, "",
                         county_targets=targets)  # fmt: skip

    indicators = (
        indicator("jobs", 1000, Rule.TOTAL, jobs),
        indicator("brand", 1, Rule.EACH_COUNTY, one_each),
    )
    policy = dataclasses.replace(plan.policy, seasonal={}, limits={}, city_own_figures=CityOwnFigures())
    return dataclasses.replace(
        plan, counties=counties, departments=(), tasks=(), indicators=indicators, policy=policy
    )


@pytest.fixture(scope="session")
def reports_of() -> Callable[[Catalogue], Reports]:
    return Reports


@pytest.fixture(scope="session")
def every_rule(plan: Catalogue, three: Catalogue) -> Catalogue:
    """The other city with one department's indicator of each further rule."""
    more = ("small_micro_firms", "pension_coverage", "surveyed_urban_unemployment", "public_training_base")
    indicators = (*three.indicators, *(plan.indicator[name] for name in more))
    policy = dataclasses.replace(three.policy, limits=plan.policy.limits)
    return dataclasses.replace(three, departments=plan.departments, indicators=indicators, policy=policy)


@pytest.fixture
def three_report(three: Catalogue) -> Reports:
    return Reports(three)
