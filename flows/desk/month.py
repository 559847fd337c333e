"""本月: who has reported, what is due next, what waits for whom, which letters did not leave."""

from fastapi import APIRouter
from fastapi.responses import Response

from flows.desk.desk import AnyDesk, Desk, LoggedIn
from flows.issuing.outbox import NEEDS_A_HAND
from flows.plan.agenda import Due, Job
from flows.plan.document_kinds import DOCUMENT_KINDS
from flows.plan.period import Frequency, Period
from flows.plan.workdays import deadlines

router = APIRouter()
ORDER = ("missing", "late", "on_time")


@router.get("/")
def month_page(desk: AnyDesk, session: LoggedIn, month: str = "") -> Response:
    """One month; by default, the one that is being reported."""
    office, period = desk.office, Period.parse(month) if month else desk.last_month()
    letters, status = desk.letters(), desk.status(period)
    due = desk.cached_of_drafts("due", office.due)
    return desk.page(
        "month.html.j2",
        session,
        title=f"{period.long_label}报送情况",
        period=period,
        months=desk.periods(Frequency.MONTH),
        status=status,
        missing_first=sorted(status.reporters, key=lambda one: ORDER.index(one.status)),
        deadlines=deadlines(str(period), office.plan(period.year).policy.reporting),
        last_letter={one.letter.unit: one for one in letters},
        due=[(one, _lacking(desk, one)) for one in due if one.kind not in (Job.BACKUP, Job.DRILL)],
        waiting=[one for one in desk.waiting() if one.waits_for or one.returned],
        troubled=[one for one in letters if one.state in NEEDS_A_HAND],
    )


def _lacking(desk: Desk, due: Due) -> str:
    """What a document waits for whose day has come, where too little was reported; else empty."""
    if due.kind not in DOCUMENT_KINDS:
        return ""
    period = Period.parse(due.period)
    status, rules = desk.status(period.last_month), desk.office.plan(period.year).policy.reporting
    expected = len(status.reporters)
    reported = expected - status.count("missing")
    return "" if rules.is_enough(reported, expected) else f"等报表，应报 {expected} 家，已报 {reported} 家"
