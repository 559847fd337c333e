"""Serve the desk (案头): on loopback, or beyond it with TLS alone. Raises DeskSettingError."""

import socket
from pathlib import Path

from flows.desk.app import create_app
from flows.desk.desk import Desk
from flows.settings import Settings

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class DeskSettingError(RuntimeError):
    """A setting with which the desk may not be served: which, and what to do."""


def serve(settings: Settings) -> None:
    """Serve until told to stop."""
    import uvicorn

    _check(settings)
    desk = Desk(settings, is_tls=settings.desk_certificate is not None)
    uvicorn.run(
        create_app(desk, hosts(settings)),
        host=settings.desk_host,
        port=settings.desk_port,
        ssl_certfile=settings.desk_certificate,
        ssl_keyfile=settings.desk_key,
        log_level="warning",
        access_log=False,
        server_header=False,
    )


def address(settings: Settings) -> str:
    """Where a browser finds the desk."""
    scheme = "https" if settings.desk_certificate else "http"
    host = "127.0.0.1" if settings.desk_host in LOOPBACK else (settings.desk_names or [settings.desk_host])[0]
    return f"{scheme}://{host}:{settings.desk_port}"


def hosts(settings: Settings) -> frozenset[str]:
    """The values of the header Host under which the desk answers: loopback, its own address, and the names of policy; with
    and without the port, since a reverse proxy passes the name on alone."""
    names = {*LOOPBACK, settings.desk_host, *settings.desk_names}
    return frozenset(name for one in names for name in (one, f"{one}:{settings.desk_port}"))


def _check(settings: Settings) -> None:
    if settings.desk_host not in LOOPBACK and settings.desk_certificate is None:
        raise DeskSettingError(
            f"案头要开在 {settings.desk_host} 上，须先配证书：DIAODU_DESK_CERTIFICATE、DIAODU_DESK_KEY；"
            "或者开在本机，由反向代理加 TLS"
        )
    for file in (settings.desk_certificate, settings.desk_key):
        if file is not None and not Path(file).is_file():
            raise DeskSettingError(f"没有证书文件 {file}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.desk_host, settings.desk_port))
        except OSError:
            raise DeskSettingError(
                f"端口 {settings.desk_port} 已被占用：案头可能已在运行；或用 DIAODU_DESK_PORT 换一个端口"
            ) from None
