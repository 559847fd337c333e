"""Looking after the services from outside (看护): what is wrong now, a sentence each. Prefect is asked, never needed.

Everything is read from folders, from /proc and over loopback with the standard library, so that what is watched
cannot take the watch with it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.clock import BEIJING
from flows.run_log import Run, runs
from flows.running import processes
from flows.running.agenda import DOCUMENTS, PARAMETER, Due, Kind, Present, is_made
from flows.running.inventory import due_on, present
from flows.running.prefect_api import ServiceError, answers
from flows.running.recovery import AGENDA, unfinished
from flows.running.service import last_heard
from flows.running.serving import SERVER, WORKER, running
from flows.settings import Settings
from flows.warehouse.raw import waiting

BY_HOUR = 10  # the agenda runs at half past seven: what is due today is made by then
SETTLING = timedelta(minutes=10)  # so long after the worker came, what was missed is having its turn
BACKUP_DAYS = 2
SILENT = timedelta(minutes=5)  # a worker reports every thirty seconds
UNSEEN = timedelta(hours=26)  # the agenda runs every hour of the day
FAILED_DAYS = 14
FREE_BYTES = 2 * 2**30
CLOCK_BACK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong: a key that stays the same while it lasts, what it is, and what to do."""

    key: str
    sentence: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.sentence}。{self.remedy}"


Check = Callable[[Settings, datetime], Iterator[Trouble]]


def troubles(settings: Settings, now: datetime) -> list[Trouble]:
    """Everything that is wrong now; a check that itself breaks down is one more trouble."""
    found: list[Trouble] = []
    for name, check in CHECKS.items():
        try:
            found += check(settings, now)
        except Exception as fault:  # whatever it is, somebody must be told
            found.append(Trouble(f"check:{name}", f"“{name}”查不下去：{fault}", "运行 diaodu doctor"))
    return found


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
    if heard is None or _whole(now) - heard > SILENT:
        yield Trouble("worker", "执行器在运行而不接活", "运行 diaodu down --now，再 diaodu up")


def runs_did_their_work(settings: Settings, now: datetime) -> Iterator[Trouble]:
    """Every matter whose last run did not complete; the agenda itself only repeats what those say."""
    for run in _failed(settings, now):
        said = f"{run.ended_at:%m月%d日 %H:%M} 没有做成（{run.state}）：{run.message}"
        yield Trouble(
            f"run:{run.matter}", f"{run.matter} {said}", "按提示处理后，日程会再做一次；记录见流程服务的网页"
        )


def nothing_is_overdue(settings: Settings, now: datetime) -> Iterator[Trouble]:
    """What should have been made by now and was not, unless it is being made or its failing is told already."""
    if _is_at_work(settings, now):
        return
    told = {run.matter for run in _failed(settings, now)}
    for due in due_on(settings, now.date()):
        matter = f"{due.period} {due.kind.label}".strip()
        if due.kind not in (Kind.INTAKE, Kind.BACKUP) and _past(due, now) and matter not in told:
            yield Trouble(
                f"due:{matter}", f"{due}，至今没有做", "运行 diaodu up 后日程会补做；仍不成看运行记录"
            )


def files_are_taken_in(settings: Settings, now: datetime) -> Iterator[Trouble]:
    """Workbooks that have waited for more than a day."""
    old = [p for p in waiting(settings.inbox) if _since(p.stat().st_mtime, now) > UNSEEN]
    if old:
        yield Trouble("inbox", f"收件箱里有 {len(old)} 份报表放了一天多还没有收", "运行 diaodu intake 看原因")


def agenda_comes_round(settings: Settings, now: datetime) -> Iterator[Trouble]:
    """Whether the agenda has run since yesterday."""
    worker = running(settings.engine, WORKER)
    if worker is None or _age(settings, WORKER, now) < UNSEEN:
        return
    last = max((run.ended_at for run in runs(settings) if run.name == AGENDA), default=None)
    if last is None or now - last > UNSEEN:
        since = "从来没有运行过" if last is None else f"自 {last:%m月%d日 %H:%M} 起没有再运行"
        yield Trouble("agenda", f"日程{since}", "运行 diaodu down，再 diaodu up")


def disk_has_room(settings: Settings, _now: datetime) -> Iterator[Trouble]:
    """Whether there is room, and whether the data folder can be written to."""
    free = shutil.disk_usage(settings.data).free
    if free < FREE_BYTES:
        yield Trouble("disk", f"{settings.data} 所在磁盘只剩 {free / 2**30:.1f} GB", "清理磁盘，至少留 2 GB")
    probe = settings.logs / f".probe.{os.getpid()}"
    try:
        settings.logs.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as fault:
        yield Trouble("writable", f"数据文件夹写不进去（{fault.strerror}）", "检查磁盘、挂载和权限")


def backup_is_recent(settings: Settings, now: datetime) -> Iterator[Trouble]:
    """Whether what was once backed up still is; an office that has none yet is told by the doctor."""
    last = present(settings).backed_up_on
    if last is not None and (now.date() - last).days > BACKUP_DAYS:
        yield Trouble("backup", f"上次备份是 {last:%m月%d日}", "运行 diaodu backup，看为什么没有做成")


def clock_goes_forward(settings: Settings, now: datetime) -> Iterator[Trouble]:
    """Whether the clock stands before something that has already happened."""
    last = max((run.ended_at for run in runs(settings)), default=now)
    if last - now > CLOCK_BACK:
        yield Trouble(
            "clock",
            f"时钟往回走了：现在 {now:%Y-%m-%d %H:%M}，上次运行却在 {last:%Y-%m-%d %H:%M}",
            "校准系统时间",
        )


CHECKS: dict[str, Check] = {
    "流程服务": server_answers,
    "执行器": worker_takes_runs,
    "运行结果": runs_did_their_work,
    "到期事项": nothing_is_overdue,
    "收件箱": files_are_taken_in,
    "日程": agenda_comes_round,
    "磁盘": disk_has_room,
    "备份": backup_is_recent,
    "时钟": clock_goes_forward,
}


def _failed(settings: Settings, now: datetime) -> list[Run]:
    """The matters whose last run did not complete, and which still want doing."""
    there, last = present(settings), {run.matter: run for run in runs(settings) if run.name != AGENDA}
    lately = [one for one in last.values() if now - one.ended_at < timedelta(days=FAILED_DAYS)]
    return [one for one in lately if not one.completed and _wants_doing(one, there)]


def _wants_doing(run: Run, there: Present) -> bool:
    """A run cut off after its work was whole is no trouble, though it never said that it was done."""
    kind = next((one for one in Kind if one.label == run.name), None)
    if kind is Kind.INTAKE:
        return there.waiting > 0
    return kind not in DOCUMENTS or not is_made(kind, str(run.parameters.get(PARAMETER[kind])), there)


def _is_at_work(settings: Settings, now: datetime) -> bool:
    """Whether a run is under way, or the worker has only just come; a run ends by its time limit at the latest."""
    worker = running(settings.engine, WORKER)
    if worker is None:
        return False
    if _age(settings, WORKER, now) < SETTLING:
        return True
    try:
        return bool(unfinished(worker.address))
    except ServiceError:
        return False


def _past(due: Due, now: datetime) -> bool:
    return due.due_on < now.date() or now.hour >= BY_HOUR


def _age(settings: Settings, name: str, now: datetime) -> timedelta:
    return _since(processes.file_of(settings.engine, name).stat().st_mtime, now)


def _since(instant: float, now: datetime) -> timedelta:
    return timedelta(seconds=_whole(now).timestamp() - instant)


def _whole(now: datetime) -> datetime:
    return now.replace(tzinfo=BEIJING)
