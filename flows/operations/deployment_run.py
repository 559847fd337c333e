"""Running a flow at the office's own Prefect server, where `diaodu up` or systemd has started it, so that the pool is the
one writer. Raises ServiceError where the server refuses, and FlowRunError where the run does not complete."""

import json
import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flows.progress import turning
from flows.settings import Settings

if TYPE_CHECKING:
    from flows.operations.prefect_api import PrefectApi

POLL_SECONDS = 0.5
_STATES = {"SCHEDULED": "排队", "PENDING": "就要开始", "RUNNING": "正在运行"}


class FlowRunError(RuntimeError):
    """The run ended without doing its work: why, and where its log is."""

    def __init__(self, name: str, message: str, page: str) -> None:
        super().__init__(f"{name}：{message}（运行记录 {page}）")


def server(settings: Settings) -> "PrefectApi | None":
    """The API of our server where it and its worker run and it answers; null where a command works by itself."""
    from flows.operations.services import SERVER, WORKER, prefect_api, running_process

    if not (running_process(settings, SERVER) and running_process(settings, WORKER)):
        return None
    api = prefect_api(settings)
    return api if api.answers() else None


def run(
    api: "PrefectApi", name: str, parameters: Mapping[str, object], artifact: str = ""
) -> list[dict[str, Any]]:
    """Run the deployment of that name and wait for its end; the rows of its table artifact, if it has one."""
    deployment = api.request("GET", f"/deployments/name/{quote(name)}/{quote(name)}")["id"]
    given = {key: value for key, value in parameters.items() if value is not None}
    asked = {"parameters": json.loads(json.dumps(given, default=_plain)), "state": {"type": "SCHEDULED"}}
    found = api.request("POST", f"/deployments/{deployment}/create_flow_run", asked)
    page = f"{api.address}/runs/flow-run/{found['id']}"
    try:
        state = _wait(api, name, found["id"], page)
    except KeyboardInterrupt:
        raise FlowRunError(name, "不再等待，运行仍在执行器里进行，不必重做", page) from None
    if state["type"] != "COMPLETED":
        raise FlowRunError(name, _reason(state), page)
    return _rows(api, found["id"], artifact)


def _wait(api: "PrefectApi", name: str, run_id: str, page: str) -> dict[str, Any]:
    """The state in which the run ended; its progress is shown meanwhile."""
    with turning(name) as say:
        while True:
            state: dict[str, Any] = api.request("GET", f"/flow_runs/{run_id}")["state"]
            if state["type"] not in _STATES:
                return state
            say(f"{name}：{_STATES[state['type']]}，{page}")
            time.sleep(POLL_SECONDS)


def _reason(state: Mapping[str, Any]) -> str:
    """Our own sentence out of "Flow run encountered an exception: SomeError: sentence", else what Prefect says."""
    message = state["message"] or state["name"]
    found = re.fullmatch(r"(?s)(?:Flow|Task) run encountered an exception: \w+: (.*)", message)
    return found[1] if found else message


def _rows(api: "PrefectApi", run_id: str, key: str) -> list[dict[str, Any]]:
    wanted = {"flow_run_id": {"any_": [run_id]}, "key": {"any_": [key]}}
    found = api.filter("artifacts", {"artifacts": wanted})
    rows: list[dict[str, Any]] = json.loads(found[0]["data"]) if found else []
    return rows


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
