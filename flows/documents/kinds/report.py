"""The reports upward (报告): one function of the period, and what a quarter and a half-year call their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from flows.documents.charts.gaps import gap_chart, panels
from flows.documents.charts.report import city_chart, contribution_chart, county_chart, outlook_chart
from flows.documents.document import Document, Frames, Issue
from flows.documents.figures import Figures
from flows.documents.kinds.context import SIGNATORY_BLANK, period_words
from flows.documents.kinds.monthly import monthly_context, tables
from flows.documents.kinds.punctuality import Punctuality
from flows.documents.kinds.reporting import STATUS
from flows.documents.kinds.review import ReviewFacts, review_facts
from flows.documents.kinds.sheets import headed
from flows.documents.kinds.trend import IndicatorSeries
from flows.documents.manuscript import Manuscript, finish
from flows.documents.pdf.typeset import Typesetter
from flows.documents.workbook import AS_WRITTEN, Cell, Column, Table
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of report calls its own: template, subject, and how its title ends."""

    id: str
    template: str
    subject: str
    ending: str


QUARTERLY = Kind("quarterly_analysis", "quarterly_analysis.html.j2", "季分析", "情况的分析报告")
HALF_YEARLY = Kind("half_year_summary", "half_year_summary.html.j2", "半年总结", "的总结报告")


def quarterly(
    frames: Frames, catalogue: Catalogue, period: Period, issue: Issue, typesetter: Typesetter
) -> Document:
    """季分析: the report on one quarter with its workbook, figures.csv and manifest."""
    return make(QUARTERLY, frames, catalogue, period, issue, typesetter)


def half_yearly(
    frames: Frames, catalogue: Catalogue, period: Period, issue: Issue, typesetter: Typesetter
) -> Document:
    """半年总结: the report on one half-year, likewise."""
    return make(HALF_YEARLY, frames, catalogue, period, issue, typesetter)


def make(
    kind: Kind, frames: Frames, catalogue: Catalogue, period: Period, issue: Issue, typesetter: Typesetter
) -> Document:
    """The report of this kind on a period; equal bytes for equal arguments."""
    facts, figures = (
        review_facts(frames, catalogue, period, issue.as_of.date()),
        Figures(frames.figures, catalogue),
    )
    manuscript = Manuscript(
        kind=kind.id,
        name=f"{period}_{kind.subject}报告",
        title_lines=[
            f"关于{period.long_label}{catalogue.plan.scope}{catalogue.plan.short_name}",
            kind.ending,
        ],
        subject=kind.subject,
        period=str(period),
        series=catalogue.policy.documents.number_prefix,
        template=kind.template,
        context={
            **context(facts, frames, catalogue, issue),
            "charts": charts(facts, figures, catalogue),
        },
        tables=sheets(facts, figures, catalogue),
        figures_csv=figures.csv(),
        figures=figures.frame,
    )
    return finish(manuscript, frames, catalogue, issue, typesetter)


def charts(facts: ReviewFacts, figures: Figures, catalogue: Catalogue) -> dict[str, Markup]:
    """The drawings by name; `outlook` only where there is a forecast, those that compare counties only where there are
    several, none where nothing is reported by county."""
    if not facts.indicator_series:
        return {}
    curves = {name: curve.cumulative_pct for name, curve in catalogue.policy.seasonal.items()}
    first = facts.indicator_series[0]
    drawings = {
        "city": city_chart(
            [(c.indicator.name, c.city, curves.get(c.indicator.id)) for c in facts.indicator_series]
        ),
    }
    if len(first.counties) > 1:
        drawings["counties"] = county_chart(first.counties, curves.get(first.indicator.id))
        if gaps := panels([c.indicator for c in facts.indicator_series], figures, catalogue):
            drawings["gaps"] = gap_chart(gaps)
    known = [(s.indicator.name, s.shares) for s in facts.structure if s.known > 1]
    if known:
        drawings["contribution"] = contribution_chart(known)
    for forecast, series in zip(facts.outlook, facts.indicator_series, strict=True):
        curve = curves.get(series.indicator.id)
        if forecast.reason is None and forecast.absent_pct is None and curve and not forecast.is_own_curve:
            drawings.setdefault("outlook", outlook_chart(series.city, curve, forecast))
    return drawings


def context(facts: ReviewFacts, frames: Frames, catalogue: Catalogue, issue: Issue) -> dict[str, Any]:
    """What the template speaks of, by name: the monthly bulletin's and what a longer period adds."""
    return {
        **monthly_context(facts.month, frames, catalogue, issue),
        **{name: getattr(facts, name) for name in ReviewFacts.__dataclass_fields__ if name != "month"},
        "signatory": SIGNATORY_BLANK,
        "status_label": STATUS,
        "this_document": "本报告",
        **period_words(facts.month.period),
    }


def sheets(facts: ReviewFacts, figures: Figures, catalogue: Catalogue) -> list[Table]:
    """The monthly bulletin's sheets under the period's own headings, and the year month by month."""
    own = period_words(facts.month.period)["own"]
    return [
        *headed(tables(facts.month, figures, catalogue), own),
        _by_month(facts.indicator_series, facts.month.period, catalogue.plan.scope),
        _by_reporter(facts.punctuality, facts.month.period),
    ]


def _by_month(all_courses: Sequence[IndicatorSeries], period: Period, scope: str) -> Table:
    columns = (Column("指标", 26), Column("地区", 14), Column("月份", 7, 0), Column("当月", 12, AS_WRITTEN),
               Column("累计", 12, AS_WRITTEN), Column("已报", 7, 0), Column("应报", 7, 0))  # fmt: skip
    rows: list[list[Cell]] = [
        [c.indicator.name, one.name, s.month, s.value, s.ytd, s.reported, s.expected]
        for c in all_courses
        for one in (*c.counties, c.city)
        for s in one.months
    ]
    return Table(
        "逐月走势", f"{period.long_label}逐月走势", f"“{scope}”只合计已报地区", columns, rows, landscape=False
    )


def _by_reporter(record: Punctuality, period: Period) -> Table:
    months = [f"{period.first + at}月" for at in range(period.length)]
    columns = (Column("报送单位", 24), *(Column(month, 9) for month in months))
    rows: list[list[Cell]] = [
        [name, *(None if status is None else STATUS[status] for status in statuses)]
        for name, statuses in record.by_month
    ]
    return Table("逐月报送", f"{period.long_label}逐月报送情况", "", columns, rows, landscape=False)
