"""The independent watch (看护): checks whether anything is overdue, stopped, stale or damaged, for alerts to the operator.

Run by a timer. Reads folders, and queries Prefect's server over loopback without loading Prefect, so that a broken Prefect
does not break the watch. The warehouse is not opened.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from flows.clock import BEIJING
from flows.issuing.delivery_round import read_trouble
from flows.operations import processes, work_pool
from flows.operations.alerts import Alert, read_log
from flows.operations.backup.archive import backups
from flows.operations.content import damaged_files
from flows.operations.data_folder import missing_data
from flows.operations.inventory import due_on
from flows.operations.prefect_api import ServiceError
from flows.operations.services import SERVER, WORKER, prefect_api, running_process
from flows.plan.agenda import Job
from flows.plan.load import plans
from flows.settings import Settings
from flows.warehouse.raw import waiting

Check = Callable[[Settings, datetime], Iterator[Alert]]
BY_HOUR = 10  # the agenda runs at half past seven: what is due today is finished by then
CATCH_UP = timedelta(minutes=10)  # after the worker's start, missed work is being caught up
SILENT = timedelta(minutes=5)  # a worker's heartbeat is every thirty seconds
FAILED_DAYS = 2
INBOX_HOURS = 26  # the agenda ingests files every hour of the day
BACKUP_DAYS = 2
FREE_BYTES = 2 * 2**30
CLOCK_BACK = timedelta(minutes=10)
HOURS_A_WEEK = 7 * 24
MAX_DAMAGES = 20


def server_answers(settings: Settings, _now: datetime) -> Iterator[Alert]:
    """Whether our server runs and answers."""
    if running_process(settings, SERVER) is None:
        yield Alert("server", "流程服务没有在运行", "运行 diaodu up")
    elif not (api := prefect_api(settings)).answers():
        sentence = f"流程服务在运行而不应答（{api.address}）"
        yield Alert("server", sentence, "运行 diaodu down --now，再 diaodu up")


def worker_takes_runs(settings: Settings, now: datetime) -> Iterator[Alert]:
    """Whether our worker runs, and the server has its heartbeat."""
    if running_process(settings, WORKER) is None:
        yield Alert("worker", "执行器没有在运行，到期的事不会做", "运行 diaodu up")
        return
    try:
        heartbeat = work_pool.last_heartbeat(prefect_api(settings))
    except ServiceError:
        return  # reported by server_answers
    if heartbeat is None or now.replace(tzinfo=BEIJING) - heartbeat > SILENT:
        yield Alert("worker", "执行器在运行而不接活", "运行 diaodu down --now，再 diaodu up")


def runs_complete(settings: Settings, now: datetime) -> Iterator[Alert]:
    """The flows whose last run failed or crashed."""
    for name, message in _failures(settings, now).items():
        yield Alert(
            f"run:{name}", f"{name} 没有做成：{message}", "按提示处理后，日程会再做一次；记录见流程服务的网页"
        )


def nothing_is_overdue(settings: Settings, now: datetime) -> Iterator[Alert]:
    """What should have been made by now and was not, unless it is being made or its failure is reported already."""
    if _is_busy(settings, now):
        return
    reported = " ".join(_failures(settings, now).values())
    for due in due_on(settings, plans(settings), now.date()):
        is_past = due.due_on < now.date() or now.hour >= BY_HOUR
        if due.kind not in (Job.INTAKE, Job.BACKUP) and is_past and str(due) not in reported:
            key = f"due:{due.period} {due.label}"
            yield Alert(key, f"{due}，至今没有做", "运行 diaodu up 后日程会补做；仍不成看运行记录")


def inbox_is_emptied(settings: Settings, now: datetime) -> Iterator[Alert]:
    """Workbooks that have waited for more than a day."""
    oldest = now.replace(tzinfo=BEIJING).timestamp() - INBOX_HOURS * 3600
    if old := [path for path in waiting(settings.inbox) if path.stat().st_mtime < oldest]:
        yield Alert("inbox", f"收件箱里有 {len(old)} 份报表放了一天多还没有收", "运行 diaodu intake 看原因")


def disk_has_room(settings: Settings, _now: datetime) -> Iterator[Alert]:
    """Whether there is room, and whether the data folder can be written to."""
    free = shutil.disk_usage(settings.data).free
    if free < FREE_BYTES:
        yield Alert("disk", f"{settings.data} 所在磁盘只剩 {free / 2**30:.1f} GB", "清理磁盘，至少留 2 GB")
    probe = settings.logs / f".probe.{os.getpid()}"
    try:
        settings.logs.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        yield Alert("writable", f"数据文件夹写不进去（{error.strerror}）", "检查磁盘、挂载和权限")


def backup_is_recent(settings: Settings, now: datetime) -> Iterator[Alert]:
    """Whether the last backup is recent; that there is none yet is the doctor's to say."""
    last = max(backups(settings.backups), default=None)
    if last is not None and (now.date() - last.date()).days > BACKUP_DAYS:
        yield Alert("backup", f"上次备份是 {last:%m月%d日}", "运行 diaodu backup，看为什么没有做成")


def mail_goes_out(settings: Settings, _now: datetime) -> Iterator[Alert]:
    """Whether the last round of delivery was stopped by the mail server: one matter, however many letters wait."""
    since, reply = read_trouble(settings.data)
    if since:
        remedy = "信件都留着待发，恢复后自动再发；用 diaodu deliver --test 试，额度用完的等次日或找邮件服务器的管理员"
        yield Alert("mail", f"邮件服务器不让发信（{since} 起）：{reply}", remedy)


def clock_goes_forward(settings: Settings, now: datetime) -> Iterator[Alert]:
    """Whether the clock is behind the last round of checks or the last backup."""
    past = [*backups(settings.backups), read_log(settings).checked_at]
    last = max((moment for moment in past if moment), default=now)
    if last - now > CLOCK_BACK:
        sentence = f"时钟往回走了：现在 {now:%Y-%m-%d %H:%M}，上次检查或备份却在 {last:%Y-%m-%d %H:%M}"
        yield Alert("clock", sentence, "校准系统时间")


def content_is_whole(settings: Settings, now: datetime) -> Iterator[Alert]:
    """Whether stored and issued files and the journal have their hashes; of a large store, an hour's share."""
    damaged = [*damaged_files(settings, (now.weekday() * 24 + now.hour, HOURS_A_WEEK))]
    for damage in damaged[:MAX_DAMAGES]:
        yield Alert(f"content:{damage.name}", damage.sentence, damage.remedy)
    if (more := len(damaged) - MAX_DAMAGES) > 0:
        yield Alert("content", f"另有 {more} 个文件损坏或没有了", "运行 diaodu doctor")


def data_is_there(settings: Settings, _now: datetime) -> Iterator[Alert]:
    """Whether the data folder still holds an office's data."""
    if missing := missing_data(settings):
        yield Alert("data", *missing)


CHECKS: dict[str, Check] = {
    "数据": data_is_there,
    "流程服务": server_answers,
    "执行器": worker_takes_runs,
    "运行结果": runs_complete,
    "到期事项": nothing_is_overdue,
    "收件箱": inbox_is_emptied,
    "磁盘": disk_has_room,
    "备份": backup_is_recent,
    "发信": mail_goes_out,
    "时钟": clock_goes_forward,
    "存件": content_is_whole,
}


def run_checks(settings: Settings, now: datetime) -> list[Alert]:
    """Everything that is wrong now; a check that itself fails is one more alert."""
    found: list[Alert] = []
    for name, check in CHECKS.items():
        try:
            found += check(settings, now)
        except Exception as error:  # the other checks run all the same
            found.append(Alert(f"check:{name}", f"“{name}”查不下去：{error}", "运行 diaodu doctor"))
    return found


def _failures(settings: Settings, now: datetime) -> dict[str, str]:
    """By flow, when and why its last recent run did not complete; empty where the server does not answer."""
    try:
        runs = work_pool.last_runs(prefect_api(settings), now - timedelta(days=FAILED_DAYS))
    except ServiceError:
        return {}
    failed = {name: run for name, run in runs.items() if run["state_type"] in ("FAILED", "CRASHED")}
    return {
        name: f"{datetime.fromisoformat(run['end_time']).astimezone(BEIJING):%m月%d日 %H:%M} {run['state_name']}，"
        f"{run['state'].get('message') or '没有说明'}"
        for name, run in failed.items()
    }


def _is_busy(settings: Settings, now: datetime) -> bool:
    """Whether a run is active, or the worker has only just started; a run ends by its time limit at the latest."""
    if running_process(settings, WORKER) is None:
        return False
    started = processes.file_of(settings.engine, WORKER).stat().st_mtime
    if now.replace(tzinfo=BEIJING).timestamp() - started < CATCH_UP.total_seconds():
        return True
    try:
        return bool(work_pool.unfinished(prefect_api(settings)))
    except ServiceError:
        return False
