"""The plan as objects (目录): who reports what, against which target, and the policy; looked up by id.

Pure data: `load.load` builds it from a plan folder, everybody else reads it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from flows.plan.history import YearBefore
from flows.plan.policy import Policy
from flows.plan.terms import CITY, Bound, ReportedBy, Rule
from flows.plan.units import DisplayUnit, decimals

_HALF_WIDTH = {0x3000: " ", 0x2212: "-"} | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}


def half_width(text: str) -> str:
    """Full-width digits, letters, signs and blanks as plain ones. ①, ² and ⒈ stay what they are: marks, no digits."""
    return text.translate(_HALF_WIDTH)


def normalize_name(name: str) -> str:
    """A name as compared: full-width forms folded, all white space removed."""
    return "".join(half_width(name).split())


@dataclass(frozen=True, slots=True)
class County:
    """A county (旗县市区). `county_level` is false for a zone that has annex targets but is no county."""

    id: str
    name: str
    code: str
    county_level: bool
    also_written: tuple[str, ...]
    kind: ReportedBy = ReportedBy.COUNTY


@dataclass(frozen=True, slots=True)
class Department:
    """A lead agency (牵头单位) of one or more tasks."""

    id: str
    name: str
    also_written: tuple[str, ...]
    kind: ReportedBy = ReportedBy.DEPARTMENT


Reporter = County | Department


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of the plan.

    `target` is the city's, in `unit`; None where the plan sets none: a limit then stands in the policy, or `is_free` says that
    the office wants the figure without one. `of` is the id of the indicator that it is a part of (其中), empty for none.
    `county_targets` holds the annex's split by county id (empty where the annex has none); for
    `each_county` it holds the same number for every county of county level.
    `reporter` is the department that sends it, None where counties do; `asked_counties` are the ids of those that report a
    figure without a target. `display_unit` is what documents print the
    city's amounts in (万亩 of 亩), empty where they print them in `unit`.
    """

    id: str
    name: str
    task: int
    target: Decimal | None
    unit: str
    bound: Bound
    rule: Rule
    reported_by: ReportedBy
    reporter: str | None
    quote: str
    annex: str = ""
    numerator: str = ""
    denominator: str = ""
    part_unit: str = ""
    display_unit: str = ""
    county_targets: Mapping[str, Decimal] = field(default_factory=dict)
    of: str = ""
    is_free: bool = False
    asked_counties: tuple[str, ...] = ()

    @property
    def reporting_counties(self) -> tuple[str, ...]:
        """The ids of the counties that report it; empty for a department's."""
        return tuple(self.county_targets) or self.asked_counties

    def unit_for(self, county: str, ytd: float | None = None, target: float | None = None) -> str:
        """The unit that documents print an amount of this county, or the city, in: the plan's own where the display
        unit would make a running total look like its target that is not."""
        unit = DisplayUnit(self.display_unit)
        looks_reached = (
            ytd is not None and target is not None and ytd != target and unit.looks_like(ytd, target)
        )
        return unit if unit and county == CITY and not looks_reached else self.unit

    @property
    def decimals(self) -> int:
        """How many decimals its values carry."""
        return decimals(self.unit)

    @property
    def in_annex(self) -> bool:
        """Whether the annex splits it by county."""
        return bool(self.annex)


@dataclass(frozen=True, slots=True)
class Task:
    """A numbered task: `lead` is a department id, `support` the supporting agencies as printed."""

    number: int
    title: str
    lead: str
    support: tuple[str, ...]
    chapter: str
    section: str


@dataclass(frozen=True)
class Plan:
    """The plan's own particulars: its year, city, full and short name, document number and date.

    `source_text` is the file of its folder that holds the published text, empty where it is not at hand. Documents call
    the whole `scope`, those who report `places`, and what departments report for the whole `level`: 全国, 省区市, 国家级.
    """

    year: int
    city: str
    name: str
    short_name: str
    document_number: str
    issued_on: date
    source_text: str = ""
    scope: str = "全市"
    places: str = "旗县市区"
    level: str = "市级"


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator counts and what it does not (指标口径), and who says so; printed on the form."""

    counts: str
    excludes: str
    source: str


@dataclass(frozen=True)
class Catalogue:
    """One year's plan. Counties in annex order, departments and tasks in plan order, indicators by task.
    `spellings` says for what else offices write what they mean: a head of the form, or an indicator's name.
    `definitions` are by indicator id, of those that the plan folder defines;
    `year_before` are the totals of its history.csv; `sources` are the files of its folder
    with their sha256."""

    plan: Plan
    counties: tuple[County, ...]
    departments: tuple[Department, ...]
    tasks: tuple[Task, ...]
    indicators: tuple[Indicator, ...]
    policy: Policy
    spellings: Mapping[str, str] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    year_before: YearBefore = field(default_factory=YearBefore)
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)

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
        return {normalize_name(n): r for r in self.reporter.values() for n in (r.id, r.name, *r.also_written)}

    def reporter_named(self, name: str) -> Reporter | None:
        """The reporter written so (full name, short form or id, white space and width aside); None if unknown."""
        return self._reporter_by_name.get(normalize_name(name))

    def counties_of(self, indicator: Indicator) -> tuple[County, ...]:
        """The counties that report it, in annex order; empty for a department's indicator."""
        return tuple(c for c in self.counties if c.id in indicator.reporting_counties)

    def indicators_of(self, reporter: Reporter) -> tuple[Indicator, ...]:
        """What this reporter is asked for, in plan order."""
        if reporter.kind is ReportedBy.COUNTY:
            return tuple(i for i in self.indicators if reporter.id in i.reporting_counties)
        return tuple(i for i in self.indicators if i.reporter == reporter.id)

    def tasks_led_by(self, department: Department) -> tuple[Task, ...]:
        """The tasks whose progress this department reports in words."""
        return tuple(t for t in self.tasks if t.lead == department.id)

    @cached_property
    def issuing_department(self) -> str | None:
        """The id of the department that issues the documents itself, one of whose names ends the issuer's
        (通辽 + 市人力资源和社会保障局); None where the issuer reports nothing."""
        issuer = self.policy.documents.issuer
        return next((d.id for d in self.departments if issuer.endswith((d.name, *d.also_written))), None)

    @cached_property
    def part_of(self) -> Mapping[str, str]:
        """Which indicator is a part of which, by id: as the plan folder declares it (其中) and as the checks of the policy do."""
        return {**self.policy.checks.part_of, **{i.id: i.of for i in self.indicators if i.of}}

    @cached_property
    def annex_indicators(self) -> tuple[Indicator, ...]:
        """The indicators that the annex splits by county."""
        return tuple(i for i in self.indicators if i.in_annex)

    def indicators_of_task(self, number: int) -> tuple[Indicator, ...]:
        """The indicators of one task; none for a task that is words only."""
        return tuple(i for i in self.indicators if i.task == number)

    def name_of(self, reporter_id: str) -> str:
        """The printed name of a reporter, or 全市 for the city total."""
        return self.plan.scope if reporter_id == CITY else self.reporter[reporter_id].name

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
                target = i.county_targets.get(c.id)
                yield c.id, i.id, None if target is None else float(target)
