"""What a reader of values does not tell (单元格标记): formulas, errors, strike-through, raised digits, hidden rows.

The reader of values gives a blank for `#REF!`, a number for a formula, 6071 for 607 with a raised footnote 1.
None of these may pass for what a clerk typed, so each format is also searched for them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from flows.submissions.formats.grid import Place

NO_RESULT = "没有结果的公式"
MAX_CELLS = 1_000_000  # the rectangle that a sheet's cells may span
MAX_SHEETS = 50
RESCALED = "（显示的位数与数值不同）"
UNSEEN = "（在表上看不见）"  # white on white, a format that shows nothing
MAX_COVERED = 50_000  # cells of one merged range that are looked at
COVERED = "（被合并单元格遮住）"
PERCENT = "%"
MIN_WIDTH, MIN_HEIGHT, MIN_FONT = 0.5, 2, 3  # characters, points, points: nobody sees less
TEXT_BOX, PAGE_MARGIN = "文本框", "页眉页脚"
MARGIN_CODE = re.compile(r'&"[^"]*"|&K[0-9A-Fa-f]{6}|&\d+|&[A-Za-z]')  # a font, a colour, a size, a number
MAX_NOTES, LONGEST_NOTE = 200, 1_000
_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_PADDING = re.compile(r"\[[^\]]*\]|_.|\*.")
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)|([\u3400-\u9fff％‰]+)')
_DIGITS_SHOWN = re.compile(r"[0#?@]|General|常规|通用", re.IGNORECASE)
_SCALED = re.compile(r"[0#?],+(?![0#?])|[\\!]\.|\"\.\"")
_WHITE = re.compile(r"\[(?:white|白色|color ?2)\]", re.IGNORECASE)
_WITHOUT_MEANING = " -+()$¥￥,、'"


class TooLargeError(ValueError):
    """A sheet whose cells reach further than any report."""


class TooManySheetsError(ValueError):
    """A workbook of more sheets than anybody reads: `count` of them."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(count)


@dataclass(slots=True)
class Marks:
    """The marks of one sheet. `texts` replaces what a cell says, `suffixes` is what its number format adds to it."""

    errors: dict[Place, str] = field(default_factory=dict)
    formulas: set[Place] = field(default_factory=set)
    struck: set[Place] = field(default_factory=set)
    texts: dict[Place, str] = field(default_factory=dict)
    suffixes: dict[Place, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    comments: dict[Place, str] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0

    def note(self, where: str, text: str) -> None:
        """Keep a text that stands outside the cells."""
        if text.strip() and len(self.notes) < MAX_NOTES:
            self.notes.append((where, text.strip()[:LONGEST_NOTE]))

    def comment(self, place: Place, text: str) -> None:
        """Keep a cell's comment."""
        if text.strip() and len(self.comments) < MAX_NOTES:
            self.comments[place] = text.strip()[:LONGEST_NOTE]

    def reach(self, place: Place) -> None:
        """Take note of a cell with something in it; TooLargeError where it lies too far out."""
        self.last_row, self.last_column = max(self.last_row, place[0]), max(self.last_column, place[1])
        if (self.last_row + 1) * (self.last_column + 1) > MAX_CELLS:
            raise TooLargeError


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a cell's text in one font."""

    text: str
    struck: bool = False
    raised: bool = False
    lowered: bool = False
    white: bool = False


def text_of_runs(runs: Iterable[Run]) -> tuple[str, bool]:
    """A cell's text with raised and lowered digits as such (607¹), and whether any of it is struck through."""
    runs = list(runs)
    filled = [run for run in runs if run.text.strip()]
    same = all(run.raised for run in filled) or all(run.lowered for run in filled)
    tables = [{} if same else _RAISED if run.raised else _LOWERED if run.lowered else {} for run in runs]
    text = "".join(run.text.translate(table) for run, table in zip(runs, tables, strict=True))
    return text, any(run.struck for run in filled)


def suffix_of_format(code: str, negative: bool = False) -> str:
    """What a number format shows besides the number: 万元 for `0.00"万元"`, % for a share; UNSEEN where it shows no
    number at all, RESCALED where it shows another one; empty for the usual formats and dates."""
    sections = _PADDING.sub("", code).split(";")
    section = sections[1] if negative and len(sections) > 1 else sections[0]
    literals = "".join("".join(parts) for parts in _LITERAL.findall(section))
    rest = _LITERAL.sub("", section)
    is_date = re.search(r"[ymdhs]", rest, re.IGNORECASE) and not re.search(r"General", rest, re.IGNORECASE)
    if is_date or not code:
        return ""
    if _SCALED.search(section) or any(c.isdigit() for c in literals):
        return RESCALED
    if _WHITE.search(code) or not _DIGITS_SHOWN.search(rest):
        return UNSEEN
    if PERCENT in rest:
        return PERCENT
    return "".join(c for c in literals if c not in _WITHOUT_MEANING)
