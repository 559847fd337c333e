"""What is written in words: a county on its work, a department on each of its tasks, reasons for open queries."""

from flows.plan.terms import StatementKind
from flows.submissions.form import entry_rules
from flows.submissions.form.entries import Entries
from flows.submissions.form.figure_row import put
from flows.submissions.form.figures_sheet import write_section
from flows.submissions.form.form_spec import month_label
from flows.submissions.form.layout import QUESTION_COLUMNS, TASK_COLUMNS, WORDS, WORDS_TITLE, Field, label
from flows.submissions.form.page import LAST, Page, set_paper

_COUNTY_WORDS = 0  # a county's own statement is kept as task 0
_SPANS = {
    Field.NUMBER: (0, 0), Field.TASK: (1, 1), Field.PROGRESS: (2, 4), Field.PROBLEM: (5, 7), Field.NEXT_STEP: (8, 9)
}  # fmt: skip
_WIDTHS = (19, 11, 13, 58, 52)
_LAST = len(_WIDTHS) - 1
_INTRODUCTION = (
    "以下是以前月份报表中还没有说明的事项，请在“说明”栏写明原因，随本月报表一并报送；写“核实无误”不算说明。"
    "数字填错的，改好该月原表重新报送即可，不必在这里说明。请勿改动编号。"
)
_LINE, _CHARACTERS_A_LINE = 15, 27


def write_county_words(page: Page, row: int, entries: Entries) -> int:
    """工作情况: three boxes, one under another. Gives the next free row."""
    page.sheet.set_row(row, 8)
    row = write_section(page, row + 1, WORDS_TITLE)
    for kind in StatementKind:
        text = entries.words.get((_COUNTY_WORDS, kind), "")
        page.merged(row, 0, 1, kind.label, page.look.head)
        _box(page, row, 2, LAST, text, kind.label)
        page.sheet.set_row(row, 62)
        row += 1
    return row


def write_tasks(page: Page, row: int, entries: Entries) -> int:
    """任务进展: one row a task. Gives the next free row."""
    for field in TASK_COLUMNS:
        page.merged(row, *_SPANS[field], label(field), page.look.head)
    page.sheet.set_row(row, 24)
    for task in page.spec.tasks:
        row += 1
        page.sheet.write(row, 0, task.number, page.look.centred)
        page.sheet.write(row, 1, task.title, page.look.text)
        for kind, field in WORDS.items():
            _box(page, row, *_SPANS[field], entries.words.get((task.number, kind), ""), kind.label)
        page.sheet.set_row(row, 72)
    return row + 1


def _box(page: Page, row: int, first: int, last: int, text: str, title: str) -> None:
    form = page.look.typed(align="left", indent=1, font_size=10.5)
    page.sheet.merge_range(row, first, row, last, "", form)
    put(page.sheet, row, first, text, form)
    page.sheet.data_validation(row, first, row, first, entry_rules.words(title))


def write_questions(page: Page) -> None:
    """One row a question: its 编号, month, cell and words are given, the reason is typed in."""
    sheet, look = page.sheet, page.look
    set_paper(page, _WIDTHS, repeat_to=2)
    sheet.set_tab_color("#C98A00")
    title = f"待核实事项（{page.spec.reporter.name}，随{page.spec.month_label}报表报送）"
    page.merged(0, 0, _LAST, title, look.title)
    page.merged(1, 0, _LAST, _INTRODUCTION, look.of(text_wrap=True))
    for row, height in ((0, 36), (1, 34), (2, 24)):
        sheet.set_row(row, height)
    for column, head in enumerate(QUESTION_COLUMNS):
        sheet.write(2, column, head, look.head)
    for row, question in enumerate(page.spec.questions, 3):
        given = (question.number, month_label(question.month), question.place, question.said)
        for column, text in enumerate(given):
            sheet.write_string(row, column, text, look.text if column == _LAST - 1 else look.centred)
        sheet.write_blank(row, _LAST, None, look.typed(align="left", indent=1))
        sheet.data_validation(row, _LAST, row, _LAST, entry_rules.words("说明"))
        sheet.set_row(row, max(33, _LINE * (1 + len(question.said) // _CHARACTERS_A_LINE) + 6))
    sheet.freeze_panes(3, 1)
