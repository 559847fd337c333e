"""prefect.yaml as it stands: deployed to a real server, run by a real worker."""

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort

from flows.documents.composing import compose
from flows.documents.publishing import draft_folder, publish
from flows.office import Office
from flows.settings import ROOT, Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import approvals, issued
from tests.staff import TYPED, actor

pytestmark = pytest.mark.usefixtures("deployed")


def prefect(*arguments: str) -> None:
    """Prefect's own command line, which must succeed."""
    command = [str(Path(sys.executable).with_name("prefect")), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def ask_for_run(name: str, **parameters: str) -> None:
    """Ask for a run of a deployment, as its form on the page does."""
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name(f"{name}/{name}")
        client.create_flow_run_from_deployment(deployment.id, parameters=parameters)


@pytest.fixture(scope="module")
def deployed(server: None) -> None:
    """Everything of prefect.yaml, on a pool that a worker may take from."""
    prefect("work-pool", "create", "diaodu", "--type", "process")
    prefect("--no-prompt", "deploy", "--all")


def test_a_run_on_demand_is_taken_by_a_worker_and_leaves_the_bulletin(office: Settings) -> None:
    ask_for_run("月调度", month="2025-05")
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


def latest_run() -> FlowRun:
    with get_client(sync_client=True) as client:
        return client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)[0]


def say(run: FlowRun, **opinion: str) -> None:
    """Give an opinion as the page does, and let the worker take the run up again."""
    with get_client(sync_client=True) as client:
        client.resume_flow_run(run.id, run_input=opinion)
    prefect("worker", "start", "--pool", "diaodu", "--run-once")


def code(settings: Settings, document: str, name: str) -> str:
    return Office(settings).issue_code(document, actor(settings, name).account)[0]


def stored_inputs(run: FlowRun) -> str:
    """Everything that Prefect keeps of what was typed into its page."""
    with get_client(sync_client=True) as client:
        found = client._client.post(f"/flow_runs/{run.id}/input/filter", json={"prefix": ""}).json()
    return json.dumps(found, ensure_ascii=False)


def test_a_draft_waits_on_the_page_for_its_two_opinions_and_is_then_issued(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run is suspended, not held: the worker is free while somebody thinks. A code that does not hold asks again."""
    plan = shutil.copytree(ROOT / "plan" / "2025", tmp_path / "plan")
    policy = (plan / "policy.toml").read_text(encoding="utf-8")
    two = policy.replace('feedback = ["review"]', 'feedback = ["review", "sign"]')
    (plan / "policy.toml").write_text(two, encoding="utf-8")
    monkeypatch.setenv("DIAODU_PLAN", str(plan))
    settings, name = Settings(), "2025-05/monthly_dispatch-kailu"
    evidence = Office(settings).gather("2025-05", datetime(2025, 6, 6, 18))
    draft = compose("monthly_dispatch", evidence, Office(settings).typesetter, "kailu")
    publish(draft, draft_folder(settings.reports, "2025-05", "monthly_dispatch", county="kailu"))

    ask_for_run("发文", document=name)
    prefect("worker", "start", "--pool", "diaodu", "--run-once")
    assert latest_run().state_name == "Suspended"
    first = code(settings, name, "审核岗")
    say(latest_run(), decision="同意", account="审核岗", code=first, instructed_by="李副市长")
    assert latest_run().state_name == "Suspended"
    say(latest_run(), decision="同意", account="审核岗", code=first)  # used, and for the step before
    assert latest_run().state_name == "Suspended"
    say(latest_run(), decision="同意", account="签发岗", code=code(settings, name, "签发岗"))
    assert latest_run().state_name == "Completed"
    kept = stored_inputs(latest_run())
    assert "ApprovalInput" in kept and TYPED not in kept
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        assert [(str(a.step), a.account, a.instructed_by) for a in approvals(warehouse, name)] == [
            ("review", "审核岗", "李副市长"), ("sign", "签发岗", None),
        ]  # fmt: skip
        assert [d.document for d in issued(warehouse)] == [name]
