"""The last sheet (填表说明): how to fill the form in, and what every indicator means."""

from flows.plan.terms import Rule
from flows.submissions.form import definitions
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.form.layout import Field, label
from flows.submissions.form.page import Page, chinese_date, set_paper

_COLUMNS = (5, 26, 8, 24, 45, 32)  # sequence, indicator, unit, how, what counts, source
_LAST = len(_COLUMNS) - 1
_LONG_STEP = 78  # characters that need a second line
_LINE = 15


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
        f"填完后存盘报送（{saved}），文件名不限，建议写“单位＋年月＋月报”。请不要加密码。报送后会收到回执。",
        "有需要改正、核实的，回执会附上您的原表，相应单元格已标出并写明原因，直接在里面改好再报即可，以最后一次报送为准。",
    )


def write_guide(page: Page) -> None:
    """The guide: numbered sentences, then a table of definitions."""
    sheet, look, spec = page.sheet, page.look, page.spec
    set_paper(page, _COLUMNS, None)
    sheet.set_row(0, 36)
    sheet.merge_range(0, 0, 0, _LAST, f"填表说明（{spec.title}）", look.title)
    row = 1
    for number, step in enumerate(_steps(spec, chinese_date(page.due_on)), 1):
        sheet.write(row, 0, f"{number}.", look.of(align="right", valign="top"))
        sheet.merge_range(row, 1, row, _LAST, step, look.of(text_wrap=True, valign="top"))
        sheet.set_row(row, 33 if len(step) > _LONG_STEP else 18)
        row += 1
    if spec.lines:
        _definitions(page, row)


def _definitions(page: Page, row: int) -> None:
    sheet, look = page.sheet, page.look
    sheet.set_row(row, 30)
    sheet.merge_range(row, 0, row, _LAST, f"指标口径（依据{page.spec.plan}）", look.section)
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
        how = f"{definitions.how_in_short(line.rule, line.measures)}{'（可不填）' if line.optional else ''}"
        if line.measures and line.rule is not Rule.MILESTONE:
            how += f"，{definitions.decimal_rule(line.unit)}"
        cells = (number, line.label, line.unit, how, line.scope, line.source)
        for column, cell in enumerate(cells):
            sheet.write(at, column, cell, look.centred if column in (0, 2) else look.text)
        lines = max(1 + 2 * len(str(cell)) // width for cell, width in zip(cells, _COLUMNS, strict=True))
        sheet.set_row(at, _LINE * lines + 5)
