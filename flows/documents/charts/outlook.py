"""The year's end with its range (年终预测图): what was done, and the fan that the season allows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from flows.documents.charts.drawing import ACTUAL, BLACK, GREY, PALE, Lettering, bare, drawn, months_across
from flows.documents.filters import amount
from flows.documents.kinds.course import Course
from flows.documents.kinds.outlook import Ahead
from flows.documents.pdf.fonts import Fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAN = float("nan")


def outlook_chart(course: Course, curve: Sequence[float], told: Ahead, fonts: Fonts) -> Markup:
    """The running total to now, from there the forecast along the curve, and the annual target across."""

    def draw(figure: "Figure", lettering: Lettering) -> None:
        axes = figure.subplots()
        bare(axes)
        months_across(axes, tuple(range(1, 13)))
        _done(axes, course)
        _fan(axes, course, curve, told, lettering)
        _target(axes, course, lettering)
        axes.set_ylim(0, 1.12 * max(told.whole[2], course.target or 0.0))
        axes.set_xlim(0, 14.6)
        axes.legend(loc="lower right", bbox_to_anchor=(0.97, 0.02), frameon=False)

    return drawn(draw, 58, fonts)


def _done(axes: "Axes", course: Course) -> None:
    known = [NAN if s.ytd is None else s.ytd for s in course.steps]
    months = [s.month for s in course.steps]
    axes.plot([0, *months], [0, *known], label="实际累计", **ACTUAL)
    for partial, fill in ((False, BLACK), (True, "white")):
        some = [(s.month, s.ytd) for s in course.steps if s.ytd is not None and s.is_partial is partial]
        if some:
            axes.plot(*zip(*some, strict=True), linestyle="", marker="o", markersize=3.5, color=BLACK,
                      markerfacecolor=fill, label="报送不全的月份" if partial else None)  # fmt: skip


def _fan(axes: "Axes", course: Course, curve: Sequence[float], told: Ahead, lettering: Lettering) -> None:
    now = course.steps[-1]
    start, usual = now.ytd or 0.0, curve[now.month - 1]
    months = list(range(now.month, 13))
    share = [(curve[month - 1] - usual) / (100 - usual) for month in months]
    low, middle, high = ([start + part * (end - start) for part in share] for end in told.whole)
    axes.fill_between(months, low, high, facecolor=PALE, edgecolor=GREY, linewidth=0.5, label="推算区间")
    axes.plot(months, middle, color=BLACK, linewidth=1.2, linestyle=(0, (4, 2)), label="按季节份额推算")
    low_end, middle_end, high_end = told.whole
    apart = (high_end - low_end) < 0.14 * high_end
    for end, shift in ((high_end, 5 if apart else 0), (middle_end, 0), (low_end, -5 if apart else 0)):
        lettering.annotate(
            axes,
            amount(end, course.unit),
            (12, end),
            xytext=(4, shift),
            textcoords="offset points",
            va="center",
        )


def _target(axes: "Axes", course: Course, lettering: Lettering) -> None:
    if course.target is not None:
        axes.plot([0, 12], [course.target] * 2, color=GREY, linewidth=0.9, linestyle=(0, (1, 1.6)))
        lettering.annotate(
            axes, f"年度任务{amount(course.target, course.unit)}", (3.2, course.target), xytext=(0, 2.5),
            textcoords="offset points", ha="center", color=BLACK,
        )  # fmt: skip
