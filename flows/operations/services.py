"""Prefect's server, its worker, the watch and the desk as long-running services: what `diaodu serve` runs.

systemd and `diaodu up` start the same four; what the desk serves is in flows.desk. A process records its pid and then
execs Prefect's own program, so the pid stays valid. Raises ServiceError where the service runs already or its port is
taken, ServiceStartError with the reason found at the end of its log where it does not start (起不来的原因).
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from flows import locks
from flows.operations import processes, work_pool
from flows.operations.prefect_api import PrefectApi, ServiceError, auth_string, ensure_password
from flows.settings import ROOT, Settings

SERVER, WORKER, WATCH, DESK = "server", "worker", "watch", "desk"
NAMES = {SERVER: "流程服务", WORKER: "执行器", WATCH: "看护", DESK: "案头"}
LOOPBACK = ("127.0.0.1", "::1", "localhost")
QUIET = {
    "DO_NOT_TRACK": "1",  # the client's analytics
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # the server's heartbeat to its makers
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # the command prints its own result; the run has its log
}
START_SECONDS = 300  # the first start creates Prefect's tables, which takes minutes on a slow disk
WATCH_SECONDS = 900
RETENTION_DAYS = 400  # a year and a month of runs on the page
LOG_BYTES = 10 * 2**20
UMASK = 0o077  # only the owner reads what the services write
_TAIL_BYTES = 20_000
_MIN_FREE_BYTES = 2**20  # the server does not start with less
_OUR_SENTENCE = "没有做成："
_DAMAGED = (
    "流程服务的数据库坏了。把 {home} 里的 prefect.db、prefect.db-wal、prefect.db-shm 移走，再运行一次；"
    "会新建一个，失去的只有网页上的运行历史"
)
_FULL = "磁盘满了。清理磁盘后再运行一次"
_KNOWN = (
    (("file is not a database", "malformed", "disk I/O error"),
     _DAMAGED),
    (("No space left", "database or disk is full"), _FULL),
    (("readonly database", "Read-only file system", "unable to open database file", "Permission denied"),
     "数据文件夹写不进去。检查磁盘是否只读、文件夹归谁所有"),
    (("already in use",), "网页的端口被另一个程序占用。停掉它，或用 DIAODU_PORT 换一个端口"),
)  # fmt: skip


class ServiceStartError(RuntimeError):
    """A service does not start: why, as far as its log says, and where the log is."""

    def __init__(self, log: Path, home: Path) -> None:
        super().__init__(f"流程引擎没有启动起来：{start_failure(log, home)}")


def running_process(settings: Settings, name: str) -> processes.Process | None:
    """The process of that service, if it runs."""
    return processes.read(processes.file_of(settings.engine, name))


def prefect_api(settings: Settings) -> PrefectApi:
    """The API of our server, wherever it runs, or is to run."""
    server = running_process(settings, SERVER)
    return PrefectApi(server.address if server else _address(settings), auth_string(settings))


def client_environment(settings: Settings) -> dict[str, str]:
    """What a process needs to call on our server: its address and the password."""
    api = prefect_api(settings)
    return {
        "PREFECT_API_URL": f"{api.address}/api",
        "PREFECT_API_AUTH_STRING": auth_string(settings),
        "NO_PROXY": "127.0.0.1",
    }


def environment(settings: Settings) -> dict[str, str]:
    """The environment of our Prefect processes: loopback, password, no foreign origin, no telemetry."""
    address = _address(settings)
    ours = QUIET | {
        "DIAODU_DATA": str(settings.data),
        "NO_PROXY": "127.0.0.1",
        "PREFECT_API_URL": f"{address}/api",
        "PREFECT_API_AUTH_STRING": auth_string(settings),
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(work_pool.HEARTBEAT_SECONDS),
        "PREFECT_HOME": str(settings.engine),
        "PREFECT_LOGGING_COLORS": "false",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO",
        "PREFECT_SERVER_API_AUTH_STRING": auth_string(settings),
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(settings.port),
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": address,
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(RETENTION_DAYS * 24 * 3600),
        "PREFECT_SERVER_UI_API_URL": "/api",  # the origin that the page was opened at, also through a tunnel
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    }
    if settings.prefect_database:
        ours["PREFECT_API_DATABASE_CONNECTION_URL"] = settings.prefect_database
    return {**os.environ, **ours}


def serve_server(settings: Settings) -> None:
    """Become Prefect's server."""
    claim(settings, SERVER)
    if _is_port_taken(settings.port):
        raise ServiceError(f"端口 {settings.port} 被另一个程序占用：停掉它，或用 DIAODU_PORT 换一个端口")
    ensure_password(settings)
    _become(settings, SERVER, ["server", "start"])


def serve_worker(settings: Settings) -> None:
    """Deploy prefect.yaml, catch up on missed runs, and become Prefect's worker."""
    claim(settings, WORKER)
    api = await_server(settings)
    work_pool.set_up(api)
    deploy(settings)
    _migrate(settings)
    work_pool.probe_unfinished(api)
    work_pool.catch_up(api)
    _become(
        settings,
        WORKER,
        ["worker", "start", "--pool", work_pool.POOL, "--type", "process", "--name", "diaodu"],
    )


def serve_watch(settings: Settings) -> None:
    """Run `diaodu watch` again and again, each a process of its own: a failing one does not end the service."""
    claim(settings, WATCH)
    os.umask(UMASK)
    processes.write(processes.file_of(settings.engine, WATCH), processes.this_process())
    while True:
        time.sleep(WATCH_SECONDS)
        truncate_logs(settings)
        command = [sys.executable, "-m", "flows", "watch"]
        subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)


def deploy(settings: Settings) -> None:
    """Deploy every flow of the prefect.yaml in the project's folder."""
    done = subprocess.run(
        [_prefect(), "--no-prompt", "deploy", "--all"],
        cwd=ROOT, env=environment(settings), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        raise ServiceError(f"prefect.yaml 没有部署成：{done.stderr.strip() or done.stdout.strip()}")


def await_server(settings: Settings) -> PrefectApi:
    """The API of our server once it answers; ServiceStartError if it does not in time."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if running_process(settings, SERVER) and (api := prefect_api(settings)).answers():
            return api
        time.sleep(0.2)
    raise ServiceStartError(settings.logs / f"{SERVER}.log", settings.engine)


def is_starting(settings: Settings, name: str) -> bool:
    """Whether a process of that service runs, or is about to."""
    return locks.is_reserved(_lock(settings, name))


def desk_address(settings: Settings) -> str:
    """Where a browser finds the desk."""
    host = "127.0.0.1" if settings.desk_host in LOOPBACK else (*settings.desk_names, settings.desk_host)[0]
    return f"{'https' if settings.desk_certificate else 'http'}://{host}:{settings.desk_port}"


def desk_answers(settings: Settings) -> bool:
    """Whether somebody listens where the desk is to be."""
    try:
        socket.create_connection((settings.desk_host, settings.desk_port), timeout=5).close()
    except OSError:
        return False
    return True


def truncate_logs(settings: Settings) -> None:
    """Move the content of a long log aside; its writer appends and is not interrupted."""
    for name in NAMES:
        log = settings.logs / f"{name}.log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


def _migrate(settings: Settings) -> None:
    """Rebuild an earlier program's warehouse. A failure is logged and stops no worker: every run reports it again."""
    from flows.operations.backup.rebuild import bring_up_to_date

    try:
        bring_up_to_date(settings)
    except Exception:  # such as an unreadable plan or a full disk
        traceback.print_exc()


def claim(settings: Settings, name: str) -> None:
    """Take the lock of that service until this process ends, also after exec; ServiceError where one runs."""
    reserved = locks.reserve(_lock(settings, name))
    if already := running_process(settings, name):
        raise ServiceError(f"{NAMES[name]}已在运行（进程 {already.pid}）")
    if not reserved:
        raise ServiceError(f"{NAMES[name]}正由另一个命令启动")


def _become(settings: Settings, name: str, arguments: list[str]) -> None:
    os.umask(UMASK)
    processes.write(
        processes.file_of(settings.engine, name), processes.this_process(prefect_api(settings).address)
    )
    os.chdir(ROOT)
    os.execve(_prefect(), [_prefect(), *arguments], environment(settings))


def _is_port_taken(port: int) -> bool:
    with socket.socket() as probe:
        # a port in TIME_WAIT is free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _address(settings: Settings) -> str:
    return f"http://127.0.0.1:{settings.port}"


def _lock(settings: Settings, name: str) -> Path:
    return settings.engine / f"{name}.lock"


def _prefect() -> str:
    return str(Path(sys.executable).with_name("prefect"))


def start_failure(log: Path, home: Path) -> str:
    """Why a service did not start, with the path of its log; the path alone where nothing known is found.

    `home` is data/prefect.
    """
    tail = _log_tail(log)
    ours = [line.partition(_OUR_SENTENCE)[2] for line in tail.splitlines() if _OUR_SENTENCE in line]
    known = [sentence.format(home=home) for signs, sentence in _KNOWN if any(sign in tail for sign in signs)]
    if not known:  # on a full disk, or with its log off, the server writes nothing
        known = [*_inspect(home)]
    return f"{(ours[-1:] or known)[0]}（日志 {log}）" if ours or known else f"原因见 {log}"


def _inspect(home: Path) -> Iterator[str]:
    """A full disk, or a damaged database."""
    if home.is_dir() and shutil.disk_usage(home).free < _MIN_FREE_BYTES:
        yield _FULL
    elif (database := home / "prefect.db").is_file() and not _is_sound(database):
        yield _DAMAGED.format(home=home)


def _is_sound(database: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
            return bool(opened.execute("pragma quick_check(1)").fetchone() == ("ok",))
    except sqlite3.OperationalError:
        return True  # locked or unreadable: its content is unknown
    except sqlite3.DatabaseError:
        return False


def _log_tail(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(-min(_TAIL_BYTES, log.stat().st_size), os.SEEK_END)
            return file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
