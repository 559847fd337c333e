"""Making a document out of its evidence (成文): which kind, dated and asking by the policy's calendar."""

from flows.briefing import feedback, monthly, report
from flows.briefing.document import Document, Frames, Issue
from flows.briefing.faces import find_faces
from flows.briefing.rare_characters import with_printable_words
from flows.briefing.typeset import Typesetter
from flows.evidence import Evidence
from flows.plans import plan_files
from flows.settings import Settings
from flows.workdays import deadlines, shifted

MAKERS = {
    "monthly_dispatch": monthly.make,
    "quarterly_analysis": report.quarterly,
    "half_year_summary": report.half_yearly,
}
COUNTY_MAKERS = dict.fromkeys(MAKERS, feedback.make_county)


def compose(kind: str, evidence: Evidence, settings: Settings, county: str | None = None) -> Document:
    """The document of this kind, or one county's own version of it; a draft, without a number."""
    setter = Typesetter(find_faces(settings.faces))
    frames = with_printable_words(frames_of(evidence), setter.faces)
    issue = draft(evidence, settings)
    if county is None:
        return MAKERS[kind](frames, evidence.catalogue, evidence.period, issue, setter)
    return COUNTY_MAKERS[kind](frames, evidence.catalogue, evidence.period, issue, setter, county)


def frames_of(evidence: Evidence) -> Frames:
    """The frames the briefing takes."""
    return Frames(
        evidence.figures,
        evidence.reporting,
        evidence.statements,
        evidence.problems,
        evidence.city_own,
        trend=evidence.trend,
        forecast=evidence.forecast,
    )


def draft(evidence: Evidence, settings: Settings) -> Issue:
    """How it would be issued: on the day the policy sets for it, or the working day of its data cut if that
    is later; answers due some working days after; the next report asked for only while it is still to come."""
    policy = evidence.catalogue.policy.reporting
    issued_on = max(evidence.deadlines.dispatch_on, shifted(evidence.cut.date(), 0))
    next_due_on = deadlines(_month_after(evidence.period.months[-1]), policy).due_on
    return Issue(
        as_of=evidence.cut,
        issued_on=issued_on,
        answer_by=shifted(issued_on, policy.answer_workdays_after),
        next_due_on=next_due_on if next_due_on > issued_on else None,
        sources=plan_files(settings, evidence.period.year),
    )


def _month_after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02d}"
