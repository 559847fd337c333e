"""Breaking Chinese text into lines (排行): full lines, numbers whole, no stray punctuation.

The layout engine spreads only spaces, which Chinese has none of, and would leave a ragged edge wherever a
number or a closing mark moves to the next line. So the lines are broken here, from the widths of the fonts,
and a short line is spread by opening the space between its characters, as an office's word processor does.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flows.documents.pdf.fonts import Fonts, Role

# A little space after every character makes 28 of them fill the 156 mm exactly (GB/T 9704-2012, 5.2.3).
TRACKING = 0.043 / 15.75
CHARACTER = 1 + TRACKING
LINE = 28 * CHARACTER
INDENT = 2 * CHARACTER

_CLOSING = "，。、；：？！）》〉」』】〕”’…—～·%‰℃"
_OPENING = "（《〈「『【〔“‘"
_UNIT = (
    "(?:个百分点|头只口羽次|万人次|万元|亿元|万人|亿人|人次|场次|"
    "[人个户家项期位年月日亩件条分名例次批笔元万亿天时倍号])"
)
_DIGITS = r"\d+(?:[.,:/\-]\d+)*[%‰℃]?"
_NUMBER = rf"(?:附件|[第表+\-])?{_DIGITS}(?:～{_DIGITS})?{_UNIT}?"
_PIECE = re.compile(rf"{_NUMBER}|[A-Za-z][A-Za-z0-9_.:/@\-]*|—+|…+|\s+|.", re.DOTALL)
_NUMBER_ONLY = re.compile(_NUMBER)
_DIGITS_ONLY = re.compile(_DIGITS)


@dataclass(frozen=True)
class Run:
    """Text set in one font."""

    text: str
    role: Role = Role.BODY


@dataclass(frozen=True)
class Line:
    """One line: its runs, and what each character outside a number is moved on by, in em beyond the tracking."""

    runs: tuple[Run, ...]
    spread: float


@dataclass(frozen=True)
class Cluster:
    """Characters that stay together on a line (不可拆), with the width they take, in em."""

    runs: tuple[Run, ...]
    width: float

    @property
    def text(self) -> str:
        """The characters without their fonts."""
        return "".join(run.text for run in self.runs)

    def __add__(self, other: "Cluster") -> "Cluster":
        return Cluster(_joined((*self.runs, *other.runs)), self.width + other.width)


def broken(runs: Iterable[Run], fonts: Fonts, indent: float = INDENT, measure: float = LINE) -> list[Line]:
    """Break a paragraph into lines of `measure` em, the first one shorter by `indent`."""
    lines: list[Line] = []
    held: list[Cluster] = []
    room = measure - indent
    for cluster in _fitting(clusters(runs, fonts), measure):
        if held and _width(held) + cluster.width > room + 1e-9:
            lines.append(_line(held, room))
            held, room = [], measure
        if held or cluster.text.strip():
            held.append(cluster)
    return [*lines, _line(held, None)] if held else lines


def clusters(runs: Iterable[Run], fonts: Fonts) -> Iterator[Cluster]:
    """The unbreakable pieces in order: closing marks with what they close, opening marks with what follows."""
    held: Cluster | None = None
    for piece in _pieces(runs, fonts):
        if held is None:
            held = piece
        elif piece.text[0] in _CLOSING or held.text[-1] in _OPENING:
            held += piece
        else:
            yield held
            held = piece
    if held is not None:
        yield held


def numbers_in(text: str) -> Iterator[tuple[str, bool]]:
    """The text in order as (piece, whether it is a number with its unit), for what is not broken here."""
    return _split(_NUMBER_ONLY, text)


def digits_in(text: str) -> Iterator[tuple[str, bool]]:
    """The text in order as (piece, whether it is digits), for what must not be spread."""
    return _split(_DIGITS_ONLY, text)


def _split(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, bool]]:
    at = 0
    for match in pattern.finditer(text):
        if match.start() > at:
            yield text[at : match.start()], False
        yield match[0], True
        at = match.end()
    if at < len(text):
        yield text[at:], False


def width(text: str, fonts: Fonts, role: Role = Role.BODY) -> float:
    """How wide the text stands with its tracking, in em."""
    return sum(fonts.width(character, role) + TRACKING for character in text)


def _pieces(runs: Iterable[Run], fonts: Fonts) -> Iterator[Cluster]:
    for run in runs:
        for match in _PIECE.finditer(run.text):
            yield Cluster((Run(match[0], run.role),), width(match[0], fonts, run.role))


def _fitting(pieces: Iterable[Cluster], measure: float) -> Iterator[Cluster]:
    """Pieces, those longer than a whole line cut into characters: an address must not run off the page."""
    for piece in pieces:
        if piece.width <= measure:
            yield piece
            continue
        each = piece.width / len(piece.text)
        yield from (Cluster((Run(c, run.role),), each) for run in piece.runs for c in run.text)


def _line(held: list[Cluster], room: float | None) -> Line:
    while len(held) > 1 and not held[-1].text.strip():
        held.pop()
    runs = _joined(run for cluster in held for run in cluster.runs)
    if room is None:
        return Line(runs, 0.0)
    movable = sum(len(piece) for run in runs for piece, digits in digits_in(run.text) if not digits)
    return Line(runs, max(0.0, room - _width(held)) / max(movable - 1, 1))


def _width(held: list[Cluster]) -> float:
    return sum(cluster.width for cluster in held)


def _joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].role is run.role:
            joined[-1] = Run(joined[-1].text + run.text, run.role)
        else:
            joined.append(run)
    return tuple(joined)
