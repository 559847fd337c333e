"""The workbook's sheets of the monthly bulletin (附表): the attachments' tables with unrounded numbers."""

from typing import TYPE_CHECKING

from flows.documents.figures import Figure, Figures
from flows.documents.kinds.tasks import told, verdict
from flows.documents.words import MARK_LABEL, STATE_LABEL, place_cell
from flows.documents.workbook import AS_WRITTEN, Cell, Column, Table
from flows.plan.catalogue import Catalogue
from flows.plan.terms import CITY

if TYPE_CHECKING:
    from flows.documents.kinds.monthly import MonthlyFacts

_COUNTY_COLUMNS = (
    Column("指标", 26), Column("地区", 14), Column("单位", 8), Column("本月", 11, AS_WRITTEN), Column("累计", 12, AS_WRITTEN),
    Column("年度目标", 12, AS_WRITTEN), Column("完成率（%）", 11, 1), Column("较时序（百分点）", 12, 1), Column("位次", 9),
    Column("位次升降", 9, 0), Column("标识", 7), Column("尚需月均", 11, AS_WRITTEN), Column("状态", 11), Column("已报", 7, 0),
    Column("应报", 7, 0),
)  # fmt: skip
_CITY_COLUMNS = (
    Column("任务", 7), Column("指标", 34), Column("报送单位", 16), Column("单位", 12), Column("本月", 11, AS_WRITTEN),
    Column("累计（期末）", 13, AS_WRITTEN), Column("年度目标", 13, AS_WRITTEN), Column("完成率（%）", 11, 1),
    Column("较时序（百分点）", 12, 1), Column("结论", 11), Column("状态", 11),
)  # fmt: skip
_RECORD_COLUMNS = (
    Column("报送单位", 20), Column("应报日期", 12), Column("首次报送", 17), Column("现用版本报送", 17),
    Column("版本", 7, 0), Column("结果", 11), Column("待核实", 8, 0), Column("数据待核", 9, 0),
    Column("本年迟报（次）", 9, 0), Column("本年未报（次）", 9, 0),
)  # fmt: skip
_DOUBT_COLUMNS = (Column("报送单位", 16), Column("类别", 8), Column("事项", 70), Column("处理办法", 40))
_TASK_COLUMNS = (
    Column("序号", 6, 0), Column("任务", 28), Column("牵头单位", 16), Column("指标", 28), Column("完成情况", 34),
    Column("结论", 10), Column("进展情况（原文）", 44), Column("存在问题（原文）", 34), Column("下一步打算（原文）", 34),
)  # fmt: skip


def tables(facts: "MonthlyFacts", figures: Figures, catalogue: Catalogue) -> list[Table]:
    """The sheets in the order of the attachments."""
    label = facts.period.long_label
    return [
        Table(
            "各地指标",
            f"{label}各地指标完成情况",
            "“全市”只合计已报地区",
            _COUNTY_COLUMNS,
            _county_rows(figures, catalogue),
        ),
        Table("市级指标", f"{label}牵头单位市级指标", "", _CITY_COLUMNS, _city_rows(facts, catalogue)),
        Table("报送情况", f"{label}报送情况", "", _RECORD_COLUMNS, _record_rows(facts), landscape=False),
        Table("待核实事项", f"{label}待核实、待更正事项", "", _DOUBT_COLUMNS, _doubt_rows(facts)),
        Table("任务进展", f"{label}任务进展情况", "", _TASK_COLUMNS, _task_rows(facts)),
    ]


def _county_rows(figures: Figures, catalogue: Catalogue) -> list[list[Cell]]:
    by_county = [i for i in catalogue.indicators if figures.counties(i.id)]
    return [
        [i.name, catalogue.name_of(f.county), f.unit, *_numbers(f), place_cell(f.rank, f.tied) if f.county != CITY else None,
         f.rank_change, MARK_LABEL[f.mark] if f.mark else None, f.required_monthly, STATE_LABEL[f.state], f.reported, f.expected]
        for i in by_county
        for f in (*figures.counties(i.id), figures.of(i.id))
    ]  # fmt: skip


def _numbers(f: Figure) -> list[Cell]:
    return [f.value, f.ytd, f.target, f.attainment_pct, f.gap_pp]


def _city_rows(facts: "MonthlyFacts", catalogue: Catalogue) -> list[list[Cell]]:
    return [
        [line.indicator.task or "总体", line.name, catalogue.name_of(line.indicator.reporter or CITY), line.indicator.unit,
         *_numbers(line.figure), verdict(line), STATE_LABEL[line.figure.state]]
        for line in facts.overall.departments
    ]  # fmt: skip


def _record_rows(facts: "MonthlyFacts") -> list[list[Cell]]:
    return [
        [r.name, r.due_on, r.first_received_at, r.received_at, r.versions, r.label, r.open_queries, r.errors,
         r.late_this_year, r.missing_this_year]
        for r in facts.record.rows
    ]  # fmt: skip


def _doubt_rows(facts: "MonthlyFacts") -> list[list[Cell]]:
    return [[d.name, d.tier_label, d.message, d.remedy] for d in facts.record.doubts] or [
        ["无", None, None, None]
    ]


def _task_rows(facts: "MonthlyFacts") -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for row in facts.tasks:
        words: list[Cell] = [row.said.progress or "未报送", row.said.problem, row.said.next_step]
        head: list[Cell] = [row.task.number, row.task.title, row.lead]
        if not row.lines:
            rows.append([*head, "无数量指标", None, None, *words])
        rows += [[*head, line.name, told(line), verdict(line), *words] for line in row.lines]
    return rows
