"""The services as `diaodu up` starts them, for the tests that run them: commands typed, processes found, runs awaited."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from flows.operations import processes
from flows.operations.prefect_api import ask
from flows.operations.recovery import POOL
from flows.settings import ROOT, Settings

PATIENCE_SECONDS = 400


def diaodu(*arguments: str) -> str:
    """A command as the operator types it, which must succeed."""
    alone = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_API")}
    command = [sys.executable, "-m", "flows", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def process(settings: Settings, name: str) -> processes.Process:
    """The running process of a service."""
    found = processes.alive(processes.file_of(settings.engine, name))
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
    found: list[dict[str, Any]] = ask(process(settings, "server").address, "POST", "/flow_runs/filter", asked)
    return found


def deployments(settings: Settings) -> dict[str, str]:
    """The id of every deployment by its name."""
    found = ask(process(settings, "server").address, "POST", "/deployments/filter", {})
    return {one["name"]: one["id"] for one in found}
