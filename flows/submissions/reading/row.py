"""An asked line as found on a sheet (已填行): its typed cells, choice and reason, each with its place; and which of its
states each cell is in: reported, confirmed zero, missing, not applicable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from flows.plan.catalogue import normalize_name
from flows.plan.observation import KnownTotals
from flows.plan.policy import Checks
from flows.plan.terms import Measure, State
from flows.submissions.form import layout
from flows.submissions.form.form_spec import Line
from flows.submissions.formats.grid import Grid, Place, Raw, address, written
from flows.submissions.reading.cells import Cell, Nothing, Number, fold, is_blank, parse
from flows.submissions.reading.units import of_kind, of_sources, scale
from flows.submissions.reading.words import answer_in

NO_TEXT = "空白"


@dataclass(frozen=True, slots=True)
class FormRow:
    """One line of the form where it stands on the sheet. `units` are those that its name or its own columns say,
    `column_units` those of columns of several lines, `noted` those of the texts around the table; cells of `held` stand
    under a text that is not understood."""

    line: Line
    grid: Grid
    name: Place
    places: Mapping[layout.Field, Place]
    units: Mapping[layout.Field, str] = field(default_factory=dict)
    column_units: Mapping[layout.Field, str] = field(default_factory=dict)
    noted: tuple[tuple[str, ...], ...] = ()
    held: frozenset[layout.Field] = frozenset()

    @property
    def row(self) -> int:
        """The row its name stands in."""
        return self.name[0]

    def has(self, field: layout.Field) -> bool:
        """Whether the table has this column at all."""
        return field in self.places

    def raw(self, field: layout.Field) -> Raw:
        """What stands in the column; an empty text where the table has no such column."""
        return self.grid.raw(self.places[field]) if field in self.places else ""

    def text(self, field: layout.Field) -> str:
        """The same as a person reads it."""
        return written(self.raw(field))

    def cell(self, field: layout.Field) -> str:
        """Its address, D7; the row's label where the table has no such column."""
        return address(self.places.get(field, self.name))

    def computed(self, field: layout.Field) -> bool:
        """Whether a formula stands there."""
        return self.places.get(field) in self.grid.formulas

    def stated_unit(self, column: layout.Field) -> str:
        """The unit of a cell by the row's name, its unit column, the column's head or the note; empty where none says."""
        if self.units.get(column):
            return self.units[column]
        typed = normalize_name(self.text(layout.Field.UNIT)).strip("()")
        of_column = of_kind((self.column_units.get(column, ""),), self.line.unit)
        if of_column and not is_blank(typed) and scale(of_column, typed) != 1:
            return (
                f"{typed}、{of_column}"  # the row says one, the column another: neither is known to be right
            )
        return of_column or ("" if is_blank(typed) else typed) or of_sources(self.noted, self.line.unit)

    def unit_differs(self, column: layout.Field) -> bool:
        """Whether that unit is not known, or of another kind and size than the one asked for: 万元 for 人."""
        return scale(self.stated_unit(column), self.line.unit) is None

    def scale(self, column: layout.Field) -> Decimal:
        """What a typed number is multiplied with: 10000 where 万人 is stated and 人 is due."""
        return scale(self.stated_unit(column), self.line.unit) or Decimal(1)

    def is_precise(self, column: layout.Field) -> bool:
        """Whether a number in a coarser unit has all the decimals that the unit asked for needs."""
        _, _, decimals = fold(self.text(column)).partition(".")
        return (
            Decimal(10) ** len(decimals) >= self.scale(column) * 10**self.line.decimals
            or self.raw(column) == 0
        )

    def number(self, field: layout.Field, decimals: int) -> Cell:
        """What stands in the column as a number of the unit asked for."""
        return parse(self.raw(field), self.line.unit, decimals, self.stated_unit(field), self.scale(field))

    @property
    def choice(self) -> str:
        """零, 不适用, nothing, or whatever else was typed."""
        text = fold(self.text(layout.Field.CHOICE))
        return (
            layout.ZERO
            if text in layout.ZERO_WORDS
            else layout.NOT_APPLICABLE
            if text in layout.NOT_APPLICABLE_WORDS
            else text
        )


@dataclass(frozen=True)
class Row:
    """All that was typed for one indicator: a share has its parts on two lines, everything else on one."""

    parts: Mapping[Measure, FormRow]
    head: FormRow  # the line with the indicator's name and target; for a share the one above its parts
    known: KnownTotals
    month: str
    checks: Checks
    unused: frozenset[Measure] = frozenset()  # cells no other check should reason from
    absent: frozenset[Measure] = (
        frozenset()
    )  # columns that no table of the report has, which is asked about once

    @property
    def line(self) -> Line:
        """What is asked."""
        return self.head.line

    @cached_property
    def cells(self) -> Mapping[Measure, Cell]:
        """Each measure's cell understood."""
        return {
            m: p.number(layout.COLUMN_OF[m], p.line.decimals)
            for m, p in self.parts.items() if m is not Measure.DONE
        }  # fmt: skip

    @cached_property
    def numbers(self) -> Mapping[Measure, Decimal]:
        """The cells that are numbers, and may be used."""
        numbers = {m: cell.value for m, cell in self.cells.items() if isinstance(cell, Number)}
        return {m: number for m, number in numbers.items() if m not in self.unused}

    @property
    def previous(self) -> Decimal | None:
        """The last number reported before this month in the year; running totals start from zero in January."""
        return self.line.previous

    @property
    def follows_on(self) -> bool:
        """Whether that number is of the month just before, so that 累计 = 上月累计 + 本月 must hold."""
        return self.previous is not None and self.line.months_back == 1

    @property
    def previous_label(self) -> str:
        """上月累计, or 4月累计 where the months since were not reported."""
        back = self.line.months_back
        return "上月累计" if back == 1 else f"{int(self.month[-2:]) - back}月累计"

    @cached_property
    def reason(self) -> str:
        """What was written as reason, on any of its lines."""
        said = dict.fromkeys(p.text(layout.Field.REASON) for p in self.parts.values())
        return "；".join(text for text in said if text)

    @cached_property
    def answer(self) -> str | None:
        """The reason if it is a real one."""
        return answer_in(self.reason)

    def text(self, measure: Measure) -> str:
        """What was typed for a measure."""
        return self.parts[measure].text(layout.COLUMN_OF[measure])


_NONE = (None, State.MISSING)
_ZERO = (Decimal(0), State.CONFIRMED_ZERO)


def state_of(row: Row, measure: Measure) -> tuple[Decimal | None, State]:
    """The value and state of a cell no error stands in."""
    if measure is Measure.DONE:
        return _done(row)
    cell, choice = row.cells[measure], row.parts[measure].choice
    if choice == layout.NOT_APPLICABLE:
        return None, State.NOT_APPLICABLE
    if isinstance(cell, Number):
        if cell.value:
            return cell.value, State.REPORTED
        return _NONE if computed_zero(row, measure) else _ZERO
    if choice == layout.ZERO and isinstance(cell, Nothing):
        carried = measure is Measure.RUNNING_TOTAL and row.previous
        return _NONE if carried else _ZERO
    return _NONE


def _done(row: Row) -> tuple[Decimal | None, State]:
    text = row.text(Measure.DONE)
    if row.parts[Measure.DONE].choice == layout.NOT_APPLICABLE:
        return None, State.NOT_APPLICABLE
    if text in layout.DONE_WORDS:
        return Decimal(1), State.REPORTED
    return (Decimal(0), State.REPORTED) if text in layout.NOT_DONE_WORDS else _NONE


def computed_zero(row: Row, measure: Measure) -> bool:
    """A zero that a formula gave and nobody confirmed. The form works 累计 out from 本月: a 本月 typed as 0 confirms it."""
    part, cell = row.parts[measure], row.cells[measure]
    return (
        isinstance(cell, Number)
        and not cell.value
        and part.computed(layout.COLUMN_OF[measure])
        and part.choice != layout.ZERO
        and not (measure is Measure.RUNNING_TOTAL and _month_is_typed_zero(row))
    )


def _month_is_typed_zero(row: Row) -> bool:
    part, cell = row.parts.get(Measure.IN_MONTH), row.cells.get(Measure.IN_MONTH)
    typed = part is not None and not part.computed(layout.Field.IN_MONTH)
    return typed and isinstance(cell, Number) and not cell.value and row.follows_on and not row.previous


def zero_conflicts(row: Row, measure: Measure) -> bool:
    """A number that the row's choice denies. 零 is of the month: last month's running total may stand on."""
    choice, value = row.parts[measure].choice, row.numbers.get(measure)
    if value is None or choice not in (layout.ZERO, layout.NOT_APPLICABLE):
        return False
    if choice == layout.NOT_APPLICABLE:
        return True
    if measure is not Measure.RUNNING_TOTAL:
        return value != 0
    return bool(row.numbers.get(Measure.IN_MONTH)) or row.previous not in (None, value)
