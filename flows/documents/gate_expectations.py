"""What a finished document must be (出门关): put together from its kind and evidence, and asked of the gate."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from flows.documents import gate
from flows.documents.document import Document, Frames, Issue
from flows.documents.kinds.assessment import assessment
from flows.documents.kinds.commendation import proposals
from flows.documents.kinds.correction import Correcting
from flows.documents.kinds.county_report import county_facts
from flows.documents.kinds.monthly import monthly_facts
from flows.documents.kinds.review import review_facts
from flows.documents.printed_corrections import of_correction
from flows.documents.printed_feedback import of_county
from flows.documents.printed_month import of_month
from flows.documents.printed_notices import of_notice
from flows.documents.printed_reports import of_report
from flows.documents.printed_rows import Row
from flows.documents.printed_scores import of_commendation, of_county_year, of_year
from flows.plan.catalogue import Catalogue
from flows.plan.notice import Notice, NoticeKind
from flows.plan.period import Period

About = tuple[Frames, Catalogue, Period, Issue]
ANNUAL = "annual_assessment"
WITHOUT_RECORD = ("commendation",)


def faults_of(
    document: Document,
    kind: str,
    frames: Frames,
    catalogue: Catalogue,
    period: Period,
    issue: Issue,
    county: str | None = None,
) -> tuple[str, ...]:
    """A sentence a fault of the finished document; none where it may go on to approval."""
    about = (frames, catalogue, period, issue)
    rows = _ROWS[kind](*about) if county is None else _county_rows(kind, *about, county)
    expected = gate.Expected(
        title=document.title,
        period=period,
        issue=issue,
        frames=frames if county is None else _own(frames, county),
        catalogue=catalogue,
        rows=rows,
        has_record=county is None and kind not in WITHOUT_RECORD,
        has_cut=True,
    )
    return tuple(map(str, gate.examine(document.pdf, expected)))


def faults_of_notice(
    document: Document,
    notice: Notice,
    earlier: Mapping[str, Notice],
    frames: Frames,
    catalogue: Catalogue,
    issue: Issue,
) -> tuple[str, ...]:
    """The same for a notice: its matters and the notices it names are its rows."""
    expected = gate.Expected(
        title=document.title,
        period=Period.parse(notice.month),
        issue=issue,
        frames=frames,
        catalogue=catalogue,
        rows=of_notice(notice, catalogue, earlier),
        has_record=False,
        has_cut=False,
        is_letter=notice.kind is NoticeKind.REMINDER,
    )
    return tuple(map(str, gate.examine(document.pdf, expected)))


def faults_of_correction(
    document: Document,
    correcting: Correcting,
    frames: Frames,
    catalogue: Catalogue,
    period: Period,
    issue: Issue,
) -> tuple[str, ...]:
    """The same for a correction, whose rows are the cells and figures then and now."""
    rows = of_correction(correcting, catalogue)
    expected = gate.Expected(document.title, period, issue, frames, catalogue, rows)
    return tuple(map(str, gate.examine(document.pdf, expected)))


def _month(frames: Frames, catalogue: Catalogue, period: Period, _: Issue) -> Sequence[Row]:
    return of_month(monthly_facts(frames, catalogue, period), frames, catalogue)


def _report(frames: Frames, catalogue: Catalogue, period: Period, issue: Issue) -> Sequence[Row]:
    return of_report(review_facts(frames, catalogue, period, issue.as_of.date()), frames, catalogue)


def _year(frames: Frames, catalogue: Catalogue, period: Period, _: Issue) -> Sequence[Row]:
    return of_year(monthly_facts(frames, catalogue, period), assessment(frames, catalogue), frames, catalogue)


def _commendation(frames: Frames, catalogue: Catalogue, _: Period, __: Issue) -> Sequence[Row]:
    return of_commendation(proposals(frames, catalogue), catalogue.policy.commendation)


_ROWS: Mapping[str, Callable[[Frames, Catalogue, Period, Issue], Sequence[Row]]] = {
    "monthly_dispatch": _month,
    "quarterly_analysis": _report,
    "half_year_summary": _report,
    ANNUAL: _year,
    "commendation": _commendation,
}


def _county_rows(
    kind: str, frames: Frames, catalogue: Catalogue, period: Period, _: Issue, county: str
) -> Sequence[Row]:
    if kind != ANNUAL:
        return of_county(county_facts(frames, catalogue, period, county))
    own = next(c for c in assessment(frames, catalogue).counties if c.county == county)
    return of_county_year(own, catalogue.policy.annual)


def _own(frames: Frames, county: str) -> Frames:
    """A county's own figures, reports and problems: another county's number has no source in its feedback."""
    by_reporter = {
        name: getattr(frames, name).filter(reporter=county)
        for name in ("reporting", "statements", "problems")
    }
    empty = frames.city_own.clear()
    return replace(
        frames, figures=frames.figures.filter(pl.col("county") == county), city_own=empty, **by_reporter
    )
