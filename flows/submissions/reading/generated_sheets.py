"""The sheets that this program itself put into a workbook (自带工作表), which are no report."""

from flows.submissions.formats.grid import Grid
from flows.submissions.receipts.receipt import TITLES


def is_receipt(grid: Grid) -> bool:
    """Whether the sheet is a receipt (回执) that went out with the workbook and came back in it."""
    return next((text for _, text in grid.texts()), "").strip().startswith(tuple(TITLES.values()))
