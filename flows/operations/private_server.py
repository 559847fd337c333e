"""The flow engine for one command (流程引擎): Prefect's server on loopback, for as long as the command lives.

Where an office's own server runs (PREFECT_API_URL is set, or `diaodu up` started one), that one is used. Otherwise a private one is
started as a child. Prefect would start an ephemeral one by itself, which takes twice as long, locks its own
database and shows its tracebacks to the user.
"""

import http.client
import importlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flows import locks
from flows.operations import processes
from flows.operations.services import QUIET
from flows.operations.start_failure import reason
from flows.operations.work_pool import HEARTBEAT_SECONDS
from flows.progress import turning
from flows.settings import ROOT

# Nothing is scheduled or replayed in a run that lives as long as its command, and these three would lock the
# SQLite file that the run writes to: two seconds a time and a traceback at the end.
IDLE = {
    f"PREFECT_SERVER_SERVICES_{service}_ENABLED": "false"
    for service in ("EVENT_PERSISTER", "TASK_RUN_RECORDER", "TRIGGERS")
}
EPHEMERAL = {
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_UI_ENABLED": "false",
}
PATIENCE_SECONDS = 400  # two cores with twenty processes at work took over two minutes


class EngineError(RuntimeError):
    """The flow engine does not start: why, as far as its log says, and where that is."""

    def __init__(self, log: Path, home: Path) -> None:
        super().__init__(f"流程引擎没有启动起来：{reason(log, home)}")


class EngineSlowError(RuntimeError):
    """The flow engine is still starting: nothing is wrong but the load."""

    def __init__(self, log: Path) -> None:
        super().__init__(
            f"流程引擎 {PATIENCE_SECONDS // 60} 分钟没有应答，机器太忙。等别的程序做完再运行一次（日志 {log}）"
        )


@contextmanager
def running(home: Path, flow: str = "prefect") -> Iterator[None]:
    """A server to run flows against while the block lasts; EngineError if it cannot be started, EngineSlowError
    where the machine is too busy for it. `flow` is the module that the block will need."""
    os.environ.update({name: os.environ.get(name, value) for name, value in QUIET.items()})
    if os.environ.get("PREFECT_API_URL"):
        with _to_the_end():
            yield
        return
    if office := processes.read(processes.file_of(home, "server")):
        with _at(office.address, home):
            yield
        return
    with _private(home, flow):
        yield


@contextmanager
def _private(home: Path, flow: str) -> Iterator[None]:
    """A server of this command's own. They start one at a time: two that make the database's tables at one moment
    trip over each other."""
    home.mkdir(parents=True, exist_ok=True)
    os.environ["PREFECT_HOME"] = str(home.resolve())
    os.environ["NO_PROXY"] = ",".join(filter(None, ["127.0.0.1", os.environ.get("NO_PROXY")]))
    log = home / "server.log"
    with ExitStack() as later:
        with locks.turn(home / "starting.lock", lambda: None):
            port = _free_port()
            os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
            server = _started(port, log)
            later.callback(_ended, server)
            with turning("启动流程引擎"):
                importlib.import_module(flow)  # loads while the server starts: three seconds gained
                _await(server, port, log)
        with _to_the_end():
            yield


def _ended(server: subprocess.Popen[bytes]) -> None:
    _stop(server)
    del os.environ["PREFECT_API_URL"]


@contextmanager
def _at(address: str, home: Path) -> Iterator[None]:
    """Run against the server that `diaodu up` or systemd started on the same database."""
    auth = (home / "password").read_text(encoding="ascii").strip()
    os.environ |= {
        "PREFECT_API_URL": f"{address}/api", "PREFECT_API_AUTH_STRING": auth, "NO_PROXY": "127.0.0.1",
    }  # fmt: skip
    try:
        with _to_the_end(HEARTBEAT_SECONDS):
            yield
    finally:
        del os.environ["PREFECT_API_URL"], os.environ["PREFECT_API_AUTH_STRING"]


@contextmanager
def _to_the_end(heartbeat_seconds: int | None = None) -> Iterator[None]:
    """Runs that their command waits for: on a private server they need no heartbeat, whose thread costs 0.9 s a flow, and the
    last lines of their log and the last events have reached the server when the block ends."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    try:
        with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: heartbeat_seconds}):
            yield
    finally:
        for worker in (APILogWorker, EventsWorker):
            worker.drain_all(timeout=5)


def _started(port: int, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "flows.operations.engine_server", str(port)],
            cwd=ROOT,
            env={**os.environ, **IDLE, **EPHEMERAL},
            stdin=subprocess.PIPE,  # the child ends when this closes: also when the command is killed outright
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C ends the command first, which then ends its server
        )


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.stdin:
        server.stdin.close()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _await(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < until:
        if _answers(port):
            return
        time.sleep(0.05)
    raise EngineError(log, log.parent) if server.poll() is not None else EngineSlowError(log)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
