"""What one reporter is asked for one month (应报内容): the form as data, before any workbook exists.

The writer prints it and the reader looks for it, so the two cannot drift apart.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from flows.plan.catalogue import Catalogue, County, Indicator, Reporter, Task
from flows.plan.observation import KnownTotals, Question
from flows.plan.policy import Checks
from flows.plan.terms import CITY, Measure, ReportedBy, Rule
from flows.plan.units import decimals
from flows.submissions.form import definitions
from flows.submissions.form.layout import OWN_CITY_FIGURE, PART_OF

Prior = Mapping[tuple[str, str], KnownTotals]  # (county or 'city', indicator) → what is known beside it
_UNKNOWN = KnownTotals(None, None)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the form. `measures` is empty for a heading row that the sheet works out itself (占比).

    `previous` is the last number in force of an earlier month of the year (running total, level, or 1 and 0 for a
    milestone), None where there is none; `months_back` says how many months before the report's own it lies.
    `optional` rows may stay blank.
    """

    indicator: str
    county: str
    label: str
    unit: str
    rule: Rule
    measures: tuple[Measure, ...]
    target: Decimal | None
    previous: Decimal | None
    note: str
    source: str
    scope: str
    optional: bool = False
    months_back: int = 1

    @property
    def decimals(self) -> int:
        """How many decimals its numbers may carry."""
        return decimals(self.unit)


@dataclass(frozen=True, slots=True)
class FormSpec:
    """Everything on one reporter's form: its lines in plan order, the tasks it says something about, and what is
    still open from earlier months.

    A county has no tasks: it speaks of its work as a whole.
    """

    reporter: Reporter
    month: str
    title: str
    plan: str
    lines: tuple[Line, ...]
    tasks: tuple[Task, ...]
    checks: Checks
    questions: tuple[Question, ...] = ()

    @property
    def is_county(self) -> bool:
        """Whether a county fills it in."""
        return self.reporter.kind is ReportedBy.COUNTY

    @property
    def month_label(self) -> str:
        """The month as people write it: 2025年6月."""
        return month_label(self.month)


def month_label(month: str) -> str:
    """`2025-06` as people write it: 2025年6月."""
    year, number = month.split("-")
    return f"{year}年{int(number)}月"


def form_spec(
    catalogue: Catalogue, reporter_id: str, month: str, known: Prior, questions: tuple[Question, ...] = ()
) -> FormSpec:
    """What `reporter_id` is asked for `month` (YYYY-MM); KeyError for a reporter the plan does not know."""
    reporter = catalogue.reporter[reporter_id]
    is_county = isinstance(reporter, County)
    whose = "旗县市区" if is_county else "牵头单位"
    return FormSpec(
        reporter=reporter,
        month=month,
        title=f"{catalogue.plan.city}{catalogue.plan.year}年{catalogue.plan.short_name}{whose}月报表",
        plan=f"《{catalogue.plan.name}》（{catalogue.plan.document_number}）",
        lines=tuple(_lines(catalogue, reporter, _at_start(catalogue) if month.endswith("-01") else known)),
        tasks=() if isinstance(reporter, County) else catalogue.tasks_led_by(reporter),
        checks=catalogue.policy.checks,
        questions=questions,
    )


def _at_start(catalogue: Catalogue) -> Prior:
    """What is known in January: every running total starts from zero, and nothing else is."""
    running = [i for i in catalogue.indicators if i.rule in (Rule.TOTAL, Rule.EACH_COUNTY)]
    places = (CITY, *(county.id for county in catalogue.counties))
    return {(place, i.id): KnownTotals(Decimal(0), None) for place in places for i in running}


_TOTAL = (Measure.IN_MONTH, Measure.RUNNING_TOTAL)
_MEASURES = {
    Rule.TOTAL: _TOTAL,
    Rule.EACH_COUNTY: _TOTAL,
    Rule.LATEST: (Measure.LEVEL,),
    Rule.MEAN: (Measure.RATE,),
    Rule.MILESTONE: (Measure.DONE,),
    Rule.SHARE: (),
}


def _lines(catalogue: Catalogue, reporter: Reporter, known: Prior) -> Iterator[Line]:
    own = catalogue.policy.city_own_figures
    if reporter.id == own.reporter:
        for i in (catalogue.indicator[name] for name in own.indicators):
            line = _line(catalogue, i, CITY, _decimal(catalogue.city_target(i)), known)
            definition = catalogue.definitions.get(i.id)
            note = definitions.note(i, line.measures, line.unit, definition, optional=True)
            yield replace(line, label=i.name + OWN_CITY_FIGURE, note=note, optional=True)
    for i in catalogue.indicators_of(reporter):
        if isinstance(reporter, County):
            yield _line(catalogue, i, reporter.id, i.county_targets[reporter.id], known)
        else:
            line = _line(catalogue, i, CITY, _decimal(catalogue.city_target(i)), known)
            yield line
            yield from _parts(catalogue, i, line) if i.rule is Rule.SHARE else ()


def _parts(catalogue: Catalogue, i: Indicator, line: Line) -> Iterator[Line]:
    """The two rows below a share's heading row."""
    for measure, part in ((Measure.NUMERATOR, i.numerator), (Measure.DENOMINATOR, i.denominator)):
        note = definitions.note(i, (measure,), i.part_unit, catalogue.definitions.get(i.id))
        yield replace(
            line, label=i.name + PART_OF + part, unit=i.part_unit, measures=(measure,), note=note, target=None,
            previous=None,
        )  # fmt: skip


def _line(catalogue: Catalogue, i: Indicator, county: str, target: Decimal | None, known: Prior) -> Line:
    unit = i.unit.split("/")[0]  # 个/旗县市区: one county counts 个
    measures, before = _MEASURES[i.rule], known.get((county, i.id), _UNKNOWN)
    definition = catalogue.definitions.get(i.id)
    return Line(
        indicator=i.id, county=county, label=i.name, unit=unit, rule=i.rule, measures=measures, target=target,
        previous=before.previous, months_back=before.months_back, source=definitions.source(i),
        note=definitions.note(i, measures, unit, definition), scope=definitions.scope(definition),
    )  # fmt: skip


def _decimal(target: float | None) -> Decimal | None:
    return None if target is None else Decimal(str(target))
