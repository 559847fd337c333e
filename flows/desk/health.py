"""体检: the doctor's findings with their remedies, the backups, and who logged in."""

from fastapi import APIRouter
from fastapi.responses import Response

from flows.desk.desk import AnyDesk, LoggedIn
from flows.operations.backup.archive import backups
from flows.operations.doctor import findings

router = APIRouter()
EVENTS = 60
BACKUPS = 10


@router.get("/health")
def health_page(desk: AnyDesk, session: LoggedIn) -> Response:
    """Everything looked at within the last minute, the newest backups, and the newest lines of the access record."""
    now = desk.now()
    minute = now.replace(second=0, microsecond=0)
    found = desk.cached(("health", minute), lambda: list(findings(desk.settings, now)))
    events = desk.office.accounts.record.events()
    return desk.page(
        "health.html.j2",
        session,
        title="体检",
        findings=sorted(found, key=lambda one: one.is_well),
        backups=[(at, path.stat().st_size) for at, path in reversed(backups(desk.settings.backups).items())][
            :BACKUPS
        ],
        events=list(reversed(events[-EVENTS:])),
    )
