"""Which of its states a cell is in (单元格状态): reported, confirmed zero, missing, not applicable."""

from decimal import Decimal

from flows.plan.terms import Measure, State
from flows.submissions.form.layout import COLUMN_OF, DONE_WORDS, NOT_APPLICABLE, NOT_DONE_WORDS, ZERO, Field
from flows.submissions.reading.cells import Nothing, Number
from flows.submissions.reading.row import Row

_NONE = (None, State.MISSING)
_ZERO = (Decimal(0), State.CONFIRMED_ZERO)


def state_of(row: Row, measure: Measure) -> tuple[Decimal | None, State]:
    """The value and state of a cell no error stands in."""
    if measure is Measure.DONE:
        return _done(row)
    cell, choice = row.cells[measure], row.parts[measure].choice
    if choice == NOT_APPLICABLE:
        return None, State.NOT_APPLICABLE
    if isinstance(cell, Number):
        if cell.value:
            return cell.value, State.REPORTED
        return _NONE if computed_zero(row, measure) else _ZERO
    if choice == ZERO and isinstance(cell, Nothing):
        carried = measure is Measure.RUNNING_TOTAL and row.previous
        return _NONE if carried else _ZERO
    return _NONE


def _done(row: Row) -> tuple[Decimal | None, State]:
    text = row.text(Measure.DONE)
    if row.parts[Measure.DONE].choice == NOT_APPLICABLE:
        return None, State.NOT_APPLICABLE
    if text in DONE_WORDS:
        return Decimal(1), State.REPORTED
    return (Decimal(0), State.REPORTED) if text in NOT_DONE_WORDS else _NONE


def computed_zero(row: Row, measure: Measure) -> bool:
    """A zero that a formula gave and nobody confirmed. The form works 累计 out from 本月: a 本月 typed as 0 confirms it."""
    part, cell = row.parts[measure], row.cells[measure]
    return (
        isinstance(cell, Number)
        and not cell.value
        and part.computed(COLUMN_OF[measure])
        and part.choice != ZERO
        and not (measure is Measure.RUNNING_TOTAL and _month_is_typed_zero(row))
    )


def _month_is_typed_zero(row: Row) -> bool:
    part, cell = row.parts.get(Measure.IN_MONTH), row.cells.get(Measure.IN_MONTH)
    typed = part is not None and not part.computed(Field.IN_MONTH)
    return typed and isinstance(cell, Number) and not cell.value and row.follows_on and not row.previous


def zero_conflicts(row: Row, measure: Measure) -> bool:
    """A number that the row's choice denies. 零 is of the month: last month's running total may stand on."""
    choice, value = row.parts[measure].choice, row.numbers.get(measure)
    if value is None or choice not in (ZERO, NOT_APPLICABLE):
        return False
    if choice == NOT_APPLICABLE:
        return True
    if measure is not Measure.RUNNING_TOTAL:
        return value != 0
    return bool(row.numbers.get(Measure.IN_MONTH)) or row.previous not in (None, value)
