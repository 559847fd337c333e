"""What the charts are drawn with (制图): words, lines, boxes and points as SVG, in points, in the document's own fonts.

Words stay text and bear the sources of their numbers (flows.documents.provenance); equal data give equal bytes.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from flows.documents.pdf.fonts import Role
from flows.documents.provenance import Source, annotate, plain

BLACK, GREY, PALE = "#000000", "#666666", "#d8d8d8"
WIDTH = 442.2  # the text area's 156 mm (GB/T 9704-2012, 5.2.1)
TYPE, TITLE = 9.0, 10.0
KEY = 20.0  # the height of the key
BESIDE = 3.0  # between a thing and its name
_SAMPLE, _BETWEEN = 20.0, 16.0


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn: `dash` is the length of a stroke and of the gap behind it, empty: unbroken."""

    colour: str
    width: float
    dash: str = ""


HAIR = Stroke(PALE, 0.4)
Point = tuple[float, float]
# What draws a sample at a place, and what it stands for.
KeyEntry = tuple[Callable[[float, float], Markup], str]


def drawing(height: float, parts: Iterable[Markup], entries: Sequence[KeyEntry]) -> Markup:
    """The parts on a ground as wide as the text and of that height, and below it the key."""
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{0}pt" height="{1:.1f}pt" viewBox="0 0 {0} {1:.1f}" '
        'stroke-linejoin="round">'
    ).format(WIDTH, height + KEY)
    return Markup("").join([head, *parts, *_key(entries, height + KEY / 2), Markup("</svg>")])


def text(
    words: str, x: float, middle: float, anchor: str = "start", size: float = TYPE, role: Role = Role.BODY, colour: str = BLACK
) -> Markup:  # fmt: skip
    """Words whose height is halved by `middle`; `anchor` (start, middle, end) says which end of them is at `x`."""
    return Markup(
        '<text x="{:.1f}" y="{:.1f}" text-anchor="{}" font-size="{}" font-family="{}" fill="{}">{}</text>'
    ).format(x, middle + 0.36 * size, anchor, size, role.value, colour, words)


def axis_number(value: float, unit: str = "") -> str:
    """A number along an axis, annotated as standing for its own place."""
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return annotate(written, "axis", Source(column="axis"), value=value) + unit


def line(points: Sequence[Point | None], stroke: Stroke) -> Markup:
    """A line through the points, broken where one is None."""
    path, is_begun = "", False
    for point in points:
        if point is not None:
            path += f"{'L' if is_begun else 'M'}{point[0]:.2f} {point[1]:.2f}"
        is_begun = point is not None
    dash = Markup(' stroke-dasharray="{}"').format(stroke.dash) if stroke.dash else ""
    return Markup('<path d="{}" fill="none" stroke="{}" stroke-width="{}"{}/>').format(
        path, stroke.colour, stroke.width, dash
    )


def area(points: Sequence[Point], fill: str, edge: Stroke) -> Markup:
    """A filled area with its outline."""
    path = "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    return Markup('<path d="M{}Z" fill="{}" stroke="{}" stroke-width="{}"/>').format(
        path, fill, edge.colour, edge.width
    )


def box(x: float, middle: float, width: float, height: float, fill: str) -> Markup:
    """A box with a thin black edge."""
    top, bottom = middle - height / 2, middle + height / 2
    corners = [(x, top), (x + width, top), (x + width, bottom), (x, bottom)]
    return area(corners, fill, Stroke(BLACK, 0.5))


def dot(x: float, y: float, size: float, fill: str) -> Markup:
    """A point of a line, hollow where the fill is white."""
    return Markup('<circle cx="{:.2f}" cy="{:.2f}" r="{}" fill="{}" stroke="{}" stroke-width="0.9"/>').format(
        x, y, size / 2, fill, BLACK
    )


def _key(entries: Sequence[KeyEntry], middle: float) -> Iterator[Markup]:
    """What the samples stand for, in one line in the middle of the width."""
    widths = [_SAMPLE + BESIDE + length(words) + _BETWEEN for _, words in entries]
    at = (WIDTH - sum(widths) + _BETWEEN) / 2
    for (sample, words), width in zip(entries, widths, strict=True):
        yield sample(at, middle)
        yield text(words, at + _SAMPLE + BESIDE, middle)
        at += width


def line_sample(stroke: Stroke) -> Callable[[float, float], Markup]:
    """A line in the key."""
    return lambda x, middle: line([(x, middle), (x + _SAMPLE, middle)], stroke)


def box_sample(fill: str, height: float) -> Callable[[float, float], Markup]:
    """A bar or an area in the key."""
    return lambda x, middle: box(x + 4, middle, _SAMPLE - 4, height, fill)


def length(words: str) -> float:
    """About how wide words are, in points: a Chinese character is as wide as high, a digit half of that."""
    written = plain(words)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in written)
    return TYPE * (wide + 0.55 * (len(written) - wide))
