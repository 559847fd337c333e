"""One county's own document (反馈单): its figures, rank, reporting record and requests; of a year how its score came about."""

from dataclasses import dataclass, replace
from typing import Any

from flows.documents.document import Document, Frames, Issue
from flows.documents.figures import Figure, Figures
from flows.documents.kinds.annual import score_tables, year_context
from flows.documents.kinds.assessment import Assessment, assessment
from flows.documents.kinds.context import addressee_of, office_facts, period_words, words_for
from flows.documents.kinds.monthly import monthly_facts
from flows.documents.kinds.reporting import Doubt, Reported, reporting_record
from flows.documents.manuscript import Manuscript, finish
from flows.documents.pdf.typeset import Typesetter
from flows.documents.provenance import Count, Source, count, plain, quoted
from flows.documents.words import MARK_LABEL, STATE_LABEL, rounded_up
from flows.documents.workbook import AS_WRITTEN, MOVED, Column, Marked, Table
from flows.plan.catalogue import Catalogue, County, Indicator
from flows.plan.document_kinds import COUNTY_REPORT
from flows.plan.period import Frequency, Period
from flows.plan.terms import Mark, Rule

TEMPLATE, YEAR_TEMPLATE = "county_feedback.html.j2", "county_year.html.j2"
_COLUMNS = (
    Column("指标", 30), Column("单位", 8), Column("本期", 11, AS_WRITTEN), Column("累计", 12, AS_WRITTEN),
    Column("年度任务", 12, AS_WRITTEN), Column("完成率（%）", 11, 1), Column("较时序（百分点）", 12, 1), Column("位次", 7, 0),
    Column("并列", 6), Column("参加排位", 9, 0), Column("位次升降", 9, 0, number_format=MOVED), Column("尚需月均", 11, AS_WRITTEN),
    Column("标识", 7), Column("状态", 11),
)  # fmt: skip

IndicatorFigure = tuple[Indicator, Figure]


def make_county(
    frames: Frames, catalogue: Catalogue, period: Period, issue: Issue, typesetter: Typesetter, county_id: str
) -> Document:
    """One county's report with its workbook, figures.csv and manifest: of a year its scores, of a shorter period its
    figures. Equal bytes for equal arguments; StopIteration or
    KeyError for a county that is not in the plan or the record."""
    county = next(c for c in catalogue.counties if c.id == county_id)
    is_year = period.frequency is Frequency.YEAR
    context, table = (_year if is_year else _shorter)(frames, catalogue, period, issue, county)
    own = frames.figures.filter(frames.figures["county"] == county_id)
    manuscript = Manuscript(
        kind=COUNTY_REPORT,
        name=f"{period}_{county.name}{'年度得分' if is_year else ''}反馈单",
        title_lines=[
            f"关于反馈{county.name}{period.long_label}",
            f"{catalogue.plan.short_name}{'评估得分' if is_year else '调度情况'}的函",
        ],
        subject="年度评估反馈" if is_year else "调度反馈",
        period=str(period),
        series=catalogue.policy.documents.letter_prefix,
        template=YEAR_TEMPLATE if is_year else TEMPLATE,
        context={**context, "issue": issue, "addressee": addressee_of(county, catalogue.policy.documents)},
        tables=table,
        figures_csv=Figures(own, catalogue).csv(),
        figures=own,
        county=county_id,
        has_record=False,
        is_letter=True,
    )
    return finish(manuscript, frames, catalogue, issue, typesetter)


def _year(
    frames: Frames, catalogue: Catalogue, period: Period, issue: Issue, county: County
) -> tuple[dict[str, Any], list[Table]]:
    """What the year's template speaks of, and the workbook's sheets."""
    facts, scores = monthly_facts(frames, catalogue, period), assessment(frames, catalogue)
    own = next(c for c in scores.counties if c.county == county.id)
    short = {line.indicator.id for line in own.short}
    context = {
        **year_context(facts, scores, frames, catalogue, issue),
        "county": own,
        "you": county.name[-1],
        "ranked": count(c for c in scores.counties if c.score is not None),
        "short_names": [i.name for i in catalogue.indicators if i.id in short],
    }
    return context, score_tables(Assessment((own,), scores.limit), period)


def _shorter(
    frames: Frames, catalogue: Catalogue, period: Period, _issue: Issue, county: County
) -> tuple[dict[str, Any], list[Table]]:
    """The same of a month, a quarter or a half-year."""
    facts = county_facts(frames, catalogue, period, county)
    versions = Source(str(period), county.id, "", "corrections")
    context = {
        **{name: getattr(facts, name) for name in (*CountyFacts.__dataclass_fields__, "ahead", "behind", "unknown", "red")},
        **office_facts(catalogue, period),
        **period_words(period),
        "you": county.name[-1],
        "corrections": Count((facts.reported.versions or 1) - 1, versions),
        **words_for(catalogue),
    }  # fmt: skip
    return context, [_table(facts)]


@dataclass(frozen=True)
class CountyFacts:
    """Everything the report says: totals against the pace, minima every county must reach, figures without a
    target, the record of the last month, each month of the period with its status, and the period's open doubts."""

    county: County
    period: Period
    totals: tuple[IndicatorFigure, ...]
    minima: tuple[IndicatorFigure, ...]
    free: tuple[IndicatorFigure, ...]
    reported: Reported
    reports: tuple[tuple[str, str], ...]
    doubts: tuple[Doubt, ...]

    @property
    def ahead(self) -> list[str]:
        """Indicators level with the pace or ahead of it."""
        return [i.name for i, f in self.totals if f.pace == "ahead"]

    @property
    def behind(self) -> list[str]:
        """Indicators behind it."""
        return [i.name for i, f in self.totals if f.pace == "behind"]

    @property
    def unknown(self) -> list[str]:
        """Indicators without a usable number."""
        return [i.name for i, f in self.totals if f.gap_pp is None]

    @property
    def red(self) -> list[str]:
        """Indicators with a red mark."""
        return [i.name for i, f in self.totals if f.mark == Mark.RED]


def county_facts(frames: Frames, catalogue: Catalogue, period: Period, county: County) -> CountyFacts:
    """The facts of one county; KeyError if it is not in the reporting record."""
    rows = [
        (catalogue.indicator[f.indicator], f) for f in Figures(frames.figures, catalogue).of_county(county.id)
    ]
    records = {
        month: reporting_record(frames.reporting, frames.problems, catalogue, month)
        for month in period.months
    }
    own = {month: r for month, record in records.items() for r in record.rows if r.reporter == county.id}
    labels = {month: quoted(Period.parse(month).label, "period.label") for month in records}
    doubts = [
        replace(d, message=f"{plain(labels[month])}{d.message}") if period.length > 1 else d
        for month, record in records.items()
        for d in record.doubts
        if d.reporter == county.id
    ]
    return CountyFacts(
        county=county,
        period=period,
        totals=tuple(row for row in rows if row[0].rule is Rule.TOTAL and not row[0].is_free),
        minima=tuple(row for row in rows if row[0].rule is Rule.EACH_COUNTY),
        free=tuple(row for row in rows if row[0].is_free),
        reported=own[period.months[-1]],
        reports=tuple((labels[month], r.status) for month, r in own.items()),
        doubts=tuple(doubts),
    )


def _table(facts: CountyFacts) -> Table:
    rows = [
        [i.name, i.unit, f.value, f.ytd, f.target, f.attainment_pct, f.gap_pp, f.rank, "并列" if f.tied else None,
         f.ranked, f.rank_change, None if f.required_monthly is None else rounded_up(f.required_monthly, i.unit),
         Marked(MARK_LABEL[f.mark], f.mark) if f.mark else None, STATE_LABEL[f.state]]
        for i, f in (*facts.totals, *facts.minima, *facts.free)
    ]  # fmt: skip
    title = f"{facts.county.name}{facts.period.long_label}指标完成情况"
    return Table("指标完成情况", title, "", _COLUMNS, rows)
