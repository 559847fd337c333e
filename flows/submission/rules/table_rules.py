"""Checks of a whole table (表间校验): the rows nobody reports must add up."""

from collections.abc import Iterator
from decimal import Decimal

from flows.catalogue.observation import Problem
from flows.catalogue.terms import Tier
from flows.catalogue.unit import written
from flows.submission.asked import Line
from flows.submission.container.grid import Grid, Place, address
from flows.submission.layout import Field, label
from flows.submission.reading.arranged import Arranged
from flows.submission.reading.cells import Number, parse

_CHECKED = (Field.IN_MONTH, Field.RUNNING_TOTAL)


def total_not_sum(table: Arranged) -> Iterator[Problem]:
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
                rule="total_not_sum", tier=Tier.QUERY, county=line.county, indicator=line.indicator,
                sheet=table.grid.name, cell=address(at), subject=f"{line.label}合计（{label(field)}）",
                expected=f"各地相加的 {written(added, line.unit)}", found=table.grid.text(at),
                remedy="合计不采用；请核对本单位的数，有误的改正后重新报送",
            )  # fmt: skip


def _own(table: Arranged, line: Line, field: Field) -> list[Place]:
    place = table.ours.get(line, {}).get(field)
    return [place] if place else []


def _number(grid: Grid, place: Place, line: Line) -> Decimal | None:
    cell = parse(grid.raw(place), line.unit, line.decimals)
    return cell.value if isinstance(cell, Number) else None
