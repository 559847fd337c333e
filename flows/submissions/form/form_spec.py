"""What a reporter is asked for a month (FormSpec): its lines, tasks and queries; what each indicator counts, from the plan
folder; and what was filled in, where the form goes out with numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from flows.plan.catalogue import Catalogue, County, Definition, Indicator, Reporter, Task
from flows.plan.observation import KnownTotals, Question
from flows.plan.policy import Checks
from flows.plan.terms import CITY, Measure, ReportedBy, Rule, StatementKind
from flows.plan.units import decimals
from flows.submissions.form.layout import OWN_CITY_FIGURE, PART_OF

Typed = Decimal | int | str | date


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as filled in: what is typed under each measure (a date of completion apart), choice, reason."""

    values: Mapping[Measure, Typed] = field(default_factory=dict)
    choice: str = ""
    reason: str = ""
    done_on: date | None = None

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into the row."""
        return not (self.values or self.choice or self.reason or self.done_on)


@dataclass(frozen=True, slots=True)
class Entries:
    """A whole form as filled in: rows by (county, indicator), words by (task, kind), the day it was filled in."""

    rows: Mapping[tuple[str, str], Entry] = field(default_factory=dict)
    words: Mapping[tuple[int, StatementKind], str] = field(default_factory=dict)
    filled_on: date | None = None
    is_sample: bool = False


BLANK = Entry()


_BY_RULE = {
    Rule.TOTAL: "“本月”填本月新增数；“累计”由表格按上月累计＋本月算出，有核减、补报的直接改成应有的数，并写明原因。",
    Rule.LATEST: "填本月末的实有数，不是当月新增数。",
    Rule.SHARE: "填分子和分母，占比由表格自动计算。",
    Rule.MEAN: "填本月当月数值，不填平均数。",
    Rule.EACH_COUNTY: "“本月”填本月新增个数；“累计”是本年1月1日起至本月末本地建成（培育）的个数，由表格算出。没有就填 0 或选“零”。",
    Rule.MILESTONE: "选“是”或“否”；选“是”的，填完成日期。",
}
_SHORT = {
    Rule.TOTAL: "本月新增数，年初至今累计数",
    Rule.LATEST: "本月末实有数",
    Rule.SHARE: "自动计算，只填分子分母",
    Rule.MEAN: "本月当月数值",
    Rule.EACH_COUNTY: "本月新增个数，年初至今累计个数",
    Rule.MILESTONE: "是否完成，完成日期",
}
_BY_PART = {Measure.NUMERATOR: "此行填分子：本月末的数。", Measure.DENOMINATOR: "此行填分母：本月末的数。"}
_UNDEFINED = "以主管部门解释为准"


def decimal_rule(unit: str) -> str:
    """How many decimals the unit takes, in words."""
    return "最多两位小数" if decimals(unit) else "整数"


def how_in_short(rule: Rule, measures: tuple[Measure, ...]) -> str:
    """How to fill in, in a few words, for the guide's table."""
    return f"{measures[0].label}：本月末的数" if measures and measures[0] in _BY_PART else _SHORT[rule]


def plan_source(i: Indicator) -> str:
    """Where the plan says so and in which words: 第5项：“小微企业突破5.5万户”."""
    place = f"第{i.task}项" if i.task else "总体要求"
    return f"{place}：“{i.quote}”" if i.quote else f"{place}（没有年度目标，本市增报）"


def scope_of(definition: Definition | None) -> str:
    """What counts and what does not, with who says so; where the plan folder does not say, whom to ask."""
    if definition is None:
        return f"{_UNDEFINED}。"
    excludes = f"不计入或注意：{definition.excludes}。" if definition.excludes else ""
    return f"计入：{definition.counts}。{excludes}（{definition.source}）"


def note_of(
    i: Indicator,
    measures: tuple[Measure, ...],
    unit: str,
    definition: Definition | None,
    optional: bool = False,
) -> str:
    """The comment on the indicator's name: how to fill in, the unit, what counts, the plan's sentence."""
    part = _BY_PART.get(measures[0]) if measures else None
    lines = [part or _BY_RULE[i.rule]]
    if i.rule is not Rule.MILESTONE and measures:
        lines.append(f"单位：{unit}，填{decimal_rule(unit)}，不写单位和文字。")
    if optional:
        lines.append("一人一年只计一次的全市去重数，没有可不填。")
    return "\n".join([*lines, scope_of(definition), f"方案{plan_source(i)}"])


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
            note = note_of(i, line.measures, line.unit, definition, optional=True)
            yield replace(line, label=i.name + OWN_CITY_FIGURE, note=note, optional=True)
    for i in catalogue.indicators_of(reporter):
        if isinstance(reporter, County):
            yield _line(catalogue, i, reporter.id, i.county_targets.get(reporter.id), known)
        else:
            line = _line(catalogue, i, CITY, _decimal(catalogue.city_target(i)), known)
            yield line
            yield from _parts(catalogue, i, line) if i.rule is Rule.SHARE else ()


def _parts(catalogue: Catalogue, i: Indicator, line: Line) -> Iterator[Line]:
    """The two rows below a share's heading row."""
    for measure, part in ((Measure.NUMERATOR, i.numerator), (Measure.DENOMINATOR, i.denominator)):
        note = note_of(i, (measure,), i.part_unit, catalogue.definitions.get(i.id))
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
        previous=before.previous, months_back=before.months_back, source=plan_source(i),
        note=note_of(i, measures, unit, definition), scope=scope_of(definition),
    )  # fmt: skip


def _decimal(target: float | None) -> Decimal | None:
    return None if target is None else Decimal(str(target))
