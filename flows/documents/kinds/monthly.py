"""The monthly bulletin (月调度通报): frames and catalogue in, a finished document out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flows.documents.document import Document, Frames, Issue
from flows.documents.figures import Figures
from flows.documents.filters import month
from flows.documents.kinds.amendments import Amendment, amended_since, amendments
from flows.documents.kinds.monthly_tables import tables
from flows.documents.kinds.overall import CityLine, Overall, named, overall
from flows.documents.kinds.record import Record, record
from flows.documents.kinds.standing import Standing, standing
from flows.documents.kinds.tasks import Said, TaskRow, county_words, task_rows, told, verdict
from flows.documents.manuscript import Manuscript, finish
from flows.documents.pdf.typeset import Typesetter
from flows.documents.provenance import Count, Source, Sourced, count, facts_of
from flows.documents.words import MARK_LABEL
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period
from flows.plan.terms import CITY

TEMPLATE = "monthly_dispatch.html.j2"
ATTACHMENTS = ("各地指标完成情况表", "报送情况表", "任务进展情况表", "口径说明")
QUOTED = 3  # so many counties' problems are quoted in the text, those with most red marks first
QUOTED_UP_TO = 60  # characters; longer ones stand whole in the attachment, never cut


@dataclass(frozen=True)
class Voices:
    """What the counties call difficult: how many spoke, and the words quoted in the text with their names."""

    count: Count
    quoted: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MonthlyFacts:
    """Everything the bulletin says, in the order it says it; pure of clock and files."""

    period: Period
    overall: Overall
    standing: Standing
    record: Record
    tasks: tuple[TaskRow, ...]
    county_words: tuple[tuple[str, Said], ...]
    voices: Voices
    amendments: tuple[Amendment, ...]
    amended_since: tuple[str, ...]


def monthly_facts(frames: Frames, catalogue: Catalogue, period: Period) -> MonthlyFacts:
    """The facts of one month. Every number of the text comes from the same frame as the tables."""
    figures, last = Figures(frames.figures), period.months[-1]
    whole, counties = overall(figures, catalogue), standing(figures, catalogue)
    lines = (*whole.departments, *whole.annex, *whole.each_county)
    in_plan_order = sorted(lines, key=lambda line: catalogue.indicators.index(line.indicator))
    said = county_words(frames.statements, catalogue, last)
    return MonthlyFacts(
        period=period,
        overall=whole,
        standing=counties,
        record=record(frames.reporting, frames.problems, catalogue, last),
        tasks=task_rows(frames.statements, in_plan_order, catalogue, last),
        county_words=said,
        voices=_voices(said, counties),
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
        name=f"{period}_月调度通报",
        title_lines=[f"关于{period.long_label}全市{catalogue.plan.short_name}", "调度情况的通报"],
        subject="月调度",
        period=str(period),
        series=catalogue.policy.documents.number_prefix,
        template=TEMPLATE,
        context=_context(facts, figures, frames, catalogue, issue),
        tables=tables(facts, figures, catalogue),
        figures_csv=figures.csv(),
        figures=figures.frame,
    )


def _context(
    facts: MonthlyFacts, figures: Figures, frames: Frames, catalogue: Catalogue, issue: Issue
) -> dict[str, Any]:
    period = facts.period
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


def office_facts(catalogue: Catalogue, period: Period) -> dict[str, Any]:
    """The plan, the policy and the period, their numbers facts."""
    left = Count(12 - period.last, Source(str(period), column="period.months_left"))
    return {
        "plan": Sourced(catalogue.plan, "plan"),
        "policy": Sourced(catalogue.policy, "policy"),
        "period": Sourced(period, "period"),
        "months_left": left,
    }


def city_own(frames: Frames, period: Period) -> dict[str, dict[str, Any]]:
    """The city's own figures by indicator."""
    rows = frames.city_own.iter_rows(named=True)
    return {row["indicator"]: facts_of(row, str(period), CITY, row["indicator"]) for row in rows}


def words_for(catalogue: Catalogue) -> dict[str, Any]:
    """The names and verdicts that templates ask for."""
    return {
        "mark_label": MARK_LABEL,
        "reporter_name": catalogue.name_of,
        "indicator_name": lambda indicator: catalogue.indicator[indicator].name,
        "named": named,
        "verdict": verdict,
        "told": told,
        "by_verdict": by_verdict,
    }


def by_verdict(lines: Sequence[CityLine]) -> dict[str, list[str]]:
    """Names of the indicators under each verdict; whatever is neither good, behind nor silent under 其他."""
    sorted_names: dict[str, list[str]] = {
        v: [] for v in ("已达标", "达到时序", "慢于时序", "未达标", "未报", "其他")
    }
    for line in lines:
        judged = verdict(line)
        sorted_names[judged if judged in sorted_names else "其他"].append(line.name)
    return sorted_names


def not_reached(line: CityLine, figures: Figures, catalogue: Catalogue) -> list[str]:
    """Counties known to be short of what every county must reach."""
    return [catalogue.name_of(f.county) for f in figures.counties(line.indicator.id) if f.met is False]


def _voices(said: Sequence[tuple[str, Said]], counties: Standing) -> Voices:
    spoken = {name: words.problem for name, words in said if words.problem}
    red_first = [row.county.name for row in counties.red]
    order = sorted(spoken, key=lambda name: red_first.index(name) if name in red_first else len(red_first))
    short = [(name, spoken[name].rstrip("。；")) for name in order if len(spoken[name]) <= QUOTED_UP_TO]
    return Voices(count(spoken), tuple(short[:QUOTED]))
