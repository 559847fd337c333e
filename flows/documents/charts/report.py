"""The charts of a report (图): running totals against the pace, each county's contribution, the year's expected end."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from flows.documents.charts.bars import BLACK, GREY, PALE, STROKE, Bar, bar_chart
from flows.documents.charts.drawing import (
    ACTUAL,
    LINEAR,
    SEASONAL,
    Lettering,
    bare,
    drawn,
    heading,
    months_across,
)
from flows.documents.filters import amount, estimate, one_decimal, percent
from flows.documents.kinds.review import Share
from flows.documents.kinds.trend import MonthlySeries, YearEndForecast
from flows.documents.pdf.fonts import Fonts
from flows.plan.units import WAN, DisplayUnit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


Curve = Sequence[float] | None
NAN = float("nan")
COLUMNS = 3
LABEL_APART = 0.085  # of an axis's height: a line of type


def city_chart(panels: Sequence[tuple[str, MonthlySeries, Curve]], fonts: Fonts) -> Markup:
    """Side by side, of each (title, series, seasonal curve or None) the attainment by month, in per cent."""
    return drawn(lambda figure, lettering: _courses(panels, fonts, figure, lettering), 54, fonts)


def _courses(
    panels: Sequence[tuple[str, MonthlySeries, Curve]], fonts: Fonts, figure: "Figure", lettering: Lettering
) -> None:
    row = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    ceiling = _ceiling([series for _, series, _ in panels])
    for axes, (title, series, curve) in zip(row, panels, strict=True):
        _clocks(axes, curve)
        _series(axes, series, 4.0)
        _title(axes, title, series, fonts, lettering)
        months_across(axes)
        _percent(axes, ceiling)
    figure.legend(**_key(row), loc="outside lower center", ncols=4, frameon=False, handlelength=2.6)


def county_chart(counties: Sequence[MonthlySeries], curve: Curve, fonts: Fonts) -> Markup:
    """One small panel a county, all to one scale; a month that was not reported is a gap in the line."""

    def draw(figure: "Figure", lettering: Lettering) -> None:
        rows = -(-len(counties) // COLUMNS)
        grid = figure.subplots(rows, COLUMNS, sharex=True, sharey=True, squeeze=False).flatten()
        ceiling = _ceiling(counties)
        for axes, series in zip(grid, counties, strict=False):
            _clocks(axes, curve)
            _series(axes, series, 0.0)
            _title(axes, series.name, series, fonts, lettering)
            months_across(axes, (1, 6, 12))
            _percent(axes, ceiling, 50)
        for axes in grid[len(counties) :]:
            axes.set_visible(False)
        figure.legend(**_key(grid), loc="outside lower center", ncols=4, frameon=False, handlelength=2.6)

    return drawn(draw, 10 + 28 * -(-len(counties) // COLUMNS), fonts)


def _clocks(axes: "Axes", curve: Curve) -> None:
    bare(axes)
    axes.plot([0, 12], [0, 100], label="时序进度", **LINEAR)
    if curve is not None:
        axes.plot(range(13), [0, *curve], label="季节进度", **SEASONAL)


def _title(axes: "Axes", title: str, series: MonthlySeries, fonts: Fonts, lettering: Lettering) -> None:
    """What the panel shows, and at its other end where the last month stands: no number lies on a line."""
    axes.set_title(title, fontfamily=heading(fonts), pad=4, loc="left")
    _, pct, _ = series.attainment[-1]
    if pct is not None:
        lettering.annotate(axes, percent(pct), (1, 1), xycoords="axes fraction", xytext=(0, 4),
                           textcoords="offset points", ha="right", va="bottom")  # fmt: skip


def _series(axes: "Axes", series: MonthlySeries, size: float) -> None:
    """The line with its months: full where everyone is in it, hollow where a county is lacking; without a size the
    last month alone is a point."""
    months = [month for month, _, _ in series.attainment]
    known = [NAN if pct is None else pct for _, pct, _ in series.attainment]
    axes.plot([0, *months], [0, *known], label="实际累计", **ACTUAL)
    for name, wanted, fill in ((None, False, BLACK), ("报送不全的月份", True, "white")):
        of_kind = [(m, p) for m, p, partial in series.attainment if p is not None and partial is wanted]
        if not size:
            of_kind = [(m, p) for m, p in of_kind if m == months[-1]]
        if of_kind:
            axes.plot(*zip(*of_kind, strict=True), linestyle="", marker="o", markersize=size or 3.0, color=BLACK,
                      markerfacecolor=fill, markeredgewidth=0.9, label=name)  # fmt: skip
    for first, last in _unreported(series):
        axes.annotate("未报", ((first + last) / 2, 3), ha="center", fontsize=7.5)


def _unreported(series: MonthlySeries) -> list[tuple[int, int]]:
    """The stretches of months that were not reported, each from its first to its last."""
    found: list[tuple[int, int]] = []
    for month, pct, _ in series.attainment:
        if pct is None and found and found[-1][1] == month - 1:
            found[-1] = (found[-1][0], month)
        elif pct is None:
            found.append((month, month))
    return found


def _percent(axes: "Axes", ceiling: float, step: int = 25) -> None:
    axes.set_ylim(0, ceiling)
    axes.set_yticks(range(0, int(ceiling) + 1, 50 if ceiling > 125 else step))


def _ceiling(all_of_them: Sequence[MonthlySeries]) -> float:
    """The whole target, or more where somebody has done more."""
    highest = max((pct for c in all_of_them for _, pct, _ in c.attainment if pct is not None), default=0)
    return max(105.0, highest * 1.12)


def _key(panels: Iterable[Any]) -> dict[str, Any]:
    """Every kind of line once, from whichever panel has it."""
    found: dict[str, Any] = {}
    for axes in panels:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    order = [name for name in ("实际累计", "报送不全的月份", "时序进度", "季节进度") if name in found]
    return {"handles": [found[name] for name in order], "labels": order}


def contribution_chart(panels: Sequence[tuple[str, Sequence[Share]]]) -> Markup:
    """Side by side, of each (title, shares in annex order) a bar a county and a stroke where its task lies."""
    key = ((PALE, "占已报累计数的份额"), (STROKE, "占已报地区任务的份额"))
    return bar_chart([(title, [_share(one) for one in shares]) for title, shares in panels], key, len(panels))


def _share(share: Share) -> Bar:
    if share.of_sum_pct is None:
        return Bar(share.name, None, "未报")
    return Bar(share.name, float(share.of_sum_pct), one_decimal(share.of_sum_pct), stroke=share.of_task_pct)


def outlook_chart(
    series: MonthlySeries, curve: Sequence[float], forecast: YearEndForecast, fonts: Fonts
) -> Markup:
    """The running total to now, from there the forecast along the curve, and the annual target across."""

    def draw(figure: "Figure", lettering: Lettering) -> None:
        axes = figure.subplots()
        bare(axes)
        months_across(axes, tuple(range(1, 13)))
        _done(axes, series)
        _fan(axes, series, curve, forecast)
        ends: list[tuple[str, float]] = list(
            zip(("上限", "推算", "下限"), reversed(forecast.rounded), strict=True)
        )
        if series.target is not None:
            axes.plot(
                [0, 12],
                [_on_axis(series.target, series)] * 2,
                color=GREY,
                linewidth=0.9,
                linestyle=(0, (1, 1.6)),
            )
            ends.append(("年度任务", series.target))
        ceiling = 1.12 * max(_on_axis(end, series) for _, end in ends)
        axes.set_ylim(0, ceiling)
        axes.set_xlim(0, 16.8)
        axes.ticklabel_format(axis="y", style="plain", useOffset=False)
        axes.grid(visible=False)  # the names of the ends stand to the right of December, on no line
        axes.hlines(axes.get_yticks(), 0, 12, color=PALE, linewidth=0.4, zorder=0)
        axes.set_ylim(0, ceiling)
        _name_ends(axes, ends, series, ceiling, lettering)
        axes.legend(loc="lower right", bbox_to_anchor=(0.99, 0.02), frameon=False)

    return drawn(draw, 58, fonts)


def _on_axis(value: float, series: MonthlySeries) -> float:
    """A value as the axis counts it: in the display unit, where there is one."""
    return float(value) / float(WAN) if isinstance(series.unit, DisplayUnit) else float(value)


def _done(axes: "Axes", series: MonthlySeries) -> None:
    known = [NAN if s.ytd is None else _on_axis(s.ytd, series) for s in series.months]
    months = [s.month for s in series.months]
    axes.plot([0, *months], [0, *known], label="实际累计", **ACTUAL)
    for partial, fill in ((False, BLACK), (True, "white")):
        some = [
            (s.month, _on_axis(s.ytd, series))
            for s in series.months
            if s.ytd is not None and s.is_partial is partial
        ]
        if some:
            axes.plot(*zip(*some, strict=True), linestyle="", marker="o", markersize=3.5, color=BLACK,
                      markerfacecolor=fill, label="报送不全的月份" if partial else None)  # fmt: skip


def _fan(axes: "Axes", series: MonthlySeries, curve: Sequence[float], forecast: YearEndForecast) -> None:
    now = series.months[-1]
    start, usual = _on_axis(now.ytd or 0.0, series), curve[now.month - 1]
    months = list(range(now.month, 13))
    share = [(curve[month - 1] - usual) / (100 - usual) for month in months]
    low, middle, high = (
        [start + part * (_on_axis(end, series) - start) for part in share] for end in forecast.rounded
    )
    axes.fill_between(months, low, high, facecolor=PALE, edgecolor=GREY, linewidth=0.5, label="推算区间")
    axes.plot(months, middle, color=BLACK, linewidth=1.2, linestyle=(0, (4, 2)), label="按季节份额推算")


def _name_ends(
    axes: "Axes",
    ends: Sequence[tuple[str, float]],
    series: MonthlySeries,
    ceiling: float,
    lettering: Lettering,
) -> None:
    """What each line comes to, to the right of December, one below the other however close the lines end."""
    ordered = sorted(ends, key=lambda end: end[1])
    for (name, value), at in zip(
        ordered, _label_places([_on_axis(v, series) for _, v in ordered], ceiling), strict=True
    ):
        written = amount(value, series.unit) if name == "年度任务" else estimate(value, series.unit)
        axes.plot([12, 12.25], [_on_axis(value, series), at], color=GREY, linewidth=0.5)
        lettering.annotate(
            axes, f"{name}{written}", (12.25, at), xytext=(2, 0), textcoords="offset points", va="center"
        )


def _label_places(values: Sequence[float], ceiling: float) -> list[float]:
    """Where the labels of ascending values stand: each at its value or as far above the one below as a line of type
    takes, and all of them below the ceiling."""
    step, places = LABEL_APART * ceiling, list(values)
    for at in range(1, len(places)):
        places[at] = max(places[at], places[at - 1] + step)
    for at in reversed(range(len(places))):
        places[at] = min(places[at], ceiling - step * (len(places) - 1 - at))
    return places
