"""本月: who has reported, what is due next, what waits for whom, which letters did not leave."""

from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.responses import Response

from flows.desk.desk import AnyDesk, Desk, LoggedIn
from flows.plan.agenda import Due
from flows.plan.letter import LetterState, LetterStatus
from flows.plan.period import Frequency, Period
from flows.plan.workdays import deadlines

router = APIRouter()
TROUBLED = (LetterState.FAILED, LetterState.UNCERTAIN)


@router.get("/")
def month_page(desk: AnyDesk, session: LoggedIn, month: str = "") -> Response:
    """One month; by default, the one that is being reported."""
    office, period = desk.office, Period.parse(month) if month else desk.last_month()
    letters = office.letters()
    return desk.page(
        "month.html.j2",
        session,
        title=f"{period.long_label}报送情况",
        period=period,
        months=desk.periods(Frequency.MONTH),
        status=office.status(period),
        deadlines=deadlines(str(period), office.plan(period.year).policy.reporting),
        last_letter=_last_letters(letters),
        due=_documents_due(desk),
        waiting=[one for one in office.waiting() if one.waits_for or one.returned],
        troubled=[one for one in letters if one.state in TROUBLED],
    )


def _last_letters(letters: tuple[LetterStatus, ...]) -> dict[str, LetterStatus]:
    """The newest letter of each unit."""
    return {one.letter.unit: one for one in letters}


def _documents_due(desk: Desk) -> list[Due]:
    return list(_without_backup(desk.office.due()))


def _without_backup(due: tuple[Due, ...]) -> Iterator[Due]:
    """What the office cares about; backups are the machine's business."""
    yield from (one for one in due if one.label not in ("备份", "恢复演练"))
