"""prefect.yaml as it stands: deployed to a real server, run by a real worker."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client

from flows.settings import ROOT, Settings

pytestmark = pytest.mark.usefixtures("server")


def prefect(*arguments: str) -> None:
    """Prefect's own command line, which must succeed."""
    command = [str(Path(sys.executable).with_name("prefect")), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_run_on_demand_is_taken_by_a_worker_and_leaves_the_bulletin(office: Settings) -> None:
    prefect("work-pool", "create", "diaodu", "--type", "process")
    prefect("--no-prompt", "deploy", "--all")
    prefect("deployment", "run", "月调度/月调度", "-p", "month=2025-05")
    prefect("worker", "start", "--pool", "diaodu", "--run-once")

    folder = office.reports / "2025-05" / "monthly_dispatch"
    assert (folder / "manifest.json").is_file()
    with get_client(sync_client=True) as client:
        deployed = {deployment.name: deployment for deployment in client.read_deployments()}
    assert {"日程", "收表", "月调度", "提醒催办"} <= set(deployed)
    zones = {s.schedule.timezone for d in deployed.values() for s in d.schedules}
    assert zones == {"Asia/Shanghai"}
    for name, deployment in deployed.items():
        asked = deployment.parameter_openapi_schema["properties"]
        assert deployment.description and all("description" in one for one in asked.values()), name
