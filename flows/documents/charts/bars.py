"""Horizontal bars (横条图) as SVG: a panel a subject, a row a county with its name, its bar and its number beside it."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from flows.documents.pdf.fonts import Role
from flows.documents.provenance import plain

BLACK, GREY, PALE = "#000000", "#666666", "#d8d8d8"
STROKE = "|"  # in the key: the stroke across a bar
# In points.
WIDTH, GUTTER = 442.2, 14.0  # the text area's 156 mm (GB/T 9704-2012, 5.2.1), and what is between panels
TYPE, TITLE = 9.0, 10.0
PITCH, HEAD, FOOT, KEY = 11.0, 19.0, 4.0, 20.0
_BAR, _BESIDE = 7.4, 3.0
_SWATCH, _AFTER_WORDS = 13.0, 16.0


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
Key = Sequence[tuple[str, str]]  # fill or STROKE, and what it stands for


def bar_chart(panels: Sequence[Panel], key: Key, columns: int) -> Markup:
    """The panels in rows of `columns`, below them the key."""
    columns = min(columns, len(panels))
    width = (WIDTH - (columns - 1) * GUTTER) / columns
    tall = panel_height(max(len(bars) for _, bars in panels))
    height = tall * -(-len(panels) // columns) + KEY
    drawn = [
        Markup('<svg xmlns="http://www.w3.org/2000/svg" width="{}pt" height="{:.1f}pt" viewBox="0 0 {} {:.1f}" ')
        .format(WIDTH, height, WIDTH, height)
        + Markup('font-family="{}" font-size="{}" stroke-linejoin="round">').format(Role.BODY.value, TYPE)
    ]  # fmt: skip
    for at, (title, bars) in enumerate(panels):
        left, top = at % columns * (width + GUTTER), at // columns * tall
        drawn += _panel(title, bars, left, top, width)
    return Markup("").join([*drawn, *_key(key, height - KEY / 2), Markup("</svg>")])


def panel_height(bars: int) -> float:
    """Of a panel of that many bars, in points."""
    return HEAD + PITCH * bars + FOOT


def _panel(title: str, bars: Sequence[Bar], left: float, top: float, width: float) -> Iterator[Markup]:
    yield _text(title, left + width / 2, top + HEAD / 2, "middle", TITLE, Role.HEADING)
    names = max(_length(bar.name) for bar in bars)
    begin, scale = _scale(bars, left + names + _BESIDE, left + width)
    zero = begin - min(bar.ends[0] for bar in bars) * scale
    for at, bar in enumerate(bars):
        middle = top + HEAD + PITCH * (at + 0.5)
        yield _text(bar.name, left + names, middle, "end")
        yield from _bar(bar, zero, scale, middle)
    yield _line(zero, top + HEAD, top + HEAD + PITCH * len(bars), 0.7)


def _scale(bars: Sequence[Bar], left: float, right: float) -> tuple[float, float]:
    """Where the furthest bar to the left ends, and points a unit: there is room for every label beside its bar."""
    low, high = min(bar.ends[0] for bar in bars), max(bar.ends[1] for bar in bars)
    beside_bars, beside_zero = (
        max((_length(bar.label) + _BESIDE for bar in bars if (bar.length is None) is is_unknown), default=0.0)
        for is_unknown in (False, True)
    )
    begin = left + (beside_bars if low < 0 else 0.0)
    scale = (right - beside_bars - begin) / ((high - low) or 1.0)
    return begin, min(scale, (right - beside_zero - begin) / -low) if low < 0 else scale


def _bar(bar: Bar, zero: float, scale: float, middle: float) -> Iterator[Markup]:
    first, last = (zero + end * scale for end in bar.ends)
    if bar.length is not None:
        begin, end = sorted((zero, zero + bar.length * scale))
        yield _rect(begin, middle, end - begin, bar.fill)
    if bar.stroke is not None:
        at = zero + bar.stroke * scale
        yield _line(at, middle - _BAR / 2 - 1, middle + _BAR / 2 + 1, 1.6)
    fill = GREY if bar.length is None else BLACK
    if bar.length is not None and bar.length < 0:
        yield _text(bar.label, first - _BESIDE, middle, "end", fill=fill)
    else:
        yield _text(bar.label, last + _BESIDE, middle, "start", fill=fill)


def _key(key: Key, middle: float) -> Iterator[Markup]:
    at = (
        WIDTH - sum(_SWATCH + _BESIDE + _length(words) + _AFTER_WORDS for _, words in key) + _AFTER_WORDS
    ) / 2
    for fill, words in key:
        if fill == STROKE:
            yield _line(at + _SWATCH / 2, middle - _BAR / 2 - 1, middle + _BAR / 2 + 1, 1.6)
        else:
            yield _rect(at, middle, _SWATCH, fill)
        yield _text(words, at + _SWATCH + _BESIDE, middle, "start")
        at += _SWATCH + _BESIDE + _length(words) + _AFTER_WORDS


def _text(
    words: str, x: float, middle: float, anchor: str, size: float = TYPE, role: Role = Role.BODY, fill: str = BLACK
) -> Markup:  # fmt: skip
    """Words whose height is halved by `middle`."""
    return Markup(
        '<text x="{:.1f}" y="{:.1f}" text-anchor="{}" font-size="{}" font-family="{}" fill="{}">{}</text>'
    ).format(x, middle + 0.36 * size, anchor, size, role.value, fill, words)


def _rect(x: float, middle: float, width: float, fill: str) -> Markup:
    return Markup(
        '<rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{}" fill="{}" stroke="{}" stroke-width="0.5"/>'
    ).format(x, middle - _BAR / 2, width, _BAR, fill, BLACK)


def _line(x: float, top: float, bottom: float, width: float) -> Markup:
    return Markup('<path d="M{:.2f} {:.2f}V{:.2f}" stroke="{}" stroke-width="{}" fill="none"/>').format(
        x, top, bottom, BLACK, width
    )


def _length(text: str) -> float:
    """About how wide a text is, in points: a Chinese character is as wide as high, a digit half of that."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in plain(text))
    return TYPE * (wide + 0.55 * (len(plain(text)) - wide))
