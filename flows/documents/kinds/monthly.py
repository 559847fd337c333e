"""The monthly bulletin (月调度通报): its facts and its document, which reports share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flows.documents.charts.gaps import gap_chart, panels, panels_a_page
from flows.documents.document import Document, Frames, Issue
from flows.documents.figures import Figures
from flows.documents.filters import month
from flows.documents.kinds.amendments import AmendedSince, Amendment, amended_since, amendments
from flows.documents.kinds.context import city_own, not_reached, office_facts, words_for
from flows.documents.kinds.overall import Overall, overall
from flows.documents.kinds.ranking import CountyRanking, county_ranking
from flows.documents.kinds.reporting import ReportingRecord, reporting_record
from flows.documents.kinds.sheets import (
    department_sheet,
    figure_sheets,
    record_sheets,
    task_sheet,
    words_sheet,
)
from flows.documents.kinds.tasks import Statements, TaskRow, county_words, task_rows
from flows.documents.manuscript import Manuscript, finish
from flows.documents.pdf.typeset import Typesetter
from flows.documents.provenance import Count, count, quoted
from flows.documents.workbook import Table
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period

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
    figures, last = Figures(frames.figures, catalogue), period.months[-1]
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
    written = manuscript(facts, frames, catalogue, issue)
    return finish(written, frames, catalogue, issue, typesetter)


def manuscript(facts: MonthlyFacts, frames: Frames, catalogue: Catalogue, issue: Issue) -> Manuscript:
    """The bulletin before it is set."""
    figures, period = Figures(frames.figures, catalogue), facts.period
    drawn = panels(catalogue.annex_indicators, figures, catalogue)[: panels_a_page(len(catalogue.counties))]
    return Manuscript(
        kind="monthly_dispatch",
        name=f"{period}_月调度通报",
        title_lines=[
            f"关于{period.long_label}{catalogue.plan.scope}{catalogue.plan.short_name}",
            "调度情况的通报",
        ],
        subject="月调度",
        period=str(period),
        series=catalogue.policy.documents.number_prefix,
        template=TEMPLATE,
        context={
            **monthly_context(facts, frames, catalogue, issue),
            "charts": {"gaps": gap_chart(drawn)} if drawn else {},
        },
        tables=tables(facts, figures, catalogue),
        figures_csv=figures.csv(),
        figures=figures.frame,
    )


def monthly_context(
    facts: MonthlyFacts, frames: Frames, catalogue: Catalogue, issue: Issue
) -> dict[str, Any]:
    """What the template speaks of, by name."""
    period, figures = facts.period, Figures(frames.figures, catalogue)
    return {
        **{name: getattr(facts, name) for name in MonthlyFacts.__dataclass_fields__},
        **office_facts(catalogue, period),
        "issue": issue,
        "figures": figures,
        "counties": catalogue.counties,
        "attachments": ATTACHMENTS,
        "next_label": _next_label(period),
        "city_own": city_own(frames, catalogue, period),
        "not_reached": lambda line: not_reached(line, figures, catalogue),
        "doubtful_names": list(dict.fromkeys(doubt.name for doubt in facts.record.doubts)),
        **words_for(catalogue),
    }


def _next_label(period: Period) -> str:
    """The month after: 7月; after December with its year."""
    if period.last < 12:
        return month(period.last + 1)
    return f"{quoted(f'{period.year + 1}年', 'period')}{month(1)}"


def _reported_problems(
    statements: Sequence[tuple[str, Statements]], counties: CountyRanking
) -> ReportedProblems:
    problems = {name: words.problem for name, words in statements if words.problem}
    red_first = [row.county.name for row in counties.red]
    order = sorted(problems, key=lambda name: red_first.index(name) if name in red_first else len(red_first))
    short = [(name, problems[name].rstrip("。；")) for name in order if len(problems[name]) <= QUOTED_UP_TO]
    return ReportedProblems(count(problems), tuple(short[:QUOTED]))


def tables(facts: MonthlyFacts, figures: Figures, catalogue: Catalogue) -> list[Table]:
    """The sheets of its workbook, in the order of the attachments."""
    label = facts.period.long_label
    return [
        *figure_sheets(figures, catalogue, label),
        department_sheet((*facts.overall.departments, *facts.overall.free_of_departments), catalogue, label),
        *record_sheets(facts.record, label),
        task_sheet(facts.tasks, label),
        words_sheet(facts.county_words, label),
    ]
