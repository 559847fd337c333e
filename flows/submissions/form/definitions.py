"""What an indicator's cells mean (指标口径): how to fill them in, what counts, and the plan's own sentence."""

from flows.plan.catalogue import Definition, Indicator
from flows.plan.terms import Measure, Rule
from flows.plan.units import decimals

_BY_RULE = {
    Rule.TOTAL: "“本月”填本月新增数；“累计”由表格按上月累计＋本月算出，有核减、补报的直接改成应有的数，并写明原因。",
    Rule.LATEST: "填本月末的实有数，不是当月新增数。",
    Rule.SHARE: "填分子和分母，占比由表格自动计算。",
    Rule.MEAN: "填本月当月数值，不填平均数。",
    Rule.EACH_COUNTY: "“本月”填本月新增个数；“累计”是本年1月1日起至本月末本地建成（培育）的个数，由表格算出。没有就填 0 或选“零”。",
    Rule.MILESTONE: "选“是”或“否”；选“是”的，填完成日期。",
}
_SHORT = {
    Rule.TOTAL: "本月新增数，年初至今累计数",
    Rule.LATEST: "本月末实有数",
    Rule.SHARE: "自动计算，只填分子分母",
    Rule.MEAN: "本月当月数值",
    Rule.EACH_COUNTY: "本月新增个数，年初至今累计个数",
    Rule.MILESTONE: "是否完成，完成日期",
}
_BY_PART = {Measure.NUMERATOR: "此行填分子：本月末的数。", Measure.DENOMINATOR: "此行填分母：本月末的数。"}
_UNDEFINED = "以主管部门解释为准"


def decimal_rule(unit: str) -> str:
    """How many decimals the unit takes, in words."""
    return "最多两位小数" if decimals(unit) else "整数"


def how_in_short(rule: Rule, measures: tuple[Measure, ...]) -> str:
    """How to fill in, in a few words, for the guide's table."""
    return f"{measures[0].label}：本月末的数" if measures and measures[0] in _BY_PART else _SHORT[rule]


def source(i: Indicator) -> str:
    """Where the plan says so and in which words: 第5项：“小微企业突破5.5万户”."""
    return f"{f'第{i.task}项' if i.task else '总体要求'}：“{i.quote}”"


def scope(definition: Definition | None) -> str:
    """What counts and what does not, with who says so; where the plan folder does not say, whom to ask."""
    if definition is None:
        return f"{_UNDEFINED}。"
    excludes = f"不计入或注意：{definition.excludes}。" if definition.excludes else ""
    return f"计入：{definition.counts}。{excludes}（{definition.source}）"


def note(
    i: Indicator,
    measures: tuple[Measure, ...],
    unit: str,
    definition: Definition | None,
    optional: bool = False,
) -> str:
    """The comment on the indicator's name: how to fill in, the unit, what counts, the plan's sentence."""
    part = _BY_PART.get(measures[0]) if measures else None
    lines = [part or _BY_RULE[i.rule]]
    if i.rule is not Rule.MILESTONE and measures:
        lines.append(f"单位：{unit}，填{decimal_rule(unit)}，不写单位和文字。")
    if optional:
        lines.append("一人一年只计一次的全市去重数，没有可不填。")
    return "\n".join([*lines, scope(definition), f"方案{source(i)}"])
