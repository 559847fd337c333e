"""The sheets of the workbooks (附表): the matrices that the PDF prints, and the same figures as a list to filter.

Numbers are exact and in the plan's units; a rank is a number with 并列 beside it, a milestone is written in words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flows.documents import words
from flows.documents.figures import Figure, Figures
from flows.documents.kinds.overall import CityLine
from flows.documents.kinds.reporting import ReportingRecord
from flows.documents.kinds.tasks import Statements, TaskRow, figure_text, verdict
from flows.documents.workbook import AS_WRITTEN, MOVED, Cell, Column, Marked, Table
from flows.indicators import exact
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.terms import CITY, Rule

_DONE = {1.0: "已完成", 0.0: "未完成"}
_TIED = "并列"
MARKED = "完成率为百分数；蓝：明显快于时序进度，绿：与时序进度相当，黄：较慢，红：明显慢，标准见口径说明"

_LIST_COLUMNS = (
    Column("指标", 26), Column("地区", 14), Column("单位", 8), Column("本月", 11, AS_WRITTEN), Column("累计", 12, AS_WRITTEN),
    Column("年度目标", 12, AS_WRITTEN), Column("完成率（%）", 11, 1), Column("较时序（百分点）", 12, 1), Column("位次", 7, 0),
    Column("并列", 6), Column("位次升降", 9, 0, number_format=MOVED), Column("标识", 7), Column("尚需月均", 11, AS_WRITTEN),
    Column("状态", 11), Column("已报", 7, 0), Column("应报", 7, 0),
)  # fmt: skip
_INDICATOR_COLUMNS = (
    Column("本月", 10, AS_WRITTEN), Column("累计", 10, AS_WRITTEN), Column("年度目标", 10, AS_WRITTEN), Column("完成率", 8, 1),
    Column("较时序", 8, 1), Column("位次", 6, 0), Column("并列", 6), Column("标识", 6),
)  # fmt: skip
# What stands before the rank where the year before is known.
_LIST_YEAR_AGO = (Column("上年同期累计", 13, AS_WRITTEN), Column("同比（%）", 10, 1))
_YEAR_AGO = (Column("同比", 8, 1),)
INDICATORS_A_PAGE = 2  # as in the PDF's attachment
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
_WORDS_COLUMNS = (
    Column("地区", 14), Column("进展情况", 60), Column("存在问题", 50), Column("下一步打算", 50),
)  # fmt: skip
_TASK_COLUMNS = (
    Column("序号", 6, 0), Column("任务", 28), Column("牵头单位", 16), Column("指标", 28), Column("完成情况", 34),
    Column("结论", 10), Column("进展情况（原文）", 44), Column("存在问题（原文）", 34), Column("下一步打算（原文）", 34),
)  # fmt: skip


def headed(tables: Sequence[Table], own: str) -> list[Table]:
    """The sheets of a longer period, its own number under its own name: 本季度, 本年."""
    return [
        replace(table, columns=[replace(c, heading=c.heading.replace("本月", own)) for c in table.columns])
        for table in tables
    ]


def figure_sheets(figures: Figures, catalogue: Catalogue, label: str) -> list[Table]:
    """The figures by county: rates with their marks, the attachment's matrix of everything, and the same as a list."""
    annex = [i for i in catalogue.annex_indicators if figures.counties(i.id)]
    listed = [i for i in catalogue.indicators if figures.counties(i.id)]
    compares = figures.compares_counties
    rows = [
        _list_row(i, f, catalogue, compares=compares)
        for i in listed
        for f in (*figures.counties(i.id), figures.of(i.id))
    ]
    note = f"数为精确数，单位为方案的计量单位；“{catalogue.plan.scope}”只合计已报地区"
    sheets = [
        Table(
            "各地指标",
            f"{label}各地指标完成情况（明细）",
            note,
            _before_rank(_LIST_COLUMNS, _LIST_YEAR_AGO) if compares else _LIST_COLUMNS,
            rows,
            frozen=2,
        )
    ]
    if not annex:
        return sheets
    place = Column("地区", 14)
    rates = [
        [name, *(_rate(figures.get(i.id, county)) for i in annex)] for name, county in _places(catalogue)
    ]
    own = _before_rank(_INDICATOR_COLUMNS, _YEAR_AGO) if compares else _INDICATOR_COLUMNS
    whole = [
        [name, *(cell for i in annex for cell in _indicator_cells(figures.get(i.id, county), own))]
        for name, county in _places(catalogue)
    ]
    rate_columns = [place, *(Column(i.name, 13, 1) for i in annex)]
    columns = [place, *(replace(c, group=f"{i.name}（{i.unit}）") for i in annex for c in own)]
    wide = len(own) * INDICATORS_A_PAGE
    return [
        Table("完成率和标识", f"{label}各地年度任务完成率及标识", MARKED, rate_columns, rates),
        Table("完成情况", f"{label}各地指标完成情况", note, columns, whole, columns_a_page=wide),
        *sheets,
    ]


def _places(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Name and id of every row of a matrix: the counties, the city last."""
    return [(county.name, county.id) for county in catalogue.counties] + [(catalogue.name_of(CITY), CITY)]


def _rate(f: Figure | None) -> Cell:
    return "无任务" if f is None else Marked(_or_state(f.attainment_pct, f), f.mark)


def _or_state(value: float | None, f: Figure) -> str | float | None:
    """A number, or in words why there is none."""
    return words.cell(None, f.unit, f.state) if value is None else value


def _before_rank(columns: Sequence[Column], year_ago: Sequence[Column]) -> tuple[Column, ...]:
    at = [column.heading for column in columns].index("位次")
    return (*columns[:at], *year_ago, *columns[at:])


def _indicator_cells(f: Figure | None, columns: Sequence[Column]) -> list[Cell]:
    if f is None:
        return ["无任务", *[None] * (len(columns) - 1)]
    mark = Marked(words.MARK_LABEL[f.mark], f.mark) if f.mark else None
    compared = [_growth(f)] if len(columns) > len(_INDICATOR_COLUMNS) else []
    return [f.value, _or_state(f.ytd, f), f.target, f.attainment_pct, f.gap_pp, *compared, f.rank,
            _TIED if f.tied else None, mark]  # fmt: skip


def _growth(f: Figure) -> float | None:
    """同比 in per cent; None where either number is not known, or there was nothing to grow from."""
    if f.ytd is None or f.ytd_year_ago is None or f.ytd_year_ago <= 0:
        return None
    return exact.change_pct(f.ytd, f.ytd_year_ago)


def _list_row(i: Indicator, f: Figure, catalogue: Catalogue, *, compares: bool) -> list[Cell]:
    year_ago = [f.ytd_year_ago, _growth(f)] if compares else []
    needed = None if f.required_monthly is None else words.rounded_up(f.required_monthly, i.unit)
    return [
        i.name, catalogue.name_of(f.county), i.unit, *_numbers(f), *year_ago, f.rank, _TIED if f.tied else None, f.rank_change,
        Marked(words.MARK_LABEL[f.mark], f.mark) if f.mark else None, needed, words.STATE_LABEL[f.state], f.reported, f.expected,
    ]  # fmt: skip


def _numbers(f: Figure) -> list[Cell]:
    if f.rule == Rule.MILESTONE:
        return [None, None if f.ytd is None else _DONE[f.ytd], "完成", None, None]
    return [f.value, f.ytd, f.target, f.attainment_pct, f.gap_pp]


def department_sheet(lines: Sequence[CityLine], catalogue: Catalogue, label: str) -> Table:
    """The city's figures that departments report, each with its verdict."""
    rows: list[list[Cell]] = [
        [line.indicator.task or "总体", line.name, catalogue.name_of(line.indicator.reporter or CITY), line.indicator.unit,
         *_numbers(line.figure), None if line.indicator.is_free else verdict(line), words.STATE_LABEL[line.figure.state]]
        for line in lines
    ]  # fmt: skip
    note = "数为精确数，单位为方案的计量单位"
    level = catalogue.plan.level
    return Table(f"{level}指标", f"{label}牵头单位{level}指标", note, _CITY_COLUMNS, rows, frozen=2)


def record_sheets(record: ReportingRecord, label: str) -> list[Table]:
    """Who reported when, and what is queried."""
    rows: list[list[Cell]] = [
        [r.name, r.due_on, r.first_received_at, r.received_at, r.versions, r.label, r.open_queries, r.errors,
         r.late_this_year, r.missing_this_year]
        for r in record.rows
    ]  # fmt: skip
    doubts: list[list[Cell]] = [[d.name, d.tier_label, d.message, d.remedy] for d in record.doubts]
    return [
        Table("报送情况", f"{label}报送情况", "", _RECORD_COLUMNS, rows, landscape=False),
        Table(
            "待核实事项",
            f"{label}待核实、待更正事项",
            "",
            _DOUBT_COLUMNS,
            doubts or [["无", None, None, None]],
        ),
    ]


def task_sheet(tasks: Sequence[TaskRow], label: str) -> Table:
    """Every task with its indicators, a row each, and what its lead department writes."""
    return Table("任务进展", f"{label}任务进展情况", "", _TASK_COLUMNS, list(_task_rows(tasks)), frozen=2)


def words_sheet(said: Sequence[tuple[str, Statements]], label: str) -> Table:
    """What each county wrote of its own work, whole where the document cuts it."""
    rows: list[list[Cell]] = [[name, s.progress, s.problem, s.next_step] for name, s in said]
    return Table("各地工作情况", f"{label}各地报送的工作情况（原文）", "", _WORDS_COLUMNS, rows)


def _task_rows(tasks: Sequence[TaskRow]) -> Iterator[list[Cell]]:
    for row in tasks:
        said: list[Cell] = [
            row.statements.progress or "未报送",
            row.statements.problem,
            row.statements.next_step,
        ]
        head: list[Cell] = [row.task.number, row.task.title, row.lead]
        if not row.lines:
            yield [*head, "无数量指标", None, None, *said]
        for line in row.lines:
            yield [*head, line.name, figure_text(line), verdict(line), *said]
