"""The form's sheet of figures (月报): its blocks, and one line of the form at one row: given cells, cells to fill in,
choice, reason, check."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell as cell_at
from xlsxwriter.worksheet import Worksheet

from flows.plan.terms import Measure, Rule
from flows.submissions.form import entry_rules, layout, live_check
from flows.submissions.form import page as form_page
from flows.submissions.form.form_spec import BLANK, Entries, Entry, FormSpec, Line, Typed

SUMS = (Rule.TOTAL, Rule.EACH_COUNTY)
_DAY = "yyyy-m-d"


def is_numbered(line: Line) -> bool:
    """Whether it has a number of its own: the parts of a share stand under their heading row."""
    return line.measures not in ((Measure.NUMERATOR,), (Measure.DENOMINATOR,))


class FigureRow:
    """One line of the form at one row of the sheet."""

    def __init__(
        self, page: form_page.Page, row: int, columns: tuple[layout.Field, ...], line: Line, entry: Entry
    ) -> None:
        self.page, self.row, self.line, self.entry = page, row, line, entry
        self.at = {field: column for column, field in enumerate(columns)}
        self.cell = {field: cell_at(row, column) for field, column in self.at.items()}

    def write(self, number: int) -> str:
        """Given cells, cells to fill in, choice, reason, check. Gives what the check shows."""
        sheet, look, line = self.page.sheet, self.page.look, self.line
        sheet.set_row(self.row, 27)
        sheet.write(self.row, 0, number if is_numbered(line) else "", look.centred)
        sheet.write(self.row, 1, line.label, look.text)
        sheet.write_comment(
            self.row, 1, line.note, {"font_size": 9, "x_scale": 2.6, "y_scale": 2.2, "author": ""}
        )
        sheet.write(self.row, 2, line.unit, look.centred)
        self._target()
        self._previous(
            layout.Field.PREVIOUS if layout.Field.PREVIOUS in self.at else layout.Field.PREVIOUS_LEVEL
        )
        if line.measures:
            self._measures()
            self._choice_and_reason()
        else:
            self._share()
        formula, shown = live_check.row_check(self.cell, line, self.page.spec.checks, self.entry)
        sheet.write_formula(self.row, self.at[layout.Field.CHECK], formula, look.check, shown)
        return shown

    def _target(self) -> None:
        target, column, look = self.line.target, self.at[layout.Field.TARGET], self.page.look
        if target is None:
            self.page.sheet.write(self.row, column, "—", look.given_words)
        else:
            decimals = 0 if target == target.to_integral_value() else self.line.decimals
            self.page.sheet.write(self.row, column, target, look.number(decimals, typed_in=False))

    def _previous(self, field: layout.Field) -> None:
        """The last number reported; of an earlier month than the last, with its month behind it."""
        sheet, look, column, line = self.page.sheet, self.page.look, self.at[field], self.line
        if line.previous is None:
            sheet.write(self.row, column, "未报" if field is layout.Field.PREVIOUS else "—", look.given_words)
        elif line.rule is Rule.MILESTONE:
            sheet.write(self.row, column, layout.DONE if line.previous else layout.NOT_DONE, look.given_words)
        else:
            of_month = "" if line.months_back == 1 else f"{self._previous_month}月"
            sheet.write(self.row, column, line.previous, look.number(line.decimals, False, of_month))

    @property
    def _previous_month(self) -> int:
        return int(self.page.spec.month[-2:]) - self.line.months_back

    def _measures(self) -> None:
        line, values = self.line, self.entry.values
        for measure in line.measures:
            field = layout.COLUMN_OF[measure]
            if measure is Measure.RUNNING_TOTAL and self._is_computed():
                self._running_total()
            else:
                self._typed(field, values.get(measure, ""), measure)
            self.page.sheet.data_validation(
                self.row, self.at[field], self.row, self.at[field], self._rule(measure, field)
            )
        if layout.Field.KIND in self.at:
            kind = line.measures[0].label
            self.page.sheet.write(self.row, self.at[layout.Field.KIND], kind, self.page.look.centred)
        if layout.Field.DONE_ON in self.at:
            self._date(self.entry.done_on)

    def _is_computed(self) -> bool:
        """Whether 累计 is left to the formula: the last month is known, and nothing else was typed."""
        if self.line.previous is None or self.line.months_back != 1:
            return False
        if self.entry.is_blank:
            return True
        total = self.entry.values.get(Measure.RUNNING_TOTAL)
        month = self.entry.values.get(
            Measure.IN_MONTH, Decimal(0) if self.entry.choice == layout.ZERO else ""
        )
        return isinstance(month, Decimal | int) and total == self.line.previous + month

    def _running_total(self) -> None:
        """上月累计＋本月, shown once 本月 or 零 is there; it can be typed over."""
        previous, month, choice = (
            self.cell[f] for f in (layout.Field.PREVIOUS, layout.Field.IN_MONTH, layout.Field.CHOICE)
        )
        added = f"{previous}+{month}"
        added = f"ROUND({added},{self.line.decimals})" if self.line.decimals else added
        blank = f'OR(AND({month}="",{choice}<>"{layout.ZERO}"),{choice}="{layout.NOT_APPLICABLE}")'
        form = self.page.look.number(self.line.decimals, typed_in=True)
        shown = self.entry.values.get(Measure.RUNNING_TOTAL, " ")  # an empty text is stored as no result
        self.page.sheet.write_formula(
            self.row, self.at[layout.Field.RUNNING_TOTAL], f'=IF({blank},"",{added})', form,
            float(shown) if isinstance(shown, Decimal) else shown,
        )  # fmt: skip

    def _rule(self, measure: Measure, field: layout.Field) -> dict[str, object]:
        line = self.line
        if measure is Measure.DONE:
            return entry_rules.done()
        if line.unit == "%":
            return entry_rules.rate(line.label)
        title = line.label + ("" if measure is Measure.LEVEL else f"（{measure.label}）")
        hint = {
            Measure.IN_MONTH: "核减填负数，并说明原因。",
            Measure.RUNNING_TOTAL: self._hint_of_total(),
        }.get(measure, "")
        may_fall = measure is Measure.IN_MONTH
        return entry_rules.number(self.cell[field], title, line.unit, line.decimals, hint, may_fall)

    def _hint_of_total(self) -> str:
        if self.line.previous is None:
            return "填本年1月1日至本月末的合计。"
        if self.line.months_back == 1:
            return "按上月累计＋本月算出；有核减、补报的可以直接改，并写明原因。"
        return f"最近报的是{self._previous_month}月累计，其后没有报：请填本年1月1日至本月末的合计。"

    def _typed(self, field: layout.Field, value: Typed, measure: Measure) -> None:
        look, column = self.page.look, self.at[field]
        centred = look.typed(align="center")
        form = centred if measure is Measure.DONE else look.number(self.line.decimals, typed_in=True)
        if value == "":
            self.page.sheet.write_blank(self.row, column, None, form)
        elif isinstance(value, str):
            self.page.sheet.write_string(self.row, column, value, form)
        elif isinstance(value, date):
            self.page.sheet.write_datetime(self.row, column, value, look.typed(num_format=_DAY))
        else:
            self.page.sheet.write(self.row, column, value, form)

    def _date(self, done_on: date | None) -> None:
        form = self.page.look.typed(align="center", num_format=_DAY)
        column = self.at[layout.Field.DONE_ON]
        if done_on:
            self.page.sheet.write_datetime(self.row, column, done_on, form)
        else:
            self.page.sheet.write_blank(self.row, column, None, form)
        self.page.sheet.data_validation(self.row, column, self.row, column, entry_rules.day())

    def _choice_and_reason(self) -> None:
        sheet, look = self.page.sheet, self.page.look
        choice, reason = self.at[layout.Field.CHOICE], self.at[layout.Field.REASON]
        put(sheet, self.row, choice, self.entry.choice, look.typed(align="center"))
        sheet.data_validation(self.row, choice, self.row, choice, entry_rules.choice())
        put(sheet, self.row, reason, self.entry.reason, look.typed(font_size=10))

    def _share(self) -> None:
        """The heading row of a share works the percentage out from the two rows below it; 0 of 0 is 不适用."""
        sheet, look, level = self.page.sheet, self.page.look, self.at[layout.Field.LEVEL]
        above, below = (cell_at(self.row + n, level) for n in (1, 2))
        rate = (
            f"=IF(AND(ISNUMBER({above}),ISNUMBER({below})),IF({below}>0,ROUND({above}/{below}*100,2),"
            f'IF({above}=0,"{layout.NOT_APPLICABLE}","")),"")'
        )
        shown = live_check.share(self.entry)
        sheet.write_formula(self.row, level, rate, look.number(2, typed_in=False), shown)
        for field, text in (
            (layout.Field.KIND, "自动计算"),
            (layout.Field.CHOICE, ""),
            (layout.Field.REASON, ""),
        ):
            sheet.write(self.row, self.at[field], text, look.centred)


def put(sheet: Worksheet, row: int, column: int, text: str, form: Format) -> None:
    """A text as text, whatever it begins with: never a formula."""
    if text:
        sheet.write_string(row, column, text, form)
    else:
        sheet.write_blank(row, column, None, form)


_NUMBERED = (
    layout.Field.TARGET, layout.Field.PREVIOUS, layout.Field.PREVIOUS_LEVEL, layout.Field.IN_MONTH, layout.Field.RUNNING_TOTAL,
    layout.Field.LEVEL, layout.Field.DONE_ON, layout.Field.DONE,
)  # fmt: skip


_Block = tuple[str, tuple[layout.Field, ...], list[Line]]


def _blocks(spec: FormSpec) -> list[_Block]:
    """The blocks that have rows: a title, the columns, the lines."""
    rules = (SUMS, (Rule.LATEST, Rule.SHARE, Rule.MEAN), (Rule.MILESTONE,))
    columns = (layout.TOTALS, layout.LEVELS, layout.MILESTONES)
    of_rule = ([line for line in spec.lines if line.rule in one] for one in rules)
    return [block for block in zip(layout.BLOCK_TITLES, columns, of_rule, strict=True) if block[2]]


def line_rows(spec: FormSpec) -> Iterator[tuple[Line, int, tuple[layout.Field, ...]]]:
    """Each line with its row, counted from 0, and its block's columns."""
    row = form_page.HEAD_ROWS
    for _, columns, lines in _blocks(spec):
        row += 2 if spec.is_county else 3  # a section's title, the head, the columns' numbers
        for line in lines:
            yield line, row, columns
            row += 1


def write_figures(page: form_page.Page, row: int, entries: Entries) -> int:
    """Every block that has rows, from `row` on, and the summary of their checks. Gives the next free row."""
    first, number, verdicts = row, 0, list[str]()
    for section, (title, columns, lines) in zip("一二三", _blocks(page.spec), strict=False):
        if not page.spec.is_county:
            row = write_section(page, row, f"{section}、{title}")
        row, shown = _write_block(page, row, columns, lines, entries, number)
        verdicts += shown
        number += sum(1 for n in lines if is_numbered(n))
    formula = live_check.summary_formula(cell_at(first, form_page.LAST), cell_at(row - 1, form_page.LAST))
    form_page.write_summary(page, formula, live_check.summary(verdicts))
    return row


def write_section(page: form_page.Page, row: int, title: str) -> int:
    """A section's title over the whole width: 一、累计类指标."""
    page.merged(row, 0, form_page.LAST, title, page.look.of(font_name="黑体", font_size=12))
    page.sheet.set_row(row, 24)
    return row + 1


def _write_block(
    page: form_page.Page,
    row: int,
    columns: tuple[layout.Field, ...],
    lines: list[Line],
    entries: Entries,
    number: int,
) -> tuple[int, list[str]]:
    words, numbers = iter(layout.STEMS), iter(range(1, 10))
    for at, field in enumerate(columns):
        page.sheet.write(row, at, layout.label(field), page.look.head)
        mark = str(next(numbers)) if field in _NUMBERED else next(words)
        page.sheet.write(
            row + 1,
            at,
            layout.SUM_NUMBER if field is layout.Field.RUNNING_TOTAL else mark,
            page.look.numbering,
        )
    page.sheet.set_row(row, 24)
    page.sheet.set_row(row + 1, 14)
    row, verdicts = row + 2, []
    for line in lines:
        number += is_numbered(line)
        entry = entries.rows.get((line.county, line.indicator), BLANK)
        verdicts.append(FigureRow(page, row, columns, line, entry).write(number))
        row += 1
    _colour_checks(page, row - len(lines), row - 1)
    return row, verdicts


def _colour_checks(page: form_page.Page, first: int, last: int) -> None:
    """Green, amber, grey or red by what the check says."""
    tints = (
        ((live_check.FINE,), form_page.GOOD, form_page.GOOD_TINT),
        ((live_check.EXPLAINED,), form_page.WAIT, form_page.WAIT_TINT),
        ((live_check.EMPTY, live_check.OPTIONAL, ""), form_page.RULE, "#FFFFFF"),
    )
    for words, ink, tint in tints:
        for word in words:
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "stop_if_true": True}
            page.sheet.conditional_format(
                first, form_page.LAST, last, form_page.LAST, rule | {"format": page.look.tint(ink, tint)}
            )
    rest = {
        "type": "formula",
        "criteria": f"=LEN({cell_at(first, form_page.LAST)})>0",
        "format": page.look.tint(form_page.BAD, form_page.BAD_TINT),
    }
    page.sheet.conditional_format(first, form_page.LAST, last, form_page.LAST, rest)
