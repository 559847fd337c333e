"""One row of the form's figures (指标行): what is given, what is typed in, what is checked."""

from datetime import date
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell as cell_at
from xlsxwriter.worksheet import Worksheet

from flows.plan.terms import Measure, Rule
from flows.submissions.form import entry_rules, live_check
from flows.submissions.form.entries import Entry, Typed
from flows.submissions.form.form_spec import Line
from flows.submissions.form.layout import COLUMN_OF, Field
from flows.submissions.form.page import Page

SUMS = (Rule.TOTAL, Rule.EACH_COUNTY)


def heads(line: Line) -> bool:
    """Whether it has a number of its own: the parts of a share stand under their heading row."""
    return line.measures not in ((Measure.NUMERATOR,), (Measure.DENOMINATOR,))


class FigureRow:
    """One line of the form at one row of the sheet."""

    def __init__(self, page: Page, row: int, columns: tuple[Field, ...], line: Line, entry: Entry) -> None:
        self.page, self.row, self.line, self.entry = page, row, line, entry
        self.at = {field: column for column, field in enumerate(columns)}
        self.cell = {field: cell_at(row, column) for field, column in self.at.items()}

    def write(self, number: int) -> str:
        """Given cells, cells to fill in, choice, reason, check. Gives what the check shows."""
        sheet, look, line = self.page.sheet, self.page.look, self.line
        sheet.set_row(self.row, 27)
        sheet.write(self.row, 0, number if heads(line) else "", look.centred)
        sheet.write(self.row, 1, line.label, look.text)
        sheet.write_comment(
            self.row, 1, line.note, {"font_size": 9, "x_scale": 2.4, "y_scale": 1.5, "author": ""}
        )
        sheet.write(self.row, 2, line.unit, look.centred)
        self._given(Field.TARGET, line.target)
        self._given(Field.PREVIOUS if Field.PREVIOUS in self.at else Field.PREVIOUS_LEVEL, line.previous)
        if line.measures:
            self._measures()
            self._choice_and_reason()
        else:
            self._share()
        formula, shown = self._verdict()
        sheet.write_formula(self.row, self.at[Field.CHECK], formula, look.check, shown)
        return shown

    def _given(self, field: Field, value: Decimal | None) -> None:
        form = self.page.look.number(self.line.decimals, typed_in=False)
        if value is None:
            missing = "未报" if field is Field.PREVIOUS else "—"
            self.page.sheet.write(self.row, self.at[field], missing, self.page.look.given_words)
        elif field is Field.TARGET and value == value.to_integral_value():
            self.page.sheet.write(
                self.row, self.at[field], int(value), self.page.look.number(0, typed_in=False)
            )
        else:
            self.page.sheet.write(self.row, self.at[field], value, form)

    def _measures(self) -> None:
        line, values = self.line, self.entry.values
        for measure in line.measures:
            field = COLUMN_OF[measure]
            self._typed(field, values.get(measure, ""), self._rule(measure, field), measure)
        if Field.KIND in self.at:
            self.page.sheet.write(
                self.row, self.at[Field.KIND], line.measures[0].label, self.page.look.centred
            )
        if Field.DONE_ON in self.at:
            self._date(self.entry.done_on)

    def _rule(self, measure: Measure, field: Field) -> dict[str, object]:
        line = self.line
        if measure is Measure.DONE:
            return entry_rules.done()
        if line.unit == "%":
            return entry_rules.rate(line.label)
        may_fall = measure is Measure.IN_MONTH
        title = line.label + ("" if measure is Measure.LEVEL else f"（{measure.label}）")
        return entry_rules.number(self.cell[field], title, line.unit, line.decimals, may_fall)

    def _typed(self, field: Field, value: Typed, rule: dict[str, object], measure: Measure) -> None:
        look, column = self.page.look, self.at[field]
        centred = look.typed(align="center")
        form = centred if measure is Measure.DONE else look.number(self.line.decimals, typed_in=True)
        if value == "":
            self.page.sheet.write_blank(self.row, column, None, form)
        elif isinstance(value, str):
            self.page.sheet.write_string(self.row, column, value, form)
        elif isinstance(value, date):
            self.page.sheet.write_datetime(self.row, column, value, look.typed(num_format="yyyy-m-d"))
        else:
            self.page.sheet.write(self.row, column, value, form)
        self.page.sheet.data_validation(self.row, column, self.row, column, rule)

    def _date(self, done_on: date | None) -> None:
        form = self.page.look.typed(align="center", num_format="yyyy-m-d")
        column = self.at[Field.DONE_ON]
        if done_on:
            self.page.sheet.write_datetime(self.row, column, done_on, form)
        else:
            self.page.sheet.write_blank(self.row, column, None, form)
        self.page.sheet.data_validation(self.row, column, self.row, column, entry_rules.day())

    def _choice_and_reason(self) -> None:
        sheet, look = self.page.sheet, self.page.look
        choice, reason = self.at[Field.CHOICE], self.at[Field.REASON]
        put(sheet, self.row, choice, self.entry.choice, look.typed(align="center"))
        sheet.data_validation(self.row, choice, self.row, choice, entry_rules.choice())
        put(sheet, self.row, reason, self.entry.reason, look.typed(font_size=10))

    def _share(self) -> None:
        """The heading row of a share works the percentage out from the two rows below it."""
        sheet, look, level = self.page.sheet, self.page.look, self.at[Field.LEVEL]
        above, below = (cell_at(self.row + n, level) for n in (1, 2))
        rate = f'=IF(AND(ISNUMBER({above}),N({below})>0),ROUND({above}/{below}*100,2),"")'
        sheet.write_formula(self.row, level, rate, look.number(2, typed_in=False), self._rate())
        for field, text in ((Field.KIND, "自动计算"), (Field.CHOICE, ""), (Field.REASON, "")):
            sheet.write(self.row, self.at[field], text, look.centred)

    def _rate(self) -> float | str:
        part, whole = (self.entry.values.get(m) for m in (Measure.NUMERATOR, Measure.DENOMINATOR))
        if isinstance(part, int | Decimal) and isinstance(whole, int | Decimal) and whole > 0:
            return round(float(part * 100 / whole), 2)
        return ""

    def _verdict(self) -> tuple[str, str]:
        line, cell, entry = self.line, self.cell, self.entry
        if not line.measures:
            return live_check.share_formula(cell[Field.LEVEL]), live_check.share_verdict(self._rate())
        if line.measures == (Measure.DONE,):
            formula = live_check.milestone_formula(cell[Field.DONE], cell[Field.DONE_ON])
            return formula, live_check.milestone_verdict(entry)
        empty = live_check.OPTIONAL if line.optional else live_check.EMPTY
        if line.rule in SUMS:
            return live_check.total_formula(cell, empty), live_check.total_verdict(
                line.previous, entry, empty
            )
        rated = line.unit == "%"
        formula = live_check.level_formula(cell[Field.LEVEL], cell[Field.CHOICE], cell[Field.REASON], rated)
        return formula, live_check.level_verdict(line.measures[0], entry, rated)


def put(sheet: Worksheet, row: int, column: int, text: str, form: Format) -> None:
    """A text as text, whatever it begins with: never a formula."""
    if text:
        sheet.write_string(row, column, text, form)
    else:
        sheet.write_blank(row, column, None, form)
