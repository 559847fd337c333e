"""The workbook to mark (底稿): the sender's own with its look, where it may be loaded whole (no declared entities, no ranges
that run over the sheet), or his cells put down again on plain sheets."""

import re
import warnings
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from math import isfinite
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from flows.submissions.clean_copy import as_workbook
from flows.submissions.formats.grid import Broken, Grid, Raw
from flows.submissions.formats.marks import TEXT_BOX
from flows.submissions.formats.persons import identifies
from flows.submissions.formats.styles_xlsx import strict_parser
from flows.submissions.receipts.returned import marking

MAX_UNPACKED = 8_000_000  # bytes; a report is a few hundred kilobytes
MAX_COVERED = 50_000  # cells that merged ranges, links and comments may cover together
_RANGE = re.compile(rb"""<(?:\w+:)?(?:mergeCell|hyperlink|comment)\s[^<>]*?ref=["']([^"']{1,60})["']""")


def is_tame(content: bytes) -> bool:
    """Whether it is a workbook that costs no more to load than a report does."""
    try:
        with ZipFile(BytesIO(content)) as book:
            parts = book.infolist()
            if "xl/workbook.xml" not in book.namelist() or sum(p.file_size for p in parts) > MAX_UNPACKED:
                return False
            covered = [
                _covered(book.read(p)) for p in parts if p.filename.endswith((".xml", ".rels", ".vml"))
            ]
    except (BadZipFile, ExpatError, ValueError, NotImplementedError, EOFError):
        return False
    return sum(covered) <= MAX_COVERED


def _covered(xml: bytes) -> int:
    """How many cells its ranges cover; ValueError or ExpatError for what no program of an office writes."""
    strict_parser().Parse(xml, True)
    total = 0
    for reference in _RANGE.findall(xml):
        left, top, right, bottom = range_boundaries(reference.decode())
        if None in (left, top, right, bottom):
            return MAX_COVERED + 1
        total += (right - left + 1) * (bottom - top + 1)
    return total


_OUTWARD = re.compile(r"\[|\||://|WEBSERVICE|HYPERLINK|RTD|DDE|CALL|REGISTER|EXEC", re.IGNORECASE)
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 28  # of 31, so that a number may follow where two are alike
_HEAD_ROWS = 4


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
        case _:
            cell.value = raw


def rebuilt_workbook(grids: Sequence[Grid]) -> tuple[Workbook, dict[str, str]]:
    """The cells as they were read, on plain sheets; and each sheet by the name it came under."""
    names: dict[str, str] = {}
    for grid in (g for g in grids if not _is_emptied(g)):
        stem = _NOT_IN_A_NAME.sub("_", marking.legible(grid.name))[:_LONGEST_NAME].strip("'") or "表"
        free = (name for n in range(99) if (name := f"{stem}{n or ''}") not in names.values())
        names[grid.name] = next(free)
    plain = [
        replace(grid, name=names[grid.name], rows=[[_storable(raw) for raw in row] for row in grid.rows])
        for grid in grids
        if grid.name in names
    ]
    if not plain:
        book = Workbook()
        book.remove(book.worksheets[0])
        return book, names
    book, _ = own_workbook(as_workbook(plain), plain)
    for grid in plain:  # the copy writes errors as formulas, whose results are lost when it is loaded
        faults = [
            (r, c, v) for r, row in enumerate(grid.rows) for c, v in enumerate(row) if isinstance(v, Broken)
        ]
        for r, c, raw in faults:
            _put(book[grid.name].cell(r + 1, c + 1), raw)
    for sheet in book.worksheets:
        sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "landscape"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return book, names


def _storable(raw: Raw) -> Raw:
    """The value without what no workbook may hold."""
    if isinstance(raw, Broken):
        return replace(raw, text=marking.legible(raw.text))
    if isinstance(raw, float) and not isfinite(raw):
        return Broken("#NUM!")
    return marking.legible(raw) if isinstance(raw, str) else raw
