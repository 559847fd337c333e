"""Checks of a whole table (表间校验): the rows nobody reports must add up."""

from collections.abc import Iterator
from decimal import Decimal

from flows.plan.observation import Problem, text_of
from flows.plan.terms import Tier
from flows.plan.units import format_number
from flows.submissions.form.form_spec import Line
from flows.submissions.form.layout import Field, label
from flows.submissions.formats.grid import Grid, Place, address
from flows.submissions.reading.cells import Number, parse
from flows.submissions.reading.heading import is_part
from flows.submissions.reading.matched_table import MatchedTable
from flows.submissions.reading.row import FormRow

_CHECKED = (Field.IN_MONTH, Field.RUNNING_TOTAL)


def total_not_sum(table: MatchedTable) -> Iterator[Problem]:
    """合计 or 全市 beside the counties: it is never loaded, but where it does not add up one of them is wrong."""
    for (line, field), at in table.sums.items():
        places = [*table.others.get((line, field), ()), *_own(table, line, field)]
        numbers = [_number(table.grid, place, line) for place in places]
        total = _number(table.grid, at, line)
        if field not in _CHECKED or len(places) < 2 or total is None or None in numbers:
            continue
        added = sum((n for n in numbers if n is not None), Decimal(0))
        if added != total:
            yield Problem(
                rule="total_not_sum", tier=Tier.QUERY, county=line.county, indicator=line.indicator, measure=str(field),
                sheet=table.grid.name, cell=address(at), subject=f"{line.label}合计（{label(field)}）",
                expected=f"各地相加的 {format_number(added, line.unit)}", found=table.grid.text(at),
                remedy="已按合计采用；请核对各苏木乡镇（街道）的数和合计，改正后重新报送" if table.sum_is_ours
                else "合计不采用；请核对本单位的数，有误的改正后重新报送", values=(text_of(total), text_of(added)),
            )  # fmt: skip


def part_above_its_line(filled: FormRow) -> Iterator[Problem]:
    """其中 under an indicator: 6个月以上 can be no more than all. It is compared, never loaded."""
    row, column = filled.name
    while is_part(filled.grid.text((row := row + 1, column))):
        for field in (*_CHECKED, Field.LEVEL):
            at = filled.places.get(field, (row, column))
            if at[0] == filled.row:
                yield from _part_above(filled, field, (row, at[1]), filled.grid.text((row, column)))


def part_columns_above_their_line(table: MatchedTable, filled: FormRow) -> Iterator[Problem]:
    """The same where 其中 stands beside the indicator's columns."""
    for line, field, place, text in table.parts:
        if line == filled.line:
            yield from _part_above(filled, field, place, text)


def _part_above(filled: FormRow, field: Field, at: Place, name: str) -> Iterator[Problem]:
    line = filled.line
    part = parse(
        filled.grid.raw(at), line.unit, line.decimals, filled.stated_unit(field), filled.scale(field)
    )
    whole = filled.number(field, line.decimals)
    if isinstance(part, Number) and isinstance(whole, Number) and part.value > whole.value:
        yield Problem(
            rule="part_above_its_line", tier=Tier.QUERY, county=line.county, indicator=line.indicator, measure=str(field),
            aspect=name, sheet=filled.grid.name, cell=address(at), subject=f"{line.label}“{name[:20]}”（{label(field)}）",
            expected=f"不大于{line.label} {format_number(whole.value, line.unit)} 的数", found=filled.grid.text(at),
            remedy="其中项不采用；请核对本项的数，有误的改正后重新报送",
            values=(text_of(part.value), text_of(whole.value)),
        )  # fmt: skip


def _own(table: MatchedTable, line: Line, field: Field) -> list[Place]:
    place = table.cell_of(line, field)
    return [place] if place and place != table.sums[line, field] else []


def _number(grid: Grid, place: Place, line: Line) -> Decimal | None:
    cell = parse(grid.raw(place), line.unit, line.decimals)
    return cell.value if isinstance(cell, Number) else None
