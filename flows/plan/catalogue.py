"""The catalogue (目录): the plan's tasks, indicators, reporters and policy, looked up by id."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from flows.plan.indicator import Indicator
from flows.plan.policy import Policy
from flows.plan.reporter import County, Department, Reporter, plain
from flows.plan.task import Task
from flows.plan.terms import CITY, ReportedBy, Rule


@dataclass(frozen=True)
class Plan:
    """The plan's own particulars: its year, city, full and short name, document number and date.

    `source_text` is the file of its folder that holds the published text, empty where it is not at hand.
    """

    year: int
    city: str
    name: str
    short_name: str
    document_number: str
    issued_on: date
    source_text: str = ""


@dataclass(frozen=True)
class Catalogue:
    """One year's plan. Counties in annex order, departments and tasks in plan order, indicators by task.
    `spellings` says for what else offices write what they mean: a head of the form, or an indicator's name."""

    plan: Plan
    counties: tuple[County, ...]
    departments: tuple[Department, ...]
    tasks: tuple[Task, ...]
    indicators: tuple[Indicator, ...]
    policy: Policy
    spellings: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def indicator(self) -> Mapping[str, Indicator]:
        """Indicators by id."""
        return {i.id: i for i in self.indicators}

    @cached_property
    def reporters(self) -> tuple[Reporter, ...]:
        """Counties in annex order, then departments in plan order."""
        return (*self.counties, *self.departments)

    @cached_property
    def reporter(self) -> Mapping[str, Reporter]:
        """Counties and departments by id."""
        return {r.id: r for r in self.reporters}

    @cached_property
    def task(self) -> Mapping[int, Task]:
        """Tasks by number."""
        return {t.number: t for t in self.tasks}

    @cached_property
    def _reporter_by_name(self) -> Mapping[str, Reporter]:
        return {plain(n): r for r in self.reporter.values() for n in (r.id, r.name, *r.also_written)}

    def reporter_named(self, name: str) -> Reporter | None:
        """The reporter written so (full name, short form or id, white space and width aside); None if unknown."""
        return self._reporter_by_name.get(plain(name))

    def counties_of(self, indicator: Indicator) -> tuple[County, ...]:
        """The counties that report it: those with a target; empty for a department's indicator."""
        return tuple(c for c in self.counties if c.id in indicator.county_targets)

    def indicators_of(self, reporter: Reporter) -> tuple[Indicator, ...]:
        """What this reporter is asked for, in plan order."""
        if reporter.kind is ReportedBy.COUNTY:
            return tuple(i for i in self.indicators if reporter.id in i.county_targets)
        return tuple(i for i in self.indicators if i.reporter == reporter.id)

    def tasks_led_by(self, department: Department) -> tuple[Task, ...]:
        """The tasks whose progress this department reports in words."""
        return tuple(t for t in self.tasks if t.lead == department.id)

    @cached_property
    def annex_indicators(self) -> tuple[Indicator, ...]:
        """The indicators that the annex splits by county."""
        return tuple(i for i in self.indicators if i.in_annex)

    def indicators_of_task(self, number: int) -> tuple[Indicator, ...]:
        """The indicators of one task; none for a task that is words only."""
        return tuple(i for i in self.indicators if i.task == number)

    def name_of(self, reporter_id: str) -> str:
        """The printed name of a reporter, or 全市 for the city total."""
        return "全市" if reporter_id == CITY else self.reporter[reporter_id].name

    def city_target(self, indicator: Indicator) -> float | None:
        """The number the city is judged by: the target, for `each_county` how many counties must reach it,
        for a limit left to others the policy's."""
        if indicator.rule is Rule.EACH_COUNTY:
            return float(len(indicator.county_targets))
        if indicator.target is None:
            limit = self.policy.limits.get(indicator.id)
            return None if limit is None else limit.value
        return float(indicator.target)

    def targets(self) -> Iterator[tuple[str, str, float | None]]:
        """Every (county or 'city', indicator, target) that is to be reported, in print order."""
        for i in self.indicators:
            yield CITY, i.id, self.city_target(i)
            for c in self.counties_of(i):
                yield c.id, i.id, float(i.county_targets[c.id])
