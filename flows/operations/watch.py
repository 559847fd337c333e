"""Looking after the services from outside (看护): what is wrong now, a sentence each.

Everything is read from folders, from /proc and over loopback with the standard library, so that what is watched
cannot take the watch with it.
"""

from datetime import datetime

from flows.operations.alert import Check, Trouble
from flows.operations.watched_machine import clock_goes_forward, disk_has_room
from flows.operations.watched_services import agenda_comes_round, server_answers, worker_takes_runs
from flows.operations.watched_work import (
    backup_is_recent,
    files_are_taken_in,
    nothing_is_overdue,
    runs_did_their_work,
)
from flows.settings import Settings

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


def troubles(settings: Settings, now: datetime) -> list[Trouble]:
    """Everything that is wrong now; a check that itself breaks down is one more trouble."""
    found: list[Trouble] = []
    for name, check in CHECKS.items():
        try:
            found += check(settings, now)
        except Exception as fault:  # whatever it is, somebody must be told
            found.append(Trouble(f"check:{name}", f"“{name}”查不下去：{fault}", "运行 diaodu doctor"))
    return found
