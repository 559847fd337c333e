"""The chart of gaps (差距图): by how much each county is ahead of the pace or behind it, sorted, a panel an indicator."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from flows.documents.charts.drawing import BLACK, GREY, PALE, Draw, Lettering, bare, drawn, drawn_png, heading
from flows.documents.figures import Figure, Figures
from flows.documents.filters import points
from flows.documents.pdf.fonts import Fonts
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.terms import Mark
from flows.plan.units import round_half_up

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing
    from matplotlib.patches import Patch

COLUMNS = 2
PAGE_MM = 205  # of the text area's height, what a title and a note leave
_HEAD_MM, _BAR_MM, _KEY_MM = 9.0, 3.9, 8.0
_ROOM = 0.3  # of the span, at both ends, for the numbers beside the bars
FIRST, LAST = 10, 20  # counties shown where there are more than both together
AGAINST_PACE = ("达到或快于时序进度", "慢于时序进度", "其中红色标识")
AGAINST_TARGET = ("完成年度任务", "未完成年度任务", "其中红色标识")

Bars = Sequence[tuple[str, Figure]]  # name and figure of every county
Panel = tuple[str, Bars]


def gap_chart(panels: Sequence[Panel], fonts: Fonts, words: tuple[str, str, str] = AGAINST_PACE) -> Markup:
    """Of each (title, counties) the counties from the furthest ahead to the furthest behind, in points of the task.

    `words` say what the pale, the grey and the black bars are. A county that is not known is named without a bar. Of
    more counties than FIRST and LAST together the first and the last are shown.
    """
    return drawn(*_drawing(panels, fonts, words), fonts)


def gap_png(panels: Sequence[Panel], fonts: Fonts) -> bytes:
    """The same as a picture."""
    return drawn_png(*_drawing(panels, fonts, AGAINST_PACE), fonts)


def _drawing(panels: Sequence[Panel], fonts: Fonts, words: tuple[str, str, str]) -> tuple[Draw, float]:
    """What draws the chart, and its height in millimetres."""

    def draw(figure: "Drawing", lettering: Lettering) -> None:
        rows = -(-len(panels) // COLUMNS)
        grid = figure.subplots(rows, min(COLUMNS, len(panels)), squeeze=False).flatten()
        for axes, (title, bars) in zip(grid, panels, strict=False):
            _panel(axes, _shown(bars), lettering)
            axes.set_title(title, fontfamily=heading(fonts), pad=3)
        for axes in grid[len(panels) :]:
            axes.set_visible(False)
        figure.legend(
            handles=_key(panels, words), loc="outside lower center", ncols=3, frameon=False, handlelength=1.4
        )

    rows = -(-len(panels) // COLUMNS)
    return draw, _KEY_MM + rows * _height(max(len(_shown(bars)) for _, bars in panels))


def panels(indicators: Sequence[Indicator], figures: Figures, catalogue: Catalogue) -> list[Panel]:
    """A panel for each indicator that the gap of some county is known of."""
    made = ((i, figures.counties(i.id)) for i in indicators)
    return [
        (i.name, [(catalogue.name_of(f.county), f) for f in counties])
        for i, counties in made
        if any(f.gap_pp is not None for f in counties)
    ]


def panels_a_page(counties: int) -> int:
    """How many panels of that many counties one page holds; at least a row of them."""
    return COLUMNS * max(1, int((PAGE_MM - _KEY_MM) // _height(min(counties, FIRST + LAST))))


def _height(bars: int) -> float:
    return _HEAD_MM + _BAR_MM * bars


def _shown(bars: Bars) -> Bars:
    known = sorted(
        (bar for bar in bars if bar[1].gap_pp is not None), key=lambda bar: -(bar[1].gap_pp or 0.0)
    )
    ordered = [*known, *(bar for bar in bars if bar[1].gap_pp is None)]
    return ordered if len(ordered) <= FIRST + LAST else [*ordered[:FIRST], *ordered[-LAST:]]


def _panel(axes: "Axes", bars: Bars, lettering: Lettering) -> None:
    bare(axes)
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.axvline(0, color=BLACK, linewidth=0.7)
    gaps = [figure.gap_pp or 0.0 for _, figure in bars]
    low, high = min(0.0, *gaps), max(0.0, *gaps)
    room = _ROOM * max(high - low, 1.0)
    for at, (_, figure) in enumerate(bars):
        if figure.gap_pp is None:
            axes.annotate(
                "未报或待核", (0, at), xytext=(4, 0), textcoords="offset points", va="center", color=GREY
            )
            continue
        axes.barh(at, figure.gap_pp, height=0.66, color=_colour(figure), edgecolor=BLACK, linewidth=0.5)
        side, shift = ("left", 3) if figure.gap_pp >= 0 else ("right", -3)
        lettering.annotate(
            axes, points(figure.gap_pp), (figure.gap_pp, at), xytext=(shift, 0), textcoords="offset points",
            va="center", ha=side,
        )  # fmt: skip
    axes.set_yticks(range(len(bars)), [name for name, _ in bars])
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_xlim(low - (room if low < 0 else 0.05 * room), high + room)


def _colour(figure: Figure) -> str:
    if figure.mark == Mark.RED:
        return BLACK
    return PALE if round_half_up(figure.gap_pp or 0.0, 1) >= 0 else GREY


def _key(panels: Sequence[Panel], words: tuple[str, str, str]) -> list["Patch"]:
    """What the bars that are drawn stand for."""
    from matplotlib.patches import Patch

    drawn_in = {
        _colour(figure) for _, bars in panels for _, figure in _shown(bars) if figure.gap_pp is not None
    }
    labels = zip((PALE, GREY, BLACK), words, strict=True)
    return [
        Patch(facecolor=colour, edgecolor=BLACK, linewidth=0.5, label=label)
        for colour, label in labels
        if colour in drawn_in
    ]
