"""What the control of a number is called (控件标题): county and indicator, else what kind of number it is."""

from collections.abc import Callable

from flows.documents.provenance import Source
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period

_COLUMNS = {
    "ytd": "累计", "value": "本期", "target": "年度任务", "attainment_pct": "完成率", "gap_pp": "较时序", "rank": "位次",
    "rank_change": "位次变动", "required_monthly": "尚需月均", "seasonal_gap_pp": "较季节进度", "own_ytd": "按个人去重",
    "difference": "去重与合计之差", "monthly_average": "今年以来月均", "reported": "已报地区数", "expected": "应报地区数",
    "count": "个数", "date": "日期", "month": "月份",
}  # fmt: skip


def fact_names(plan: Catalogue) -> Callable[[Source], str]:
    """The names by a plan: 开鲁县 城镇新增就业 累计 2025年6月."""

    def name_of(source: Source) -> str:
        column = _COLUMNS.get(source.column, "")
        if not source.indicator:
            return f"数据 {column}".strip()
        county = plan.name_of(source.county) if source.county else ""
        period = Period.parse(source.period).long_label if source.period else ""
        return " ".join(filter(None, (county, plan.indicator[source.indicator].name, column, period)))

    return name_of
