"""Whether the services run (看护服务): asked over loopback and of /proc, from outside.

Prefect is asked, never needed: what is watched cannot take the watch with it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flows.operations import processes
from flows.operations.alert import Trouble, since, with_zone
from flows.operations.prefect_api import ServiceError, answers
from flows.operations.recovery import AGENDA
from flows.operations.run_log import runs
from flows.operations.service import last_heard
from flows.operations.service_processes import SERVER, WORKER, running
from flows.settings import Settings

SILENT = timedelta(minutes=5)  # a worker reports every thirty seconds
UNSEEN = timedelta(hours=26)  # the agenda runs every hour of the day


def server_answers(settings: Settings, _now: datetime) -> Iterator[Trouble]:
    """Whether our server runs and answers."""
    server = running(settings.engine, SERVER)
    if server is None:
        yield Trouble("server", "流程服务没有在运行", "运行 diaodu up")
    elif not answers(server.address):
        yield Trouble(
            "server", f"流程服务在运行而不应答（{server.address}）", "运行 diaodu down --now，再 diaodu up"
        )


def worker_takes_runs(settings: Settings, now: datetime) -> Iterator[Trouble]:
    """Whether our worker runs, and has reported at the server."""
    worker = running(settings.engine, WORKER)
    if worker is None:
        yield Trouble("worker", "执行器没有在运行，到期的事不会做", "运行 diaodu up")
        return
    try:
        heard = last_heard(worker.address)
    except ServiceError:
        return  # the server's trouble
    if heard is None or with_zone(now) - heard > SILENT:
        yield Trouble("worker", "执行器在运行而不接活", "运行 diaodu down --now，再 diaodu up")


def agenda_comes_round(settings: Settings, now: datetime) -> Iterator[Trouble]:
    """Whether the agenda has run since yesterday."""
    worker = running(settings.engine, WORKER)
    if worker is None or age(settings, WORKER, now) < UNSEEN:
        return
    last = max((run.ended_at for run in runs(settings) if run.name == AGENDA), default=None)
    if last is None or now - last > UNSEEN:
        since = "从来没有运行过" if last is None else f"自 {last:%m月%d日 %H:%M} 起没有再运行"
        yield Trouble("agenda", f"日程{since}", "运行 diaodu down，再 diaodu up")


def age(settings: Settings, name: str, now: datetime) -> timedelta:
    """How long a service of ours has run."""
    return since(processes.file_of(settings.engine, name).stat().st_mtime, now)
