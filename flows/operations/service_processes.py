"""What a service is at the moment it starts (服务进程): Prefect's server, its worker, or the watch over both.

`diaodu up` and systemd start the same three. A process writes down who it is and then becomes Prefect's own, so
its number and its beginning stay true.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import traceback
from pathlib import Path

from flows import locks
from flows.operations import processes
from flows.operations.prefect_api import ServiceError, answers
from flows.operations.private_server import QUIET, EngineError
from flows.operations.recovery import POOL, caught_up, clear_the_dead, one_at_a_time
from flows.settings import ROOT, Settings

SERVER, WORKER, WATCH = "server", "worker", "watch"
NAMES = {SERVER: "流程服务", WORKER: "执行器", WATCH: "看护"}
PATIENCE_SECONDS = 300  # the first start makes the tables: 19 s here, on a slow disk much longer
LOOK_SECONDS = 900
KEPT_DAYS = 400  # a year and a month of runs on the page
LOG_BYTES = 10 * 2**20
PRIVATE = 0o077  # nobody else reads what these write


def running(home: Path, name: str) -> processes.Process | None:
    """The process of that service, if it runs."""
    return processes.alive(processes.file_of(home, name))


def environment(settings: Settings) -> dict[str, str]:
    """What every Prefect process of ours is told: loopback, no telemetry, its home in the data folder."""
    address = f"http://127.0.0.1:{settings.port}"
    ours = QUIET | {
        "DIAODU_DATA": str(settings.data),
        "NO_PROXY": "127.0.0.1",
        "PREFECT_API_URL": f"{address}/api",
        "PREFECT_HOME": str(settings.engine),
        "PREFECT_LOGGING_COLORS": "false",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO",
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(settings.port),
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(KEPT_DAYS * 24 * 3600),
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    }
    if settings.prefect_database:
        ours["PREFECT_API_DATABASE_CONNECTION_URL"] = settings.prefect_database
    return {**os.environ, **ours}


def serve_server(settings: Settings) -> None:
    """Become Prefect's server. ServiceError if it runs already or somebody else has the port."""
    _alone(settings, SERVER)
    address = f"http://127.0.0.1:{settings.port}"
    if answers(address):
        raise ServiceError(f"端口 {settings.port} 上已有别的流程服务：先停掉它，或用 DIAODU_PORT 换一个端口")
    if _is_taken(settings.port):
        raise ServiceError(f"端口 {settings.port} 被另一个程序占用：停掉它，或用 DIAODU_PORT 换一个端口")
    _become(settings, SERVER, ["server", "start"], address)


def serve_worker(settings: Settings) -> None:
    """Deploy what prefect.yaml says, put right what a power cut left, have today's agenda run, become the worker."""
    _alone(settings, WORKER)
    address = await_server(settings)
    one_at_a_time(address)
    deploy(settings)
    clear_the_dead(address, settings)
    _bring_up_to_date(settings)
    caught_up(address)
    _become(
        settings,
        WORKER,
        ["worker", "start", "--pool", POOL, "--type", "process", "--name", "diaodu"],
        address,
    )


def _bring_up_to_date(settings: Settings) -> None:
    """The warehouse, if an earlier program made it; what hinders that is told by every run, and stops no worker."""
    from flows.operations.backup.migrate import bring_up_to_date

    try:
        bring_up_to_date(settings)
    except Exception:  # a plan that cannot be read, a disk that is full: the log has it whole
        traceback.print_exc()


def deploy(settings: Settings) -> None:
    """Tell the server what prefect.yaml says, as it stands."""
    told = subprocess.run(
        [_prefect(), "--no-prompt", "deploy", "--all"],
        cwd=ROOT, env=environment(settings), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if told.returncode:
        raise ServiceError(f"prefect.yaml 没有部署成：{told.stderr.strip() or told.stdout.strip()}")


def await_server(settings: Settings, patience_seconds: float = PATIENCE_SECONDS) -> str:
    """The address of our server once it answers; EngineError if it ends or keeps silent."""
    until = time.monotonic() + patience_seconds
    while time.monotonic() < until:
        server = running(settings.engine, SERVER)
        if server and answers(server.address):
            return server.address
        time.sleep(0.2)
    raise EngineError(settings.logs / f"{SERVER}.log", settings.engine)


def _alone(settings: Settings, name: str) -> None:
    """Be the only one of that name from now on until this process ends, whatever program it becomes."""
    reserved = locks.reserve(_lock(settings, name))
    if already := running(settings.engine, name):
        raise ServiceError(f"{NAMES[name]}已在运行（进程 {already.pid}）")
    if not reserved:
        raise ServiceError(f"{NAMES[name]}正由另一个命令启动")


def starting(settings: Settings, name: str) -> bool:
    """Whether a process of that service runs, or is about to."""
    return locks.is_reserved(_lock(settings, name))


def _lock(settings: Settings, name: str) -> Path:
    return settings.engine / f"{name}.lock"


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # a connection that just ended takes nothing
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _become(settings: Settings, name: str, arguments: list[str], address: str) -> None:
    os.umask(PRIVATE)
    processes.note(processes.file_of(settings.engine, name), processes.me(address))
    os.chdir(ROOT)
    os.execve(_prefect(), [_prefect(), *arguments], environment(settings))


def _prefect() -> str:
    return str(Path(sys.executable).with_name("prefect"))


def shorten(settings: Settings) -> None:
    """Begin a log anew once it is long, the one before beside it; its writer appends and need not know."""
    for name in NAMES:
        log = settings.logs / f"{name}.log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


def serve_watch(settings: Settings) -> None:
    """Look after the other two for ever, each look a process of its own: what breaks it cannot end the watch."""
    _alone(settings, WATCH)
    os.umask(PRIVATE)
    processes.note(processes.file_of(settings.engine, WATCH), processes.me())
    while True:
        time.sleep(LOOK_SECONDS)
        shorten(settings)
        subprocess.run(
            [sys.executable, "-m", "flows", "watch"], cwd=ROOT, stdin=subprocess.DEVNULL, check=False
        )
