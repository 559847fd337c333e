"""An .xls (also .et) of any age, from Excel 5 on, read by xlrd: values, fonts, hidden rows.

Which cells are formulas, text boxes and the page's margins xlrd does not tell; their records are looked up in its stream.
"""

from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from struct import unpack_from

from xlrd import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, XL_CELL_NUMBER, XLRDError, open_workbook
from xlrd.book import Book
from xlrd.compdoc import CompDoc
from xlrd.formatting import XF
from xlrd.sheet import Sheet
from xlrd.xldate import xldate_as_datetime

from flows.submissions.formats import marks as cell_marks
from flows.submissions.formats.grid import Grid, Place, Raw

_FORMULA, _BOUNDSHEET, _BOF, _EOF = (0x0006, 0x0206, 0x0406), 0x0085, 0x0809, 0x000A
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_OBJECT, _TEXT, _CONTINUE, _MARGINS, _NOTE_OBJECT = 0x005D, 0x01B6, 0x003C, (0x0014, 0x0015), 0x19
_RAISED, _LOWERED, _EXCEL_97 = 1, 2, 80
_TWIPS, _WIDTH_UNITS, _WHITE, _BLACK = 20, 256, (255, 255, 255), (0, 0, 0)  # a point, a character

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


def sheets_of(content: bytes, max_rows: int, max_columns: int) -> list[tuple[Grid, cell_marks.Marks]]:
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
    if book.nsheets > cell_marks.MAX_SHEETS:
        raise cell_marks.TooManySheetsError(book.nsheets)
    found = dict(zip(book.sheet_names(), _streams(content), strict=False))
    return [
        (Grid(sheet.name, _rows(book, sheet, max_rows, max_columns), sheet.visibility == 0), marks)
        for sheet in book.sheets()
        for marks in [_marks(book, sheet, *found.get(sheet.name, (set(), [])))]
    ]


def _rows(book: Book, sheet: Sheet, max_rows: int, max_columns: int) -> list[list[Raw]]:
    rows = [
        [_value(book, cell.ctype, cell.value) for cell in sheet.row(row)[:max_columns]]
        for row in range(min(sheet.nrows, max_rows))
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


def _marks(book: Book, sheet: Sheet, formulas: set[Place], notes: list[tuple[str, str]]) -> cell_marks.Marks:
    marks = cell_marks.Marks(formulas=formulas, notes=notes)
    marks.hidden_rows = {
        n for n, row in sheet.rowinfo_map.items() if row.hidden or row.height < cell_marks.MIN_HEIGHT * _TWIPS
    }
    marks.hidden_columns = {
        n
        for n, column in sheet.colinfo_map.items()
        if column.hidden or column.width < cell_marks.MIN_WIDTH * _WIDTH_UNITS
    }
    for place, note in sheet.cell_note_map.items():
        marks.comment(place, note.text)
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            if cell.value != "":
                marks.reach((row, column))
                _mark(marks, (row, column), book, sheet)
    for top, bottom, left, right in sheet.merged_cells:
        covered = range(top, min(bottom, sheet.nrows)), range(left, min(right, sheet.ncols))
        for row in covered[0] if len(covered[0]) * len(covered[1]) < cell_marks.MAX_COVERED else ():
            marks.suffixes |= {
                (row, column): cell_marks.COVERED for column in covered[1] if (row, column) != (top, left)
            }
    if sheet.nrows * max(sheet.ncols, 1) > 4 * cell_marks.MAX_CELLS:
        raise cell_marks.TooLargeError
    return marks


def _mark(marks: cell_marks.Marks, place: Place, book: Book, sheet: Sheet) -> None:
    cell = sheet.cell(*place)
    look = book.xf_list[cell.xf_index]
    if book.font_list[look.font_index].struck_out:
        marks.struck.add(place)
    if cell.ctype == XL_CELL_ERROR:
        marks.errors[place] = _ERRORS.get(int(cell.value), "#ERR")
    elif cell.ctype == XL_CELL_NUMBER:
        suffix = cell_marks.suffix_of_format(book.format_map[look.format_key].format_str, cell.value < 0)
        if _is_unseen(book, look):
            suffix = cell_marks.UNSEEN
        if suffix:
            marks.suffixes[place] = suffix
    elif runs := sheet.rich_text_runlist_map.get(place):
        fonts = [(0, look.font_index), *runs]
        ends = [start for start, _ in fonts[1:]] + [len(cell.value)]
        stretches = (
            (cell.value[a:b], book.font_list[font]) for (a, font), b in zip(fonts, ends, strict=True)
        )
        text, struck = cell_marks.text_of_runs(
            cell_marks.Run(text, bool(f.struck_out), f.escapement == _RAISED, f.escapement == _LOWERED)
            for text, f in stretches
        )
        marks.texts[place] = text
        if struck:
            marks.struck.add(place)


def _is_unseen(book: Book, look: XF) -> bool:
    """Whether a cell's digits have the colour of their ground, or are too small to be seen."""
    font = book.font_list[look.font_index]
    filled = look.background.fill_pattern
    ground = book.colour_map.get(look.background.pattern_colour_index) if filled else _WHITE
    ink = book.colour_map.get(font.colour_index) or _BLACK
    return ink == (ground or _WHITE) or 0 < font.height < cell_marks.MIN_FONT * _TWIPS


def _streams(content: bytes) -> Iterator[tuple[set[Place], list[tuple[str, str]]]]:
    """The cells of each sheet that are computed and its texts outside the cells, in the order of the workbook's own
    list of sheets."""
    found = CompDoc(content, logfile=StringIO())
    for name in ("Workbook", "Book"):
        stream, base, length = found.locate_named_stream(name)
        if stream:
            break
    body = stream[base : base + length] if stream else b""
    starts = [unpack_from("<I", record)[0] for kind, record in _records(body, 0) if kind == _BOUNDSHEET]
    for start in starts:
        records = list(_records(body, start))
        yield (
            {unpack_from("<HH", record) for kind, record in records if kind in _FORMULA},
            list(_notes(records)),
        )


def _notes(records: list[tuple[int, bytes]]) -> Iterator[tuple[str, str]]:
    """Headers, footers and text boxes of Excel 97 and later; a comment's text is no text box's."""
    is_comment = False
    for n, (kind, record) in enumerate(records):
        if kind == _OBJECT and len(record) > 6:
            is_comment = record[4] == _NOTE_OBJECT
        elif kind == _TEXT and not is_comment and n + 1 < len(records) and records[n + 1][0] == _CONTINUE:
            yield cell_marks.TEXT_BOX, _characters(records[n + 1][1])
        elif kind in _MARGINS and len(record) > 3:
            yield cell_marks.PAGE_MARGIN, cell_marks.MARGIN_CODE.sub(" ", _characters(record[2:]))


def _characters(text: bytes) -> str:
    """A string of one byte a character, or two where its first byte says so."""
    return text[1:].decode("utf-16-le" if text[0] & 1 else "latin-1", "replace")[: cell_marks.LONGEST_NOTE]


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
