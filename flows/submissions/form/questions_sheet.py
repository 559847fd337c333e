"""The sheet 待核实事项: what is still open from earlier months, each with room for its reason."""

from flows.submissions.form import entry_rules
from flows.submissions.form.form_spec import month_label
from flows.submissions.form.layout import QUESTION_COLUMNS
from flows.submissions.form.page import Page, set_paper

_WIDTHS = (19, 11, 13, 58, 52)
_LAST = len(_WIDTHS) - 1
_INTRODUCTION = (
    "以下是以前月份报表中还没有说明的事项，请在“说明”栏写明原因，随本月报表一并报送；写“核实无误”不算说明。"
    "数字填错的，改好该月原表重新报送即可，不必在这里说明。请勿改动编号。"
)
_LINE, _CHARACTERS_A_LINE = 15, 27


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
