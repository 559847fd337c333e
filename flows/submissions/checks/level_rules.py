"""Checks of levels, rates, shares, milestones, and of the target that is not the reporter's to change."""

import calendar
from collections.abc import Iterator
from datetime import date

from flows.plan.terms import Measure
from flows.plan.units import format_number
from flows.submissions.checks.rule import Finding, error, query
from flows.submissions.form.layout import COLUMN_OF, DONE_WORDS, NOT_DONE_WORDS, Field
from flows.submissions.reading.cells import Number, day, is_blank, parse
from flows.submissions.reading.row import Row

_AS_STORED = 6  # decimals of a fraction that a program made of a typed percentage
_PART, _WHOLE = Measure.NUMERATOR, Measure.DENOMINATOR


@error
def negative_level(row: Row) -> Iterator[Finding]:
    """What is there cannot be fewer than none; a gain in 个百分点 may be."""
    for measure in (Measure.LEVEL, _PART, _WHOLE):
        if row.numbers.get(measure, 0) < 0 and row.parts[measure].line.unit != "个百分点":
            yield Finding(measure, "不小于零的数", "请核对后重新报送", blocks=(measure,))


@error
def rate_out_of_range(row: Row) -> Iterator[Finding]:
    """A percentage lies between 0 and 100."""
    for measure, value in row.numbers.items():
        if row.parts[measure].line.unit == "%" and not 0 <= value <= 100:
            yield Finding(
                measure, "0 到 100 之间的数", "请填百分数本身，如 5.3，核对后重新报送", blocks=(measure,)
            )


@error
def rate_as_fraction(row: Row) -> Iterator[Finding]:
    """0.053 for 5.3 %: a spreadsheet turns a typed percent sign into a fraction."""
    for measure, part in row.parts.items():
        cell = part.number(COLUMN_OF[measure], _AS_STORED) if part.line.unit == "%" else None
        if isinstance(cell, Number) and 0 < cell.value < 1:
            found, meant = row.text(measure), format_number(cell.value * 100, "%")
            remedy = f"如为 {meant}%，请填 {meant}，不要写百分号"
            yield Finding(measure, "百分数本身，如 5.3", remedy, found, blocks=(measure,))


@error
def part_above_whole(row: Row) -> Iterator[Finding]:
    """The numerator is a part of the denominator."""
    part, whole = row.numbers.get(_PART), row.numbers.get(_WHOLE)
    if part is not None and whole and part > whole:
        due = f"不大于分母 {format_number(whole, row.parts[_WHOLE].line.unit)} 的数"
        yield Finding(_PART, due, "请核对分子和分母后重新报送", blocks=(_PART, _WHOLE))


@error
def empty_whole(row: Row) -> Iterator[Finding]:
    """Something of nothing is no share; 0 of 0 is 不适用."""
    if row.numbers.get(_WHOLE) == 0 and row.numbers.get(_PART):
        yield Finding(_WHOLE, "大于零的数", "请核对分母后重新报送", blocks=(_PART, _WHOLE))


@query
def altered_target(row: Row) -> Iterator[Finding]:
    """The target is the plan's."""
    line, stands = row.line, row.head.text(Field.TARGET)
    if line.target is None or is_blank(stands):
        return
    as_printed = parse(row.head.raw(Field.TARGET), line.unit, 2)
    if not any(
        isinstance(c, Number) and c.value == line.target
        for c in (as_printed, row.head.number(Field.TARGET, 2))
    ):
        due = f"方案确定的目标 {format_number(line.target, line.unit)}"
        remedy = "年度目标以方案为准，不作改动；目标确有调整的，请附文件依据并在“原因说明”写明"
        yield Finding(None, due, remedy, stands, Field.TARGET, compared=(line.target,))


@query
def done_without_date(row: Row) -> Iterator[Finding]:
    """是 needs the day it was done."""
    part = row.parts.get(Measure.DONE)
    if part and part.text(Field.DONE) in DONE_WORDS and day(part.raw(Field.DONE_ON)) is None:
        yield Finding(Measure.DONE, "完成日期，如 2025-6-30", "请补填完成日期后重新报送", field=Field.DONE_ON)


@query
def date_without_done(row: Row) -> Iterator[Finding]:
    """A date beside 否, or beside nothing, says two things."""
    part = row.parts.get(Measure.DONE)
    if part and part.text(Field.DONE) not in DONE_WORDS and day(part.raw(Field.DONE_ON)) is not None:
        found = f"{part.text(Field.DONE_ON)}，而是否完成为“{part.text(Field.DONE) or '空白'}”"
        yield Finding(
            Measure.DONE, "未完成的，不填完成日期", "请核对是否完成，改正后重新报送", found, Field.DONE_ON,
            compared=(part.text(Field.DONE),),
        )  # fmt: skip


@query
def done_after_month(row: Row) -> Iterator[Finding]:
    """A month's report cannot know what comes after it."""
    part = row.parts.get(Measure.DONE)
    done_on = day(part.raw(Field.DONE_ON)) if part else None
    year, month = map(int, row.month.split("-"))
    if done_on and done_on > date(year, month, calendar.monthrange(year, month)[1]):
        yield Finding(
            Measure.DONE, f"不晚于{year}年{month}月底的日期", "请核对完成日期后重新报送", field=Field.DONE_ON
        )


@query
def done_taken_back(row: Row) -> Iterator[Finding]:
    """What an earlier month reported as done is now said not to be."""
    part = row.parts.get(Measure.DONE)
    if part and part.text(Field.DONE) in NOT_DONE_WORDS and row.previous == 1:
        earlier = int(row.month[-2:]) - row.line.months_back
        remedy = "请核对；确未完成的，在“原因说明”写明原因后重新报送"
        yield Finding(Measure.DONE, f"“是”（{earlier}月已报完成）", remedy, compared=(row.previous,))


@query
def done_not_filled_in(row: Row) -> Iterator[Finding]:
    """A milestone is 是 or 否; a blank says nothing."""
    part = row.parts.get(Measure.DONE)
    if part and is_blank(part.text(Field.DONE)) and not part.choice:
        yield Finding(Measure.DONE, "“是”或“否”", "请补填后重新报送")


RULES = (
    negative_level, rate_out_of_range, rate_as_fraction, part_above_whole, empty_whole, altered_target,
    done_without_date, date_without_done, done_after_month, done_taken_back, done_not_filled_in,
)  # fmt: skip
