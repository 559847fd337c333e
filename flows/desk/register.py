"""登记簿: the register of issued documents, searched in titles and text, and as a workbook."""

from fastapi import APIRouter
from fastapi.responses import Response

from flows.desk.desk import WORKBOOK, AnyDesk, LoggedIn, download
from flows.issuing.register import as_workbook

router = APIRouter()


@router.get("/register")
def register_page(desk: AnyDesk, session: LoggedIn, words: str = "") -> Response:
    """The documents in which the words occur, newest first."""
    entries = desk.cached(("register", words), lambda: desk.office.register(words))
    return desk.page("register.html.j2", session, title="发文登记簿", words=words, entries=entries)


@router.get("/register.xlsx")
def register_workbook(desk: AnyDesk, session: LoggedIn, words: str = "") -> Response:
    """The same as a workbook; the export is on record."""
    content = as_workbook(desk.office.register(words))
    desk.office.note_export("发文登记簿.xlsx", desk.account(session))
    return download(content, "发文登记簿.xlsx", WORKBOOK)
