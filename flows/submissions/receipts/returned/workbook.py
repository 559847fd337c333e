"""The workbook that goes back with a receipt (退回修改件): marked, commented, ready to be corrected and sent again; and its
bytes: the same workbook, the same bytes; computed cells keep what they showed.

openpyxl writes a formula without its result. A telephone's preview would show a blank, and whoever sends the
workbook back without opening it would receive the answer that its formulas have no result."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils.datetime import to_excel

from flows.submissions.formats.grid import Broken, Grid, Opened, Place, Raw, address
from flows.submissions.formats.persons import carries_identity
from flows.submissions.formats.sandbox import open_in_sandbox
from flows.submissions.receipts.receipt import Receipt, is_receipt
from flows.submissions.receipts.returned.fresh_form import FreshForm
from flows.submissions.receipts.returned.marking import by_cell, mark, take_off, unpass_summaries
from flows.submissions.receipts.returned.opened import own_workbook, rebuilt_workbook
from flows.submissions.receipts.returned.receipt_sheet import LOOK_COLUMN, add_receipt_sheet

MAX_CELLS = 20_000  # of a workbook that goes back; a larger one is no form, and the receipt goes alone
_PLACE = re.compile(r"(.+)!([A-Z]{1,3}[1-9]\d{0,6})", re.DOTALL)


def returned_workbook(
    content: bytes, opened: Opened | None, receipt: Receipt, fresh: FreshForm | None = None
) -> bytes:
    """The workbook behind its receipt, as .xlsx: the sender's own; else a fresh form with his numbers; else his cells
    on plain sheets; else a blank form; else the receipt alone, where the file was not opened (None) and names nobody,
    or nothing could go back without what it says about persons. The same arguments give the same bytes."""
    grids = opened.grids if opened else ()
    grids = grids if sum(len(row) for grid in grids for row in grid.rows) <= MAX_CELLS else ()
    tried: list[Callable[[], bytes]] = []
    if grids:
        tried.append(lambda: _answered(*own_workbook(content, grids), grids, receipt))
    if fresh and fresh.reading:
        tried.append(lambda: _on_fresh_form(fresh, receipt))
    if grids:
        tried.append(lambda: _answered(*rebuilt_workbook(grids), grids, receipt))
    if fresh and not fresh.reading:
        tried.append(lambda: _on_fresh_form(fresh, receipt))
    for build in tried:
        try:
            result = build()
        except Exception:  # what one program writes another may not load: then the next best
            continue
        if not carries_identity(result):
            return result
    return _bytes_of(*rebuilt_workbook(()), (), receipt)


def _on_fresh_form(fresh: FreshForm, receipt: Receipt) -> bytes:
    content = fresh.content()
    grids = open_in_sandbox("月报.xlsx", content).grids
    items = tuple(replace(item, problem=fresh.relocated(item.problem)) for item in receipt.items)
    return _answered(*own_workbook(content, grids), grids, replace(receipt, items=items))


def _answered(book: Workbook, sheets: dict[str, str], grids: Sequence[Grid], receipt: Receipt) -> bytes:
    """The workbook marked, with the receipt before it; ValueError where nothing of it is left."""
    _take_off_earlier(book, grids)
    if not book.worksheets:
        raise ValueError("no sheet to go back")
    return _bytes_of(book, sheets, grids, receipt)


def _bytes_of(book: Workbook, sheets: dict[str, str], grids: Sequence[Grid], receipt: Receipt) -> bytes:
    """`sheets` are the workbook's own by the name they came under; their summaries do not pass what the receipt asks."""
    looks: dict[int, StyleArray] = {}
    for (sheet, cell), items in by_cell(book, sheets, receipt.items).items():
        had = mark(book[sheet], cell, items)
        looks |= {item.number: had for item in items}
    own = {sheets[grid.name]: grid for grid in grids if sheets.get(grid.name) in book.sheetnames}
    shown = unpass_summaries(book, own, receipt.left)
    add_receipt_sheet(book, receipt, sheets, looks)
    return saved(book, shown)


def _take_off_earlier(book: Workbook, grids: Sequence[Grid]) -> None:
    """Where a marked workbook comes back: its receipt goes, and the marks it speaks of."""
    receipts = [grid.name for grid in grids if is_receipt(grid) and grid.name in book.sheetnames]
    looks: dict[str, dict[str, StyleArray]] = {}
    for name in receipts:
        for row in book[name].iter_rows(min_col=3, max_col=LOOK_COLUMN):
            found = _PLACE.fullmatch(str(row[0].value))
            if found and row[-1].has_style:
                looks.setdefault(found[1], {})[found[2]] = row[-1]._style  # noqa: SLF001  # see marking.mark
        book.remove(book[name])
    for sheet in book.worksheets:
        take_off(sheet, looks.get(sheet.title, {}))


_PART = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_CELL = re.compile(r'<c r="([A-Z]+\d+)"([^<>]*)>(<f[^<>]*(?:/>|>[^<]*</f>))<v ?/?>(?:</v>)?</c>')
_TYPE = re.compile(r' t="[a-z]+"')
_SAVED_AT = re.compile(rb"<dcterms:(created|modified)([^<>]*)>[^<]*<")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def saved(book: Workbook, shown: Mapping[str, Grid]) -> bytes:
    """The workbook's bytes; `shown` are the grids by sheet name whose computed cells keep their results."""
    titles = [sheet.title for sheet in book.worksheets]
    plain, sealed = BytesIO(), BytesIO()
    book.save(plain)
    with ZipFile(plain) as parts, ZipFile(sealed, "w", ZIP_DEFLATED) as whole:
        for name in sorted(parts.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            content = parts.read(name)
            found = _PART.fullmatch(name)
            if found and (grid := shown.get(titles[int(found[1]) - 1])):
                content = _with_results(content.decode(), grid).encode()
            if name == "docProps/core.xml":
                content = _SAVED_AT.sub(rb"<dcterms:\1\g<2>>2000-01-01T00:00:00Z<", content)
            whole.writestr(ZipInfo(name, _EPOCH), content, ZIP_DEFLATED)
    return sealed.getvalue()


def _with_results(xml: str, grid: Grid) -> str:
    shown = {address(place): place for place in grid.formulas}

    def with_result(cell: re.Match[str]) -> str:
        kind, value = _result(grid, shown.get(cell[1]))
        attributes = _TYPE.sub("", cell[2])
        return f'<c r="{cell[1]}"{attributes}{kind}>{cell[3]}{value}</c>'

    return _CELL.sub(with_result, xml)


def _result(grid: Grid, place: Place | None) -> tuple[str, str]:
    raw: Raw = grid.raw(place) if place else ""
    match raw:
        case Broken(text):
            return (' t="e"', f"<v>{escape(text)}</v>") if text.startswith("#") else ("", "")
        case bool():
            return ' t="b"', f"<v>{int(raw)}</v>"
        case str():
            return (' t="str"', f"<v>{escape(raw)}</v>")
        case date():
            return "", f"<v>{to_excel(raw)}</v>"
        case int() | float():
            return "", f"<v>{raw!r}</v>"
    return "", ""
