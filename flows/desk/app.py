"""The desk as an ASGI application: its routers, who may connect, the headers of every answer, and faults in words."""

from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from flows.accounts.accounts import AccountError
from flows.desk import (
    analysis,
    documents,
    handover,
    health,
    letters,
    login,
    month,
    own,
    register,
    submissions,
    words,
    work_page,
)
from flows.desk.desk import TEMPLATES, Desk, ForbiddenError, ForgedFormError, LoggedOutError, back_to
from flows.desk.sessions import COOKIE, Session
from flows.desk.work import EXPECTED
from flows.plan.issued import NotIssuedError, UnknownDocumentError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MAX_BYTES = 100 * 2**20  # of one request: a month of workbooks, dropped at once
MAX_LOGIN_BYTES = 2**14
ROUTERS = (
    login,
    month,
    submissions,
    documents,
    handover,
    analysis,
    letters,
    register,
    health,
    words,
    work_page,
    own,
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; frame-src 'self'; object-src 'self'; "
        "form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}


def create_app(desk: Desk, hosts: frozenset[str]) -> FastAPI:
    """The application for a desk that is reached under these host names only: a foreign name that resolves to this
    machine (DNS rebinding) is refused."""

    @asynccontextmanager
    async def life(_app: FastAPI) -> "AsyncIterator[None]":
        yield
        desk.works.close()

    app = FastAPI(title="案头", docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
    app.state.desk, app.state.hosts = desk, hosts
    app.middleware("http")(_guarded)
    for module in ROUTERS:
        app.include_router(module.router)
    app.get("/static/{name}")(_static)
    app.exception_handler(LoggedOutError)(_ask_to_log_in)
    app.exception_handler(ForbiddenError)(_forbid)
    app.exception_handler(ForgedFormError)(_refuse_form)
    app.exception_handler(RequestValidationError)(_refuse_form)
    app.exception_handler(documents.IssuedMeanwhileError)(_show_issued)
    for missing in (HTTPException, NotIssuedError, UnknownDocumentError):
        app.exception_handler(missing)(_not_found)
    app.exception_handler(Exception)(_crash)
    for kind in EXPECTED:
        app.exception_handler(kind)(_fault)
    return app


async def _guarded(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse other hosts, forms of other sites, and requests that are too long; add the headers."""
    length, is_login = request.headers.get("content-length", "0"), request.url.path == "/login"
    most = MAX_LOGIN_BYTES if is_login else MAX_BYTES
    if request.headers.get("host", "") not in request.app.state.hosts:
        response = Response("请用本机地址打开案头", 421, media_type="text/plain; charset=utf-8")
    elif request.method == "POST" and not _is_own_form(request):
        response = Response("这个请求不是从案头的页面发出的", 403, media_type="text/plain; charset=utf-8")
    elif request.method == "POST" and (not length.isdecimal() or not 0 < int(length) <= most):
        text = f"一次最多 {MAX_BYTES // 2**20} MB，请分几次提交。"
        response = request.app.state.desk.bare_page("message_bare.html.j2", 413, title="没有收", text=text)
    elif request.method == "POST" and not is_login and _session(request) is None:
        response = _ask_to_log_in(request, None)  # before anything of it is read
    else:
        response = await answer(request)
    if request.url.path.startswith("/static/"):
        response.headers["Cache-Control"] = "public, max-age=3600"
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.app.state.desk.is_tls:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _is_own_form(request: Request) -> bool:
    """By what a browser says of where a form stood; one that says nothing is none of ours."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin is not None:
        return urlsplit(origin).netloc == request.headers.get("host")
    return site in ("same-origin", "none")


def _session(request: Request) -> Session | None:
    desk: Desk = request.app.state.desk
    return desk.sessions.of(request.cookies.get(COOKIE), desk.now())


def _static(name: str) -> Response:
    if name not in ("desk.css", "desk.js", "desk.svg"):
        raise HTTPException(404)
    return FileResponse(TEMPLATES / "static" / name)


def _ask_to_log_in(request: Request, _fault: Any) -> Response:
    """To the log-in, and from there back to the page; what a form asked for is to be asked again."""
    is_lost = request.method == "POST"
    page = urlsplit(request.headers.get("referer", "/") if is_lost else str(request.url))
    target = quote(page.path + (f"?{page.query}" if page.query else ""))
    response = RedirectResponse(f"/login?next={target}{'&lost=1' if is_lost else ''}", 303)
    response.delete_cookie(COOKIE)
    return response


def _forbid(request: Request, _fault: Any) -> Response:
    if request.url.path == "/":
        return back_to("/own")
    return _page(request, 403, "没有这个权限", "本账号只能看本单位的报表和回执，从上面的栏目进入。")


def _refuse_form(request: Request, fault: Any) -> Response:
    if request.method == "GET":  # an address that lacks something
        return _not_found(request, fault)
    return _page(request, 400, "这张表单不完整或已过期", "没有办理。请回到上一页，刷新后重新填写、提交。")


def _not_found(request: Request, fault: Any) -> Response:
    status = getattr(fault, "status_code", 404)
    return _page(request, status, "没有这一页", "地址不对，或者文件已经不在，请从上面的栏目进入。")


def _crash(_request: Request, _fault: Any) -> Response:
    """What nobody expected; its traceback is in the log."""
    text = "程序内部出错，没有办成。请稍后再试；还是这样的，请技术人员看案头的日志。"
    return Response(text, 500, media_type="text/plain; charset=utf-8")


def _show_issued(_request: Request, fault: Any) -> Response:
    return back_to(f"/issued?number={quote(fault.number)}")


def _fault(request: Request, fault: Any) -> Response:
    status = 403 if isinstance(fault, AccountError) else 409
    return _page(request, status, "没有办成", str(fault))


def _page(request: Request, status: int, title: str, text: str) -> Response:
    desk: Desk = request.app.state.desk
    session = _session(request)
    if session is None:
        return desk.bare_page("message_bare.html.j2", status, title=title, text=text)
    return desk.page("message.html.j2", session, status, title=title, text=text)
