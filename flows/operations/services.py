"""Prefect's server, its worker, the watch and the desk as long-running services: what `diaodu serve` runs.

systemd and `diaodu up` start the same four; what the desk serves is in flows.desk. A process writes down who it is and then
becomes Prefect's own program, so its number stays true. Raises ServiceError where it runs already, or its port is taken.
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
from flows.operations import processes, work_pool
from flows.operations.prefect_api import PrefectApi, ServiceError, auth_string, ensure_password
from flows.operations.start_failure import ServiceStartError
from flows.settings import ROOT, Settings

SERVER, WORKER, WATCH, DESK = "server", "worker", "watch", "desk"
NAMES = {SERVER: "流程服务", WORKER: "执行器", WATCH: "看护", DESK: "案头"}
LOOPBACK = ("127.0.0.1", "::1", "localhost")
QUIET = {
    "DO_NOT_TRACK": "1",  # the client's analytics
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # the server's heartbeat to its makers
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # the command speaks for itself; the run keeps its log
}
START_SECONDS = 300  # the first start makes the tables: 19 s here, on a slow disk much longer
WATCH_SECONDS = 900
RETENTION_DAYS = 400  # a year and a month of runs on the page
LOG_BYTES = 10 * 2**20
UMASK = 0o077  # nobody else reads what these write


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
    """The environment of every Prefect process of ours: loopback, password, no foreign origin, no telemetry."""
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
    if _is_taken(settings.port):
        raise ServiceError(f"端口 {settings.port} 被另一个程序占用：停掉它，或用 DIAODU_PORT 换一个端口")
    ensure_password(settings)
    _become(settings, SERVER, ["server", "start"])


def serve_worker(settings: Settings) -> None:
    """Deploy what prefect.yaml says, catch up with what was missed, and become Prefect's worker."""
    claim(settings, WORKER)
    api = await_server(settings)
    work_pool.set_up(api)
    deploy(settings)
    _migrate(settings)
    work_pool.ask_for_signs_of_life(api)
    work_pool.catch_up(api)
    _become(
        settings,
        WORKER,
        ["worker", "start", "--pool", work_pool.POOL, "--type", "process", "--name", "diaodu"],
    )


def serve_watch(settings: Settings) -> None:
    """Watch for ever, each look a process of its own: what breaks it cannot end the watch."""
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
    """Empty a log once it is long, its content beside it; its writer appends and need not know."""
    for name in NAMES:
        log = settings.logs / f"{name}.log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


def _migrate(settings: Settings) -> None:
    """Bring an earlier program's warehouse up to date; what hinders that is told by every run, and stops no worker."""
    from flows.operations.backup.migrate import bring_up_to_date

    try:
        bring_up_to_date(settings)
    except Exception:  # a plan that cannot be read, a disk that is full: the log has it whole
        traceback.print_exc()


def claim(settings: Settings, name: str) -> None:
    """Be the only one of that name until this process ends, whatever program it becomes; ServiceError where one runs."""
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


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        # A connection that has just ended does not count.
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
