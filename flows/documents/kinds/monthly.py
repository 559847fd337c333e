"""The monthly bulletin (月调度通报): its facts, its document and the sheets of its workbook (附表), which reports share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flows.documents.document import Document, Frames, Issue
from flows.documents.figures import Figure, Figures
from flows.documents.filters import month
from flows.documents.kinds.amendments import AmendedSince, Amendment, amended_since, amendments
from flows.documents.kinds.context import city_own, not_reached, office_facts, words_for
from flows.documents.kinds.overall import Overall, overall
from flows.documents.kinds.ranking import CountyRanking, county_ranking
from flows.documents.kinds.reporting import ReportingRecord, reporting_record
from flows.documents.kinds.tasks import Statements, TaskRow, county_words, figure_text, task_rows, verdict
from flows.documents.manuscript import Manuscript, finish
from flows.documents.pdf.typeset import Typesetter
from flows.documents.provenance import Count, count
from flows.documents.words import MARK_LABEL, STATE_LABEL, place_cell
from flows.documents.workbook import AS_WRITTEN, Cell, Column, Table
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period
from flows.plan.terms import CITY

TEMPLATE = "monthly_dispatch.html.j2"
ATTACHMENTS = ("各地指标完成情况表", "报送情况表", "任务进展情况表", "口径说明")
QUOTED = 3  # counties' problems quoted in the text, those with most red marks first
QUOTED_UP_TO = 60  # characters; longer ones stand whole in the attachment, never cut


@dataclass(frozen=True)
class ReportedProblems:
    """The problems that counties reported: from how many, and those quoted in the text with the counties' names."""

    count: Count
    quoted: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MonthlyFacts:
    """Everything the bulletin says, in the order it says it; pure of clock and files."""

    period: Period
    overall: Overall
    county_ranking: CountyRanking
    record: ReportingRecord
    tasks: tuple[TaskRow, ...]
    county_words: tuple[tuple[str, Statements], ...]
    reported_problems: ReportedProblems
    amendments: tuple[Amendment, ...]
    amended_since: AmendedSince


def monthly_facts(frames: Frames, catalogue: Catalogue, period: Period) -> MonthlyFacts:
    """The facts of one month. Every number of the text comes from the same frame as the tables."""
    figures, last = Figures(frames.figures), period.months[-1]
    whole, counties = overall(figures, catalogue), county_ranking(figures, catalogue)
    lines = (*whole.departments, *whole.annex, *whole.each_county)
    in_plan_order = sorted(lines, key=lambda line: catalogue.indicators.index(line.indicator))
    statements = county_words(frames.statements, catalogue, last)
    return MonthlyFacts(
        period=period,
        overall=whole,
        county_ranking=counties,
        record=reporting_record(frames.reporting, frames.problems, catalogue, last),
        tasks=task_rows(frames.statements, in_plan_order, catalogue, last),
        county_words=statements,
        reported_problems=_reported_problems(statements, counties),
        amendments=amendments(frames, catalogue, period),
        amended_since=amended_since(frames, catalogue),
    )


def make(
    frames: Frames, catalogue: Catalogue, period: Period, issue: Issue, typesetter: Typesetter
) -> Document:
    """The bulletin of one month with its workbook, figures.csv and manifest; equal bytes for equal arguments."""
    facts = monthly_facts(frames, catalogue, period)
    return finish(manuscript(facts, frames, catalogue, issue), frames, catalogue, issue, typesetter)


def manuscript(facts: MonthlyFacts, frames: Frames, catalogue: Catalogue, issue: Issue) -> Manuscript:
    """The bulletin before it is set."""
    figures, period = Figures(frames.figures), facts.period
    return Manuscript(
        kind="monthly_dispatch",
        name=f"{period}_月调度通报",
        title_lines=[f"关于{period.long_label}全市{catalogue.plan.short_name}", "调度情况的通报"],
        subject="月调度",
        period=str(period),
        series=catalogue.policy.documents.number_prefix,
        template=TEMPLATE,
        context=monthly_context(facts, frames, catalogue, issue),
        tables=tables(facts, figures, catalogue),
        figures_csv=figures.csv(),
        figures=figures.frame,
    )


def monthly_context(
    facts: MonthlyFacts, frames: Frames, catalogue: Catalogue, issue: Issue
) -> dict[str, Any]:
    """What the template speaks of, by name."""
    period, figures = facts.period, Figures(frames.figures)
    return {
        **{name: getattr(facts, name) for name in MonthlyFacts.__dataclass_fields__},
        **office_facts(catalogue, period),
        "issue": issue,
        "figures": figures,
        "counties": catalogue.counties,
        "attachments": ATTACHMENTS,
        "next_label": month(period.first % 12 + 1),
        "city_own": city_own(frames, period),
        "not_reached": lambda line: not_reached(line, figures, catalogue),
        "doubtful_names": list(dict.fromkeys(doubt.name for doubt in facts.record.doubts)),
        **words_for(catalogue),
    }


def _reported_problems(
    statements: Sequence[tuple[str, Statements]], counties: CountyRanking
) -> ReportedProblems:
    problems = {name: words.problem for name, words in statements if words.problem}
    red_first = [row.county.name for row in counties.red]
    order = sorted(problems, key=lambda name: red_first.index(name) if name in red_first else len(red_first))
    short = [(name, problems[name].rstrip("。；")) for name in order if len(problems[name]) <= QUOTED_UP_TO]
    return ReportedProblems(count(problems), tuple(short[:QUOTED]))


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


def tables(facts: MonthlyFacts, figures: Figures, catalogue: Catalogue) -> list[Table]:
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


def _city_rows(facts: MonthlyFacts, catalogue: Catalogue) -> list[list[Cell]]:
    return [
        [line.indicator.task or "总体", line.name, catalogue.name_of(line.indicator.reporter or CITY), line.indicator.unit,
         *_numbers(line.figure), verdict(line), STATE_LABEL[line.figure.state]]
        for line in facts.overall.departments
    ]  # fmt: skip


def _record_rows(facts: MonthlyFacts) -> list[list[Cell]]:
    return [
        [r.name, r.due_on, r.first_received_at, r.received_at, r.versions, r.label, r.open_queries, r.errors,
         r.late_this_year, r.missing_this_year]
        for r in facts.record.rows
    ]  # fmt: skip


def _doubt_rows(facts: MonthlyFacts) -> list[list[Cell]]:
    return [[d.name, d.tier_label, d.message, d.remedy] for d in facts.record.doubts] or [
        ["无", None, None, None]
    ]


def _task_rows(facts: MonthlyFacts) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for row in facts.tasks:
        words: list[Cell] = [
            row.statements.progress or "未报送",
            row.statements.problem,
            row.statements.next_step,
        ]
        head: list[Cell] = [row.task.number, row.task.title, row.lead]
        if not row.lines:
            rows.append([*head, "无数量指标", None, None, *words])
        rows += [[*head, line.name, figure_text(line), verdict(line), *words] for line in row.lines]
    return rows
