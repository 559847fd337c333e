"""An .xls (also .et) of any age, from Excel 5 on, read by xlrd: values, fonts, hidden rows.

Which cells are formulas xlrd does not tell; their records are looked up in its stream.
"""

from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from struct import unpack_from

from xlrd import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, XL_CELL_NUMBER, XLRDError, open_workbook
from xlrd.book import Book
from xlrd.compdoc import CompDoc
from xlrd.formatting import Font
from xlrd.sheet import Sheet
from xlrd.xldate import xldate_as_datetime

from flows.submissions.formats.grid import Grid, Place, Raw
from flows.submissions.formats.marks import (
    MOST_CELLS,
    MOST_SHEETS,
    Marks,
    Run,
    TooLargeError,
    TooManySheetsError,
    suffix_of_format,
    text_of_runs,
)

_FORMULA, _BOUNDSHEET, _BOF, _EOF = (0x0006, 0x0206, 0x0406), 0x0085, 0x0809, 0x000A
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_RAISED, _LOWERED, _EXCEL_97 = 1, 2, 80

_string_of_excel_97 = Sheet.string_record_contents


def _formula_text(sheet: Sheet, record: bytes) -> str:
    """The text that a formula gave. xlrd counts its characters; Excel 5 and 95 wrote how many bytes they are."""
    if sheet.biff_version >= _EXCEL_97:
        return str(_string_of_excel_97(sheet, record))
    length = unpack_from("<H", record)[0]
    return record[2 : 2 + length].decode(sheet.book.encoding or "gb18030", "replace")


Sheet.string_record_contents = _formula_text


class LockedError(ValueError):
    """The workbook needs a password."""


def sheets_of(content: bytes, most_rows: int, most_columns: int) -> list[tuple[Grid, Marks]]:
    """Its worksheets with their marks."""
    try:
        book = open_workbook(
            file_contents=content,
            formatting_info=True,
            logfile=StringIO(),
            ignore_workbook_corruption=True,
            ragged_rows=True,
        )
    except XLRDError as fault:
        if "encrypted" in str(fault):
            raise LockedError from None
        raise
    if book.nsheets > MOST_SHEETS:
        raise TooManySheetsError(book.nsheets)
    formulas = dict(zip(book.sheet_names(), _formulas(content), strict=False))
    return [
        (Grid(sheet.name, _rows(book, sheet, most_rows, most_columns), sheet.visibility == 0), marks)
        for sheet in book.sheets()
        for marks in [_marks(book, sheet, formulas.get(sheet.name, set()))]
    ]


def _rows(book: Book, sheet: Sheet, most_rows: int, most_columns: int) -> list[list[Raw]]:
    rows = [
        [_value(book, cell.ctype, cell.value) for cell in sheet.row(row)[:most_columns]]
        for row in range(min(sheet.nrows, most_rows))
    ]
    while rows and not any(value != "" for value in rows[-1]):
        rows.pop()  # rows with nothing but a format
    return rows


def _value(book: Book, kind: int, value: str | float) -> Raw:
    match kind:
        case _ if isinstance(value, str):
            return value
        case kind if kind == XL_CELL_BOOLEAN:
            return bool(value)
        case kind if kind == XL_CELL_DATE:
            return _moment(book, value)
        case kind if kind == XL_CELL_ERROR:
            return ""  # a mark says which
        case _:
            return value


def _moment(book: Book, value: float) -> Raw:
    try:
        moment: datetime = xldate_as_datetime(value, book.datemode)
    except (ValueError, OverflowError):
        return value
    return moment.time() if value < 1 else moment


def _marks(book: Book, sheet: Sheet, formulas: set[Place]) -> Marks:
    marks = Marks(formulas=formulas)
    marks.hidden_rows = {n for n, row in sheet.rowinfo_map.items() if row.hidden or row.height == 0}
    marks.hidden_columns = {
        n for n, column in sheet.colinfo_map.items() if column.hidden or column.width == 0
    }
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            if cell.value != "":
                marks.reach((row, column))
                _mark(marks, (row, column), book, sheet)
    if sheet.nrows * max(sheet.ncols, 1) > 4 * MOST_CELLS:
        raise TooLargeError
    return marks


def _mark(marks: Marks, place: Place, book: Book, sheet: Sheet) -> None:
    cell = sheet.cell(*place)
    look = book.xf_list[cell.xf_index]
    if book.font_list[look.font_index].struck_out:
        marks.struck.add(place)
    if cell.ctype == XL_CELL_ERROR:
        marks.errors[place] = _ERRORS.get(int(cell.value), "#ERR")
    elif cell.ctype == XL_CELL_NUMBER:
        suffix = suffix_of_format(book.format_map[look.format_key].format_str, cell.value < 0)
        if suffix:
            marks.suffixes[place] = suffix
    elif runs := sheet.rich_text_runlist_map.get(place):
        fonts = [(0, look.font_index), *runs]
        ends = [start for start, _ in fonts[1:]] + [len(cell.value)]
        text, struck = text_of_runs(
            _run(cell.value[start:end], book.font_list[font])
            for (start, font), end in zip(fonts, ends, strict=True)
        )
        marks.texts[place] = text
        if struck:
            marks.struck.add(place)


def _run(text: str, font: Font) -> Run:
    return Run(text, bool(font.struck_out), font.escapement == _RAISED, font.escapement == _LOWERED)


def _formulas(content: bytes) -> Iterator[set[Place]]:
    """The cells of each sheet that are computed, in the order of the workbook's own list of sheets."""
    found = CompDoc(content, logfile=StringIO())
    for name in ("Workbook", "Book"):
        stream, base, length = found.locate_named_stream(name)
        if stream:
            break
    body = stream[base : base + length] if stream else b""
    starts = [unpack_from("<I", record)[0] for kind, record in _records(body, 0) if kind == _BOUNDSHEET]
    for start in starts:
        yield {unpack_from("<HH", record) for kind, record in _records(body, start) if kind in _FORMULA}


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """One substream's records (kind, contents), from its opening to its end; charts inside are passed over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        if depth <= 0:
            return
        at += 4 + length
