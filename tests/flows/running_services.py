"""The services as `diaodu up` starts them, for the tests that run them: commands typed, processes found, runs awaited."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.operations import processes
from flows.operations.services import prefect_api
from flows.operations.work_pool import POOL
from flows.settings import ROOT, Settings
from tests.ports import free_port

PATIENCE_SECONDS = 400


def checkout_without_runs(folder: Path) -> Path:
    """The project with schedules of its own, whose next run is two months off: none falls into a test."""
    folder.mkdir()
    for path in ROOT.iterdir():
        if path.name not in {"prefect.yaml", "data", ".env", ".git"}:
            (folder / path.name).symlink_to(path)
    day = datetime.now(UTC) + timedelta(days=60)
    deployments = (ROOT / "prefect.yaml").read_text(encoding="utf-8")
    never, changed = re.subn(r'cron: ".*"', f'cron: "0 0 {day.day} {day.month} *"', deployments)
    assert changed
    (folder / "prefect.yaml").write_text(never, encoding="utf-8")
    return folder


@contextmanager
def running_office(folder: Path, **environment: str) -> Iterator[Path]:
    """Server, worker, watch and desk of an empty office on ports of their own, without runs of the schedule; the folder that
    its commands are typed in."""
    own = {
        "DIAODU_PORT": str(free_port()), "DIAODU_DESK_PORT": str(free_port()), "DIAODU_DATA": str(folder / "data"),
        "PREFECT_WORKER_QUERY_SECONDS": "2",
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (own | environment).items():
            patch.setenv(name, value)
        root = checkout_without_runs(folder / "checkout")
        diaodu("init", root=root)
        try:
            diaodu("up", root=root)
            yield root
        finally:
            diaodu("down", "--now", root=root)


def diaodu(*arguments: str, root: Path = ROOT) -> str:
    """A command as the operator types it in the project's folder, which must succeed."""
    done = typed(*arguments, root=root)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def typed(*arguments: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A command as the operator types it in the project's folder, with its end."""
    alone = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_API")}
    alone["PYTHONPATH"] = str(root)
    command = [sys.executable, "-m", "flows", *arguments]
    return subprocess.run(command, cwd=root, env=alone, capture_output=True, text=True, check=False)


def process(settings: Settings, name: str) -> processes.Process:
    """The running process of a service."""
    found = processes.read(processes.file_of(settings.engine, name))
    assert found is not None, f"{name} does not run"
    return found


def until(settings: Settings, reached: Callable[[], Any], what: str = "") -> None:
    """Wait for something the worker does; what it was and the worker's log if it never does."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        assert time.monotonic() < end, f"{what}\n{(settings.logs / 'worker.log').read_text('utf-8')}"
        time.sleep(0.5)  # each question is work for the server


def flow_runs(settings: Settings) -> list[dict[str, Any]]:
    """What the server knows of the pool's runs."""
    asked = {"work_pools": {"name": {"any_": [POOL]}}}
    return prefect_api(settings).filter("flow_runs", asked)


def deployments(settings: Settings) -> dict[str, str]:
    """The id of every deployment by its name."""
    return {one["name"]: one["id"] for one in prefect_api(settings).filter("deployments")}


def states(name: str) -> list[str]:
    """The states of that deployment's runs."""
    deployment = deployments(Settings())[name]
    return [one["state_type"] for one in flow_runs(Settings()) if one["deployment_id"] == deployment]


def flow_run(settings: Settings, run: str) -> dict[str, Any]:
    return dict(prefect_api(settings).request("GET", f"/flow_runs/{run}"))


def run_state(settings: Settings, run: str) -> str:
    return str(flow_run(settings, run)["state_type"])


def bring_next_run_forward(settings: Settings) -> str:
    """Bring the next run of the agenda's own schedule forward to this moment, as its page does; its id."""
    planned = [run for run in flow_runs(settings) if run["auto_scheduled"] and not run["start_time"]]
    agenda = [run for run in planned if run["deployment_id"] == deployments(settings)["日程"]]
    following = min(agenda, key=lambda run: str(run["expected_start_time"]))
    at = {"scheduled_time": datetime.now(UTC).isoformat()}
    state = {"type": "SCHEDULED", "name": "Scheduled", "state_details": at}
    prefect_api(settings).request(
        "POST", f"/flow_runs/{following['id']}/set_state", {"state": state, "force": True}
    )
    return str(following["id"])


def run_of(settings: Settings, state: str, name: str = "收表", **parameters: object) -> str:
    """A run, made by the office itself, in that state."""
    path = f"/deployments/{deployments(settings)[name]}/create_flow_run"
    return str(
        prefect_api(settings).request("POST", path, {"state": {"type": state}, "parameters": parameters})[
            "id"
        ]
    )


def resume(settings: Settings, run: str, awaited: str, **opinion: str) -> None:
    """Give an opinion as the page does, and wait for the state that the run comes to."""
    before = flow_run(settings, run)["state_id"]
    prefect_api(settings).request("POST", f"/flow_runs/{run}/resume", {"run_input": opinion})

    def has_come() -> bool:
        now = flow_run(settings, run)
        return now["state_id"] != before and now["state_name"] == awaited

    until(settings, has_come, f"the run of 发文 was not {awaited}")
