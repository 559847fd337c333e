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
from flows.desk.sessions import COOKIE
from flows.desk.work import EXPECTED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MAX_BYTES = 100 * 2**20  # of one request: a month of workbooks, dropped at once
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
    app.exception_handler(HTTPException)(_not_found)
    for kind in EXPECTED:
        app.exception_handler(kind)(_fault)
    return app


async def _guarded(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse other hosts, forms of other sites, and requests that are too long; add the headers."""
    length = request.headers.get("content-length", "0")
    if request.headers.get("host", "") not in request.app.state.hosts:
        response = Response("请用本机地址打开案头", 421, media_type="text/plain; charset=utf-8")
    elif request.method == "POST" and not _is_own_form(request):
        response = Response("这个请求不是从案头的页面发出的", 403, media_type="text/plain; charset=utf-8")
    elif request.method == "POST" and (not length.isdecimal() or int(length) > MAX_BYTES or int(length) == 0):
        response = Response(f"一次最多 {MAX_BYTES // 2**20} MB", 413, media_type="text/plain; charset=utf-8")
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


def _static(name: str) -> Response:
    if name not in ("desk.css", "desk.js", "desk.svg"):
        raise HTTPException(404)
    return FileResponse(TEMPLATES / "static" / name)


def _ask_to_log_in(request: Request, _fault: Any) -> Response:
    target = quote(str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""))
    response = RedirectResponse(f"/login?next={target}" if request.method == "GET" else "/login", 303)
    response.delete_cookie(COOKIE)
    return response


def _forbid(request: Request, _fault: Any) -> Response:
    if request.url.path == "/":
        return back_to("/own")
    return _page(request, 403, "没有这个权限", "本账号只能看本单位的报表和回执，从上面的栏目进入。")


def _refuse_form(request: Request, _fault: Any) -> Response:
    return _page(request, 400, "这张表单不完整或已过期", "没有办理。请回到上一页，刷新后重新填写、提交。")


def _not_found(request: Request, fault: Any) -> Response:
    return _page(request, fault.status_code, "没有这一页", "文件可能已经印发或重新生成，请从上面的栏目进入。")


def _fault(request: Request, fault: Any) -> Response:
    status = 403 if isinstance(fault, AccountError) else 409
    return _page(request, status, "没有办成", str(fault))


def _page(request: Request, status: int, title: str, text: str) -> Response:
    desk: Desk = request.app.state.desk
    session = desk.sessions.of(request.cookies.get(COOKIE), desk.now())
    if session is None:
        return desk.bare_page("message_bare.html.j2", status, title=title, text=text)
    return desk.page("message.html.j2", session, status, title=title, text=text)
