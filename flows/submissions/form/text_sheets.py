"""The form's sheets of words: a county's work, a department's tasks, reasons for open queries, and how to fill the form in
(填表说明) with what every indicator means."""

from flows.plan.terms import Rule, StatementKind
from flows.submissions.form import entry_rules
from flows.submissions.form.figures_sheet import put, write_section
from flows.submissions.form.form_spec import Entries, FormSpec, decimal_rule, how_in_short, month_label
from flows.submissions.form.layout import QUESTION_COLUMNS, TASK_COLUMNS, WORDS, WORDS_TITLE, Field, label
from flows.submissions.form.page import LAST, Page, chinese_date, set_paper

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
        given = (question.number, month_label(question.month), question.place, question.description)
        for column, text in enumerate(given):
            sheet.write_string(row, column, text, look.text if column == _LAST - 1 else look.centred)
        sheet.write_blank(row, _LAST, None, look.typed(align="left", indent=1))
        sheet.data_validation(row, _LAST, row, _LAST, entry_rules.words("说明"))
        sheet.set_row(row, max(33, _LINE * (1 + len(question.description) // _CHARACTERS_A_LINE) + 6))
    sheet.freeze_panes(3, 1)


_GUIDE_COLUMNS = (5, 26, 8, 24, 45, 32)  # sequence, indicator, unit, how, what counts, source
_GUIDE_LAST = len(_GUIDE_COLUMNS) - 1
_LONG_STEP = 78  # characters that need a second line
_GUIDE_LINE = 15


def _steps(spec: FormSpec, due: str) -> tuple[str, ...]:
    saved = ".xlsx、.xls、.et、.ods 均可" + ("；也可另存为 .csv" if spec.is_county else "")
    words = "“工作情况”" if spec.is_county else "“任务进展”表每项任务"
    return (
        f"请于 {due}前报送。只填浅黄色的格；灰色的格已按方案和上月报表填好，请勿改动。",
        "“本月”填当月数；“累计”是本年1月1日起至本月末的合计，由表格按上月累计＋本月算出。中间有月份没有报的，累计不自动算，请直接填。",
        "以往月份有漏报、多报的，不必重报旧表：把本月累计直接改成应有的数，并在“原因说明”写明原因；核减的，本月可以为负数。",
        "确实没有数的，在“零或不适用”里选“零”；本地没有这项工作的选“不适用”，并写明原因。空着、写“/”“-”“无”，都按没有填报处理，不当作零。",
        "直接填数，不写“人”“万元”等文字，不写“约”“左右”；金额以万元计，最多两位小数，其余填整数。",
        "“校验”一栏随填随算：绿色“可以报送”，红色的请按提示改正；确有原因的，在“原因说明”写清楚（写“核实无误”不算原因）。",
        f"{words}写进展情况、存在问题、下一步打算，各用几句话。全表不写个人姓名、身份证号和电话；填报人、审核人在打印件上签字，由本单位留存。",
        f"填完后存盘报送（{saved}），文件名建议写“单位＋年月＋月报”，不写别的单位、别的年份。请不要加密码。报送后会收到回执。",
        "有需要改正、核实的，回执会附上您的原表，相应单元格已标出并写明原因，直接在里面改好再报即可，以最后一次报送为准。",
    )


def write_guide(page: Page) -> None:
    """The guide: numbered sentences, then a table of definitions."""
    sheet, look, spec = page.sheet, page.look, page.spec
    set_paper(page, _GUIDE_COLUMNS, None)
    sheet.set_row(0, 36)
    sheet.merge_range(0, 0, 0, _GUIDE_LAST, f"填表说明（{spec.title}）", look.title)
    row = 1
    for number, step in enumerate(_steps(spec, chinese_date(page.due_on)), 1):
        sheet.write(row, 0, f"{number}.", look.of(align="right", valign="top"))
        sheet.merge_range(row, 1, row, _GUIDE_LAST, step, look.of(text_wrap=True, valign="top"))
        sheet.set_row(row, 33 if len(step) > _LONG_STEP else 18)
        row += 1
    if spec.lines:
        _definitions(page, row)


def _definitions(page: Page, row: int) -> None:
    sheet, look = page.sheet, page.look
    sheet.set_row(row, 30)
    sheet.merge_range(row, 0, row, _GUIDE_LAST, f"指标口径（依据{page.spec.plan}）", look.section)
    for column, head in enumerate(
        (
            label(Field.NUMBER),
            label(Field.INDICATOR),
            label(Field.UNIT),
            "怎么填",
            "什么算、什么不算",
            "方案怎么说",
        )
    ):
        sheet.write(row + 1, column, head, look.head)
    sheet.set_row(row + 1, 22)
    for number, line in enumerate(page.spec.lines, 1):
        at = row + 1 + number
        how = f"{how_in_short(line.rule, line.measures)}{'（可不填）' if line.optional else ''}"
        if line.measures and line.rule is not Rule.MILESTONE:
            how += f"，{decimal_rule(line.unit)}"
        cells = (number, line.label, line.unit, how, line.scope, line.source)
        for column, cell in enumerate(cells):
            sheet.write(at, column, cell, look.centred if column in (0, 2) else look.text)
        lines = max(
            1 + 2 * len(str(cell)) // width for cell, width in zip(cells, _GUIDE_COLUMNS, strict=True)
        )
        sheet.set_row(at, _GUIDE_LINE * lines + 5)
