"""What a report on a quarter or a half-year must print (季分析、半年总结应印): sentences, tables, words of its charts."""

from collections.abc import Iterator, Sequence

from flows.documents import printed_rows as rows
from flows.documents import printed_sentences as said
from flows.documents.document import Frames
from flows.documents.figures import Figures
from flows.documents.frequency import beat_words
from flows.documents.kinds.course import Course, Courses
from flows.documents.kinds.gaps import Punctuality
from flows.documents.kinds.half_year import Halfway
from flows.documents.kinds.outlook import Ahead
from flows.documents.kinds.overall import CityLine
from flows.documents.kinds.record import STATUS
from flows.documents.kinds.review import ReviewFacts, Structure
from flows.documents.kinds.standing import Standing
from flows.documents.printed_month import first_attachment, second_attachment, sentences
from flows.documents.printed_rows import Row
from flows.documents.words import (
    NOT_COMPUTABLE,
    amount,
    cell,
    change,
    goal,
    listed,
    one_decimal,
    percent,
    rounded_up,
)
from flows.plan.catalogue import Catalogue
from flows.plan.period import Frequency, Period


def of_report(facts: ReviewFacts, frames: Frames, catalogue: Catalogue) -> list[Row]:
    """The sentences, every table row and the words of the charts, whichever of the two it is."""
    month, figures = facts.month, Figures(frames.figures)
    shared = [
        *sentences(month, frames, catalogue),
        *(row for one in month.standing.headline[:1] for row in said.ranking(one)),
        *_totals(month.overall.annex, month.period),
        *_heat(month.standing),
        *_ahead(facts.outlook),
        *_punctual(facts.punctuality, month.period),
        *_proposals(facts),
        *_charts(facts),
        *first_attachment(month, figures, catalogue),
        *_months(facts.punctuality),
        *second_attachment(month),
        *rows.tasks(month.tasks),
    ]
    return [
        *shared,
        *(_of_quarter(facts) if month.period.frequency is Frequency.QUARTER else _of_half(facts)),
    ]


def _of_quarter(facts: ReviewFacts) -> Iterator[Row]:
    month, period = facts.month, facts.month.period
    yield from said.others(month.overall)
    for course, line in zip(facts.courses, month.overall.headline, strict=True):
        yield from _compared(line, period)
        yield from _rhythm(course, period)
        yield from _needed(course.city, line, period)
    for one, line in zip(facts.structure, month.overall.headline, strict=True):
        yield from _structure(one, line)
    yield from _harder(facts)


def _of_half(facts: ReviewFacts) -> Iterator[Row]:
    month, period = facts.month, facts.month.period
    if period.last == 6:
        yield from _halfway(facts.halfway)
    else:
        yield from said.others(month.overall)
    yield from said.each_county(month.overall.each_county)
    yield from said.slow(month.overall, month.standing)
    yield Row("主要做法", f"各牵头单位报送的{len(month.tasks)}项任务进展")
    if period.last < 12:
        for course, line in zip(facts.courses, month.overall.headline, strict=True):
            yield from _needed(course.city, line, period)


def _totals(lines: Sequence[CityLine], period: Period) -> Iterator[Row]:
    """表1."""
    with_before = any(line.figure.previous_value is not None for line in lines)
    for line in lines:
        f = line.figure
        text = f"{line.name}{f.unit}"
        if period.first > 1:
            text += cell(f.value, f.unit, f.state if f.ytd is None else "")
            text += cell(f.previous_value, f.unit, "") if with_before else ""
        text += f"{cell(f.ytd, f.unit, f.state)}{goal(f.target, f.unit)}{rows.judged(f)}"
        text += rows.needed(f) if period.last < 12 else ""
        yield Row(f"表1 {line.name}", f"{text}{f.reported}/{f.expected}")


def _heat(standing: Standing) -> Iterator[Row]:
    """表2: what is rated is laid over the table and so read after it, indicator by indicator."""
    for at, ranking in enumerate(standing.rankings):
        cells = [row.figures[at][1] for row in standing.rows]
        known = [rows.rated(f) for f in cells if f is not None and f.attainment_pct is not None]
        blank = [rows.rated(f) for f in cells if f is None or f.attainment_pct is None]
        yield Row(f"表2 {ranking.indicator.name}", ranking.indicator.name + "".join(blank))
        if known:
            yield Row(f"表2 {ranking.indicator.name}", "".join(known))


def _compared(line: CityLine, period: Period) -> Iterator[Row]:
    f, before = line.figure, beat_words(period)["before"]
    if f.value is not None and f.previous_value is not None:
        told = change(f.value, f.previous_value, f.unit)
        text = f"{period.label}{amount(f.value, f.unit)}，{'与' if told == '持平' else '比'}{before}{told}"
        yield Row(f"主要指标 {line.name}", text)


def _rhythm(course: Courses, period: Period) -> Iterator[Row]:
    """逐月为4月1275人（8/9个地区可计算）、…"""
    unit = course.city.unit
    told = [
        f"{s.month}月{amount(s.value, unit)}"
        + (f"（{s.value_reported}/{s.expected}个地区可计算）" if s.value_reported < s.expected else "")
        for s in course.city.steps[period.first - 1 :]
        if s.value is not None
    ]
    if told:
        yield Row(f"逐月 {course.indicator.name}", f"逐月为{'、'.join(told)}")


def _needed(course: Course, line: CityLine, period: Period) -> Iterator[Row]:
    need, so_far = line.figure.required_monthly, course.monthly_average
    if need and so_far is not None:
        past, ahead = (rounded_up(n, course.unit) for n in (so_far, need))
        than = "高于" if ahead > past else "低于" if ahead < past else "等于"
        text = f"今年以来月均{amount(past, course.unit)}，完成年度任务今后{12 - period.last}个月尚需月均"
        yield Row(f"尚需月均 {line.name}", f"{text}{amount(ahead, course.unit)}，{than}今年以来的月均")


def _structure(one: Structure, line: CityLine) -> Iterator[Row]:
    if not one.largest:
        return
    text = "、".join(f"{s.name}占{percent(s.of_sum_pct or 0.0)}" for s in one.largest)
    text += "（以已报地区为100%）" if line.figure.is_partial else ""
    if one.below_task:
        told = (
            f"{s.name}（占任务{percent(s.of_task_pct)}，占累计{percent(s.of_sum_pct or 0.0)}）"
            for s in one.below_task
        )
        text += f"；比其所占任务份额低1个百分点及以上的有{'、'.join(told)}"
    yield Row(f"结构 {one.indicator.name}", f"{one.indicator.name}累计数中，{text}。")


def _ahead(outlook: Sequence[Ahead]) -> Iterator[Row]:
    for one in outlook:
        if one.silence is None:
            i, target = one.line.indicator, one.line.figure.target
            text = f"{i.name}全年约{amount(one.whole[1], i.unit)}，区间为{one.range_words}，{one.verdict}"
            text += f"（年度任务{amount(target, i.unit)}）" if target is not None else ""
            yield Row(f"趋势研判 {i.name}", f"按季节份额推算，{text}")


def _harder(facts: ReviewFacts) -> Iterator[Row]:
    if facts.harder:
        told = "、".join(
            f"{line.name}（尚需月均{_up(line.figure.required_monthly, line)}，今年以来月均{_up(average, line)}）"
            for line, average in facts.harder
        )
        yield Row("趋势研判", f"尚需月均高于今年以来月均的指标有{len(facts.harder)}项：{told}")


def _up(value: float | None, line: CityLine) -> str:
    return amount(rounded_up(value or 0.0, line.indicator.unit), line.indicator.unit)


def _punctual(record: Punctuality, period: Period) -> Iterator[Row]:
    text = f"{period.label}应报送报表{record.due}份，按时报送{record.on_time}份"
    if record.late:
        text += f"；迟报{record.late_count}份：{_whose(record.late)}"
    if record.missing:
        text += f"；至数据截止时未报送{record.missing_count}份：{_whose(record.missing)}"
    yield Row("数据情况", f"{text}。")
    yield from (Row("数据情况", f"{g.name}{g.written_months}未报，{g.consequence}") for g in record.gaps)


def _whose(listed_by_name: Sequence[tuple[str, str]]) -> str:
    return "、".join(f"{name}（{months}）" for name, months in listed_by_name)


def _proposals(facts: ReviewFacts) -> Iterator[Row]:
    if facts.harder:
        told = "，".join(
            f"{line.name}今后月均须达到{_up(line.figure.required_monthly, line)}" for line, _ in facts.harder
        )
        yield Row("工作建议", told)


def _halfway(half: Halfway) -> Iterator[Row]:
    if not half.total:
        return
    if half.all_done:
        yield Row("任务过半", f"{half.total}项分地区指标均完成年度任务的50%以上")
        return
    told = [f"{len(half.done)}项完成年度任务的50%以上，任务过半（{listed(half.done)}）"] if half.done else []
    told += [f"{len(half.short)}项未过半（{listed(half.short)}）"] if half.short else []
    if half.undecided:
        told.append(f"{len(half.undecided)}项因各地报送不全，是否过半暂不判断（{listed(half.undecided)}）")
    yield Row("任务过半", f"{half.total}项分地区指标中，{'；'.join(told)}")


def _months(record: Punctuality) -> Iterator[Row]:
    """逐月报送."""
    for at, (name, statuses) in enumerate(record.by_month, 1):
        cells = "".join(NOT_COMPUTABLE if s is None else STATUS[s] for s in statuses)
        yield Row(f"附件2 {name}", f"{at}{name}{cells}")


def _charts(facts: ReviewFacts) -> Iterator[Row]:
    """The numbers that charts are lettered with; their axes are known by their even steps."""
    for course in facts.courses:
        yield from _panel("图1", course.indicator.name, course.city)
    for course in facts.courses[:1]:
        yield from (row for one in course.counties for row in _panel("图2", one.name, one))
    for one in facts.structure if facts.month.period.frequency is Frequency.QUARTER else ():
        if one.largest:
            told = ("未报" if s.of_sum_pct is None else one_decimal(s.of_sum_pct) for s in one.shares)
            yield Row(f"图3 {one.indicator.name}", "".join(told))
    if facts.month.period.frequency is Frequency.QUARTER:
        yield from (_fan(one) for one in [a for a in facts.outlook if a.silence is None][:1])


def _panel(chart: str, title: str, course: Course) -> Iterator[Row]:
    """The last month's attainment."""
    pct = course.attained[-1][1] if course.steps else None
    if pct is not None:
        yield Row(f"{chart} {title}", percent(pct))


def _fan(one: Ahead) -> Row:
    low, middle, high = one.whole
    unit, target = one.line.indicator.unit, one.line.figure.target
    told = "".join(amount(n, unit) for n in (high, middle, low))
    return Row(
        f"图4 {one.line.name}", told + (f"年度任务{amount(target, unit)}" if target is not None else "")
    )
