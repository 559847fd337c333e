"""Whether the work is done (看护事项): what failed, what should have been made by now, what lies about unread.

Read from folders and the log of runs alone; the warehouse is not opened.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flows.operations.alert import Trouble, since
from flows.operations.inventory import due_on, present
from flows.operations.prefect_api import ServiceError
from flows.operations.recovery import AGENDA, unfinished
from flows.operations.run_log import Run, runs
from flows.operations.service_processes import WORKER, running
from flows.operations.watched_services import UNSEEN, age
from flows.plan.agenda import DOCUMENTS, PARAMETER, Due, Kind, Present, is_made
from flows.settings import Settings
from flows.warehouse.raw import waiting

BY_HOUR = 10  # the agenda runs at half past seven: what is due today is made by then
SETTLING = timedelta(minutes=10)  # so long after the worker came, what was missed is having its turn
BACKUP_DAYS = 2
FAILED_DAYS = 14


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
    old = [p for p in waiting(settings.inbox) if since(p.stat().st_mtime, now) > UNSEEN]
    if old:
        yield Trouble("inbox", f"收件箱里有 {len(old)} 份报表放了一天多还没有收", "运行 diaodu intake 看原因")


def backup_is_recent(settings: Settings, now: datetime) -> Iterator[Trouble]:
    """Whether what was once backed up still is; an office that has none yet is told by the doctor."""
    last = present(settings).backed_up_on
    if last is not None and (now.date() - last).days > BACKUP_DAYS:
        yield Trouble("backup", f"上次备份是 {last:%m月%d日}", "运行 diaodu backup，看为什么没有做成")


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
    if age(settings, WORKER, now) < SETTLING:
        return True
    try:
        return bool(unfinished(worker.address))
    except ServiceError:
        return False


def _past(due: Due, now: datetime) -> bool:
    return due.due_on < now.date() or now.hour >= BY_HOUR
