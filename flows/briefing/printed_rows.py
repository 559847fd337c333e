"""The rows a document must print (应印行): put together again from the facts, cell by cell, without its templates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.briefing.figures import Figure, Figures
from flows.briefing.monthly import MonthlyFacts, by_verdict
from flows.briefing.overall import CityLine
from flows.briefing.record import Record
from flows.briefing.tasks import told
from flows.briefing.words import (
    MARK_LABEL,
    NOT_COMPUTABLE,
    against,
    amount,
    cell,
    goal,
    listed,
    moved,
    one_decimal,
    percent,
    place_cell,
    points,
    rounded_up,
    stamp,
)
from flows.catalogue.catalogue import Catalogue
from flows.catalogue.indicator import Indicator
from flows.catalogue.notice import Matter, Notice
from flows.catalogue.terms import CITY, Rule

_BOUND = {"at_most": "≤", "more_than": ">"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row or sentence that must be found: whose it is, and its cells run together."""

    name: str
    text: str


def of_month(facts: MonthlyFacts, figures: Figures, catalogue: Catalogue) -> list[Row]:
    """The sentences and every table row of the monthly bulletin."""
    return [
        *_sentences(facts),
        *(Row(f"表1 {line.name}", _overall(line)) for line in facts.overall.annex),
        *_grid(facts),
        *annex(facts.overall.annex, figures, catalogue),
        *_to_hasten(facts),
        *(Row(f"附件1 {line.name}", _department(line, catalogue)) for line in facts.overall.departments),
        *_record(facts.record),
        *(Row(f"附件2 更正 {one.name}", one.text) for one in facts.amendments),
        *(Row("总体情况 更正", said) for said in facts.amended_since),
        *_tasks(facts),
        *(Row(f"附件2 {name}", _words(name, said.progress, said.problem, said.next_step)) for name, said in facts.county_words),
    ]  # fmt: skip


def of_county(totals: Sequence[tuple[Indicator, Figure]]) -> list[Row]:
    """The table rows of a county's feedback."""
    return [Row(i.name, f"{i.name}{'*' if f.small_target else ''}{f.unit}{_own_row(f)}") for i, f in totals]


def of_notice(notice: Notice, catalogue: Catalogue) -> list[Row]:
    """A table row for each of several matters, a sentence for a single one; nothing for a report not sent."""
    rows = [(catalogue.indicator[m.indicator], m) for m in notice.matters if m.indicator]
    if len(rows) == 1:
        return list(_matter_said(*rows[0]))
    return [Row(i.name, _matter_row(i, m)) for i, m in rows]


def _matter_row(i: Indicator, m: Matter) -> str:
    place = NOT_COMPUTABLE if m.rank is None else f"{place_cell(m.rank, m.tied)}/{m.ranked}"
    need = (
        NOT_COMPUTABLE
        if m.required_monthly is None
        else cell(rounded_up(m.required_monthly, i.unit), i.unit, "")
    )
    judged = f"{one_decimal(m.attainment_pct or 0.0)}{points(m.gap_pp or 0.0)}"  # neither is null where one is behind
    return f"{i.name}{i.unit}{cell(m.ytd, i.unit, '')}{goal(m.target, i.unit)}{judged}{place}{need}{MARK_LABEL[m.mark or '']}"


def _matter_said(i: Indicator, m: Matter) -> Iterator[Row]:
    done = f"{i.name}{amount(m.ytd or 0.0, i.unit)}，完成年度任务{amount(m.target or 0.0, i.unit)}的"
    yield Row(i.name, f"{done}{percent(m.attainment_pct or 0.0)}，{against(m.gap_pp or 0.0)}")
    if m.required_monthly is not None:
        yield Row(i.name, f"尚需月均{amount(rounded_up(m.required_monthly, i.unit), i.unit)}")


def annex(lines: Sequence[CityLine], figures: Figures, catalogue: Catalogue) -> Iterator[Row]:
    """附件1: two indicators side by side, counties down, the city last."""
    for at in range(0, len(lines), 2):
        pair = lines[at : at + 2]
        for county in (*(c.id for c in catalogue.counties), CITY):
            name = catalogue.name_of(county)
            found = [figures.get(line.indicator.id, county) for line in pair]
            about = "、".join(line.name for line in pair)
            yield Row(f"附件1 {name}（{about}）", name + "".join(_seven(f) for f in found))


def _sentences(facts: MonthlyFacts) -> Iterator[Row]:
    for line in facts.overall.headline:
        f = line.figure
        if f.ytd is not None and f.attainment_pct is not None:
            text = f"全市{line.name}{amount(f.ytd, f.unit)}{line.coverage}，完成年度任务的{percent(f.attainment_pct)}"
            yield Row(f"总体情况 {line.name}", text)
    yield from _verdicts(facts)
    if facts.standing.rankings:
        marks = "，".join(
            f"{MARK_LABEL[m]}色{facts.standing.count(m)}项次" for m in ("blue", "green", "yellow", "red")
        )
        total = sum(row.expected for row in facts.standing.rows)
        unknown = total - sum(row.known for row in facts.standing.rows)
        rest = f"，未报或待核{unknown}项次" if unknown else ""
        yield Row("各地进展 标识", f"共{total}项次：{marks}{rest}")
    counties, departments = facts.record.expected
    on_time = len(facts.record.names("on_time"))
    yield Row("报送方面", f"应报送{counties}个地区、{departments}个牵头单位，按时报送{on_time}个")


def _verdicts(facts: MonthlyFacts) -> Iterator[Row]:
    """How many of the departments' indicators stand how, the first three of those behind or silent by name."""
    by = by_verdict(facts.overall.departments)
    text = f"{len(facts.overall.departments)}项市级指标中，已达到年度目标的{len(by['已达标'])}项"
    told = [f"{text}，达到或快于时序进度的{len(by['达到时序'])}项"] if facts.overall.departments else []
    for verdict, words in (("慢于时序", "慢于时序进度"), ("未报", "未报送")):
        if names := by[verdict]:
            told.append(f"{words}的{len(names)}项（{listed(names, 3, '项')}）")
    for verdict, words in (("未达标", "期末类、事项类尚未达到年度目标"), ("其他", "数据待核或暂不判断")):
        if names := by[verdict]:
            told.append(f"{words}的{len(names)}项")
    yield from (Row("总体情况 市级指标", words) for words in told)


def _overall(line: CityLine) -> str:
    f = line.figure
    return f"{line.name}{f.unit}{_amounts(f)}{_judged(f)}{f.reported}/{f.expected}"


def _amounts(f: Figure) -> str:
    own = cell(f.value, f.unit, f.state if f.ytd is None else "")
    return f"{own}{cell(f.ytd, f.unit, f.state)}{goal(f.target, f.unit)}"


def _judged(f: Figure) -> str:
    rate = NOT_COMPUTABLE if f.attainment_pct is None else one_decimal(f.attainment_pct)
    return rate + (NOT_COMPUTABLE if f.gap_pp is None else points(f.gap_pp))


def _seven(f: Figure | None) -> str:
    if f is None:
        return "无此项任务"
    star, place = "*" if f.small_target else "", place_cell(f.rank, f.tied)
    return f"{_amounts(f)}{star}{_judged(f)}{place}{moved(f.rank_change)}{_mark(f)}"


def _mark(f: Figure) -> str:
    return MARK_LABEL[f.mark] if f.mark else ""


def _needed(f: Figure) -> str:
    if f.required_monthly is None:
        return NOT_COMPUTABLE
    return cell(rounded_up(f.required_monthly, f.unit), f.unit, "")


def _own_row(f: Figure) -> str:
    place = (
        NOT_COMPUTABLE if f.rank is None else f"{place_cell(f.rank, f.tied)}/{f.ranked}{moved(f.rank_change)}"
    )
    return f"{_amounts(f)}{_judged(f)}{place}{_needed(f)}{_mark(f)}"


def _grid(facts: MonthlyFacts) -> Iterator[Row]:
    for at, ranking in enumerate(facts.standing.rankings):
        cells = [row.figures[at][1] for row in facts.standing.rows]
        yield Row(f"表2 {ranking.indicator.name}", ranking.indicator.name + "".join(map(_rated, cells)))


def _rated(f: Figure | None) -> str:
    if f is None:
        return "无任务"
    if f.attainment_pct is None:
        return cell(None, f.unit, f.state).removeprefix("数据")
    return one_decimal(f.attainment_pct) + _mark(f)


def _to_hasten(facts: MonthlyFacts) -> Iterator[Row]:
    for row in facts.standing.rows:
        for i, f in (*row.marked("red"), *row.marked("yellow")):
            own = f"{cell(f.value, f.unit, '')}{cell(f.ytd, f.unit, f.state)}{goal(f.target, f.unit)}"
            text = f"{row.county.name}{i.name}{f.unit}{own}{_judged(f)}{_needed(f)}{_mark(f)}"
            yield Row(f"附件1尚需月均 {row.county.name}{i.name}", text)


def _department(line: CityLine, catalogue: Catalogue) -> str:
    f, i = line.figure, line.indicator
    head = f"{i.task or '总体'}{i.name}{catalogue.name_of(i.reporter or CITY)}{i.unit}"
    if i.rule is Rule.MILESTONE:
        known = {1.0: "已完成", 0.0: "未完成"}
        return f"{head}{cell(None, '项', f.state) if f.ytd is None else known[f.ytd]}完成"
    own = cell(f.value, f.unit, f.state if f.ytd is None else "") if i.rule in {Rule.TOTAL, Rule.MEAN} else ""
    text = f"{head}{own}{cell(f.ytd, f.unit, f.state)}{_BOUND.get(i.bound, '')}{goal(f.target, f.unit)}"
    return text + (_judged(f) if i.rule is Rule.TOTAL else "")


def _record(record: Record) -> Iterator[Row]:
    for at, r in enumerate(record.rows, 1):
        counts = "".join(
            str(n or "") for n in (r.open_queries, r.errors, r.late_this_year, r.missing_this_year)
        )
        times = f"{stamp(r.first_received_at)}{stamp(r.received_at)}{r.versions or NOT_COMPUTABLE}"
        yield Row(f"附件2 {r.name}", f"{at}{r.name}{times}{r.label}{counts}")
    for at, doubt in enumerate(record.doubts, 1):
        yield Row(f"附件2 待核实事项{at}", f"{at}{doubt.name}{doubt.tier_label}{doubt.message}{doubt.remedy}")


def _words(name: str, *said: str | None) -> str:
    return name + "".join(text or "未填" for text in said)


def _tasks(facts: MonthlyFacts) -> Iterator[Row]:
    for row in facts.tasks:
        yield Row(f"附件3 第{row.task.number}项", f"{row.task.number}{row.task.title}{row.lead}")
        for line in row.lines:
            yield Row(f"附件3 {line.name}", f"{line.name}：{told(line)}")
        yield Row(f"附件3 第{row.task.number}项进展", row.said.progress or "未报送")
