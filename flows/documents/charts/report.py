"""The charts of a report (图): running totals against the pace, each county's contribution, the year's expected end."""

import math
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from flows.documents.charts.bars import STROKE, Bar, bar_chart
from flows.documents.charts.monthly_lines import FOOT, HEAD, Axes, clocks_key, line_key
from flows.documents.charts.svg import (
    BESIDE,
    BLACK,
    GREY,
    PALE,
    TYPE,
    WIDTH,
    Stroke,
    area,
    axis_number,
    box_sample,
    drawing,
    length,
    line,
    line_sample,
    text,
)
from flows.documents.filters import amount, estimate, one_decimal
from flows.documents.kinds.review import Share
from flows.documents.kinds.trend import MonthlySeries, YearEndForecast
from flows.plan.units import WAN, DisplayUnit

Curve = Sequence[float] | None
COLUMNS = 3
# In points.
NUMBERS, GUTTER = 20.0, 10.0  # left of the first panel, and between panels
CITY_HEIGHT, COUNTY_HEIGHT, OUTLOOK_HEIGHT = 100.0, 52.0, 118.0  # of the axes
LEADER = 8.0  # from December to the name of an end
TARGET, EXPECTED = Stroke(GREY, 0.9, "0.9 1.4"), Stroke(BLACK, 1.2, "4.8 2.4")


def city_chart(panels: Sequence[tuple[str, MonthlySeries, Curve]]) -> Markup:
    """Side by side, of each (title, series, seasonal curve or None) the attainment by month, in per cent."""
    ceiling = _ceiling([series for _, series, _ in panels])
    width = (WIDTH - NUMBERS - GUTTER * (len(panels) - 1)) / len(panels)
    drawn: list[Markup] = []
    for at, (title, series, curve) in enumerate(panels):
        axes = Axes(NUMBERS + at * (width + GUTTER), HEAD, width, CITY_HEIGHT, ceiling)
        drawn += axes.drawn(_per_cents(ceiling, 25), (1, 3, 6, 9, 12), has_numbers=at == 0)
        drawn += _lines(axes, title, series, curve, 4.0)
    values = [value for _, series, _ in panels for value in series.attainment]
    entries = [*line_key(values), *clocks_key(is_seasonal=any(curve is not None for *_, curve in panels))]
    return drawing(HEAD + CITY_HEIGHT + FOOT, drawn, entries)


def county_chart(counties: Sequence[MonthlySeries], curve: Curve) -> Markup:
    """One small panel a county, all to one scale; a month that was not reported is a gap in the line."""
    ceiling, rows = _ceiling(counties), -(-len(counties) // COLUMNS)
    width = (WIDTH - NUMBERS - GUTTER * (COLUMNS - 1)) / COLUMNS
    drawn: list[Markup] = []
    for at, series in enumerate(counties):
        left, top = NUMBERS + at % COLUMNS * (width + GUTTER), HEAD + at // COLUMNS * (HEAD + COUNTY_HEIGHT)
        axes = Axes(left, top, width, COUNTY_HEIGHT, ceiling)
        months = (1, 6, 12) if at + COLUMNS >= len(counties) else ()
        drawn += axes.drawn(_per_cents(ceiling, 50), months, has_numbers=at % COLUMNS == 0)
        drawn += _lines(axes, series.name, series, curve, 0.0)
    last = [series.attainment[-1] for series in counties]
    entries = [*line_key(last), *clocks_key(is_seasonal=curve is not None)]
    return drawing(rows * (HEAD + COUNTY_HEIGHT) + FOOT, drawn, entries)


def _lines(axes: Axes, title: str, series: MonthlySeries, curve: Curve, size: float) -> Iterator[Markup]:
    yield from axes.title(title, series)
    yield from axes.clocks(curve)
    yield from axes.progress(series.attainment, size)


def _per_cents(ceiling: float, step: int) -> Sequence[float]:
    return range(0, int(ceiling) + 1, 50 if ceiling > 125 else step)


def _ceiling(all_of_them: Sequence[MonthlySeries]) -> float:
    """The whole target, or more where somebody has done more."""
    highest = max((pct for c in all_of_them for _, pct, _ in c.attainment if pct is not None), default=0)
    return max(105.0, highest * 1.12)


def contribution_chart(panels: Sequence[tuple[str, Sequence[Share]]]) -> Markup:
    """Side by side, of each (title, shares in annex order) a bar a county and a stroke where its task lies."""
    fills = ((PALE, "占已报累计数的份额"), (STROKE, "占已报地区任务的份额"))
    return bar_chart(
        [(title, [_share(one) for one in shares]) for title, shares in panels], fills, len(panels)
    )


def _share(share: Share) -> Bar:
    if share.of_sum_pct is None:
        return Bar(share.name, None, "未报")
    return Bar(share.name, float(share.of_sum_pct), one_decimal(share.of_sum_pct), stroke=share.of_task_pct)


def outlook_chart(series: MonthlySeries, curve: Sequence[float], forecast: YearEndForecast) -> Markup:
    """The running total to now, from there the forecast along the curve, and the annual target across."""
    ends = _ends(series, forecast)
    ceiling = 1.12 * max(value for value, _ in ends)
    ticks = _ticks(ceiling)
    left = max(length(axis_number(tick)) for tick in ticks) + BESIDE
    names = max(length(name) for _, name in ends) + LEADER + BESIDE
    axes = Axes(left, TYPE / 2, WIDTH - left - names, OUTLOOK_HEIGHT, ceiling, months=12)
    values = [
        (s.month, None if s.ytd is None else _on_axis(s.ytd, series), s.is_partial) for s in series.months
    ]
    drawn = [*axes.drawn(ticks, range(1, 13)), *_fan(axes, series, curve, forecast)]
    if series.target is not None:
        target = _on_axis(series.target, series)
        drawn.append(line([axes.at(0, target), axes.at(12, target)], TARGET))
    drawn += [*axes.progress(values, 3.5), *_names(axes, ends)]
    expected = [(box_sample(PALE, 6), "推算区间"), (line_sample(EXPECTED), "按季节份额推算")]
    return drawing(axes.bottom + FOOT, drawn, [*line_key(values), *expected])


def _on_axis(value: float, series: MonthlySeries) -> float:
    """A value as the axis counts it: in the display unit, where there is one."""
    return float(value) / float(WAN) if isinstance(series.unit, DisplayUnit) else float(value)


def _ends(series: MonthlySeries, forecast: YearEndForecast) -> list[tuple[float, str]]:
    """What each line comes to in December, ascending, with its name and number."""
    ends = [
        (_on_axis(value, series), f"{name}{estimate(value, series.unit)}")
        for name, value in zip(("下限", "推算", "上限"), forecast.rounded, strict=True)
    ]
    if series.target is not None:
        ends.append((_on_axis(series.target, series), f"年度任务{amount(series.target, series.unit)}"))
    return sorted(ends, key=lambda end: end[0])


def _ticks(ceiling: float) -> list[float]:
    """Round numbers below the ceiling, at most seven steps."""
    power = 10.0 ** math.floor(math.log10(ceiling / 7))
    step = next(n * power for n in (1, 2, 2.5, 5, 10) if n * power * 7 >= ceiling)
    return [n * step for n in range(int(ceiling / step) + 1)]


def _fan(
    axes: Axes, series: MonthlySeries, curve: Sequence[float], forecast: YearEndForecast
) -> Iterator[Markup]:
    now = series.months[-1]
    start, usual = _on_axis(now.ytd or 0.0, series), curve[now.month - 1]
    months = range(now.month, 13)
    share = [(curve[month - 1] - usual) / (100 - usual) for month in months]
    low, middle, high = (
        [
            axes.at(month, start + part * (_on_axis(end, series) - start))
            for month, part in zip(months, share, strict=True)
        ]
        for end in forecast.rounded
    )
    yield area([*low, *reversed(high)], PALE, Stroke(GREY, 0.5))
    yield line(middle, EXPECTED)


def _names(axes: Axes, ends: Sequence[tuple[float, str]]) -> Iterator[Markup]:
    """What each line comes to, to the right of December, one below the other however close the lines end."""
    places = _label_places([axes.bottom - axes.at(12, value)[1] for value, _ in ends], axes.height)
    for (value, name), above in zip(ends, places, strict=True):
        x, y = axes.at(12, value)
        middle = axes.bottom - above
        yield line([(x, y), (x + LEADER, middle)], Stroke(GREY, 0.5))
        yield text(name, x + LEADER + BESIDE, middle)


def _label_places(heights: Sequence[float], ceiling: float) -> list[float]:
    """Where the labels of ascending heights stand: each at its height or as far above the one below as a line of type
    takes, and all of them below the ceiling."""
    step, places = TYPE + 1.5, list(heights)
    for at in range(1, len(places)):
        places[at] = max(places[at], places[at - 1] + step)
    for at in reversed(range(len(places))):
        places[at] = min(places[at], ceiling - step * (len(places) - 1 - at))
    return places
