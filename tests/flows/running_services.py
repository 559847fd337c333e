"""The services as `diaodu up` starts them, for the tests that run them: commands typed, processes found, runs awaited."""

import os
import re
import socket
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
def running_office(folder: Path) -> Iterator[Path]:
    """Server, worker, watch and desk of an empty office on ports of their own, without runs of the schedule; the folder that
    its commands are typed in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIAODU_PORT", free_port())
        patch.setenv("DIAODU_DESK_PORT", free_port())
        patch.setenv("DIAODU_DATA", str(folder / "data"))
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
        time.sleep(0.1)


def flow_runs(settings: Settings) -> list[dict[str, Any]]:
    """What the server knows of the pool's runs."""
    asked = {"work_pools": {"name": {"any_": [POOL]}}}
    return prefect_api(settings).filter("flow_runs", asked)


def deployments(settings: Settings) -> dict[str, str]:
    """The id of every deployment by its name."""
    return {one["name"]: one["id"] for one in prefect_api(settings).filter("deployments")}


def free_port() -> str:
    """A port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])
