"""The table rows a document must print (应印行): put together again from the facts, cell by cell, without its
templates. Row is what all parts of that are made of; sentences and kinds of document have modules of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.documents.figures import Figure, Figures
from flows.documents.kinds.overall import CityLine
from flows.documents.kinds.record import Doubt, Reported
from flows.documents.kinds.standing import Standing
from flows.documents.kinds.tasks import Said, TaskRow, told
from flows.documents.words import (
    MARK_LABEL,
    NOT_COMPUTABLE,
    amount,
    cell,
    goal,
    moved,
    one_decimal,
    place_cell,
    points,
    rounded_up,
    stamp,
)
from flows.plan.catalogue import Catalogue
from flows.plan.terms import CITY, Rule

_BOUND = {"at_most": "≤", "more_than": ">"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row or sentence that must be found: whose it is, and its cells run together."""

    name: str
    text: str


def annex(lines: Sequence[CityLine], figures: Figures, catalogue: Catalogue) -> Iterator[Row]:
    """附件1: two indicators side by side, counties down, the city last."""
    for at in range(0, len(lines), 2):
        pair = lines[at : at + 2]
        for county in (*(c.id for c in catalogue.counties), CITY):
            name = catalogue.name_of(county)
            found = [figures.get(line.indicator.id, county) for line in pair]
            about = "、".join(line.name for line in pair)
            yield Row(f"附件1 {name}（{about}）", name + "".join(_seven(f) for f in found))


def overall_row(line: CityLine) -> str:
    """表1 of a month."""
    f = line.figure
    return f"{line.name}{f.unit}{amounts(f)}{judged(f)}{f.reported}/{f.expected}"


def amounts(f: Figure) -> str:
    """Own number, running total, target."""
    own = cell(f.value, f.unit, f.state if f.ytd is None else "")
    return f"{own}{cell(f.ytd, f.unit, f.state)}{goal(f.target, f.unit)}"


def judged(f: Figure) -> str:
    """Attainment and how it stands to the clock."""
    rate = NOT_COMPUTABLE if f.attainment_pct is None else one_decimal(f.attainment_pct)
    return rate + (NOT_COMPUTABLE if f.gap_pp is None else points(f.gap_pp))


def _seven(f: Figure | None) -> str:
    if f is None:
        return "无此项任务"
    star, place = "*" if f.small_target else "", place_cell(f.rank, f.tied)
    return f"{amounts(f)}{star}{judged(f)}{place}{moved(f.rank_change)}{mark(f)}"


def mark(f: Figure) -> str:
    """标识 in a word, nothing where there is none."""
    return MARK_LABEL[f.mark] if f.mark else ""


def needed(f: Figure) -> str:
    """尚需月均."""
    if f.required_monthly is None:
        return NOT_COMPUTABLE
    return cell(rounded_up(f.required_monthly, f.unit), f.unit, "")


def own_row(f: Figure) -> str:
    """A county's figure in its feedback, after the indicator's name and unit."""
    place = (
        NOT_COMPUTABLE if f.rank is None else f"{place_cell(f.rank, f.tied)}/{f.ranked}{moved(f.rank_change)}"
    )
    return f"{amounts(f)}{judged(f)}{place}{needed(f)}{mark(f)}"


def grid(standing: Standing) -> Iterator[Row]:
    """表2 of a month: every county's attainment with its mark."""
    for at, ranking in enumerate(standing.rankings):
        cells = [row.figures[at][1] for row in standing.rows]
        yield Row(f"表2 {ranking.indicator.name}", ranking.indicator.name + "".join(map(rated, cells)))


def rated(f: Figure | None) -> str:
    """A cell of it."""
    if f is None:
        return "无任务"
    if f.attainment_pct is None:
        return cell(None, f.unit, f.state).removeprefix("数据")
    return one_decimal(f.attainment_pct) + mark(f)


def to_hasten(standing: Standing) -> Iterator[Row]:
    """黄色、红色标识项目尚需月均."""
    for row in standing.rows:
        for i, f in (*row.marked("red"), *row.marked("yellow")):
            own = f"{cell(f.value, f.unit, '')}{cell(f.ytd, f.unit, f.state)}{goal(f.target, f.unit)}"
            text = f"{row.county.name}{i.name}{f.unit}{own}{judged(f)}{needed(f)}{mark(f)}"
            yield Row(f"附件1尚需月均 {row.county.name}{i.name}", text)


def department(line: CityLine, catalogue: Catalogue) -> str:
    """A row of 牵头单位报送的市级指标."""
    f, i = line.figure, line.indicator
    head = f"{i.task or '总体'}{i.name}{catalogue.name_of(i.reporter or CITY)}{i.unit}"
    if i.rule is Rule.MILESTONE:
        known = {1.0: "已完成", 0.0: "未完成"}
        return f"{head}{cell(None, '项', f.state) if f.ytd is None else known[f.ytd]}完成"
    own = cell(f.value, f.unit, f.state if f.ytd is None else "") if i.rule in {Rule.TOTAL, Rule.MEAN} else ""
    text = f"{head}{own}{cell(f.ytd, f.unit, f.state)}{_BOUND.get(i.bound, '')}{goal(f.target, f.unit)}"
    return text + (judged(f) if i.rule is Rule.TOTAL else "")


def record(rows: Sequence[Reported]) -> Iterator[Row]:
    """报送情况表 of a month."""
    for at, r in enumerate(rows, 1):
        counts = "".join(
            str(n or "") for n in (r.open_queries, r.errors, r.late_this_year, r.missing_this_year)
        )
        times = f"{stamp(r.first_received_at)}{stamp(r.received_at)}{r.versions or NOT_COMPUTABLE}"
        yield Row(f"附件2 {r.name}", f"{at}{r.name}{times}{r.label}{counts}")


def doubts(of: Sequence[Doubt]) -> Iterator[Row]:
    """待核实、待更正事项."""
    for at, doubt in enumerate(of, 1):
        yield Row(f"附件2 待核实事项{at}", f"{at}{doubt.name}{doubt.tier_label}{doubt.message}{doubt.remedy}")


def own_words(said: Sequence[tuple[str, Said]]) -> Iterator[Row]:
    """各地报送的工作情况（原文）."""
    for name, words in said:
        told = "".join(text or "未填" for text in (words.progress, words.problem, words.next_step))
        yield Row(f"附件2 {name}", name + told)


def each_county(lines: Sequence[CityLine], figures: Figures, catalogue: Catalogue) -> Iterator[Row]:
    """每个旗县市区应达到的指标."""
    for line in lines:
        i, f = line.indicator, line.figure
        found = [figures.get(i.id, county.id) for county in catalogue.counties]
        cells = "".join(NOT_COMPUTABLE if one is None else cell(one.ytd, "个", one.state) for one in found)
        whole = "未报" if f.ytd is None else f"{cell(f.ytd, '个', f.state)}/{cell(f.target, '个', '')}"
        least = amount(float(i.target or 0), i.unit)
        yield Row(f"附件1 {i.name}", f"{i.name}（每地至少{least}）{cells}{whole}")


def tasks(rows: Sequence[TaskRow], attachment: str = "附件3") -> Iterator[Row]:
    """任务进展情况表: the task, its indicators, what its lead said."""
    for row in rows:
        yield Row(f"{attachment} 第{row.task.number}项", f"{row.task.number}{row.task.title}{row.lead}")
        for line in row.lines:
            yield Row(f"{attachment} {line.name}", f"{line.name}：{told(line)}")
        yield Row(f"{attachment} 第{row.task.number}项进展", row.said.progress or "未报送")
