"""The work pool at Prefect's server: one run at a time, no run sets its own command, automations end dead and late runs.

Set up by the worker before it starts. All functions raise ServiceError where the server does not answer.
"""

from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from flows.clock import BEIJING, now
from flows.operations.prefect_api import PrefectApi, ServiceError

POOL = "diaodu"
AGENDA = "日程"
HEARTBEAT_SECONDS = 30  # the minimum Prefect accepts
DEAD_AFTER_SECONDS = 100  # three heartbeats missed
LATE_AFTER_SECONDS = 600
MISSED = "停机期间错过；由启动时的日程一次补上"
# Prefect's own template lets a run's job_variables name command, environment and folder: whoever may start a run
# could run anything. `env` must be absent: Prefect merges job_variables into one that is there, even if empty.
JOB_TEMPLATE = {
    "job_configuration": {"stream_output": True},
    "variables": {"type": "object", "properties": {}, "additionalProperties": False},
}
_UNFINISHED = {"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}}
_ENDED = [f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "TimedOut", "Crashed", "Cancelled", "Suspended")]  # fmt: skip
PROBE = (
    "diaodu.flow-run.asked"  # emitted for runs from before the start, so that the automation waits for them
)
_ALIVE = ["prefect.flow-run.heartbeat", "prefect.flow-run.Running"]
AUTOMATIONS: tuple[dict[str, Any], ...] = (
    {
        "name": "没有动静的运行记为中断",
        "description": "运行它的程序没有了（断电、重启或被强行结束）：不记，它会一直占着位置。",
        "trigger": {
            "type": "event", "posture": "Proactive", "threshold": 1, "within": DEAD_AFTER_SECONDS,
            "match": {"prefect.resource.id": "prefect.flow-run.*"}, "for_each": ["prefect.resource.id"],
            "after": [*_ALIVE, PROBE], "expect": [*_ALIVE, *_ENDED],
        },
        "actions": [{
            "type": "change-flow-run-state", "state": "CRASHED", "name": "Crashed",
            "message": "运行它的程序没有了（断电、重启或被强行结束）",
        }],
    },
    {
        "name": "轮不到的定时运行取消",
        "description": "前面的任务还没有做完。下一次定时运行照做，不排长队；人要的不取消。",
        "trigger": {
            "type": "event", "posture": "Proactive", "threshold": 1, "within": LATE_AFTER_SECONDS,
            "match": {"prefect.resource.id": "prefect.flow-run.*"}, "for_each": ["prefect.resource.id"],
            "match_related": {"prefect.resource.id": "prefect.tag.auto-scheduled"},
            "after": ["prefect.flow-run.Late"], "expect": ["prefect.flow-run.Pending", *_ALIVE, *_ENDED],
        },
        "actions": [{"type": "cancel-flow-run"}],
    },
)  # fmt: skip


def set_up(api: PrefectApi) -> None:
    """Create or update the pool and the automations."""
    try:
        api.request("GET", f"/work_pools/{POOL}")
    except ServiceError:
        api.request(
            "POST", "/work_pools/", {"name": POOL, "type": "process", "base_job_template": JOB_TEMPLATE}
        )
    settings = {"concurrency_limit": 1, "is_paused": False, "base_job_template": JOB_TEMPLATE}
    api.request("PATCH", f"/work_pools/{POOL}", settings)
    present = {one["name"]: one["id"] for one in api.filter("automations")}
    for automation in AUTOMATIONS:
        if known := present.get(automation["name"]):
            api.request("PUT", f"/automations/{known}", automation)
        else:
            api.request("POST", "/automations/", automation)


def pause(api: PrefectApi) -> None:
    """Stop taking new runs."""
    api.request("PATCH", f"/work_pools/{POOL}", {"is_paused": True})


def catch_up(api: PrefectApi) -> None:
    """Cancel missed scheduled runs and run the agenda once now; runs started by hand stay."""
    agenda = _agenda(api)
    missed = {"state": {"type": {"any_": ["SCHEDULED"]}}, "expected_start_time": {"before_": _instant(now())}}
    is_waiting = False
    for run in api.filter("flow_runs", _runs(missed)):
        if run["auto_scheduled"]:
            state = {"type": "CANCELLED", "name": "Cancelled", "message": MISSED}
            api.request("POST", f"/flow_runs/{run['id']}/set_state", {"state": state, "force": True})
        else:
            is_waiting |= run["deployment_id"] == agenda
    if not is_waiting:
        api.request("POST", f"/deployments/{agenda}/create_flow_run", {"state": {"type": "SCHEDULED"}})


def probe_unfinished(api: PrefectApi) -> None:
    """Have the automation check every unfinished run: its last events may have been lost with the server."""
    for run in api.filter("flow_runs", {"flow_runs": _UNFINISHED}):
        resource = {"prefect.resource.id": f"prefect.flow-run.{run['id']}"}
        event = {"event": PROBE, "resource": resource, "id": str(uuid4()), "occurred": _instant(now())}
        api.request("POST", "/events", [event])


def unfinished(api: PrefectApi) -> list[dict[str, Any]]:
    """The runs of the pool that are running by the server's record."""
    return api.filter("flow_runs", _runs(_UNFINISHED))


def last_runs(api: PrefectApi, since: datetime) -> dict[str, dict[str, Any]]:
    """The last run of each flow that ended after `since` (Beijing), by the flow's name; without subflow runs."""
    ended = _runs({"end_time": {"after_": _instant(since)}}) | {"sort": "END_TIME_DESC"}
    names = {flow["id"]: flow["name"] for flow in api.filter("flows")}
    return {names[run["flow_id"]]: run for run in reversed(api.filter("flow_runs", ended))}


def next_run(api: PrefectApi) -> datetime | None:
    """When the agenda is scheduled next; None where the server has scheduled nothing."""
    planned = {
        "deployment_id": {"any_": [_agenda(api)]},
        "state": {"type": {"any_": ["SCHEDULED"]}},
        "expected_start_time": {"after_": _instant(now())},
    }
    found = api.filter("flow_runs", {"flow_runs": planned})
    return min((datetime.fromisoformat(run["expected_start_time"]) for run in found), default=None)


def last_heartbeat(api: PrefectApi) -> datetime | None:
    """The last heartbeat of a worker of the pool; None for none."""
    workers = api.filter(f"work_pools/{POOL}/workers")
    heartbeats = [w["last_heartbeat_time"] for w in workers if w["last_heartbeat_time"]]
    return max(map(datetime.fromisoformat, heartbeats), default=None)


def _agenda(api: PrefectApi) -> str:
    return str(api.request("GET", f"/deployments/name/{quote(AGENDA)}/{quote(AGENDA)}")["id"])


def _runs(criteria: dict[str, Any]) -> dict[str, Any]:
    return {"work_pools": {"name": {"any_": [POOL]}}, "flow_runs": criteria}


def _instant(moment: datetime) -> str:
    return moment.replace(tzinfo=BEIJING).isoformat()
