"""From a workbook in the inbox to a letter at the mail server, with nobody at hand: services, schedule and mail real."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.office import Office
from flows.operations.inventory import documents_made
from flows.operations.services import prefect_api
from flows.plan.load import plan_of
from flows.plan.period import Period
from flows.settings import ROOT, Settings
from flows.submissions.forms import write_sample
from flows.warehouse.connection import Warehouse
from tests.flows.running_services import deployments, diaodu, flow_runs, free_port, until
from tests.issuing.mail.outgoing import account, own_contacts
from tests.issuing.mail.post_office import PostOffice

NAME = "2025-01/monthly_dispatch"
REPORTERS = 21  # nine counties and twelve departments
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


@pytest.fixture
def mail() -> Iterator[PostOffice]:
    with PostOffice() as office:
        yield office


@pytest.fixture
def services(tmp_path: Path, mail: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Services of an office whose plan lets the bulletin go out unsigned, just started, with an empty inbox."""
    monkeypatch.setenv("DIAODU_PORT", free_port())
    monkeypatch.setenv("DIAODU_DESK_PORT", free_port())
    for name, value in account(mail, own_contacts(tmp_path)).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DIAODU_PLAN", str(plan_without_signatures(tmp_path)))
    settings = Settings()
    diaodu("init")
    try:
        diaodu("up")
        yield settings
    finally:
        diaodu("down", "--now")


def plan_without_signatures(folder: Path) -> Path:
    plan = Path(shutil.copytree(ROOT / "plan" / "2025", folder / "plan" / "2025"))
    policy = (plan / "policy.toml").read_text(encoding="utf-8")
    signed = 'monthly_dispatch = ["review", "sign"]'
    assert signed in policy
    (plan / "policy.toml").write_text(policy.replace(signed, "monthly_dispatch = []"), encoding="utf-8")
    return plan


def test_a_scheduled_run_turns_workbooks_into_an_issued_bulletin_and_the_letters_arrive(
    services: Settings, mail: PostOffice
) -> None:
    until(services, lambda: completed(services, "日程"), "the agenda at the start did not complete")
    Office(services).forms(Period.parse("2025-01"))  # the office begins with January
    write_sample(plan_of(services, 2025), (1,), 2025, services.inbox)
    run = move_next_run_here(services)
    until(services, lambda: run_state(services, run) in ENDED, "the scheduled run of the agenda did not end")
    assert run_state(services, run) == "COMPLETED", (services.logs / "worker.log").read_text("utf-8")
    assert len([*(services.receipts / "2025-01").glob("*.txt")]) == REPORTERS
    assert not [*services.inbox.iterdir()]
    assert ("2025-01", "monthly_dispatch") in documents_made(services.reports)

    (entry,) = Office(services).issued()
    assert entry.document == NAME
    pdf = (services.data / entry.folder / entry.file_name).read_bytes()
    assert pdf.startswith(b"%PDF-")

    waiting = [one.letter.unit for one in Office(services).letters() if one.letter.address]
    assert len(waiting) > len(plan_of(services, 2025).counties)  # every county, and whom the contacts add
    assert mail.taken == []  # sample data leaves only when told to
    sent = on_demand(services, "发送", {"sample": True})  # the schedule has runs of its own, which send none
    until(services, lambda: run_state(services, sent) == "COMPLETED", "the run of 发送 did not complete")
    assert len(set(mail.message_ids)) == len(mail.message_ids) == len(waiting)
    for letter in mail.letters:
        assert "【示例】" in letter["Subject"]
        attached = {part.get_content_type(): part.get_content() for part in letter.iter_attachments()}
        assert attached["application/pdf"] == pdf
    with Warehouse(services.warehouse, services.journal) as warehouse:
        assert warehouse.faults() == []


def completed(services: Settings, name: str) -> bool:
    deployment = deployments(services)[name]
    states = [run["state_type"] for run in flow_runs(services) if run["deployment_id"] == deployment]
    return "COMPLETED" in states


def move_next_run_here(services: Settings) -> str:
    """Bring the next run of the agenda's own schedule forward to this moment, as its page does; its id."""
    planned = [run for run in flow_runs(services) if run["auto_scheduled"] and not run["start_time"]]
    agenda = [run for run in planned if run["deployment_id"] == deployments(services)["日程"]]
    following = min(agenda, key=lambda run: str(run["expected_start_time"]))
    at = {"scheduled_time": datetime.now(UTC).isoformat()}
    state = {"type": "SCHEDULED", "name": "Scheduled", "state_details": at}
    prefect_api(services).request(
        "POST", f"/flow_runs/{following['id']}/set_state", {"state": state, "force": True}
    )
    return str(following["id"])


def run_state(services: Settings, run: str) -> str:
    return str(prefect_api(services).request("GET", f"/flow_runs/{run}")["state_type"])


def on_demand(services: Settings, name: str, parameters: dict[str, Any]) -> str:
    """Ask for a run, as its form on the page does; its id."""
    path = f"/deployments/{deployments(services)[name]}/create_flow_run"
    asked = {"state": {"type": "SCHEDULED"}, "parameters": parameters}
    return str(prefect_api(services).request("POST", path, asked)["id"])
