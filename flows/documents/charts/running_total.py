"""The running total against the two clocks (累计进度图): the city's, and the nine counties' small multiples."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from flows.documents.charts.drawing import (
    ACTUAL,
    BLACK,
    LINEAR,
    SEASONAL,
    Lettering,
    bare,
    drawn,
    heading,
    months_across,
)
from flows.documents.filters import percent
from flows.documents.kinds.course import Course
from flows.documents.pdf.fonts import Fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Curve = Sequence[float] | None
NAN = float("nan")
COLUMNS = 3


def city_chart(panels: Sequence[tuple[str, Course, Curve]], fonts: Fonts) -> Markup:
    """Side by side, of each (title, course, seasonal curve or None) the attainment by month, in per cent."""

    def draw(figure: "Figure", lettering: Lettering) -> None:
        row = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        ceiling = _ceiling([course for _, course, _ in panels])
        for axes, (title, course, curve) in zip(row, panels, strict=True):
            _clocks(axes, curve)
            _course(axes, course, 4.0, lettering)
            axes.set_title(title, fontfamily=heading(fonts), pad=4)
            months_across(axes)
            _percent(axes, ceiling)
        figure.legend(**_key(row), loc="outside lower center", ncols=4, frameon=False, handlelength=2.6)

    return drawn(draw, 54, fonts)


def county_chart(counties: Sequence[Course], curve: Curve, fonts: Fonts) -> Markup:
    """One small panel a county, all to one scale; a month that was not reported is a gap in the line."""

    def draw(figure: "Figure", lettering: Lettering) -> None:
        rows = -(-len(counties) // COLUMNS)
        grid = figure.subplots(rows, COLUMNS, sharex=True, sharey=True, squeeze=False).flatten()
        ceiling = _ceiling(counties)
        for axes, course in zip(grid, counties, strict=False):
            _clocks(axes, curve)
            _course(axes, course, 3.0, lettering)
            axes.set_title(course.name, fontfamily=heading(fonts), pad=3, loc="left")
            months_across(axes, (1, 6, 12))
            _percent(axes, ceiling)
        for axes in grid[len(counties) :]:
            axes.set_visible(False)
        figure.legend(**_key(grid), loc="outside lower center", ncols=4, frameon=False, handlelength=2.6)

    return drawn(draw, 10 + 26 * -(-len(counties) // COLUMNS), fonts)


def _clocks(axes: "Axes", curve: Curve) -> None:
    bare(axes)
    axes.plot([0, 12], [0, 100], label="时序进度", **LINEAR)
    if curve is not None:
        axes.plot(range(13), [0, *curve], label="季节进度", **SEASONAL)


def _course(axes: "Axes", course: Course, size: float, lettering: Lettering) -> None:
    """The line with its months: full where everyone is in it, hollow where a county is lacking."""
    months = [month for month, _, _ in course.attained]
    known = [NAN if pct is None else pct for _, pct, _ in course.attained]
    axes.plot([0, *months], [0, *known], label="实际累计", **ACTUAL)
    for name, wanted, fill in ((None, False, BLACK), ("报送不全的月份", True, "white")):
        of_kind = [(m, p) for m, p, partial in course.attained if p is not None and partial is wanted]
        if of_kind:
            axes.plot(*zip(*of_kind, strict=True), linestyle="", marker="o", markersize=size, color=BLACK,
                      markerfacecolor=fill, markeredgewidth=0.9, label=name)  # fmt: skip
    _last(axes, course, lettering)
    for first, last in _silences(course):
        axes.annotate("未报", ((first + last) / 2, 3), ha="center", fontsize=7.5)


def _silences(course: Course) -> list[tuple[int, int]]:
    """The stretches of months that were not reported, each from its first to its last."""
    found: list[tuple[int, int]] = []
    for month, pct, _ in course.attained:
        if pct is None and found and found[-1][1] == month - 1:
            found[-1] = (found[-1][0], month)
        elif pct is None:
            found.append((month, month))
    return found


def _last(axes: "Axes", course: Course, lettering: Lettering) -> None:
    month, pct, _ = course.attained[-1]
    if pct is not None:
        above = (0, 5, "right") if month > 2 else (4, 5, "left")
        lettering.annotate(
            axes, percent(pct), (month, pct), xytext=above[:2], textcoords="offset points", ha=above[2]
        )


def _percent(axes: "Axes", ceiling: float) -> None:
    axes.set_ylim(0, ceiling)
    axes.set_yticks(range(0, int(ceiling) + 1, 50 if ceiling > 125 else 25))


def _ceiling(all_of_them: Sequence[Course]) -> float:
    """The whole target, or more where somebody has done more."""
    highest = max((pct for c in all_of_them for _, pct, _ in c.attained if pct is not None), default=0)
    return max(105.0, highest * 1.12)


def _key(panels: Iterable[Any]) -> dict[str, Any]:
    """Every kind of line once, from whichever panel has it."""
    found: dict[str, Any] = {}
    for axes in panels:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    order = [name for name in ("实际累计", "报送不全的月份", "时序进度", "季节进度") if name in found]
    return {"handles": [found[name] for name in order], "labels": order}
