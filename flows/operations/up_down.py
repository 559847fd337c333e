"""`diaodu up` and `diaodu down` (起、停), for a machine without systemd. Both are idempotent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from flows import locks
from flows.operations import processes, services, work_pool
from flows.operations.prefect_api import ServiceError, password_file
from flows.progress import turning
from flows.settings import ROOT, Settings, shown_path

Say = Callable[[str], None]
TERM_SECONDS = 15
RUN_SECONDS = 600  # `down` waits this long for an active run


def up(settings: Settings, say: Say) -> None:
    """Start server, worker, watch and desk, each unless it runs; ServiceStartError with the reason if one does not start.

    A second `up` at the same moment waits for the first, and then finds all four.
    """
    os.umask(services.UMASK)
    with locks.turn(settings.engine / "up.lock", lambda: say("另一个 diaodu up 正在启动，等它启动完")):
        began = time.monotonic()
        _start(settings, services.SERVER, lambda: services.prefect_api(settings).answers())
        page = services.prefect_api(settings).address
        say(f"✓ 流程服务已应答，网页 {page}，口令在 {shown_path(password_file(settings))}（{_since(began)}）")
        _start(settings, services.WORKER, lambda: _worker_polls(settings))
        say(f"✓ 任务已部署，执行器已接活（{_since(began)}）")
        _start(settings, services.WATCH, lambda: True)
        say("✓ 看护已在岗：每 15 分钟检查一次，出事时发信给管理员")
        _start(settings, services.DESK, lambda: services.desk_answers(settings))
        say(f"✓ 案头已打开：{services.desk_address(settings)}，用账号登录（{_since(began)}）")
        memory = {
            services.NAMES[name]: one.memory_mib
            for name in services.NAMES
            if (one := services.running_process(settings, name))
        }
        say(f"内存 {sum(memory.values()):.0f} MB（{'、'.join(f'{n} {m:.0f}' for n, m in memory.items())}）")


def down(settings: Settings, say: Say, wait: bool = True) -> None:
    """End desk, watch, worker and server, in this order, after the active run unless `wait` is false."""
    if wait:
        _await_runs(settings, say)
    for name in (services.DESK, services.WATCH, services.WORKER, services.SERVER):
        process = services.running_process(settings, name)
        if process is not None:
            processes.end(process, TERM_SECONDS)
        processes.file_of(settings.engine, name).unlink(missing_ok=True)
        say(f"✓ {services.NAMES[name]}{'没有在运行' if process is None else f'已停止（进程 {process.pid}）'}")


def stay_up(settings: Settings, say: Say) -> None:
    """Block until SIGTERM or Ctrl-C, then end everything; ServiceStartError when a service ends by itself."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while all(services.running_process(settings, name) for name in services.NAMES):
            time.sleep(5)
        raise services.ServiceStartError(settings.logs, settings.engine)
    except KeyboardInterrupt:
        say("收到停止信号")
    finally:
        down(settings, say, wait=False)


def _await_runs(settings: Settings, say: Say) -> None:
    """Pause the pool and wait for the active run."""
    api = services.prefect_api(settings)
    if not (
        services.running_process(settings, services.SERVER)
        and services.running_process(settings, services.WORKER)
        and api.answers()
    ):
        return
    work_pool.pause(api)
    if runs := work_pool.unfinished(api):
        say(f"有 {len(runs)} 个任务正在运行，等它做完（最多 {RUN_SECONDS // 60} 分钟；立即停止用 --now）")
    until = time.monotonic() + RUN_SECONDS
    with turning("等任务做完"):
        while work_pool.unfinished(api) and time.monotonic() < until:
            time.sleep(1)


def _start(settings: Settings, name: str, is_ready: Callable[[], bool]) -> None:
    """Start a service unless it runs, and wait until it is ready."""
    child = None if services.running_process(settings, name) else _spawn(settings, name)
    until = time.monotonic() + services.START_SECONDS
    with turning(f"启动{services.NAMES[name]}"):
        while not (services.running_process(settings, name) and is_ready()):
            has_ended = child is not None and child.poll() is not None
            if (has_ended and not services.is_starting(settings, name)) or time.monotonic() > until:
                raise services.ServiceStartError(settings.logs / f"{name}.log", settings.engine)
            time.sleep(0.2)


def _spawn(settings: Settings, name: str) -> subprocess.Popen[bytes]:
    log = settings.logs / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    services.truncate_logs(settings)
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "flows", "serve", name],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip


def _worker_polls(settings: Settings) -> bool:
    """Whether the server has a heartbeat of the worker since its start."""
    try:
        heartbeat = work_pool.last_heartbeat(services.prefect_api(settings))
    except ServiceError:
        return False
    started = processes.file_of(settings.engine, services.WORKER).stat().st_mtime
    return heartbeat is not None and heartbeat.timestamp() >= started


def _since(began: float) -> str:
    return f"{time.monotonic() - began:.1f} 秒"
