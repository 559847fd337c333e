"""The tables of a document as a workbook (附表): numbers as numbers, words as words, ready for A4."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from flows.documents.provenance import plain

Cell = str | int | float | date | None
AS_WRITTEN = -1
_A4 = 9
_FONT = {"font_name": "宋体", "font_size": 10}
_ROWS_OF_HEAD = 3


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in characters and how many decimals its numbers show.

    AS_WRITTEN shows a number with the decimals it has (8123, 296.3); None is for words.
    """

    heading: str
    width: float = 10
    decimals: int | None = None


@dataclass(frozen=True)
class Table:
    """One sheet: a name of at most 31 characters, a title, a note (单位、口径) and rows of cells."""

    sheet: str
    title: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    landscape: bool = True


def workbook(tables: Sequence[Table], title: str, author: str, made_at: datetime, mark: str = "") -> bytes:
    """The workbook of these tables, the same bytes for the same tables; `mark` heads every printed page."""
    written = BytesIO()
    with xlsxwriter.Workbook(
        written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"title": title, "author": author, "created": made_at})
        for table in tables:
            _write(book, table, mark)
    return written.getvalue()


def _write(book: xlsxwriter.Workbook, table: Table, mark: str) -> None:
    sheet = book.add_worksheet(table.sheet)
    _set_up(sheet, table, mark)
    last = len(table.columns) - 1
    title = book.add_format({**_FONT, "bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    head = book.add_format(
        {
            **_FONT,
            "bold": True,
            "border": 1,
            "align": "center",
            "valign": "vcenter",
            "text_wrap": True,
            "bg_color": "#F2F2F2",
        }
    )
    _span(sheet, 0, last, table.title, title)
    _span(
        sheet,
        1,
        last,
        "　".join(part for part in (mark, table.note) if part),
        book.add_format({**_FONT, "align": "right", "font_size": 9}),
    )
    sheet.set_row(0, 28)
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(_ROWS_OF_HEAD - 1, at, column.heading, head)
    formats = [_format(book, column) for column in table.columns]
    for row, cells in enumerate(table.rows, start=_ROWS_OF_HEAD):
        for at, value in enumerate(cells):
            _write_cell(sheet, row, at, value, formats[at])


def _set_up(sheet: Worksheet, table: Table, mark: str) -> None:
    sheet.set_paper(_A4)
    if table.landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.repeat_rows(_ROWS_OF_HEAD - 1)
    sheet.freeze_panes(_ROWS_OF_HEAD, 1)
    sheet.set_footer("&C第 &P 页 共 &N 页")
    if mark:
        sheet.set_header(f"&R{mark}")


def _span(sheet: Worksheet, row: int, last: int, text: str, style: Format) -> None:
    if last:
        sheet.merge_range(row, 0, row, last, text, style)
    else:
        sheet.write_string(row, 0, text, style)


def _format(book: xlsxwriter.Workbook, column: Column) -> Format:
    style = {**_FONT, "border": 1, "valign": "vcenter", "text_wrap": True}
    if column.decimals is not None:
        style |= {"align": "right", "num_format": _number_format(column.decimals)}
    return book.add_format(style)


def _number_format(decimals: int) -> str:
    if decimals == AS_WRITTEN:
        return "General"
    return f"0.{'0' * decimals}" if decimals else "0"


def _write_cell(sheet: Worksheet, row: int, at: int, value: Cell, style: Format) -> None:
    match value:
        case None:
            sheet.write_blank(row, at, None, style)
        case int() | float():
            sheet.write_number(row, at, value, style)
        case date():
            sheet.write_string(
                row, at, f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else f"{value}", style
            )
        case _:
            sheet.write_string(row, at, plain(value), style)
