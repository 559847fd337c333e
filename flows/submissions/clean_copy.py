"""A copy without the personal data (清洁副本): what is kept of a file that brought some.

It holds the sheets the report was read from, cell for cell: read again it gives the same observations, words and
problems, comments and text boxes included. Sheets with lists, pictures and properties are not in it, nor the sender's formulas: a computed
cell holds its result, computed from nothing else.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from flows.plan.observation import Reading
from flows.submissions.formats.grid import Broken, Grid, Opened, Place, Raw
from flows.submissions.formats.marks import NO_RESULT, PAGE_MARGIN
from flows.submissions.read_form import Part

_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
_MADE_AT = datetime(2000, 1, 1)  # the same cells, the same bytes
_LOOKS: dict[type, dict[str, object]] = {  # what carries meaning: struck through, and what is a date
    Broken: {"font_strikeout": True}, datetime: {"num_format": "yyyy-mm-dd hh:mm:ss"},
    date: {"num_format": "yyyy-mm-dd"}, time: {"num_format": "hh:mm:ss"}, timedelta: {"num_format": "hh:mm:ss"},
}  # fmt: skip


def cleaned(opened: Opened, parts: Sequence[Part]) -> tuple[bytes, str]:
    """The copy and its suffix. A table without sheets stays one, since its sheet is called as the file is."""
    used = {sheet for part in parts for sheet in _sheets(part)}
    grids = [grid for grid in opened.grids if grid.name in used]
    if opened.is_text:
        return _as_text(grids[0]), ".csv"
    return as_workbook(grids), ".xlsx"


def _sheets(part: Part) -> Iterator[str]:
    """The sheets that a report was read from; of a part of a gathered file its own ones, whatever became of it."""
    if part.reporter:
        yield from (grid.name for grid in part.grids)
    if isinstance(part.outcome, Reading):
        yield from (o.sheet for o in part.outcome.observations)
        yield from (problem.sheet for problem in part.outcome.problems)
        yield from (statement.sheet for statement in part.outcome.statements)


def _as_text(grid: Grid) -> bytes:
    """Everything quoted, every row as wide as the widest, so that no cell is taken for a delimiter or a page. A text
    cannot hide anything: what was hidden is not in it."""
    shown = [[v if grid.shows((r, c)) else "" for c, v in enumerate(row)] for r, row in enumerate(grid.rows)]
    grid = replace(grid, rows=shown)
    width = max(
        2, *(len(row) for row in grid.rows), *(str(v).count("\t") + 2 for row in grid.rows for v in row)
    )
    text = StringIO(newline="")
    rows = csv.writer(text, quoting=csv.QUOTE_ALL)
    rows.writerows([*row, *[""] * (width - len(row))] for row in grid.rows)
    return text.getvalue().encode("utf-8-sig")


def as_workbook(grids: Sequence[Grid]) -> bytes:
    """The sheets, cell for cell, as an .xlsx; the same cells give the same bytes."""
    buffer = BytesIO()
    plain_text = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with Workbook(buffer, {"in_memory": True, **plain_text}) as book:
        book.set_properties({"created": _MADE_AT})
        looks = {kind: book.add_format(properties) for kind, properties in _LOOKS.items()}
        sheets = [book.add_worksheet(f"{number}") for number in range(len(grids))]
        for number, (sheet, grid) in enumerate(zip(sheets, grids, strict=True)):
            sheet.name = grid.name  # as it was, also where no spreadsheet program would allow the name
            _write(sheet, grid, looks)
            sheet.autofit(300)
            _hide(sheet, grid)
            _write_beside(sheet, grid)
            if not grid.visible and number:
                sheet.hide()
    return buffer.getvalue()


def _hide(sheet: Worksheet, grid: Grid) -> None:
    """Hide what was hidden: it is not read here either."""
    width = max((len(row) for row in grid.rows), default=0)
    for row in grid.hidden_rows:
        if row < len(grid.rows):
            sheet.set_row(row, None, None, {"hidden": True})
    for column in grid.hidden_columns:
        if column < width:
            sheet.set_column(column, column, None, None, {"hidden": True})


def _write_beside(sheet: Worksheet, grid: Grid) -> None:
    """Comments and text boxes as they were read; a page's margin as its header."""
    for place, text in grid.comments.items():
        sheet.write_comment(*place, text, {"author": ""})
    for where, text in grid.notes:
        if where == PAGE_MARGIN:
            sheet.set_header(f"&C{text[:250].replace('&', '&&')}")
        else:
            sheet.insert_textbox(len(grid.rows) + 1, 0, text)


def _write(sheet: Worksheet, grid: Grid, looks: dict[type, Format]) -> None:
    for r, row in enumerate(grid.rows):
        for c, value in enumerate(row):
            if value != "":
                _put(sheet, (r, c), value, looks, computed=(r, c) in grid.formulas)


def _put(sheet: Worksheet, place: Place, value: Raw, looks: dict[type, Format], computed: bool) -> None:
    match value:
        case Broken(text, struck=True):
            sheet.write_string(*place, text, looks[Broken])
        case Broken(text):
            fault = (
                text if text in _ERRORS else "#VALUE!"
            )  # a cell without a usable value has none here either
            formula, shown = ("=NA()", "") if text == NO_RESULT else (f"={fault}", fault)
            sheet.write_formula(*place, formula, None, shown)
        case date() | time() | timedelta():
            sheet.write_datetime(*place, value, looks[type(value)])
        case bool():
            sheet.write_boolean(*place, value)
        case _ if computed:
            formula = (
                '="{}"'.format(value[:250].replace('"', '""')) if isinstance(value, str) else f"={value!r}"
            )
            sheet.write_formula(*place, formula, None, value)
        case str():
            sheet.write_string(*place, value)
        case _:
            sheet.write_number(*place, value)
