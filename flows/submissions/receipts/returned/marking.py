"""Marks and comments on the cells in question (标注), how they and the receipt's sheet look, and taking off those of an
earlier receipt: a tint for the screen, a line for the copy in black and white."""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.worksheet import Worksheet

from flows.submissions.form import page
from flows.submissions.form.live_check import ALL_FINE, SUMMARY
from flows.submissions.formats.grid import Grid
from flows.submissions.receipts.receipt import Item, Kind

_NOT_IN_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legible(text: str) -> str:
    """The text without the characters that no workbook may hold."""
    return _NOT_IN_XML.sub("", text)


def ink(colour: str) -> str:
    """`#1B6E3C` as openpyxl writes it."""
    return f"FF{colour.removeprefix('#')}"


def fill(colour: str) -> PatternFill:
    """A plain ground of this colour."""
    return PatternFill("solid", fgColor=ink(colour))


def box(style: str, colour: str) -> Border:
    """The same line on all four sides."""
    side = Side(style=style, color=ink(colour))
    return Border(left=side, right=side, top=side, bottom=side)


def font(size: float = 10.5, colour: str = page.INK, bold: bool = False, font: str = page.BODY_FACE) -> Font:
    """An office's font; whoever lacks it sees its own."""
    return Font(name=font, size=size, color=ink(colour), bold=bold)


@dataclass(frozen=True, slots=True)
class MarkStyle:
    """How a cell in question is marked, and what its line is called in the legend."""

    fill: PatternFill
    border: Border
    line: str


QUERY_TINT = "#FFE3A3"  # stronger than the ground of a cell to be filled in
MARKED = {
    Kind.CORRECT: MarkStyle(fill(page.BAD_TINT), box("thick", page.BAD), "粗实线框"),
    Kind.CONFIRM: MarkStyle(fill(QUERY_TINT), box("mediumDashed", page.WAIT), "粗虚线框"),
    Kind.NOT_TAKEN: MarkStyle(fill(QUERY_TINT), box("mediumDashed", page.WAIT), "粗虚线框"),
}
TABLE_LINE = box("thin", page.RULE)
HEAD_FILL = fill(page.HEAD_TINT)
TITLE = font(18, font=page.TITLE_FACE)
HEAD = font(font=page.HEAD_FACE)
STRONG = font(12, bold=True)
LINKED = Font(name=page.BODY_FACE, size=10.5, color="FF1F4E9E", underline="single")
STRUCK = Font(name=page.BODY_FACE, size=11, strike=True)
WRAPPED = Alignment(wrap_text=True, vertical="center", horizontal="left", indent=1)
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")


AUTHOR = "调度"
_OPENS, _BEFORE = "〔回执第", "\n〔原批注〕\n"
_PASSED = re.compile(rf"{ALL_FINE}|{SUMMARY}回执所列 \d+ 项改好后再报送")
_LONGEST = 1_500  # characters of a comment
_WIDTH, _LINE_HEIGHT, _CHARACTERS_A_LINE = 320, 19, 21


def mark(sheet: Worksheet, cell: str, items: Iterable[Item]) -> StyleArray:
    """Mark one cell for all of its items, the gravest by its look. Gives the look it had."""
    ordered = sorted(items, key=lambda item: item.number)
    style, place = MARKED[ordered[0].kind], sheet[cell]
    had: StyleArray = copy(place._style)  # noqa: SLF001  # openpyxl has no other name for a cell's whole look
    for one in _merged(sheet, cell):
        one.fill, one.border = style.fill, style.border
    own = place.comment.text if place.comment else ""
    _note(sheet, cell, "\n\n".join(_text(item) for item in ordered) + (_BEFORE + own if own else ""))
    return had


def _merged(sheet: Worksheet, cell: str) -> Iterator[Cell]:
    """The cell, or all cells of the merged range that it stands for."""
    ranges = [r for r in sheet.merged_cells.ranges if cell in r]
    return (c for row in sheet[ranges[0].coord if ranges else f"{cell}:{cell}"] for c in row)


def _text(item: Item) -> str:
    problem = item.problem
    number = f"\n编号：{item.question_number}" if item.kind is Kind.CONFIRM else ""
    return (
        f"{_OPENS}{item.number}项〕{item.kind}\n{problem.subject}\n"
        f"应为：{problem.expected}\n填报为：{problem.found}\n怎么办：{problem.remedy}。{number}"
    )


def _note(sheet: Worksheet, cell: str, text: str) -> None:
    """A comment as tall as its text."""
    whole = legible(text)[:_LONGEST]
    lines = sum(1 + len(line) // _CHARACTERS_A_LINE for line in whole.splitlines())
    sheet[cell].comment = Comment(whole, AUTHOR, height=_LINE_HEIGHT * (lines + 1), width=_WIDTH)


def fit_notes(sheet: Worksheet) -> None:
    """The sender's own comments as tall as their texts: their sizes are lost when a workbook is loaded."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment:
                _note(sheet, cell.coordinate, cell.comment.text)


def take_off(sheet: Worksheet, looks: dict[str, StyleArray]) -> None:
    """Give marked cells the look they had and take our part out of their comments."""
    for cell, had in looks.items():
        for one in _merged(sheet, cell):
            one._style = copy(had)  # noqa: SLF001  # as above
    for row in sheet.iter_rows():
        for place in row:
            text = place.comment.text if place.comment else ""
            if text.startswith(_OPENS):
                before = text.partition(_BEFORE)[2]
                place.comment = None
                if before:
                    _note(sheet, place.coordinate, before)


def by_cell(
    book: Workbook, sheets: Mapping[str, str], items: Iterable[Item]
) -> dict[tuple[str, str], list[Item]]:
    """The items that mark a cell, by sheet of the workbook and cell; several of one cell together."""
    found: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        title = sheets.get(item.problem.sheet, "")
        if item.kind in MARKED and item.problem.cell and title in book.sheetnames:
            found.setdefault((title, _first(book[title], item.problem.cell)), []).append(item)
    return found


def _first(sheet: Worksheet, cell: str) -> str:
    """The cell that holds the value: the first of a merged range."""
    return next((r.coord.partition(":")[0] for r in sheet.merged_cells.ranges if cell in r), cell)


def unpass_summaries(book: Workbook, grids: Mapping[str, Grid], left: int) -> dict[str, Grid]:
    """Let no sheet's own 校验 say that all is well while the receipt asks for something. Gives the sheets' grids with
    what the formulas then show."""
    asked = f"{SUMMARY}回执所列 {left} 项改好后再报送" if left else ALL_FINE
    for title in grids:
        for row in book[title].iter_rows(max_row=page.HEAD_ROWS):
            for cell in row:
                if cell.data_type == "f" and SUMMARY in str(cell.value):
                    cell.value = _PASSED.sub(asked, str(cell.value))
    return {
        title: replace(
            grid,
            rows=[[_PASSED.sub(asked, v) if isinstance(v, str) else v for v in row] for row in grid.rows],
        )
        for title, grid in grids.items()
    }
