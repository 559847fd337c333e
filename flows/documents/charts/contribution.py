"""What each county adds to the city's sum, beside its share of the task (贡献图)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from flows.documents.charts.drawing import BLACK, GREY, PALE, Lettering, bare, drawn, heading
from flows.documents.filters import one_decimal
from flows.documents.kinds.contribution import Share
from flows.documents.pdf.fonts import Fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def contribution_chart(panels: Sequence[tuple[str, Sequence[Share]]], fonts: Fonts) -> Markup:
    """Side by side, of each (title, shares in annex order) a bar a county and a stroke where its task lies."""

    def draw(figure: "Figure", lettering: Lettering) -> None:
        row = figure.subplots(1, len(panels), squeeze=False)[0]
        for axes, (title, shares) in zip(row, panels, strict=True):
            _panel(axes, shares, lettering)
            axes.set_title(title, fontfamily=heading(fonts), pad=4)
        figure.legend(*row[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)

    return drawn(draw, 15 + 4.3 * max(len(shares) for _, shares in panels), fonts)


def _panel(axes: "Axes", shares: Sequence[Share], lettering: Lettering) -> None:
    bare(axes)
    axes.grid(visible=False)
    places = range(len(shares))
    known = [(at, s.of_sum_pct) for at, s in enumerate(shares) if s.of_sum_pct is not None]
    axes.barh([at for at, _ in known], [pct for _, pct in known], height=0.62, color=PALE,
              edgecolor=BLACK, linewidth=0.6, label="占已报累计数的份额")  # fmt: skip
    axes.plot([s.of_task_pct for s in shares], places, linestyle="", marker="|", markersize=11,
              markeredgewidth=1.6, color=BLACK, label="占全市任务的份额")  # fmt: skip
    for at, share in enumerate(shares):
        right = max(share.of_sum_pct or 0.0, share.of_task_pct)
        told = "未报" if share.of_sum_pct is None else one_decimal(share.of_sum_pct)
        lettering.annotate(
            axes, told, (right, at), xytext=(5, 0), textcoords="offset points", va="center",
            color=GREY if share.of_sum_pct is None else BLACK,
        )  # fmt: skip
    axes.set_yticks(places, [share.name for share in shares])
    axes.set_ylim(len(shares) - 0.4, -0.6)
    axes.set_xlim(0, 1.22 * max(max(s.of_sum_pct or 0.0, s.of_task_pct) for s in shares))
    axes.tick_params(axis="y", length=0)
