"""Putting right what an end without warning left at Prefect's server (断电之后): before a worker starts.

A run whose process is gone stays “Running” there, and would keep the only place for ever. Runs missed while the
machine was off would all be made up one after the other. Both are cleared, and the agenda runs once.
"""

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flows.clock import BEIJING, now
from flows.operations.prefect_api import ServiceError, ask
from flows.operations.run_log import Run, append
from flows.settings import Settings

POOL = "diaodu"
AGENDA = "日程"
GONE = "运行它的程序没有了（断电、重启或被强行结束）"
MISSED = "停机期间错过；由启动时的日程一次补上"
_OF_POOL = {"work_pools": {"name": {"any_": [POOL]}}}
_UNFINISHED = {"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}}


def one_at_a_time(address: str) -> None:
    """The work pool, made if it is not there, taking one run at a time: the warehouse has one writer."""
    try:
        ask(address, "GET", f"/work_pools/{POOL}")
    except ServiceError:
        ask(address, "POST", "/work_pools/", {"name": POOL, "type": "process"})
    ask(address, "PATCH", f"/work_pools/{POOL}", {"concurrency_limit": 1, "is_paused": False})


def unfinished(address: str) -> list[dict[str, Any]]:
    """The runs of the pool that the server believes to be running."""
    found: list[dict[str, Any]] = ask(
        address, "POST", "/flow_runs/filter", {**_OF_POOL, "flow_runs": _UNFINISHED}
    )
    return found


def clear_the_dead(address: str, settings: Settings) -> None:
    """Mark as crashed, with the runs inside them, those whose process is gone; one that still works is left to end."""
    for run in unfinished(address):
        if _still_works(run):
            continue
        inside = {"parent_flow_run_id": {"any_": [run["id"]]}, **_UNFINISHED}
        for one in (*ask(address, "POST", "/flow_runs/filter", {"flow_runs": inside}), run):
            _set(address, one["id"], "CRASHED", GONE)
            flow = ask(address, "GET", f"/flows/{one['flow_id']}")["name"]
            append(settings, Run(flow, dict(one["parameters"]), now(), "Crashed", GONE))


def caught_up(address: str) -> None:
    """Strike the scheduled runs that were missed, and have the agenda run once now; what people asked for stays."""
    waiting = {
        "state": {"type": {"any_": ["SCHEDULED"]}},
        "expected_start_time": {"before_": _instant(now())},
    }
    for late in ask(address, "POST", "/flow_runs/filter", {**_OF_POOL, "flow_runs": waiting}):
        if late["auto_scheduled"]:
            _set(address, late["id"], "CANCELLED", MISSED)
    ask(address, "POST", f"/deployments/{_agenda(address)}/create_flow_run", {"state": {"type": "SCHEDULED"}})


def next_run(address: str) -> datetime | None:
    """When the agenda is to run next by its schedule; None where the server has planned nothing, and never will."""
    planned = {
        "deployment_id": {"any_": [_agenda(address)]},
        "state": {"type": {"any_": ["SCHEDULED"]}},
        "expected_start_time": {"after_": _instant(now())},
    }
    found = ask(address, "POST", "/flow_runs/filter", {"flow_runs": planned})
    return min((datetime.fromisoformat(run["expected_start_time"]) for run in found), default=None)


def _agenda(address: str) -> str:
    return str(ask(address, "GET", f"/deployments/name/{quote(AGENDA)}/{quote(AGENDA)}")["id"])


def _set(address: str, run: str, kind: str, why: str) -> None:
    state = {"type": kind, "name": kind.capitalize(), "message": why}
    ask(address, "POST", f"/flow_runs/{run}/set_state", {"state": state, "force": True})


def _still_works(run: dict[str, Any]) -> bool:
    """Whether its process is there and is Prefect's: a number may have passed to another."""
    number = str(run.get("infrastructure_pid") or "").rpartition(":")[2]
    try:
        return number.isdigit() and b"prefect" in Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return False


def _instant(moment: datetime) -> str:
    return moment.replace(tzinfo=BEIJING).isoformat()
