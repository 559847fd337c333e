"""What a finished document must be (出门关): put together from its kind and evidence, and asked of the gate."""

from collections.abc import Sequence

from flows.briefing import gate, printed_rows
from flows.briefing.document import Document, Frames, Issue
from flows.briefing.feedback import county_facts
from flows.briefing.figures import Figures
from flows.briefing.monthly import monthly_facts
from flows.briefing.overall import overall
from flows.catalogue.catalogue import Catalogue
from flows.catalogue.notice import Notice, NoticeKind
from flows.catalogue.period import Period

NUMBERED = "monthly_dispatch"  # the kind of which every number is accounted for
WITH_ANNEX = ("quarterly_analysis", "half_year_summary")
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
    expected = gate.Expected(
        title=document.title,
        period=period,
        issue=issue,
        frames=frames,
        catalogue=catalogue,
        rows=_rows(kind, frames, catalogue, period, county),
        numbers=kind == NUMBERED,
        has_record=county is None and kind not in WITHOUT_RECORD,
        has_cut=True,
    )
    return tuple(map(str, gate.examine(document.pdf, expected)))


def faults_of_notice(
    document: Document, notice: Notice, frames: Frames, catalogue: Catalogue, issue: Issue
) -> tuple[str, ...]:
    """The same for a notice: its matters are its rows, and every number is accounted for."""
    expected = gate.Expected(
        title=document.title,
        period=Period.parse(notice.month),
        issue=issue,
        frames=frames,
        catalogue=catalogue,
        rows=printed_rows.of_notice(notice, catalogue),
        numbers=True,
        has_record=False,
        has_cut=False,
        is_letter=notice.kind is NoticeKind.REMINDER,
    )
    return tuple(map(str, gate.examine(document.pdf, expected)))


def faults_of_correction(
    document: Document, frames: Frames, catalogue: Catalogue, period: Period, issue: Issue
) -> tuple[str, ...]:
    """The same for a correction, whose tables are its own."""
    expected = gate.Expected(document.title, period, issue, frames, catalogue)
    return tuple(map(str, gate.examine(document.pdf, expected)))


def _rows(
    kind: str, frames: Frames, catalogue: Catalogue, period: Period, county: str | None
) -> Sequence[printed_rows.Row]:
    figures = Figures(frames.figures)
    if kind == NUMBERED and county is None:
        return printed_rows.of_month(monthly_facts(frames, catalogue, period), figures, catalogue)
    if kind == NUMBERED and county is not None:
        return printed_rows.of_county(county_facts(frames, catalogue, period, county).totals)
    if kind in WITH_ANNEX and county is None:
        return list(printed_rows.annex(overall(figures, catalogue).annex, figures, catalogue))
    return ()
