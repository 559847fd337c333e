"""Where on the sheets each asked line stands (找行): by the name in its row, whatever the order."""

from dataclasses import dataclass

from flows.catalogue.catalogue import Catalogue
from flows.catalogue.reporter import plain
from flows.submission.asked import Asked, Line
from flows.submission.container.grid import Grid, address
from flows.submission.layout import SUMS_UP, Field
from flows.submission.reading.labels import Table, tables, without_unit
from flows.submission.reading.row import Filled


@dataclass(frozen=True, slots=True)
class Found:
    """The asked lines on the sheets, each with every place it stands at; and where rows stand that nobody
    asked for (what they say is not repeated: it may be about persons)."""

    places: dict[Line, list[Filled]]
    unasked: tuple[str, ...]
    tables: int


def find_lines(grids: tuple[Grid, ...], form: Asked, catalogue: Catalogue) -> Found:
    """Every row of every table whose name is one of the form's."""
    names, places, unasked = _names(form, catalogue), dict[Line, list[Filled]](), list[str]()
    found = [table for grid in grids for table in tables(grid)]
    for table in found:
        for row in range(table.head + 1, table.end):
            name = table.grid.text((row, table.columns[Field.INDICATOR]))
            line = names.get(plain(name)) or names.get(without_unit(name))
            if line:
                places.setdefault(line, []).append(Filled(line, table.grid, row, table.columns))
            elif _carries_numbers(table, row) and plain(name) not in SUMS_UP:
                unasked.append(f"{table.grid.name}!{address((row, table.columns[Field.INDICATOR]))}")
    return Found(places, tuple(unasked), len(found))


def _names(form: Asked, catalogue: Catalogue) -> dict[str, Line]:
    """Every way a line may be written: as on the form, and as the annex heads its column."""
    names = {plain(line.label): line for line in form.lines}
    for line in form.lines if form.is_county else ():
        for other in (catalogue.indicator[line.indicator].annex, line.indicator):
            names.setdefault(plain(other), line)
            names.setdefault(without_unit(other), line)
    names.pop("", None)
    return names


def _carries_numbers(table: Table, row: int) -> bool:
    """Whether something was typed in: titles and column numbers are no rows."""
    typed = [
        table.grid.raw((row, table.columns[f]))
        for f in (Field.RUNNING_TOTAL, Field.LEVEL)
        if f in table.columns
    ]
    return len(table.grid.text((row, table.columns[Field.INDICATOR]))) > 1 and any(
        isinstance(value, int | float) or (isinstance(value, str) and value[:1].isdigit()) for value in typed
    )
