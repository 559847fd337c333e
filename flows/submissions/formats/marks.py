"""What a reader of values does not tell (单元格标记): formulas, errors, strike-through, raised digits, hidden rows.

The reader of values gives a blank for `#REF!`, a number for a formula, 6071 for 607 with a raised footnote 1.
None of these may pass for what a clerk typed, so each format is also searched for them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from flows.submissions.formats.grid import Place

NO_RESULT = "没有结果的公式"
MOST_CELLS = 1_000_000  # the rectangle that a sheet's cells may span
MOST_SHEETS = 50
RESCALED = "（显示的位数与数值不同）"
_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_PADDING = re.compile(r"\[[^\]]*\]|_.|\*.")
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)|([\u3400-\u9fff％‰]+)')
_SCALED = re.compile(r"[0#?],+(?![0#?])|[\\!]\.|\"\.\"")
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
    last_row: int = 0
    last_column: int = 0

    def reach(self, place: Place) -> None:
        """Take note of a cell with something in it; TooLargeError where it lies too far out."""
        self.last_row, self.last_column = max(self.last_row, place[0]), max(self.last_column, place[1])
        if (self.last_row + 1) * (self.last_column + 1) > MOST_CELLS:
            raise TooLargeError


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a cell's text in one font."""

    text: str
    struck: bool = False
    raised: bool = False
    lowered: bool = False


def text_of_runs(runs: Iterable[Run]) -> tuple[str, bool]:
    """A cell's text with raised and lowered digits as such (607¹), and whether any of it is struck through."""
    runs = list(runs)
    filled = [run for run in runs if run.text.strip()]
    same = all(run.raised for run in filled) or all(run.lowered for run in filled)
    text = "".join(run.text if same else _shifted(run) for run in runs)
    return text, any(run.struck for run in filled)


def _shifted(run: Run) -> str:
    return run.text.translate(_RAISED if run.raised else _LOWERED if run.lowered else {})


def suffix_of_format(code: str, negative: bool = False) -> str:
    """What a number format shows besides the number: 万元 for `0.00"万元"`; empty for the usual formats and dates."""
    sections = _PADDING.sub("", code).split(";")
    section = sections[1] if negative and len(sections) > 1 else sections[0]
    literals = "".join("".join(parts) for parts in _LITERAL.findall(section))
    rest = _LITERAL.sub("", section)
    if re.search(r"[ymdhs]", rest, re.IGNORECASE) and not re.search(r"General", rest, re.IGNORECASE):
        return ""
    if _SCALED.search(section):
        return RESCALED
    return "".join(c for c in literals if c not in _WITHOUT_MEANING)
