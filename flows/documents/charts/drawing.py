"""From a figure of matplotlib to SVG that stands in a document (制图): words as text, equal bytes every time."""

import hashlib
import logging
import re
import threading
from collections.abc import Callable
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from flows.documents.charts.bars import BLACK, GREY, PALE
from flows.documents.pdf.fonts import Fonts, Role
from flows.documents.provenance import Source, annotate, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MM = 1 / 25.4  # matplotlib counts in inches
WIDTH_MM = 156  # the text area's (GB/T 9704-2012, 5.2.1)
TYPE_PT = 9.0
LINEAR: dict[str, Any] = {"color": GREY, "linewidth": 0.9, "linestyle": (0, (5, 2.5))}
SEASONAL: dict[str, Any] = {"color": GREY, "linewidth": 1.3, "linestyle": (0, (1, 1.6))}
ACTUAL: dict[str, Any] = {"color": BLACK, "linewidth": 1.5}

_TEXT = re.compile(r"(<text[^>]*>)([^<]*)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_STYLE = re.compile(r' style="([^"]*)"')
_ID = re.compile(r' id="([^"]*)"')
_POINTER = re.compile(r'(?:(?<=xlink:href=")|(?<=url\())#([^")]+)')
_DROPPED = re.compile(r"<metadata>.*?</metadata>|<style.*?</style>", re.DOTALL)
# matplotlib keeps its settings for the whole process.
_SETTINGS = threading.Lock()


class Lettering(list[str]):
    """The texts of a drawing that print facts, annotated with them (flows.documents.provenance)."""

    def annotate(self, axes: "Axes", text: str, at: tuple[float, float], **options: Any) -> None:
        """Letter a point of the axes."""
        axes.annotate(plain(text), at, **options)
        self.append(text)

    def add_axes(self, axes: "Axes") -> None:
        """The numbers along both axes: each is where it stands."""
        for axis in (axes.xaxis, axes.yaxis):
            for tick in axis.get_major_ticks():
                text = tick.label1.get_text()
                if number := _NUMBER.match(text):
                    at = float(tick.get_loc())
                    self.append(
                        annotate(number[0], "axis", Source(column="axis"), value=at) + text[number.end() :]
                    )

    def put_into(self, svg: str) -> str:
        """The SVG with its texts annotated; equal ones in the order in which they were drawn."""
        waiting: dict[str, list[str]] = {}
        for text in self:
            waiting.setdefault(plain(text), []).append(text)

        def annotated(found: re.Match[str]) -> str:
            texts = waiting.get(unescape(found[2]))
            return found[1] + (texts.pop(0) if texts else found[2])

        return _TEXT.sub(annotated, svg)


Draw = Callable[["Figure", Lettering], None]


def drawn(draw: Draw, height_mm: float, fonts: Fonts) -> Markup:
    """The SVG of what `draw` puts on a figure as wide as the text; the same bytes for the same drawing."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it tells a user that it looks for fonts
    import matplotlib
    from matplotlib.figure import Figure

    family = {role: _family(fonts.by_role[role].file) for role in (Role.BODY, Role.HEADING)}
    written, lettering = BytesIO(), Lettering()
    with _SETTINGS, matplotlib.rc_context(_settings(family[Role.BODY])):
        figure = Figure(figsize=(WIDTH_MM * MM, height_mm * MM), layout="constrained")
        draw(figure, lettering)
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
        for axes in figure.axes:
            lettering.add_axes(axes)
    return Markup(lettering.put_into(_for_a_page(written.getvalue().decode(), family)))


def bare(axes: "Axes") -> None:
    """Nothing that is not data: no box, hair lines to read a value by."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_linewidth(0.6)
    axes.tick_params(length=2, width=0.6, pad=2)
    axes.grid(axis="y", color=PALE, linewidth=0.4)
    axes.set_axisbelow(True)


def months_across(axes: "Axes", labelled: tuple[int, ...] = (1, 3, 6, 9, 12)) -> None:
    """January to December, whatever of it is known."""
    axes.set_xlim(0, 12.6)
    axes.set_xticks(labelled, [f"{month}月" for month in labelled])


def heading(fonts: Fonts) -> str:
    """The family of titles inside a chart."""
    return _family(fonts.by_role[Role.HEADING].file)


@cache
def _family(file: Path) -> str:
    from matplotlib.font_manager import FontProperties, fontManager

    fontManager.addfont(file)
    return FontProperties(fname=file).get_name()


def _settings(body: str) -> dict[Any, Any]:
    return {
        "svg.fonttype": "none",
        "svg.hashsalt": "diaodu",
        "font.family": [body],
        "font.size": TYPE_PT,
        "axes.titlesize": TYPE_PT + 1,
        "axes.unicode_minus": False,
        "lines.solid_capstyle": "round",
    }


def _for_a_page(svg: str, family: dict[Role, str]) -> str:
    """The bare <svg>: styles as attributes, since the page's style sheet knows nothing of strokes, and the
    fonts under the names that the page knows them by."""
    bare_svg = _DROPPED.sub("", svg[svg.index("<svg") :])
    attributed = _STYLE.sub(lambda style: _attributes(style[1]), bare_svg)
    for role, name in family.items():
        attributed = attributed.replace(f"'{name}'", role.value)
    attributed = _with_own_ids(attributed)
    return attributed.replace("<svg ", '<svg stroke-linejoin="round" ', 1)


def _with_own_ids(svg: str) -> str:
    """Ids that are pointed at bear the drawing's own hash, since a page holds several; the others go."""
    pointed_at, own = set(_POINTER.findall(svg)), hashlib.sha256(svg.encode()).hexdigest()[:8]
    named = _ID.sub(lambda found: f' id="{own}-{found[1]}"' if found[1] in pointed_at else "", svg)
    return _POINTER.sub(lambda found: f"#{own}-{found[1]}", named)


def _attributes(style: str) -> str:
    pairs = (declaration.partition(":") for declaration in style.split(";") if declaration.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in pairs)
