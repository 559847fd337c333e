"""Logging in and out, and changing one's own password (登录)."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from flows.accounts.accounts import AccountError
from flows.desk.desk import Anybody, AnyDesk, Desk, Sender, back_to
from flows.desk.sessions import COOKIE

router = APIRouter()
LOST = "登录已过期，刚才提交的没有办理。请重新登录，再提交一次。"


@router.get("/login")
def login_page(
    desk: AnyDesk, target: Annotated[str, Query(alias="next")] = "/", lost: bool = False
) -> Response:
    """The form to log in; `lost`: a form was sent after the session was over."""
    return _form(desk, target, LOST if lost else "")


@router.post("/login")
def log_in(
    desk: AnyDesk,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    target: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """A session for an account and its password; the attempt is on record either way."""
    if not desk.office.accounts.all():
        return _form(desk, target, "还没有账号。先在本机建一个：diaodu account add 姓名 --role 管理", name)
    try:
        account = desk.office.accounts.verify(name, password, desk.now())
    except AccountError as fault:
        return _form(desk, target, str(fault), name, code=403)
    response = back_to(target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/")
    token = desk.sessions.begin(account.name, desk.now())
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=desk.is_tls, path="/")
    return response


@router.post("/logout")
def log_out(request: Request, desk: AnyDesk, _session: Sender) -> Response:
    """End the session."""
    desk.sessions.end(request.cookies.get(COOKIE))
    response = back_to("/login")
    response.delete_cookie(COOKIE)
    return response


@router.get("/password")
def password_page(desk: AnyDesk, session: Anybody) -> Response:
    """The form to change one's own password."""
    rules = desk.office.accounts.policy
    return desk.page("password.html.j2", session, title="改口令", rules=rules)


@router.post("/password")
def change_password(
    desk: AnyDesk,
    session: Sender,
    old: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Change it, after the old one was typed once more."""
    if new != again:
        session.say("两遍输的不一样，没有改", "fault")
        return back_to("/password")
    account = desk.office.accounts.verify(session.account, old, desk.now(), may_be_expired=True)
    desk.office.accounts.set_password(account.name, new, desk.now(), account)
    session.say("口令已改")
    return back_to("/")


def _form(desk: Desk, target: str, fault: str = "", name: str = "", code: int = 200) -> Response:
    return desk.bare_page("login.html.j2", code, title="登录", next=target, fault=fault, name=name)
