"""Lines over the months of a year (走势图): the axes of a panel, and the running total's line with its months."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from flows.documents.charts.svg import (
    BESIDE,
    BLACK,
    GREY,
    HAIR,
    TITLE,
    KeyEntry,
    Point,
    Stroke,
    axis_number,
    dot,
    line,
    line_sample,
    text,
)
from flows.documents.filters import percent
from flows.documents.kinds.trend import MonthlySeries
from flows.documents.pdf.fonts import Role

HEAD, FOOT = 18.0, 14.0  # points above and below the axes: the title, the months
ACTUAL = Stroke(BLACK, 1.5)
LINEAR = Stroke(GREY, 0.9, "4.5 2.25")
SEASONAL = Stroke(GREY, 1.3, "1.3 2.1")
_SPINE = Stroke(BLACK, 0.6)
_HOLLOW = "报送不全的月份"
# Where 未报 stands, as shares of the height: above a line that is still low, below a higher one.
_LOW, _ABOVE, _BELOW = 0.42, 0.72, 0.18
Value = tuple[int, float | None, bool]  # month; its value, None: unknown; whether it lacks a county


@dataclass(frozen=True)
class Axes:
    """The plotting area of a panel, in points from the drawing's top left; months to the right, values up to `ceiling`."""

    left: float
    top: float
    width: float
    height: float
    ceiling: float
    months: float = 13

    @property
    def bottom(self) -> float:
        """Where zero is."""
        return self.top + self.height

    def at(self, month: float, value: float) -> Point:
        """The place of a value in a month."""
        return self.left + self.width * month / self.months, self.bottom - self.height * value / self.ceiling

    def drawn(
        self, ticks: Sequence[float], months: Sequence[int], *, has_numbers: bool = True
    ) -> Iterator[Markup]:
        """Hair lines to read a value by, both axes, the numbers along them; without numbers where a panel beside has them."""
        right = self.left + self.width
        for value in ticks:
            y = self.at(0, value)[1]
            yield line([(self.left, y), (right, y)], HAIR)
            if has_numbers:
                yield text(axis_number(value), self.left - BESIDE, y, "end")
        yield line([(self.left, self.top), (self.left, self.bottom), (right, self.bottom)], _SPINE)
        for month in months:
            x = self.at(month, 0)[0]
            yield line([(x, self.bottom), (x, self.bottom + 2)], _SPINE)
            yield text(axis_number(month, "月"), x, self.bottom + FOOT / 2 + 1, "middle")

    def clocks(self, curve: Sequence[float] | None) -> Iterator[Markup]:
        """The pace by the calendar, and by the season where there is a curve."""
        yield line([self.at(0, 0), self.at(12, 100)], LINEAR)
        if curve is not None:
            yield line([self.at(month, value) for month, value in enumerate((0.0, *curve))], SEASONAL)

    def title(self, title: str, series: MonthlySeries) -> Iterator[Markup]:
        """What the panel shows, and at its other end where the last month stands: no number lies on a line."""
        yield text(title, self.left, self.top - HEAD / 2, "start", TITLE, Role.HEADING)
        _, pct, _ = series.attainment[-1]
        if pct is not None:
            yield text(percent(pct), self.left + self.width, self.top - HEAD / 2, "end")

    def progress(self, values: Sequence[Value], size: float) -> Iterator[Markup]:
        """The line with its months: full where everyone is in it, hollow where a county is lacking; without a size the
        last month alone is a point."""
        places = [None if value is None else self.at(month, value) for month, value, _ in values]
        yield line([self.at(0, 0), *places], ACTUAL)
        for place, (month, _, is_partial) in zip(places, values, strict=True):
            if place is not None and (size or month == values[-1][0]):
                yield dot(*place, size or 3.0, "white" if is_partial else BLACK)
        for first, last in _unreported(values):
            beside = [
                value for month, value, _ in values if value is not None and month in {first - 1, last + 1}
            ]
            is_low = sum(beside) < _LOW * self.ceiling * len(beside) or not beside
            height = self.ceiling * (_ABOVE if is_low else _BELOW)
            yield text("未报", *self.at((first + last) / 2, height), "middle", 7.5)


def line_key(points: Sequence[Value]) -> list[KeyEntry]:
    """What the line stands for, and its hollow points where there are some among those drawn."""
    is_hollow = any(value is not None and is_partial for _, value, is_partial in points)
    entries: list[KeyEntry] = [(line_sample(ACTUAL), "实际累计")]
    return [*entries, (lambda x, y: dot(x + 12, y, 4.0, "white"), _HOLLOW)] if is_hollow else entries


def clocks_key(*, is_seasonal: bool) -> list[KeyEntry]:
    """What the two paces are."""
    entries: list[KeyEntry] = [(line_sample(LINEAR), "时序进度")]
    return [*entries, (line_sample(SEASONAL), "季节进度")] if is_seasonal else entries


def _unreported(values: Sequence[Value]) -> list[tuple[int, int]]:
    """The stretches of months that were not reported, each from its first to its last."""
    found: list[tuple[int, int]] = []
    for month, value, _ in values:
        if value is None and found and found[-1][1] == month - 1:
            found[-1] = (found[-1][0], month)
        elif value is None:
            found.append((month, month))
    return found
