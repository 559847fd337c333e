"""The form's own words (表样): what the writer prints and the reader looks for. A new spelling is one more string.

The first string of each entry is what the form says; the others are how offices also write it. White
space, full-width forms and a unit in brackets do not matter when they are compared.
"""

from enum import StrEnum

from flows.plan.terms import Measure, StatementKind

FIGURES_SHEET = {"county": "月报", "department": "指标"}
TASKS_SHEET = "任务进展"
GUIDE_SHEET = "填表说明"
RECEIPT_SHEET = "回执"  # goes before the sender's own sheets when his workbook goes back
QUESTION_COLUMNS = ("核实编号", "报告月", "单元格", "问题", "说明")
QUESTIONS_SHEET = "待核实事项"  # open queries of earlier months, to be answered with the next report
SAMPLE_MARK = "示例数据"
FORM_NUMBERS = {"county": "就促月报1表", "department": "就促月报2表"}
WORDS_TITLE = "工作情况"
BLOCK_TITLES = ("累计类指标", "期末数、占比和比率指标", "完成事项")
STEMS = "甲乙丙丁戊己庚辛壬癸"  # numbers of the columns that hold words
SUM_NUMBER = "4=2+3"  # the running total's column number says how it is made
OWN_CITY_FIGURE = "（市级去重口径）"  # follows the indicator's name where a department counts persons once
PART_OF = "："  # 基本养老保险参保率：应参保人数


class Field(StrEnum):
    """A column, a label or a place on the form."""

    REPORTER = "reporter"
    MONTH = "month"
    NUMBER = "number"
    INDICATOR = "indicator"
    UNIT = "unit"
    TARGET = "target"
    PREVIOUS = "previous"
    IN_MONTH = "in_month"
    RUNNING_TOTAL = "running_total"
    PREVIOUS_LEVEL = "previous_level"
    LEVEL = "level"
    KIND = "kind"
    DONE = "done"
    DONE_ON = "done_on"
    CHOICE = "choice"
    REASON = "reason"
    CHECK = "check"
    TASK = "task"
    PROGRESS = "progress"
    PROBLEM = "problem"
    NEXT_STEP = "next_step"
    DUE = "due"
    FORM_NUMBER = "form_number"
    FILLED_BY = "filled_by"
    CHECKED_BY = "checked_by"
    TELEPHONE = "telephone"
    FILLED_ON = "filled_on"
    SEAL = "seal"


LABELS: dict[Field, tuple[str, ...]] = {
    Field.REPORTER: ("填报单位", "报送单位", "填报地区", "单位名称"),
    Field.MONTH: ("报告期", "报告月份", "所属月份", "报表月份", "月份"),
    Field.NUMBER: ("序号", "编号", "任务序号"),
    Field.INDICATOR: ("指标", "指标名称", "指标项目", "项目"),
    Field.UNIT: ("计量单位", "单位"),
    Field.TARGET: (
        "年度目标", "全年目标", "目标任务", "目标数", "年度任务", "任务数", "年度目标任务", "年度任务数", "全年任务数", "全年任务", "目标",
        "年目标",
    ),
    Field.PREVIOUS: ("上月累计", "上月末累计", "截至上月累计", "1至上月累计", "截至上月", "1至上月"),
    Field.IN_MONTH: (
        "本月", "当月", "本月数", "本月新增", "当月新增", "本月完成", "本月完成数", "当月完成", "当月数", "本月当月", "本月新增数",
        "当月完成数",
    ),
    Field.RUNNING_TOTAL: (
        "累计", "本年累计", "1至本月累计", "年初至今累计", "累计数", "截至本月累计", "1至本月", "截至本月", "累计完成", "累计完成数",
        "1至本月累计完成", "1至本月累计完成数", "1至本月完成数", "1至本月完成", "截至本月累计完成", "截至本月完成", "本年累计完成",
        "累计新增",
    ),
    Field.PREVIOUS_LEVEL: ("上月数", "上期数"),
    Field.LEVEL: ("本期数", "期末数", "本月末", "月末数"),
    Field.KIND: ("填报口径", "口径"),
    Field.DONE: ("是否完成", "完成情况"),
    Field.DONE_ON: ("完成日期", "完成时间"),
    Field.CHOICE: ("零或不适用", "零/不适用"),
    Field.REASON: ("原因说明", "说明", "原因", "备注"),
    Field.CHECK: ("校验",),
    Field.TASK: ("任务", "工作任务", "任务名称", "重点任务"),
    Field.PROGRESS: ("进展情况", "工作进展", "进展"),
    Field.PROBLEM: ("存在问题", "存在的问题", "问题"),
    Field.NEXT_STEP: ("下一步打算", "下一步工作", "下一步计划", "下步打算"),
    Field.DUE: ("报送期限",),
    Field.FORM_NUMBER: ("表号",),
    Field.FILLED_BY: ("填报人", "填报人（签字）", "填表人", "经办人"),
    Field.CHECKED_BY: ("审核人", "审核人（签字）", "负责人", "单位负责人"),
    Field.TELEPHONE: ("联系电话", "电话"),
    Field.FILLED_ON: ("填报日期", "报出日期"),
    Field.SEAL: ("单位盖章", "盖章"),
}  # fmt: skip

# The columns of each block of the figures sheet, in the order they are printed, on one grid of ten columns.
TOTALS = (
    Field.NUMBER, Field.INDICATOR, Field.UNIT, Field.TARGET, Field.PREVIOUS,
    Field.IN_MONTH, Field.RUNNING_TOTAL, Field.CHOICE, Field.REASON, Field.CHECK,
)  # fmt: skip
LEVELS = (
    Field.NUMBER, Field.INDICATOR, Field.UNIT, Field.TARGET, Field.PREVIOUS_LEVEL,
    Field.LEVEL, Field.KIND, Field.CHOICE, Field.REASON, Field.CHECK,
)  # fmt: skip
MILESTONES = (
    Field.NUMBER, Field.INDICATOR, Field.UNIT, Field.TARGET, Field.PREVIOUS_LEVEL,
    Field.DONE, Field.DONE_ON, Field.CHOICE, Field.REASON, Field.CHECK,
)  # fmt: skip
TASK_COLUMNS = (Field.NUMBER, Field.TASK, Field.PROGRESS, Field.PROBLEM, Field.NEXT_STEP)
FOOTER = (Field.FILLED_BY, Field.CHECKED_BY, Field.TELEPHONE, Field.FILLED_ON, Field.SEAL)

TASKS_NEED = frozenset({Field.TASK, Field.PROGRESS})

# Which column a measure is typed in.
COLUMN_OF = {
    Measure.IN_MONTH: Field.IN_MONTH,
    Measure.RUNNING_TOTAL: Field.RUNNING_TOTAL,
    Measure.LEVEL: Field.LEVEL,
    Measure.NUMERATOR: Field.LEVEL,
    Measure.DENOMINATOR: Field.LEVEL,
    Measure.RATE: Field.LEVEL,
    Measure.DONE: Field.DONE,
}
WORDS = {
    StatementKind.PROGRESS: Field.PROGRESS,
    StatementKind.PROBLEM: Field.PROBLEM,
    StatementKind.NEXT_STEP: Field.NEXT_STEP,
}

ZERO, NOT_APPLICABLE = "零", "不适用"
DONE, NOT_DONE = "是", "否"
ZERO_WORDS = frozenset({"零", "〇", "为零", "0"})
NOT_APPLICABLE_WORDS = frozenset({"不适用", "不涉及"})
DONE_WORDS = frozenset({"是", "已完成", "完成", "已建成"})
NOT_DONE_WORDS = frozenset({"否", "未完成", "未建成", "推进中"})
NAME_ENDINGS = ("人数", "人员", "户数", "个数", "数量", "金额", "总数", "数")  # do not matter at a name's end
RETURNED = (
    "（退回修改）"  # in the name of a workbook that went back; behind it stands whose part of a file it is
)
GATHERED_WORDS = ("各", "汇总", "全市", "合集")  # in a name: it speaks of several reporters
SUMS_UP = frozenset({"合计", "小计", "总计", "全市", "全市合计"})  # rows nobody reports
BLANK_WORDS = frozenset({"", "/", "//", "\\", "-", "--", "—", "——", "―", "–", "−", "无", "暂无", "×", "空"})
NO_ANSWER_WORDS = (
    "经核实无误", "已核实无误", "核实无误", "确认无误", "数据无误", "填报无误", "情况属实", "数据属实",
    "已核实", "经核实", "已确认", "经核对", "已核对", "无误", "属实", "确认", "核实", "正确", "数据", "如实填报",
)  # fmt: skip
SHORTEST_ANSWER = 4  # characters that say something


def label(field: Field) -> str:
    """What the form prints for it."""
    return LABELS[field][0]
