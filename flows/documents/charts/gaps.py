"""The chart of gaps (差距图): by how much each county is ahead of the pace or behind it, sorted, a panel an indicator."""

from collections.abc import Sequence

from markupsafe import Markup

from flows.documents.charts.bars import Bar, bar_chart, panel_height
from flows.documents.charts.svg import BLACK, GREY, KEY, PALE
from flows.documents.figures import Figure, Figures
from flows.documents.filters import points
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.terms import Mark
from flows.plan.units import round_half_up

COLUMNS = 2
PAGE = 581.0  # points of the text area's height: what a title and a note leave
FIRST, LAST = 10, 20  # counties shown where there are more than both together
AGAINST_PACE = ("达到或快于时序进度", "慢于时序进度", "其中红色标识")
AGAINST_TARGET = ("完成年度任务", "未完成年度任务", "其中红色标识")

Counties = Sequence[tuple[str, Figure]]  # name and figure of every county
GapPanel = tuple[str, Counties]


def gap_chart(panels: Sequence[GapPanel], words: tuple[str, str, str] = AGAINST_PACE) -> Markup:
    """Of each (title, counties) the counties from the furthest ahead to the furthest behind, in points of the task.

    `words` say what the pale, the grey and the black bars are. A county that is not known is named without a bar. Of
    more counties than FIRST and LAST together the first and the last are shown.
    """
    made = [(title, [_bar(name, figure) for name, figure in _shown(counties)]) for title, counties in panels]
    fills = {bar.fill for _, bars in made for bar in bars if bar.length is not None}
    key = [(fill, said) for fill, said in zip((PALE, GREY, BLACK), words, strict=True) if fill in fills]
    return bar_chart(made, key, COLUMNS)


def panels(indicators: Sequence[Indicator], figures: Figures, catalogue: Catalogue) -> list[GapPanel]:
    """A panel for each indicator that the gap of some county is known of."""
    made = ((i, figures.counties(i.id)) for i in indicators)
    return [
        (i.name, [(catalogue.name_of(f.county), f) for f in counties])
        for i, counties in made
        if any(f.gap_pp is not None for f in counties)
    ]


def panels_a_page(counties: int) -> int:
    """How many panels of that many counties one page holds; at least a row of them."""
    return COLUMNS * max(1, int((PAGE - KEY) // panel_height(min(counties, FIRST + LAST))))


def _shown(counties: Counties) -> Counties:
    known = sorted(
        (one for one in counties if one[1].gap_pp is not None), key=lambda one: -(one[1].gap_pp or 0)
    )
    ordered = [*known, *(one for one in counties if one[1].gap_pp is None)]
    return ordered if len(ordered) <= FIRST + LAST else [*ordered[:FIRST], *ordered[-LAST:]]


def _bar(name: str, figure: Figure) -> Bar:
    if figure.gap_pp is None:
        return Bar(name, None, "未报或待核")
    return Bar(name, float(figure.gap_pp), points(figure.gap_pp), _fill(figure))


def _fill(figure: Figure) -> str:
    if figure.mark == Mark.RED:
        return BLACK
    return PALE if round_half_up(figure.gap_pp or 0.0, 1) >= 0 else GREY
