"""The services as `diaodu up` starts them: really started, killed outright, started again, and ended."""

import os
import signal
import socket
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from flows.clock import now
from flows.operations import processes
from flows.operations.inventory import documents_made, due_on
from flows.operations.prefect_api import answers, ask
from flows.operations.recovery import next_run
from flows.operations.run_log import runs
from flows.operations.watch import troubles
from flows.plan.agenda import Kind
from flows.plan.folders import plan_of
from flows.plan.period import Period
from flows.settings import Settings
from flows.submissions.forms import write_forms, write_sample
from tests.flows.running_services import diaodu, flow_runs, process, until

SERVICES = ("server", "worker", "watch")


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """An office with January's and February's reports in its inbox and a port of its own; nothing is left behind."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        monkeypatch.setenv("DIAODU_PORT", str(listener.getsockname()[1]))
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path / "data"))
    settings = Settings()
    write_forms(
        settings, plan_of(settings, 2025), Period.parse("2025-01"), None
    )  # the office begins with January
    write_sample(plan_of(settings, 2025), (1, 2), 2025, settings.inbox)
    yield settings
    diaodu("down", "--now")


def test_killed_outright_in_the_middle_of_its_agenda_it_is_put_right_by_starting_again(
    services: Settings,
) -> None:
    january, february = (("2025-01", "monthly_dispatch"), ("2025-02", "monthly_dispatch"))
    first = diaodu("up")
    assert f"网页 http://127.0.0.1:{services.port}" in first and "内存" in first
    before = {name: process(services, name) for name in SERVICES}
    diaodu("up")
    assert {name: process(services, name) for name in SERVICES} == before  # the same twice is the same once

    until(services, lambda: january in documents_made(services.reports))
    made_at = (services.reports / "2025-01" / "monthly_dispatch" / "manifest.json").stat().st_mtime_ns
    for pid in [p for one in before.values() for p in (one.pid, *processes.descendants(one.pid))]:
        os.kill(pid, signal.SIGKILL)  # the power is cut
    assert not answers(before["server"].address)

    diaodu("up")
    until(services, lambda: ("日程", "Completed") in [(r.name, r.state) for r in runs(services)])
    assert documents_made(services.reports) >= {january, february}
    assert {due.kind for due in due_on(services, now().date())} <= {Kind.BACKUP}
    assert made_at == (services.reports / "2025-01" / "monthly_dispatch" / "manifest.json").stat().st_mtime_ns
    assert ("日程", "Crashed") in [(r.name, r.state) for r in runs(services)]
    ended = sorted(run["state_name"] for run in flow_runs(services) if run["start_time"])
    assert ended == ["Completed", "Crashed"]
    assert not [one for one in troubles(services, now()) if one.key.startswith("run:")]

    assert next_run(process(services, "server").address)  # the schedule itself is at work, too
    one_writer_at_a_time(services)
    everything_ends(services)


def one_writer_at_a_time(services: Settings) -> None:
    """Runs of different deployments asked for at once wait for one another and are all done."""
    address = process(services, "server").address
    deployed = {d["name"]: d for d in ask(address, "POST", "/deployments/filter", {})}
    asked = [("收表", {}), ("月调度", {"month": "2025-01"}), ("收表", {})]
    ids = {
        ask(address, "POST", f"/deployments/{deployed[name]['id']}/create_flow_run", {
            "state": {"type": "SCHEDULED"}, "parameters": parameters,
        })["id"]
        for name, parameters in asked
    }  # fmt: skip

    def these() -> list[dict[str, Any]]:
        return [run for run in flow_runs(services) if run["id"] in ids]

    until(services, lambda: all(run["state_type"] == "COMPLETED" for run in these()))
    spans = sorted((run["start_time"], run["end_time"]) for run in these())
    assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))


def everything_ends(services: Settings) -> None:
    """All three, and a second time there is nothing to end."""
    running = [process(services, name) for name in SERVICES]
    assert diaodu("down").count("已停止") == len(SERVICES)
    assert not any(one.is_alive for one in running)
    assert diaodu("down").count("没有在运行") == len(SERVICES)
