"""The page that shows a piece of work until it is over."""

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from flows.desk.desk import Anybody, AnyDesk

router = APIRouter()


@router.get("/progress/{work_id}")
def work_page(work_id: str, desk: AnyDesk, session: Anybody) -> Response:
    """How far it is: the page loads itself again every second while it runs."""
    work = desk.works.of(work_id)
    if work is None or work.account != session.account:
        raise HTTPException(404)
    is_over = work.is_over  # asked once: it may end while the page is made
    response = desk.page("work.html.j2", session, is_passing=not is_over, title=work.title, work=work)
    if not is_over:
        response.headers["Refresh"] = "1"
    return response
