"""The workbook that goes back with a receipt (退回修改件): marked, commented, ready to be corrected and sent again."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from openpyxl import Workbook
from openpyxl.styles.cell_style import StyleArray

from flows.submissions.formats.grid import Grid, Opened
from flows.submissions.formats.persons import carries_identity
from flows.submissions.formats.sandbox import open_apart
from flows.submissions.receipts.receipt import Receipt, is_receipt
from flows.submissions.receipts.returned.fresh_form import FreshForm
from flows.submissions.receipts.returned.marking import by_cell, mark, take_off, unpass_summaries
from flows.submissions.receipts.returned.opened import own_workbook, rebuilt_workbook
from flows.submissions.receipts.returned.receipt_sheet import LOOK_COLUMN, add_receipt_sheet
from flows.submissions.receipts.returned.saving import saved

MOST_CELLS = 20_000  # of a workbook that goes back; a larger one is no form, and the receipt goes alone
_PLACE = re.compile(r"(.+)!([A-Z]{1,3}[1-9]\d{0,6})", re.DOTALL)


def returned_workbook(
    content: bytes, opened: Opened | None, receipt: Receipt, fresh: FreshForm | None = None
) -> bytes:
    """The workbook behind its receipt, as .xlsx: the sender's own; else a fresh form with his numbers; else his cells
    on plain sheets; else a blank form; else the receipt alone, where the file was not opened (None) and names nobody,
    or nothing could go back without what it says about persons. The same arguments give the same bytes."""
    grids = opened.grids if opened and _is_small(opened.grids) else ()
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
    grids = open_apart("月报.xlsx", content).grids
    items = tuple(replace(item, problem=fresh.relocated(item.problem)) for item in receipt.items)
    return _answered(*own_workbook(content, grids), grids, replace(receipt, items=items))


def _is_small(grids: Sequence[Grid]) -> bool:
    return sum(len(row) for grid in grids for row in grid.rows) <= MOST_CELLS


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
