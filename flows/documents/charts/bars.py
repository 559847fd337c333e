"""Horizontal bars (横条图): a panel a subject, a row a county with its name, its bar and its number beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from flows.documents.charts.svg import (
    BESIDE,
    BLACK,
    GREY,
    PALE,
    TITLE,
    WIDTH,
    KeyEntry,
    Stroke,
    box,
    box_sample,
    drawing,
    length,
    line,
    text,
)
from flows.documents.pdf.fonts import Role

STROKE = "|"  # in the key: the stroke across a bar
# In points.
GUTTER = 14.0  # between panels
PITCH, HEAD, FOOT = 11.0, 19.0, 4.0
_BAR = 7.4
_ZERO, _ACROSS = Stroke(BLACK, 0.7), Stroke(BLACK, 1.6)


@dataclass(frozen=True)
class Bar:
    """One row: `length` in the panel's unit, None: nothing is known and `label` says so; `label` is annotated;
    `stroke` is where a stroke lies across, None: nowhere."""

    name: str
    length: float | None
    label: str
    fill: str = PALE
    stroke: float | None = None

    @property
    def ends(self) -> tuple[float, float]:
        """How far the row reaches to both sides of zero."""
        known = [0.0, *(value for value in (self.length, self.stroke) if value is not None)]
        return min(known), max(known)


Panel = tuple[str, Sequence[Bar]]


def bar_chart(panels: Sequence[Panel], fills: Sequence[tuple[str, str]], columns: int) -> Markup:
    """The panels in rows of `columns`, below them what the fills, or STROKE, stand for."""
    columns = min(columns, len(panels))
    width = (WIDTH - (columns - 1) * GUTTER) / columns
    tall = panel_height(max(len(bars) for _, bars in panels))
    height = tall * -(-len(panels) // columns)
    drawn: list[Markup] = []
    for at, (title, bars) in enumerate(panels):
        drawn += _panel(title, bars, at % columns * (width + GUTTER), at // columns * tall, width)
    return drawing(height, drawn, [_entry(*one) for one in fills])


def panel_height(bars: int) -> float:
    """Of a panel of that many bars, in points."""
    return HEAD + PITCH * bars + FOOT


def _panel(title: str, bars: Sequence[Bar], left: float, top: float, width: float) -> Iterator[Markup]:
    yield text(title, left + width / 2, top + HEAD / 2, "middle", TITLE, Role.HEADING)
    names = max(length(bar.name) for bar in bars)
    begin, scale = _scale(bars, left + names + BESIDE, left + width)
    zero = begin - min(bar.ends[0] for bar in bars) * scale
    for at, bar in enumerate(bars):
        middle = top + HEAD + PITCH * (at + 0.5)
        yield text(bar.name, left + names, middle, "end")
        yield from _bar(bar, zero, scale, middle)
    yield line([(zero, top + HEAD), (zero, top + HEAD + PITCH * len(bars))], _ZERO)


def _scale(bars: Sequence[Bar], left: float, right: float) -> tuple[float, float]:
    """Where the furthest bar to the left ends, and points a unit: there is room for every label beside its bar."""
    low, high = min(bar.ends[0] for bar in bars), max(bar.ends[1] for bar in bars)
    beside_bars, beside_zero = (
        max((length(bar.label) + BESIDE for bar in bars if (bar.length is None) is is_unknown), default=0.0)
        for is_unknown in (False, True)
    )
    begin = left + (beside_bars if low < 0 else 0.0)
    scale = (right - beside_bars - begin) / ((high - low) or 1.0)
    return begin, min(scale, (right - beside_zero - begin) / -low) if low < 0 else scale


def _bar(bar: Bar, zero: float, scale: float, middle: float) -> Iterator[Markup]:
    first, last = (zero + end * scale for end in bar.ends)
    if bar.length is not None:
        begin, end = sorted((zero, zero + bar.length * scale))
        yield box(begin, middle, end - begin, _BAR, bar.fill)
    if bar.stroke is not None:
        yield _across(zero + bar.stroke * scale, middle)
    if bar.length is not None and bar.length < 0:
        yield text(bar.label, first - BESIDE, middle, "end")
    else:
        yield text(bar.label, last + BESIDE, middle, colour=GREY if bar.length is None else BLACK)


def _across(x: float, middle: float) -> Markup:
    return line([(x, middle - _BAR / 2 - 1), (x, middle + _BAR / 2 + 1)], _ACROSS)


def _entry(fill: str, words: str) -> KeyEntry:
    if fill == STROKE:
        return lambda x, middle: _across(x + 12, middle), words
    return box_sample(fill, _BAR), words
