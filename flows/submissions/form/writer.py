"""The form as a workbook (报表模板): blank for a reporter, or filled in for a sample."""

from datetime import date, datetime
from io import BytesIO

from xlsxwriter import Workbook

from flows.submissions.form.figures_sheet import write_figures
from flows.submissions.form.form_spec import Entries, FormSpec
from flows.submissions.form.layout import FIGURES_SHEET, GUIDE_SHEET, QUESTIONS_SHEET, TASKS_SHEET
from flows.submissions.form.page import WIDTHS, Look, Page, set_paper, write_footer, write_head
from flows.submissions.form.text_sheets import write_county_words, write_guide, write_questions, write_tasks

_EMPTY = Entries()


def form_name(spec: FormSpec) -> str:
    """The file's name as an office would write it: 科尔沁区2025年6月月报.xlsx."""
    return f"{spec.reporter.name}{spec.month_label}月报.xlsx"


def write_form(spec: FormSpec, due_on: date, entries: Entries | None = None) -> bytes:
    """The workbook's bytes; the same arguments give the same bytes.

    `entries` fills it in. A sample says 示例数据 on every sheet and every printed page.
    """
    typed = entries or _EMPTY
    buffer = BytesIO()
    plain_text = {"strings_to_formulas": False, "strings_to_urls": False}  # questions repeat a clerk's words
    workbook = Workbook(buffer, {"in_memory": True, **plain_text})
    workbook.set_properties({"title": spec.title, "created": datetime.combine(due_on, datetime.min.time())})
    workbook.set_calc_mode("auto")
    look = Look(workbook)

    def page(name: str) -> Page:
        return Page(workbook.add_worksheet(name), look, spec, due_on, typed.is_sample)

    if spec.lines:
        _write_figures_sheet(page(FIGURES_SHEET[spec.reporter.kind]), typed)
    if spec.tasks:
        _write_tasks_sheet(page(TASKS_SHEET), typed, has_footer=not spec.lines)
    if spec.questions:
        write_questions(page(QUESTIONS_SHEET))
    write_guide(page(GUIDE_SHEET))
    workbook.close()
    return buffer.getvalue()


def _write_figures_sheet(page: Page, typed: Entries) -> None:
    set_paper(page, WIDTHS["figures"], repeat_to=2)
    row = write_figures(page, write_head(page), typed)
    if page.spec.is_county:
        row = write_county_words(page, row, typed)
    page.sheet.freeze_panes(3, 2)
    write_footer(page, row, typed.filled_on)


def _write_tasks_sheet(page: Page, typed: Entries, has_footer: bool) -> None:
    set_paper(page, WIDTHS["tasks"], repeat_to=3)
    row = write_tasks(page, write_head(page), typed)
    page.sheet.freeze_panes(4, 2)
    if has_footer:
        write_footer(page, row, typed.filled_on)
