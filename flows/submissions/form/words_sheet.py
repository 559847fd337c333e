"""What is said in words (文字部分): a county on its work as a whole, a department on each of its tasks."""

from flows.plan.terms import StatementKind
from flows.submissions.form import entry_rules
from flows.submissions.form.entries import Entries
from flows.submissions.form.figure_row import put
from flows.submissions.form.figures_sheet import write_section
from flows.submissions.form.layout import TASK_COLUMNS, WORDS, WORDS_TITLE, Field, label
from flows.submissions.form.page import LAST, Page

_COUNTY_WORDS = 0  # a county's own statement is kept as task 0
_SPANS = {
    Field.NUMBER: (0, 0), Field.TASK: (1, 1), Field.PROGRESS: (2, 4), Field.PROBLEM: (5, 7), Field.NEXT_STEP: (8, 9)
}  # fmt: skip


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
