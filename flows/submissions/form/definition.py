"""What an indicator's cells mean (指标口径), in the clerk's words and the plan's own sentence."""

from flows.plan.catalogue import Indicator
from flows.plan.terms import Measure, Rule
from flows.plan.units import decimals

_BY_RULE = {
    Rule.TOTAL: "“本月”填本月新增数；“累计”填本年1月1日起至本月末的合计数。核减或补报在累计中体现，并写明原因。",
    Rule.LATEST: "填本月末的实有数，不是当月新增数。",
    Rule.SHARE: "填分子和分母，占比由表格自动计算。",
    Rule.MEAN: "填本月当月数值，不填平均数。",
    Rule.EACH_COUNTY: "“累计”填本年1月1日起至本月末本地建成（培育）的个数，没有就填 0 或选“零”。",
    Rule.MILESTONE: "选“是”或“否”；选“是”的，填完成日期。",
}
_BY_PART = {Measure.NUMERATOR: "此行填分子：本月末的数。", Measure.DENOMINATOR: "此行填分母：本月末的数。"}


_SHORT = {
    Rule.TOTAL: "本月新增数，年初至今累计数",
    Rule.LATEST: "本月末实有数",
    Rule.SHARE: "自动计算，只填分子分母",
    Rule.MEAN: "本月当月数值",
    Rule.EACH_COUNTY: "本月新增个数，年初至今累计个数",
    Rule.MILESTONE: "是否完成，完成日期",
}


def number_rule(unit: str) -> str:
    """What kind of number the unit takes: 整数 or 最多两位小数."""
    return f"单位：{unit}，填{places(unit)}，不写单位和文字。"


def places(unit: str) -> str:
    """How many decimals the unit takes, in words."""
    return "最多两位小数" if decimals(unit) else "整数"


def short(rule: Rule, measures: tuple[Measure, ...]) -> str:
    """The definition in a few words, for the guide's table."""
    return f"{measures[0].label}：本月末的数" if measures and measures[0] in _BY_PART else _SHORT[rule]


def source(i: Indicator) -> str:
    """Where the plan says so and in which words: 第5项：“小微企业突破5.5万户”."""
    return f"{f'第{i.task}项' if i.task else '总体要求'}：“{i.quote}”"


def of(i: Indicator, measures: tuple[Measure, ...], unit: str, optional: bool) -> str:
    """The definition as it stands in the cell's note: how to fill in, the unit, the plan's sentence."""
    part = _BY_PART.get(measures[0]) if measures else None
    lines = [part or _BY_RULE[i.rule]]
    if i.rule is not Rule.MILESTONE and measures:
        lines.append(number_rule(unit))
    if optional:
        lines.append("一人一年只计一次的全市去重数，没有可不填。")
    return "\n".join([*lines, f"方案{source(i)}"])
