"""Starting and ending the services (起停): the same twice is the same once, and only what was started is ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from flows import locks
from flows.operations import processes
from flows.operations.prefect_api import ServiceError, answers, ask
from flows.operations.private_server import EngineError
from flows.operations.recovery import POOL, unfinished
from flows.operations.service_processes import (
    NAMES,
    PATIENCE_SECONDS,
    PRIVATE,
    SERVER,
    WATCH,
    WORKER,
    running,
    shorten,
    starting,
)
from flows.progress import turning
from flows.settings import ROOT, Settings

Say = Callable[[str], None]
GRACE_SECONDS = 15
RUN_SECONDS = 600  # so long a run under way is waited for


def up(settings: Settings, say: Say) -> None:
    """Server, worker and watch, each started unless it runs; EngineError with the reason if one does not come. A
    second `up` at the same moment waits for the first, and then finds all three."""
    os.umask(PRIVATE)
    with locks.turn(settings.engine / "up.lock", lambda: say("另一个 diaodu up 正在启动，等它启动完")):
        _all_up(settings, say)


def _all_up(settings: Settings, say: Say) -> None:
    began = time.monotonic()
    _started(settings, SERVER, lambda: _server_answers(settings))
    address = running(settings.engine, SERVER)
    say(f"✓ 流程服务已应答，网页 {address.address if address else ''}（{time.monotonic() - began:.1f} 秒）")
    _started(settings, WORKER, lambda: _worker_polls(settings))
    say(f"✓ 任务已部署，执行器已接活（{time.monotonic() - began:.1f} 秒）")
    _started(settings, WATCH, lambda: running(settings.engine, WATCH) is not None)
    say("✓ 看护已在岗：每 15 分钟检查一次，出事时发信给管理员")
    held = {name: one.memory_mib for name in NAMES if (one := running(settings.engine, name))}
    say(f"内存 {sum(held.values()):.0f} MB（{'、'.join(f'{NAMES[n]} {m:.0f}' for n, m in held.items())}）")


def down(settings: Settings, say: Say, wait: bool = True) -> None:
    """End watch, worker and server, in this order; a run under way is waited for unless `wait` is false."""
    if wait:
        _let_finish(settings, say)
    for name in (WATCH, WORKER, SERVER):
        file = processes.file_of(settings.engine, name)
        process = processes.alive(file)
        if process is not None:
            processes.end(process, GRACE_SECONDS)
        file.unlink(missing_ok=True)
        say(f"✓ {NAMES[name]}{'没有在运行' if process is None else f'已停止（进程 {process.pid}）'}")


def _let_finish(settings: Settings, say: Say) -> None:
    """Take no new run, and wait for the one under way."""
    server = running(settings.engine, SERVER)
    if server is None or running(settings.engine, WORKER) is None or not answers(server.address):
        return
    ask(server.address, "PATCH", f"/work_pools/{POOL}", {"is_paused": True})
    until = time.monotonic() + RUN_SECONDS
    if under_way := unfinished(server.address):
        say(
            f"有 {len(under_way)} 个任务正在运行，等它做完（最多 {RUN_SECONDS // 60} 分钟；立即停止用 --now）"
        )
    with turning("等任务做完"):
        while unfinished(server.address) and time.monotonic() < until:
            time.sleep(1)


def _started(settings: Settings, name: str, ready: Callable[[], bool]) -> None:
    """Start it unless it runs, and wait until it is of use."""
    child = None
    if running(settings.engine, name) is None:
        child = _start(settings, name)
    until = time.monotonic() + PATIENCE_SECONDS
    with turning(f"启动{NAMES[name]}"):
        while not ready():
            ended = child is not None and child.poll() is not None
            if (ended and not starting(settings, name)) or time.monotonic() > until:
                raise EngineError(settings.logs / f"{name}.log", settings.engine)
            time.sleep(0.2)


def _start(settings: Settings, name: str) -> subprocess.Popen[bytes]:
    log = settings.logs / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    shorten(settings)
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "flows", "serve", name],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip


def _server_answers(settings: Settings) -> bool:
    server = running(settings.engine, SERVER)
    return server is not None and answers(server.address)


def _worker_polls(settings: Settings) -> bool:
    """Whether the worker has reported at the server since it began."""
    worker = running(settings.engine, WORKER)
    if worker is None:
        return False
    since = datetime.fromtimestamp(processes.file_of(settings.engine, WORKER).stat().st_mtime, UTC)
    try:
        heard = last_heard(worker.address)
    except ServiceError:
        return False
    return heard is not None and heard >= since


def last_heard(address: str) -> datetime | None:
    """When a worker of the pool last reported at the server; None for never."""
    workers = ask(address, "POST", f"/work_pools/{POOL}/workers/filter", {})
    heard = [w["last_heartbeat_time"] for w in workers if w["last_heartbeat_time"]]
    return max(map(datetime.fromisoformat, heard), default=None)


def stay_up(settings: Settings, say: Say) -> None:
    """Stay until asked to stop, then end everything; EngineError when a service ends by itself."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while all(running(settings.engine, name) for name in NAMES):
            time.sleep(5)
        raise EngineError(settings.logs, settings.engine)
    except KeyboardInterrupt:
        say("收到停止信号")
    finally:
        down(settings, say, wait=False)
