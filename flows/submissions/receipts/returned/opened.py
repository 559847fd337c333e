"""The workbook to mark (底稿): the sender's own with its look, where it may be loaded whole (no declared entities, no ranges
that run over the sheet), or his cells put down again on plain sheets."""

import re
import warnings
from collections.abc import Sequence
from io import BytesIO
from math import isfinite
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from flows.submissions.form.layout import Field
from flows.submissions.formats.grid import Broken, Grid, Raw, written
from flows.submissions.formats.marks import PAGE_MARGIN, TEXT_BOX
from flows.submissions.formats.persons import identifies
from flows.submissions.formats.styles_xlsx import strict_parser
from flows.submissions.reading.labels import field_of
from flows.submissions.receipts.returned import marking

MOST_UNPACKED = 8_000_000  # bytes; a report is a few hundred kilobytes
MOST_COVERED = 50_000  # cells that merged ranges, links and comments may cover together
_RANGE = re.compile(rb"""<(?:\w+:)?(?:mergeCell|hyperlink|comment)\s[^<>]*?ref=["']([^"']{1,60})["']""")


def is_tame(content: bytes) -> bool:
    """Whether it is a workbook that costs no more to load than a report does."""
    try:
        with ZipFile(BytesIO(content)) as book:
            parts = book.infolist()
            if "xl/workbook.xml" not in book.namelist() or sum(p.file_size for p in parts) > MOST_UNPACKED:
                return False
            covered = [
                _covered(book.read(p)) for p in parts if p.filename.endswith((".xml", ".rels", ".vml"))
            ]
    except (BadZipFile, ExpatError, ValueError, NotImplementedError, EOFError):
        return False
    return sum(covered) <= MOST_COVERED


def _covered(xml: bytes) -> int:
    """How many cells its ranges cover; ValueError or ExpatError for what no program of an office writes."""
    strict_parser().Parse(xml, True)
    total = 0
    for reference in _RANGE.findall(xml):
        left, top, right, bottom = range_boundaries(reference.decode())
        if None in (left, top, right, bottom):
            return MOST_COVERED + 1
        total += (right - left + 1) * (bottom - top + 1)
    return total


_OUTWARD = re.compile(r"\[|\||://|WEBSERVICE|HYPERLINK|RTD|DDE|CALL|REGISTER|EXEC", re.IGNORECASE)
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 28  # of 31, so that a number may follow where two are alike
_NARROWEST, _WIDEST, _HEAD_ROWS = 6, 40, 4
_IN_A_TABLE = 4  # cells of a row that belongs to a table; fewer are a title, a label, a footer
_OF_A_HEAD = frozenset({Field.INDICATOR, Field.TASK, Field.TARGET, Field.RUNNING_TOTAL})


def own_workbook(content: bytes, grids: Sequence[Grid]) -> tuple[Workbook, dict[str, str]]:
    """The sender's own .xlsx with its look, without rows about persons, and each sheet by its name; ValueError, or
    whatever else its loading raises, where it is none."""
    if not is_tame(content):
        raise ValueError("not to be loaded")
    with warnings.catch_warnings(action="ignore"):  # extensions of other programs that are left out
        book = openpyxl.load_workbook(BytesIO(content), keep_links=False)
    by_name = {grid.name: grid for grid in grids}
    withheld = [grid.name for grid in grids if grid.withheld]
    for sheet in book.worksheets:
        sheet._pivots = []  # noqa: SLF001  # they carry a copy of their source
        if sheet.title not in by_name or _is_emptied(by_name[sheet.title]):
            book.remove(sheet)
            continue
        _clean(sheet, by_name[sheet.title], withheld)
        marking.fit_notes(sheet)
    for name in [
        n for n, named in book.defined_names.items() if any(one in str(named.value) for one in withheld)
    ]:
        del book.defined_names[name]
    for chart in list(book.chartsheets) if withheld else []:
        book.remove(chart)
    return book, {grid.name: grid.name for grid in grids}


def _is_emptied(grid: Grid) -> bool:
    """Whether the sheet was a list of persons, of which only its title and head are left."""
    return bool(grid.withheld) and sum(any(row) for row in grid.rows) <= _HEAD_ROWS


def _clean(sheet: Worksheet, grid: Grid, withheld: list[str]) -> None:
    """Nothing about persons, and no formula that asks outside the workbook or a sheet without its list."""
    if grid.withheld:
        sheet._images, sheet._charts = [], []  # noqa: SLF001  # of the persons, for all we know
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell, Cell):
                _clean_cell(cell, grid, withheld)
    _write_text_boxes(sheet, grid)


def _write_text_boxes(sheet: Worksheet, grid: Grid) -> None:
    """Below the table as notes: the library keeps no shapes, and what they say counts."""
    for n, text in enumerate(text for where, text in grid.notes if where == TEXT_BOX):
        _put(sheet.cell(len(grid.rows) + 2 + n, 1), f"注（原文本框）：{text}")


def _clean_cell(cell: Cell, grid: Grid, withheld: list[str]) -> None:
    raw = grid.raw((cell.row - 1, cell.column - 1))
    if cell.comment and identifies(cell.comment.text):
        cell.comment = None
    if grid.withheld and raw == "":
        cell.value = cell.comment = cell.hyperlink = None
    if cell.hyperlink and cell.hyperlink.target:
        cell.hyperlink = None
    formula = str(getattr(cell.value, "text", cell.value)) if cell.data_type == "f" else ""
    if formula and (_OUTWARD.search(formula) or any(name in formula for name in withheld)):
        cell.value = None
        _put(cell, raw, is_computed=True)


def _put(cell: Cell, raw: Raw, is_computed: bool = False) -> None:
    """A value as the reader saw it; a text as text, whatever it begins with. A computed zero stays computed: it
    confirms nothing."""
    match raw:
        case int() | float() if is_computed and raw == 0:
            cell.value = "=0"
        case "":
            return
        case Broken(text, struck=False):
            cell.value, cell.data_type = text if text in ERROR_CODES else "#VALUE!", "e"
        case Broken(text):
            cell.value, cell.data_type = marking.legible(text), "s"
            cell.font = marking.STRUCK
        case str():
            cell.value, cell.data_type = marking.legible(raw), "s"
        case float() if not isfinite(raw):
            cell.value, cell.data_type = "#NUM!", "e"
        case _:
            cell.value = raw


def rebuilt_workbook(grids: Sequence[Grid]) -> tuple[Workbook, dict[str, str]]:
    """The cells as they were read, on plain sheets; and each sheet by the name it came under."""
    book = Workbook()
    book.remove(book.worksheets[0])
    names: dict[str, str] = {}
    for grid in (g for g in grids if not _is_emptied(g)):
        sheet = book.create_sheet(
            _NOT_IN_A_NAME.sub("_", marking.legible(grid.name))[:_LONGEST_NAME].strip("'") or "表"
        )
        sheet.sheet_state = "visible" if grid.visible else "hidden"
        names[grid.name] = sheet.title
        _write(sheet, grid)
    return book, names


def _write(sheet: Worksheet, grid: Grid) -> None:
    """A sheet's cells in reading order, ruled where they make a table, hidden where they were, on paper one page wide."""
    widths: dict[int, int] = {}
    heads: dict[int, Field | None] = {}
    for r, row in enumerate(grid.rows):
        filled = {c: raw for c, raw in enumerate(row) if raw != ""}
        fields = {c: field_of(raw) for c, raw in filled.items() if isinstance(raw, str)}
        is_head = not _OF_A_HEAD.isdisjoint(fields.values())
        heads = fields if is_head else heads
        for c, raw in filled.items():
            is_computed = (r, c) in grid.formulas
            if not (is_computed and heads.get(c) is Field.CHECK):  # it cannot be computed again here
                sheet.cell(r + 1, c + 1).font = marking.PLAIN
                _put(sheet.cell(r + 1, c + 1), raw, is_computed)
        if len(filled) >= _IN_A_TABLE:
            widths |= {c: max(widths.get(c, 0), _width(written(raw))) for c, raw in filled.items()}
            _rule(
                sheet,
                r + 1,
                filled.keys() | (heads.keys() if filled.keys() & heads.keys() else set()),
                is_head,
            )
    sheet["A1"].font = marking.STRONG
    _write_beside(sheet, grid)
    for c, width in widths.items():
        sheet.column_dimensions[get_column_letter(c + 1)].width = min(max(width + 3, _NARROWEST), _WIDEST)
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _write_beside(sheet: Worksheet, grid: Grid) -> None:
    """What stands in no cell, and what is hidden: comments, text boxes, the page's foot, rows, columns."""
    for (r, c), text in grid.comments.items():
        sheet.cell(r + 1, c + 1).comment = Comment(marking.legible(text), "")
    _write_text_boxes(sheet, grid)
    sheet.oddFooter.center.text = (
        " ".join(text for where, text in grid.notes if where == PAGE_MARGIN)[:250] or None
    )
    for hidden in (row for row in grid.hidden_rows if row < len(grid.rows)):
        sheet.row_dimensions[hidden + 1].hidden = True
    for hidden in (column for column in grid.hidden_columns if column < max(map(len, grid.rows), default=0)):
        sheet.column_dimensions[get_column_letter(hidden + 1)].hidden = True


def _rule(sheet: Worksheet, row: int, columns: set[int], is_head: bool) -> None:
    """Lines around the cells of a table's row; its head stands out."""
    for column in columns:
        cell = sheet.cell(row, column + 1)
        cell.border, cell.alignment = (
            marking.TABLE_LINE,
            marking.CENTRED if is_head or cell.data_type == "n" else marking.WRAPPED,
        )
        if is_head:
            cell.font, cell.fill = marking.HEAD, marking.HEAD_FILL


def _width(text: str) -> int:
    """Columns that its longest line takes: a Chinese character takes two."""
    return max((sum(1 + (ord(c) > 0x2E80) for c in line) for line in text.splitlines()), default=0)
