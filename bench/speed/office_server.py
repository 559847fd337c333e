"""The office's own flow server (流程服务), as `diaodu up` starts it, for as long as it is measured against."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.speed.measure import ROOT

PATIENCE_SECONDS, GRACE_SECONDS = 120, 20


@contextmanager
def serving(data: Path) -> Iterator[int]:
    """The server's process, on loopback, its database below `data`; ended with the block.

    Only the server: worker and watch, which `diaodu up` starts besides, would do work of their own meanwhile.
    """
    port = _free_port()
    own = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "DIAODU_"))}
    environ = own | {"DIAODU_DATA": str(data), "DIAODU_PORT": str(port)}
    with (data / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "flows", "serve", "server"], cwd=ROOT, env=environ, stdout=log, stderr=log
        )
    try:
        _await(server, port)
        yield server.pid
    finally:
        server.terminate()
        try:
            server.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _await(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/api/health")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        time.sleep(0.1)
    raise RuntimeError("the server does not answer: see server.log")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
