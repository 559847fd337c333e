"""What every sheet of the form has (版面): paper, title, head lines, footer, protection, and how it looks: fonts, tints,
rules. An office's fonts are named; whoever lacks them sees its own."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from flows.submissions.form import entry_rules
from flows.submissions.form.form_spec import FormSpec, Typed
from flows.submissions.form.layout import FORM_NUMBERS, QUESTIONS_SHEET, SAMPLE_MARK, Field, label

TITLE_FACE, HEAD_FACE, BODY_FACE = "方正小标宋简体", "黑体", "宋体"
INK, RULE, HEAD_TINT, INPUT_TINT, LOCKED_TINT = "#1F2937", "#7A869A", "#E4ECF5", "#FFF9E0", "#F4F5F7"
GOOD, WAIT, BAD = "#1B6E3C", "#8A6100", "#B3261E"
GOOD_TINT, WAIT_TINT, BAD_TINT = "#E3F4E8", "#FFF1CC", "#FBE2E0"


class Look:
    """The cell formats of one workbook, each made once; `text`, `centred` and `given_words` are of locked cells."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.title = self.of(font_name=TITLE_FACE, font_size=18, align="center")
        self.sample = self.of(font_name=HEAD_FACE, bold=True, font_color=BAD, align="center")  # 示例数据
        self.section = self.of(font_name=HEAD_FACE, font_size=12, bottom=1, bottom_color=RULE)
        self.head = self._boxed(font_name=HEAD_FACE, align="center", bg_color=HEAD_TINT)
        self.numbering = self._boxed(font_size=9, align="center", font_color=RULE)  # 栏次
        self.text, self.centred = self._boxed(align="left", indent=1), self._boxed(align="center")
        self.given_words = self._boxed(align="center", bg_color=LOCKED_TINT)
        self.check = self._boxed(align="center", font_size=10)
        self.footer_label = self.of(align="right")

    def of(self, **properties: Any) -> Format:
        """A format with these properties on the form's usual ones."""
        usual = {"font_name": BODY_FACE, "font_size": 11, "font_color": INK, "valign": "vcenter"}
        key = tuple(sorted((usual | properties).items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(dict(key))
        return self._made[key]

    def _boxed(self, **properties: Any) -> Format:
        return self.of(**{"border": 1, "border_color": RULE, "text_wrap": True} | properties)

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


LAST = 9  # ten columns, A to J
HEAD_ROWS = 3
WIDTHS = {"figures": (6, 31, 9, 11, 11, 11, 11, 11, 25, 18), "tasks": (6, 24, 12, 12, 12, 12, 12, 12, 18, 18)}


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet being written: where, for whom, until when, in which formats."""

    sheet: Worksheet
    look: Look
    spec: FormSpec
    due_on: date
    is_sample: bool

    def merged(self, row: int, first: int, last: int, text: Typed, form: object) -> None:
        """A text over several columns of one row; a single cell stays a cell."""
        if first == last:
            self.sheet.write(row, first, text, form)
        else:
            self.sheet.merge_range(row, first, row, last, text, form)


def chinese_date(day: date) -> str:
    """2025年7月7日, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def set_paper(page: Page, widths: tuple[int, ...], repeat_to: int | None) -> None:
    """A4 landscape, one page wide, page numbers below, heads repeated, locked without a password."""
    sheet = page.sheet
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.set_margins(left=0.55, right=0.55, top=0.7, bottom=0.65)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    if repeat_to is not None:
        sheet.repeat_rows(0, repeat_to)
    mark = f"&L&9{SAMPLE_MARK}，非真实数据" if page.is_sample else ""
    sheet.set_header(f"{mark}&R&9{page.spec.reporter.name}　{page.spec.month_label}")
    sheet.set_footer("&C&9第 &P 页，共 &N 页")
    sheet.protect("", {"format_columns": True, "format_rows": True, "objects": True, "scenarios": True})


def write_head(page: Page) -> int:
    """Title and head lines. Gives the next free row, HEAD_ROWS."""
    look, spec = page.look, page.spec
    page.merged(0, 0, LAST, spec.title, look.title)
    page.sheet.set_row(0, 36)
    page.sheet.set_row(1, 21)
    page.sheet.set_row(2, 21)
    left, right = look.of(bold=True), look.of(align="right")
    page.merged(1, 0, 2, f"{label(Field.REPORTER)}：{spec.reporter.name}", left)
    page.merged(1, 3, 4, f"{label(Field.MONTH)}：{spec.month_label}", left)
    page.merged(1, 5, 7, f"{label(Field.DUE)}：{chinese_date(page.due_on)}前", look.of(align="center"))
    page.merged(1, 8, 9, f"{label(Field.FORM_NUMBER)}：{FORM_NUMBERS[spec.reporter.kind]}", right)
    waits = f"；另有 {len(spec.questions)} 项见“{QUESTIONS_SHEET}”表" if spec.questions else ""
    page.merged(2, 0, 4, f"浅黄色格由填报单位填写，灰色格已填好，请勿改动{waits}", look.of(font_size=10))
    page.merged(2, 5, 7, f"{SAMPLE_MARK}，非真实数据" if page.is_sample else "", look.sample)
    page.merged(2, 8, 9, "", right)
    return HEAD_ROWS


def write_summary(page: Page, formula: str, shown: str) -> None:
    """The live summary at the right end of the head's last line."""
    page.sheet.write_formula(2, LAST - 1, formula, page.look.of(align="right", bold=True), shown)


def write_footer(page: Page, row: int, filled_on: date | None) -> None:
    """填报人 to 盖章 in one line: names are signed on paper, only the day is typed."""
    look, sheet = page.look, page.sheet
    sheet.set_row(row, 10)
    sheet.set_row(row + 1, 26)
    for field, at in ((Field.FILLED_BY, 0), (Field.CHECKED_BY, 3), (Field.FILLED_ON, 5), (Field.SEAL, 8)):
        signed = "" if field is Field.FILLED_ON else "（签字）" if field is not Field.SEAL else ""
        page.merged(
            row + 1, at, at + (field is Field.FILLED_BY), f"{label(field)}{signed}：", look.footer_label
        )
    for column in (2, 4, 9):
        sheet.write_blank(row + 1, column, None, look.of(bottom=1))
    form = look.blank_line(num_format='yyyy"年"m"月"d"日"', align="center")
    sheet.merge_range(row + 1, 6, row + 1, 7, "", form)
    if filled_on:
        sheet.write_datetime(row + 1, 6, filled_on, form)
    sheet.data_validation(row + 1, 6, row + 1, 6, entry_rules.day())
