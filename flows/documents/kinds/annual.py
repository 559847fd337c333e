"""The annual assessment (年度评估报告): the year's figures, tasks, scores and grades as one report upward."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from flows.documents.charts.gaps import AGAINST_TARGET, gap_chart, panels
from flows.documents.charts.report import city_chart
from flows.documents.document import Document, Frames, Issue
from flows.documents.figures import Figures
from flows.documents.kinds.assessment import Assessment, assessment
from flows.documents.kinds.commendation import Proposal, proposals
from flows.documents.kinds.context import SIGNATORY_BLANK, period_words
from flows.documents.kinds.monthly import MonthlyFacts, monthly_context, monthly_facts, tables
from flows.documents.kinds.overall import CityLine
from flows.documents.kinds.sheets import headed
from flows.documents.kinds.tasks import TaskRow, verdict
from flows.documents.kinds.trend import indicator_series
from flows.documents.manuscript import Manuscript, finish
from flows.documents.pdf.typeset import Typesetter
from flows.documents.provenance import Count, count, facts_of
from flows.documents.workbook import AS_WRITTEN, Cell, Column, Table
from flows.plan.catalogue import Catalogue
from flows.plan.notice import Ladder, NoticeKind
from flows.plan.period import Period
from flows.plan.terms import Rule, Tier

TEMPLATE = "annual_assessment.html.j2"
ATTACHMENTS = ("全部指标完成情况表", "任务完成情况表", "各地得分明细表", "口径说明")
_SCORE_COLUMNS = (
    Column("地区", 14), Column("指标", 30), Column("单位", 8), Column("累计", 12, AS_WRITTEN),
    Column("年度目标", 12, AS_WRITTEN), Column("完成率（%）", 11, 1), Column("单项得分", 10, 2),
    Column("多完成1个单位增加得分", 12, 4),
)  # fmt: skip
_GRADE_COLUMNS = (
    Column("地区", 14), Column("指标数", 8, 0), Column("已知", 7, 0), Column("指标得分", 10, 2), Column("迟报", 7, 0),
    Column("未报", 7, 0), Column("待核实", 8, 0), Column("扣分", 8, 2), Column("得分", 9, 2), Column("位次", 7, 0),
    Column("并列", 6), Column("等次", 11),
)  # fmt: skip


def make(
    frames: Frames, catalogue: Catalogue, period: Period, issue: Issue, typesetter: Typesetter
) -> Document:
    """The assessment of one year with its workbook, figures.csv and manifest; equal bytes for equal arguments."""
    facts, scores = monthly_facts(frames, catalogue, period), assessment(frames, catalogue)
    figures = Figures(frames.figures, catalogue)
    manuscript = Manuscript(
        kind="annual_assessment",
        name=f"{period}_年度评估报告",
        title_lines=[
            f"关于{period.long_label}{catalogue.plan.scope}{catalogue.plan.short_name}",
            "的评估报告",
        ],
        subject="年度评估",
        period=str(period),
        series=catalogue.policy.documents.number_prefix,
        template=TEMPLATE,
        context={
            **year_context(facts, scores, frames, catalogue, issue),
            "charts": charts(facts, frames, figures, catalogue),
        },
        tables=[
            *score_tables(scores, period),
            *headed(tables(facts, figures, catalogue), period_words(period)["own"]),
        ],
        figures_csv=figures.csv(),
        figures=figures.frame,
    )
    return finish(manuscript, frames, catalogue, issue, typesetter)


def charts(facts: MonthlyFacts, frames: Frames, figures: Figures, catalogue: Catalogue) -> dict[str, Markup]:
    """The drawings by name: the year's course of the plan's overall goals, and by how much each county ended off them."""
    headline = [line.indicator for line in facts.overall.headline]
    drawings = {}
    if headline and not frames.trend.is_empty():
        curves = {name: curve.cumulative_pct for name, curve in catalogue.policy.seasonal.items()}
        series = [indicator_series(frames.trend, figures, catalogue, i) for i in headline]
        drawings["city"] = city_chart(
            [(s.indicator.name, s.city, curves.get(s.indicator.id)) for s in series]
        )
    if gaps := panels(headline, figures, catalogue):
        drawings["gaps"] = gap_chart(gaps, AGAINST_TARGET)
    return drawings


def year_context(
    facts: MonthlyFacts, scores: Assessment, frames: Frames, catalogue: Catalogue, issue: Issue
) -> dict[str, Any]:
    """What the template speaks of, by name: the monthly's own and the scores."""
    proposed: tuple[Proposal, ...] = proposals(frames, catalogue)
    return {
        **monthly_context(facts, frames, catalogue, issue),
        "attachments": ATTACHMENTS,
        "signatory": SIGNATORY_BLANK,
        "this_document": "本报告",
        **period_words(facts.period),
        "scores": scores,
        "verdict": year_verdict,
        "year": year_facts(facts),
        "notices": notice_lines(frames, facts.period),
        "queries": query_counts(frames),
        "open_queries": open_queries(frames, catalogue),
        "proposed": [p.name for p in proposed if p.proposed],
    }


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A kind of notice in the year: how many were sent, and of those answered, or closed without an answer."""

    label: str
    sent: int
    answered: int
    closed: int


def notice_lines(frames: Frames, period: Period) -> tuple[NoticeLine, ...]:
    """The kinds of which any was sent: 滞后提醒, 迟报催办."""
    ladders, kinds = {str(one): one.label for one in Ladder}, {str(one): one.label for one in NoticeKind}
    return tuple(
        facts_of(
            NoticeLine(
                f"{ladders[row['ladder']]}{kinds[row['kind']]}", row["sent"], row["answered"], row["closed"]
            ),
            str(period),
        )
        for row in frames.notice_outcomes.iter_rows(named=True)
    )


def query_counts(frames: Frames) -> tuple[Count, Count]:
    """How many queries of the year there are, and how many of them are answered."""
    queries = frames.problems.filter(tier=str(Tier.QUERY))
    answered = queries.filter(queries["answer"].is_not_null())
    return count(queries["message"]), count(answered["message"])


@dataclass(frozen=True, slots=True)
class OpenQueries:
    """How many queries of the year nobody has answered, and how many of each reporter, in print order."""

    number: Count
    by_reporter: tuple[tuple[str, Count], ...]


def open_queries(frames: Frames, catalogue: Catalogue) -> OpenQueries:
    """Them, out of the year's problems."""
    queries = frames.problems.filter(tier=str(Tier.QUERY))
    unanswered = queries.filter(queries["answer"].is_null())
    by_reporter = (
        (one.name, count(unanswered.filter(reporter=one.id)["message"])) for one in catalogue.reporters
    )
    return OpenQueries(
        count(unanswered["message"]), tuple((name, number) for name, number in by_reporter if number)
    )


def year_verdict(line: CityLine) -> str:
    """How an indicator ended the year, on its own bound; a clock no longer excuses it."""
    if line.figure.ytd is None:
        return verdict(line)
    if line.indicator.rule is Rule.MEAN and line.figure.reported < line.figure.expected:
        return "暂不判断"
    return {True: "已达标", False: "未达标", None: "暂不判断"}[line.figure.met]


@dataclass(frozen=True, slots=True)
class YearFacts:
    """Every indicator of the plan in its order, and the tasks that have numbers and those that have none."""

    lines: tuple[CityLine, ...]
    numbered: tuple[TaskRow, ...]
    wordy: tuple[TaskRow, ...]

    def ended(self, *verdicts: str) -> list[CityLine]:
        """The indicators that ended so."""
        return [line for line in self.lines if year_verdict(line) in verdicts]

    def tasks_ended(self, *, whole: bool) -> list[TaskRow]:
        """The tasks with numbers all of which are reached, or some of which are known not to be."""
        return [
            row
            for row in self.numbered
            if (all if whole else any)(
                year_verdict(line) == ("已达标" if whole else "未达标") for line in row.lines
            )
        ]

    def tasks_open(self) -> list[TaskRow]:
        """The tasks with numbers of which neither can be said."""
        ended = (*self.tasks_ended(whole=True), *self.tasks_ended(whole=False))
        return [row for row in self.numbered if row not in ended]


def year_facts(facts: MonthlyFacts) -> YearFacts:
    """Them, out of the facts of the year's end."""
    whole = facts.overall
    lines = sorted(
        (*whole.annex, *whole.each_county, *whole.departments), key=lambda line: line.indicator.task
    )
    return YearFacts(
        tuple(lines),
        tuple(row for row in facts.tasks if row.has_numbers),
        tuple(row for row in facts.tasks if not row.has_numbers),
    )


def score_tables(scores: Assessment, period: Period) -> list[Table]:
    """The workbook's sheets of the scores, unrounded."""
    rows: list[list[Cell]] = [
        [c.name, line.indicator.name, line.indicator.unit, line.ytd, line.target, line.attainment_pct, line.points, line.gain]
        for c in scores.counties
        for line in c.lines
    ]  # fmt: skip
    grades: list[list[Cell]] = [
        [c.name, c.expected, c.known, c.points, c.late, c.missing, c.open_queries, c.deducted, c.score, c.rank,
         "并列" if c.tied else None, c.label]
        for c in scores.counties
    ]  # fmt: skip
    label = period.long_label
    return [
        Table("得分和等次", f"{label}各地得分和等次", "建议等次，以审定为准", _GRADE_COLUMNS, grades),
        Table("得分明细", f"{label}各地得分明细", "", _SCORE_COLUMNS, rows, frozen=2),
    ]
