"""Break Chinese text into lines (排行): full lines, numbers whole, no stray punctuation (禁则), nothing spread far.

The layout engine spreads only spaces, which Chinese has none of, and would leave a ragged edge wherever a number or a
closing mark moves to the next line. So a paragraph is broken here, from the widths of the fonts, where the whole of it is
set best: marks give up some of their blank half before characters are moved apart, as an office's word processor does.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from math import inf

from flows.documents.pdf.fonts import Fonts, Role

# A little space after every character makes 28 of them fill the 156 mm exactly (GB/T 9704-2012, 5.2.3).
TRACKING = 0.043 / 15.75
CHARACTER = 1 + TRACKING
LINE = 28 * CHARACTER
INDENT = 2 * CHARACTER

_CLOSING = "，。、；：？！）》〉」』】〕”’…—～·%‰℃"
_OPENING = "（《〈「『【〔“‘"
_UNIT = (
    "(?:[万亿]?(?:个百分点|头只口羽次|人次|场次|[人个户家项期位年月日亩件条分名例次批笔元天时倍号])|[万亿])"
)
_DIGITS = r"\d+(?:[.,:/\-]\d+)*[%‰℃]?"
_NUMBER = rf"(?:附件|[第表+\-])?{_DIGITS}(?:～{_DIGITS})?{_UNIT}?"
_PIECE = re.compile(rf"{_NUMBER}|[A-Za-z][A-Za-z0-9_.:/@\-]*|—+|…+|\s+|.", re.DOTALL)
_NUMBER_ONLY = re.compile(_NUMBER)
_DIGITS_ONLY = re.compile(_DIGITS)

# Marks of a full width that stand in one half of it, and what they may lose of the other, in em.
_BLANK_AFTER = frozenset("，。、；：）》〉」』】〕”’")
_BLANK_BEFORE = frozenset(_OPENING)
_HALF, _QUARTER = 0.5, 0.25  # at the end of a line or beside another mark; elsewhere
_FULL_WIDTH = 0.9
_MARKS = _BLANK_AFTER | _BLANK_BEFORE
_EXACT = 1e-9

# What a line costs is the square of its spread, in em; the best paragraph costs least.
_MUCH_SPREAD = 0.095  # readers of the file take a wider gap for a blank
_TOO_WIDE = 1.0  # the cost of such a line beside others
_COMPRESSED = 0.05  # marks pressed as far as they go cost as much as this spread
_LONE_CHARACTER = 0.06  # a last line of one character and its mark too
_LONE = 3  # characters that a last line has at least
_FILLED = 0.75  # of its room: a line is not broken before, unless nothing else fits


@dataclass(frozen=True)
class Run:
    """Text set in one font; `is_tight` in a line that is spread: it is not. `loss` is what a mark gives up of its
    blank side, in em."""

    text: str
    role: Role = Role.BODY
    is_tight: bool = False
    loss: float = 0.0

    @property
    def loses_before(self) -> bool:
        """Whether its blank side is the left one."""
        return self.text in _BLANK_BEFORE


@dataclass(frozen=True)
class Line:
    """One line: its runs, and what each character outside a number is moved on by, in em beyond the tracking."""

    runs: tuple[Run, ...]
    spread: float


def broken(runs: Iterable[Run], fonts: Fonts, indent: float = INDENT, measure: float = LINE) -> list[Line]:
    """Break a paragraph into lines of `measure` em, the first one shorter by `indent`."""
    paragraph = _Paragraph(list(runs), fonts, measure)
    return paragraph.lines(indent) if paragraph.text.strip() else []


def break_points(text: str) -> list[int]:
    """Where a line may begin, the text's start and end among them: closing marks stay with what they close, opening
    marks with what follows, blanks with what goes before."""
    first = len(text) - len(text.lstrip())
    inner = [
        at
        for at in (piece.start() for piece in _PIECE.finditer(text, first))
        if at > first and text[at] not in _CLOSING and text[at - 1] not in _OPENING and not text[at].isspace()
    ]
    return [first, *inner, len(text)]


def numbers_in(text: str) -> Iterator[tuple[str, bool]]:
    """The text in order as (piece, whether it is a number with its unit), for what is not broken here."""
    at = 0
    for match in _NUMBER_ONLY.finditer(text):
        if match.start() > at:
            yield text[at : match.start()], False
        yield match[0], True
        at = match.end()
    if at < len(text):
        yield text[at:], False


def width(text: str, fonts: Fonts, role: Role = Role.BODY) -> float:
    """How wide the text stands with its tracking, in em."""
    return sum(fonts.width(character, role) + TRACKING for character in text)


class _Paragraph:
    """A paragraph by character: prefix sums of the widths, of the gaps that can be spread, of what marks can lose."""

    def __init__(self, runs: list[Run], fonts: Fonts, measure: float) -> None:
        self.text = "".join(run.text for run in runs)
        self._roles = [run.role for run in runs for _ in run.text]
        self._measure = measure
        widths = [fonts.width(c, role) + TRACKING for c, role in zip(self.text, self._roles, strict=True)]
        self._losses = list(_losses(self.text, widths))
        self._tight = [False] * len(self.text)  # the digits of a number but its last
        for number in _DIGITS_ONLY.finditer(self.text):
            self._tight[number.start() : number.end() - 1] = [True] * (len(number[0]) - 1)
        self._widths = [0.0, *accumulate(widths)]
        self._gaps = [0, *accumulate(not tight for tight in self._tight)]
        self._inner = [0.0, *accumulate(self._losses)]
        self._ends = [
            _HALF + TRACKING if c in _BLANK_AFTER and w > _FULL_WIDTH else 0.0
            for c, w in zip(self.text, widths, strict=True)
        ]

    def lines(self, indent: float) -> list[Line]:
        """The lines of the cheapest way to break it."""
        breaks = self._best(indent)
        return [
            self._line(start, end, self._measure - (0 if at else indent), is_last=end == breaks[-1])
            for at, (start, end) in enumerate(pairwise(breaks))
        ]

    def _fitting(self, points: list[int], room: float) -> Iterator[int]:
        """The points, and every character of what is longer than a line: an address must not run off the page."""
        for start, end in pairwise(points):
            is_long = self._widths[end] - self._widths[start] > room
            yield from range(start, end) if is_long else (start,)
        yield points[-1]

    def _best(self, indent: float) -> list[int]:
        """The places to break at, by dynamic programming over all there are."""
        starts = list(self._fitting(break_points(self.text), self._measure - indent))
        last, reached = len(starts) - 1, [self._widths[at] for at in starts]
        costs, before = [0.0] + [inf] * last, [0] * (last + 1)
        for at in range(last):
            room = self._measure - (0 if at else indent)
            filled = bisect_left(reached, reached[at] + _FILLED * room, at + 2, last + 1) - 1
            for end in range(filled, last + 1):
                cost = self._cost(starts[at], starts[end], room, is_last=end == last)
                if cost is None:
                    break
                if costs[at] + cost < costs[end]:
                    costs[end], before[end] = costs[at] + cost, at
        path = [last]
        while path[-1]:
            path.append(before[path[-1]])
        return [starts[at] for at in reversed(path)]

    def _cost(self, start: int, end: int, room: float, *, is_last: bool) -> float | None:
        """What a line costs; None where it does not fit."""
        end = self._trimmed(start, end)
        over = self._widths[end] - self._widths[start] - room
        if over > _EXACT:
            over -= self._ends[end - 1]
            most = self._inner_loss(start, end)
            if over > most + _EXACT:
                return None
            return (_COMPRESSED * max(over, 0.0) / most) ** 2 if most else 0.0
        if is_last:
            return _LONE_CHARACTER**2 if start and end - start < _LONE else 0.0
        spread = -over / max(self._gaps[end - 1] - self._gaps[start], 1)
        return spread**2 + (_TOO_WIDE if spread > _MUCH_SPREAD else 0.0)

    def _line(self, start: int, end: int, room: float, *, is_last: bool) -> Line:
        end = self._trimmed(start, end)
        over = self._widths[end] - self._widths[start] - room
        spread = 0.0 if is_last else max(0.0, -over) / max(self._gaps[end - 1] - self._gaps[start], 1)
        if spread < _EXACT:
            spread = 0.0
        losses = dict(self._lost(start, end, over)) if over > _EXACT else {}
        looks = [
            (
                self._roles[at],
                bool(spread) and self._tight[at],
                losses.get(at, 0.0),
                at if at in losses else -1,
            )
            for at in range(start, end)
        ]
        runs = (
            Run("".join(self.text[at] for at in same), *looks[same[0] - start][:3])
            for same in (list(group) for _, group in groupby(range(start, end), lambda at: looks[at - start]))
        )
        return Line(tuple(runs), spread)

    def _lost(self, start: int, end: int, over: float) -> Iterator[tuple[int, float]]:
        """What each mark of a line loses: the last one first, the others in proportion to what they can."""
        if at_end := min(over, self._ends[end - 1]):
            yield end - 1, at_end
        if (rest := over - at_end) > _EXACT:
            share = rest / self._inner_loss(start, end)
            for at in range(start + (self.text[start] in _BLANK_BEFORE), end - 1):
                if self._losses[at]:
                    yield at, share * self._losses[at]

    def _inner_loss(self, start: int, end: int) -> float:
        """What the marks of a line can lose besides the last one, and besides an opening mark that begins it."""
        if self.text[start] in _BLANK_BEFORE:
            start += 1
        return max(0.0, self._inner[end - 1] - self._inner[start])

    def _trimmed(self, start: int, end: int) -> int:
        """The end without blanks before it."""
        while end > start + 1 and self.text[end - 1].isspace():
            end -= 1
        return end


def _losses(text: str, widths: list[float]) -> Iterator[float]:
    """What each mark can lose inside a line, in em: half where two marks meet, one of them; 0 of what is no mark."""
    for at, character in enumerate(text):
        if widths[at] < _FULL_WIDTH:
            yield 0.0
        elif character in _BLANK_AFTER:
            yield _HALF if text[at + 1 : at + 2] in _MARKS else _QUARTER
        elif character in _BLANK_BEFORE:
            previous = text[at - 1] if at else ""
            yield 0.0 if previous in _BLANK_AFTER else _HALF if previous in _BLANK_BEFORE else _QUARTER
        else:
            yield 0.0
