"""What an indicator's cells mean (指标口径), in the clerk's words and the plan's own sentence."""

from flows.catalogue.indicator import Indicator
from flows.catalogue.terms import Measure, Rule
from flows.catalogue.unit import decimals

_BY_RULE = {
    Rule.TOTAL: "“本月”填本月新增数；“累计”填本年1月1日起至本月末的合计数。核减或补报在累计中体现，并写明原因。",
    Rule.LATEST: "填本月末的实有数，不是当月新增数。",
    Rule.SHARE: "填分子和分母，占比由表格自动计算。",
    Rule.MEAN: "填本月当月数值，不填平均数。",
    Rule.EACH_COUNTY: "“累计”填本年1月1日起至本月末本地建成（培育）的个数，没有就填 0 或选“零”。",
    Rule.MILESTONE: "选“是”或“否”；选“是”的，填完成日期。",
}
_BY_PART = {Measure.NUMERATOR: "此行填分子：本月末的数。", Measure.DENOMINATOR: "此行填分母：本月末的数。"}


def number_rule(unit: str) -> str:
    """What kind of number the unit takes: 整数 or 最多两位小数."""
    places = "最多两位小数" if decimals(unit) else "整数"
    return f"单位：{unit}，填{places}，不写单位和文字。"


def of(i: Indicator, measures: tuple[Measure, ...], unit: str, optional: bool) -> str:
    """The definition as it stands in the cell's note: how to fill in, the unit, the plan's sentence."""
    part = _BY_PART.get(measures[0]) if measures else None
    lines = [part or _BY_RULE[i.rule]]
    if i.rule is not Rule.MILESTONE and measures:
        lines.append(number_rule(unit))
    if optional:
        lines.append("一人一年只计一次的全市去重数，没有可不填。")
    where = f"第{i.task}项" if i.task else "总体要求"
    lines.append(f"方案{where}：“{i.quote}”")
    return "\n".join(lines)
