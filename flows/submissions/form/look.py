"""How the form looks (版式): fonts, tints, rules. An office's fonts are named; whoever lacks them sees its own."""

from functools import cached_property
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

TITLE_FACE, HEAD_FACE, BODY_FACE = "方正小标宋简体", "黑体", "宋体"
INK, RULE, HEAD_TINT, INPUT_TINT, LOCKED_TINT = "#1F2937", "#7A869A", "#E4ECF5", "#FFF9E0", "#F4F5F7"
GOOD, WAIT, BAD = "#1B6E3C", "#8A6100", "#B3261E"
GOOD_TINT, WAIT_TINT, BAD_TINT = "#E3F4E8", "#FFF1CC", "#FBE2E0"


class Look:
    """The cell formats of one workbook, each made once, at first use."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, **properties: Any) -> Format:
        """A format with these properties on the form's usual ones."""
        usual = {"font_name": BODY_FACE, "font_size": 11, "font_color": INK, "valign": "vcenter"}
        key = tuple(sorted((usual | properties).items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(dict(key))
        return self._made[key]

    def _boxed(self, **properties: Any) -> Format:
        return self.of(**{"border": 1, "border_color": RULE, "text_wrap": True} | properties)

    @cached_property
    def title(self) -> Format:
        """The form's title."""
        return self.of(font_name=TITLE_FACE, font_size=18, align="center")

    @cached_property
    def sample(self) -> Format:
        """示例数据, where nobody can miss it."""
        return self.of(font_name=HEAD_FACE, bold=True, font_color=BAD, align="center")

    @cached_property
    def section(self) -> Format:
        """A section's title: 一、累计类指标."""
        return self.of(font_name=HEAD_FACE, font_size=12, bottom=1, bottom_color=RULE)

    @cached_property
    def head(self) -> Format:
        """A column's label."""
        return self._boxed(font_name=HEAD_FACE, align="center", bg_color=HEAD_TINT)

    @cached_property
    def numbering(self) -> Format:
        """The row of column numbers under a head (栏次)."""
        return self._boxed(font_size=9, align="center", font_color=RULE)

    @cached_property
    def text(self) -> Format:
        """A locked cell with words, to the left."""
        return self._boxed(align="left", indent=1)

    @cached_property
    def centred(self) -> Format:
        """A locked cell with words, centred."""
        return self._boxed(align="center")

    @cached_property
    def given_words(self) -> Format:
        """A given cell that has no number to show."""
        return self._boxed(align="center", bg_color=LOCKED_TINT)

    @cached_property
    def check(self) -> Format:
        """The live check's cell."""
        return self._boxed(align="center", font_size=10)

    @cached_property
    def footer_label(self) -> Format:
        """填报人：and the like."""
        return self.of(align="right")

    def number(self, decimals: int, typed_in: bool, of_month: str = "") -> Format:
        """A number's cell: tinted and open where it is typed in, grey and locked where it is given. `of_month` is
        shown behind the number, in a smaller size so that both find room."""
        shown = "0.00" if decimals else "0"
        return self._boxed(
            align="right",
            font_size=9 if of_month else 11,
            num_format=f'{shown}"({of_month})"' if of_month else f"{shown}_ ",  # an indent is lost by some
            bg_color=INPUT_TINT if typed_in else LOCKED_TINT,
            locked=not typed_in,
        )

    def typed(self, **properties: Any) -> Format:
        """An open cell for words, a choice or a date."""
        return self._boxed(bg_color=INPUT_TINT, locked=False, **properties)

    def blank_line(self, **properties: Any) -> Format:
        """An open cell with a line under it, as in a footer."""
        return self.of(bottom=1, bottom_color=RULE, bg_color=INPUT_TINT, locked=False, **properties)

    def tint(self, ink: str, tint: str) -> Format:
        """The colours that a check takes on by what it says."""
        return self._workbook.add_format({"font_color": ink, "bg_color": tint})
