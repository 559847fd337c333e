"""Serve the desk (案头): on loopback, or beyond it with TLS alone. Raises DeskSettingError."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

from flows.desk.app import create_app
from flows.desk.desk import Desk
from flows.operations import processes
from flows.operations.services import DESK, LOOPBACK, UMASK, claim, desk_address
from flows.settings import Settings


class DeskSettingError(RuntimeError):
    """A setting with which the desk may not be served: which, and what to do."""


def serve(settings: Settings, say: Callable[[str], None] = print) -> None:
    """Be the one desk of this data folder, and serve until it is stopped; ServiceError where one runs."""
    import uvicorn

    claim(settings, DESK)
    _check(settings)
    os.umask(UMASK)
    processes.write(processes.file_of(settings.engine, DESK), processes.this_process(desk_address(settings)))
    say(f"案头：{desk_address(settings)}（按 Ctrl-C 停止）")
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
