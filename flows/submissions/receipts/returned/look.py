"""How marks and the receipt's sheet look (标注样式): a tint for the screen, a line for the copy in black and white."""

import re
from dataclasses import dataclass

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.protection import Protection

from flows.submissions.form.look import (
    BAD,
    BAD_TINT,
    BODY_FACE,
    HEAD_FACE,
    HEAD_TINT,
    INK,
    RULE,
    TITLE_FACE,
    WAIT,
)
from flows.submissions.receipts.receipt import Kind

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


def font(size: float = 10.5, colour: str = INK, bold: bool = False, font: str = BODY_FACE) -> Font:
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
    Kind.CORRECT: MarkStyle(fill(BAD_TINT), box("thick", BAD), "粗实线框"),
    Kind.CONFIRM: MarkStyle(fill(QUERY_TINT), box("mediumDashed", WAIT), "粗虚线框"),
    Kind.NOT_TAKEN: MarkStyle(fill(QUERY_TINT), box("mediumDashed", WAIT), "粗虚线框"),
}
TABLE_LINE = box("thin", RULE)
HEAD_FILL = fill(HEAD_TINT)
TITLE = font(18, font=TITLE_FACE)
HEAD = font(font=HEAD_FACE)
STRONG = font(12, bold=True)
PLAIN = font(11)
LINKED = Font(name=BODY_FACE, size=10.5, color="FF1F4E9E", underline="single")
STRUCK = Font(name=BODY_FACE, size=11, strike=True)
WRAPPED = Alignment(wrap_text=True, vertical="center", horizontal="left", indent=1)
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
LOCKED = Protection(locked=True)
