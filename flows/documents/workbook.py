"""The tables of a document as a workbook (附表): numbers as numbers, words as words, filtered, frozen, ready for A4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from itertools import groupby
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from flows.documents.provenance import plain
from flows.plan.terms import Mark


class Marked(NamedTuple):
    """A cell in the colour of its mark (标识)."""

    value: str | int | float | None
    mark: str | None


Cell = str | int | float | date | Marked | None
AS_WRITTEN = -1
MOVED = '"↑"0;"↓"0;"—"'
_A4 = 9
_NARROW = 8  # characters: words in such a column are centred
_WIDE_SCALE = 66  # per cent: two indicators of eight columns and the names fill the width of a lying page
_TITLE_HEIGHT, _HEAD_HEIGHT, _HEIGHT = 28, 30, 18  # points
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_HEAD = {**_FONT, "bold": True, "border": 1, "align": "center", "text_wrap": True, "bg_color": "#F2F2F2"}
# As on the page (templates/css/tables.css): distinguishable in a black-and-white print by weight and ground.
_MARKS: Mapping[str, dict[str, Any]] = {
    Mark.BLUE: {"font_color": "#0B3D91", "bold": True},
    Mark.GREEN: {"font_color": "#1D5F2A"},
    Mark.YELLOW: {"bg_color": "#FFE9A8"},
    Mark.RED: {"font_color": "#FFFFFF", "bg_color": "#A00D12"},
}


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in characters and how many decimals its numbers show.

    AS_WRITTEN shows a number with the decimals it has (8123, 296.30); None is for words. `number_format` is a format of
    its own. Columns side by side of one `group` stand under it.
    """

    heading: str
    width: float = 10
    decimals: int | None = None
    group: str = ""
    number_format: str = ""


@dataclass(frozen=True)
class Table:
    """One sheet: a name of at most 31 characters, a title, a note (单位、口径) and rows of cells.

    The first `frozen` columns stay in sight and are printed on every page; `columns_a_page` breaks a wide one.
    """

    sheet: str
    title: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    landscape: bool = True
    frozen: int = 1
    columns_a_page: int = 0

    @property
    def first_row(self) -> int:
        """The first row of cells, below title, note and the heads."""
        return 4 if any(column.group for column in self.columns) else 3


def workbook(tables: Sequence[Table], title: str, author: str, made_at: datetime, mark: str = "") -> bytes:
    """The workbook of these tables, the same bytes for the same tables; `mark` heads every printed page."""
    written = BytesIO()
    with xlsxwriter.Workbook(
        written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"title": title, "author": author, "created": made_at})
        formats = _Formats(book)
        for table in tables:
            _write(book.add_worksheet(table.sheet), table, mark, formats)
    return written.getvalue()


@dataclass
class _Formats:
    """The formats of a book, each made once."""

    book: xlsxwriter.Workbook
    _made: dict[str, Format] = field(default_factory=dict)

    def of(self, style: Mapping[str, Any]) -> Format:
        """The format of this style."""
        key = repr(style)
        if key not in self._made:
            self._made[key] = self.book.add_format(style)
        return self._made[key]


def _write(sheet: Worksheet, table: Table, mark: str, formats: _Formats) -> None:
    _set_up(sheet, table, mark)
    sheet.set_row(0, _TITLE_HEIGHT)
    sheet.set_row(table.first_row - 1, _HEAD_HEIGHT)
    sheet.write_string(0, 0, table.title, formats.of({**_FONT, "bold": True, "font_size": 16}))
    note = "　".join(part for part in (mark, table.note) if part)
    sheet.write_string(1, 0, note, formats.of({**_FONT, "font_size": 9}))
    _write_heads(sheet, table, formats)
    for row, cells in enumerate(table.rows, start=table.first_row):
        for at, (value, column) in enumerate(zip(cells, table.columns, strict=True)):
            _write_cell(sheet, row, at, value, column, formats)
    if len(table.rows) > 1:
        last = table.first_row + len(table.rows) - 1
        sheet.autofilter(table.first_row - 1, 0, last, len(table.columns) - 1)


def _write_heads(sheet: Worksheet, table: Table, formats: _Formats) -> None:
    head = formats.of(_HEAD)
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(table.first_row - 1, at, column.heading, head)
    if table.first_row == 4:
        for group, columns in groupby(enumerate(table.columns), key=lambda pair: pair[1].group):
            places = [at for at, _ in columns]
            if len(places) > 1:
                sheet.merge_range(2, places[0], 2, places[-1], group, head)
            else:
                sheet.write_string(2, places[0], group, head)


def _set_up(sheet: Worksheet, table: Table, mark: str) -> None:
    sheet.set_paper(_A4)
    if table.landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
    sheet.center_horizontally()
    sheet.repeat_rows(2, table.first_row - 1)
    sheet.freeze_panes(table.first_row, table.frozen)
    if table.columns_a_page:
        sheet.repeat_columns(0, table.frozen - 1)
        sheet.set_v_pagebreaks(
            list(range(table.frozen + table.columns_a_page, len(table.columns), table.columns_a_page))
        )
        sheet.set_print_scale(_WIDE_SCALE)
    else:
        sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页 共 &N 页")
    if mark:
        sheet.set_header(f"&R{mark}")


def _write_cell(sheet: Worksheet, row: int, at: int, cell: Cell, column: Column, formats: _Formats) -> None:
    value, mark = cell if isinstance(cell, Marked) else (cell, None)
    style = {**_FONT, "border": 1, **_MARKS.get(mark or "", {})}
    match value:
        case None:
            sheet.write_blank(row, at, None, formats.of(style))
        case int() | float():
            sheet.write_number(
                row, at, value, formats.of({**style, "num_format": _number_format(value, column)})
            )
        case datetime():
            sheet.write_datetime(row, at, value, formats.of({**style, "num_format": "yyyy-mm-dd hh:mm"}))
        case date():
            sheet.write_datetime(row, at, value, formats.of({**style, "num_format": "yyyy-mm-dd"}))
        case _:
            is_centred = column.decimals is not None or column.width < _NARROW
            wrapped = {**style, "text_wrap": True} | ({"align": "center"} if is_centred else {})
            sheet.write_string(row, at, plain(value), formats.of(wrapped))


def _number_format(value: float, column: Column) -> str:
    if column.number_format:
        return column.number_format
    decimals = column.decimals or 0
    if decimals == AS_WRITTEN:
        decimals = 0 if value == int(value) else 2
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"
