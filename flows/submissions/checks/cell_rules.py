"""Checks of a single cell and its choice: can it be understood, does it contradict itself, is it there."""

from collections.abc import Iterator

from flows.plan.terms import Measure
from flows.plan.units import format_number as as_written
from flows.submissions.checks.level_rules import rate_as_fraction
from flows.submissions.checks.rule import Finding, Rule, error, query
from flows.submissions.form import layout
from flows.submissions.reading.cells import Nothing, Wrong, is_blank
from flows.submissions.reading.row import FormRow, Row, computed_zero, zero_conflicts
from flows.submissions.reading.units import kind

_OTHER_COUNTS = ("人次", "场次", "户")
_A_NUMBER = "一个数（确实为零的填 0 或选“零”，没有这项工作的选“不适用”）"


def _wrong(name: str) -> Rule:
    def find(row: Row) -> Iterator[Finding]:
        if any(rate_as_fraction.find(row)):
            return  # it says more than that 0.602 has a decimal too many
        for measure, cell in row.cells.items():
            if isinstance(cell, Wrong) and cell.rule == name:
                yield Finding(measure, cell.expected, cell.remedy, blocks=(measure,))

    find.__name__ = name
    return error(find)


error_value = _wrong("error_value")


@error
def unit_differs(row: Row) -> Iterator[Finding]:
    """千美元, or 万元 for 人: a unit that is not known, or of another kind and size than is asked for."""
    for measures, part in _by_part(row):
        held = tuple(
            m for m in measures if part.has(layout.COLUMN_OF[m]) and part.unit_differs(layout.COLUMN_OF[m])
        )
        if held:
            said, due = part.stated_unit(layout.COLUMN_OF[held[0]]), part.line.unit
            yield Finding(
                held[0], f"以“{due}”为单位", f"请核对计量单位，按“{due}”填报后重新报送", f"以“{said}”为单位",
                layout.Field.UNIT, blocks=held,
            )  # fmt: skip


@error
def coarse_amount(row: Row) -> Iterator[Finding]:
    """4.36 百万元 for 万元: converted it is 436, but the two decimals that are due are not known."""
    for measure, part in row.parts.items():
        column, due = layout.COLUMN_OF[measure], part.line.unit
        if measure not in row.numbers or part.scale(column) <= 1 or not part.line.decimals:
            continue
        if not part.is_precise(column):
            number = as_written(row.numbers[measure], due)
            found = f"{row.text(measure)}{part.stated_unit(column)}（换算成 {number} {due}，尾数不知）"
            remedy = f"请按“{due}”填报准确数后重新报送"
            yield Finding(measure, f"以“{due}”为单位的准确数", remedy, found, blocks=(measure,))


struck_through = _wrong("struck_through")
not_a_number = _wrong("not_a_number")
not_understood = _wrong("not_understood")
not_whole = _wrong("not_whole")
too_many_decimals = _wrong("too_many_decimals")


@query
def coarse_unit(row: Row) -> Iterator[Finding]:
    """万人 for 人: read as it is stated, but people are counted, not rounded."""
    for measures, part in _by_part(row):
        coarse = [m for m in measures if part.scale(layout.COLUMN_OF[m]) > 1]
        numbers = [row.numbers[m] for m in coarse if m in row.numbers]
        if kind(part.line.unit) == "count" and any(numbers):
            said, due = part.stated_unit(layout.COLUMN_OF[coarse[-1]]), part.line.unit
            read = "、".join(as_written(n, due) for n in numbers)
            found = f"以“{said}”为单位的数（已换算成 {read} {due}读取）"
            yield Finding(coarse[-1], f"以“{due}”为单位的准确数", f"请按“{due}”填报准确数后重新报送", found)


@query
def other_count(row: Row) -> Iterator[Finding]:
    """人次 or 户 for 人: the same person may stand in it twice, or several in one."""
    for measures, part in _by_part(row):
        stated = part.stated_unit(layout.COLUMN_OF[measures[-1]])
        if part.line.unit == "人" and stated in _OTHER_COUNTS and any(row.numbers.get(m) for m in measures):
            yield Finding(
                measures[-1],
                "以“人”计的数",
                f"请核对是不是{stated}数；是的，请按“人”填报后重新报送",
                f"以“{stated}”计的数",
            )


@error
def number_beside_choice(row: Row) -> Iterator[Finding]:
    """A number and a choice that says otherwise: 零 and 35."""
    for measure in row.cells:
        if zero_conflicts(row, measure):
            choice = row.parts[measure].choice
            found = f"选了“{choice}”，又填了 {row.text(measure)}"
            remedy = f"有数的，清除“{choice}”；{'为零' if choice == layout.ZERO else '不适用'}的，清除填的数"
            yield Finding(measure, "填数、选项二者取一", remedy, found, blocks=(measure,))


@query
def not_filled_in(row: Row) -> Iterator[Finding]:
    """No number, no choice: a blank, `/`, `-` or 无 is not zero."""
    blank = [m for m, cell in row.cells.items() if isinstance(cell, Nothing) and not row.parts[m].choice]
    blank = [
        m
        for m in blank
        if m not in row.absent and (m is not Measure.IN_MONTH or row.head.has(layout.Field.IN_MONTH))
    ]
    if row.line.optional and len(blank) == len(row.cells):
        return
    if blank == [Measure.IN_MONTH, Measure.RUNNING_TOTAL]:
        blank = blank[1:]  # one question about an empty row is enough
    for measure in blank:
        yield Finding(measure, _A_NUMBER, "请补填后重新报送；留空、“/”“-”“无”不作为零")


@query
def running_total_not_filled_in(row: Row) -> Iterator[Finding]:
    """零 says that the month is nothing; a running total that had a number must still be written."""
    part, cell = row.parts.get(Measure.RUNNING_TOTAL), row.cells.get(Measure.RUNNING_TOTAL)
    if part and part.choice == layout.ZERO and isinstance(cell, Nothing) and row.previous:
        total = as_written(row.previous, row.line.unit)
        same = f"，本月为零的填 {total}" if row.follows_on else ""
        due = f"累计数（{row.previous_label}为 {total}{same}）"
        yield Finding(Measure.RUNNING_TOTAL, due, "请补填累计后重新报送", compared=(row.previous,))


@query
def zero_from_formula(row: Row) -> Iterator[Finding]:
    """A formula over empty cells gives 0; that confirms nothing."""
    for measure in row.cells:
        if computed_zero(row, measure):
            found = "公式算出的 0"
            yield Finding(measure, "直接填的数", "确实为零的，请直接填 0 或选“零”；不为零的，请填数", found)


@query
def choice_not_understood(row: Row) -> Iterator[Finding]:
    """The choice column holds something else than its two words."""
    for measure, part in _once(row):
        if part.choice not in ("", layout.ZERO, layout.NOT_APPLICABLE) and not is_blank(part.choice):
            yield Finding(measure, "“零”“不适用”或不选", "请从下拉列表选择", field=layout.Field.CHOICE)


@query
def not_applicable_without_reason(row: Row) -> Iterator[Finding]:
    """不适用 needs its reason."""
    for measure, part in _once(row):
        if part.choice == layout.NOT_APPLICABLE and row.answer is None:
            yield Finding(
                measure,
                "选“不适用”的原因",
                "请在“原因说明”写明原因后重新报送",
                layout.NOT_APPLICABLE,
                layout.Field.REASON,
            )


def _once(row: Row) -> list[tuple[Measure, FormRow]]:
    """Each line once, under its first measure."""
    return [(measures[0], part) for measures, part in _by_part(row)]


def _by_part(row: Row) -> list[tuple[tuple[Measure, ...], FormRow]]:
    """Each line with its measures."""
    parts = {id(part): part for part in row.parts.values()}
    return [(tuple(m for m, p in row.parts.items() if p is part), part) for part in parts.values()]


@error
def done_not_understood(row: Row) -> Iterator[Finding]:
    """是 or 否, nothing else."""
    said = row.text(Measure.DONE) if Measure.DONE in row.parts else ""
    if not is_blank(said) and said not in layout.DONE_WORDS | layout.NOT_DONE_WORDS:
        yield Finding(Measure.DONE, "“是”或“否”", "请从下拉列表选择", blocks=(Measure.DONE,))


RULES = (
    unit_differs, coarse_amount, error_value, struck_through,
    not_a_number, not_understood, not_whole, too_many_decimals, number_beside_choice,
    not_filled_in, coarse_unit, other_count, running_total_not_filled_in, zero_from_formula, choice_not_understood,
    not_applicable_without_reason, done_not_understood,
)  # fmt: skip
