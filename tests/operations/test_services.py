"""The services as `diaodu up` starts them: really started, killed outright, started again, and ended."""

import os
import signal
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from flows.clock import now
from flows.office import Office
from flows.operations import processes
from flows.operations.inventory import documents_made
from flows.operations.services import prefect_api
from flows.operations.watch import run_checks
from flows.operations.work_pool import next_run
from flows.plan.agenda import Job
from flows.plan.load import plan_of
from flows.settings import Settings
from flows.submissions.forms import write_sample
from tests.flows.running_services import (
    checkout_without_runs,
    deployments,
    diaodu,
    flow_runs,
    process,
    until,
)
from tests.ports import free_port

SERVICES = ("server", "worker", "watch", "desk")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return checkout_without_runs(tmp_path / "checkout")


@pytest.fixture
def services(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """An office with January's and February's reports in its inbox and a port of its own; nothing is left behind."""
    monkeypatch.setenv("DIAODU_PORT", str(free_port()))
    monkeypatch.setenv("DIAODU_DESK_PORT", str(free_port()))
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PREFECT_WORKER_QUERY_SECONDS", "2")
    settings = Settings()
    diaodu("init")
    diaodu("forms", "2025-01")  # the office begins with January
    write_sample(plan_of(settings, 2025), (1, 2), 2025, settings.inbox)
    yield settings
    diaodu("down", "--now", root=root)


def states(services: Settings) -> list[str]:
    """The states of the pool's runs that have begun."""
    return sorted(run["state_name"] for run in flow_runs(services) if run["start_time"])


@pytest.mark.proof  # four minutes, most of which Prefect waits before it counts a run as crashed
def test_killed_outright_in_the_middle_of_its_agenda_it_is_put_right_by_starting_again(
    services: Settings, root: Path
) -> None:
    january, february = (("2025-01", "monthly_dispatch"), ("2025-02", "monthly_dispatch"))
    first = diaodu("up", root=root)
    assert f"网页 http://127.0.0.1:{services.port}" in first and "内存" in first
    before = {name: process(services, name) for name in SERVICES}
    diaodu("up", root=root)
    assert {name: process(services, name) for name in SERVICES} == before

    until(services, lambda: january in documents_made(services.reports))
    made_at = (services.reports / "2025-01" / "monthly_dispatch" / "manifest.json").stat().st_mtime_ns
    for one in [p for main in before.values() for p in (main, *processes.descendants(main.pid))]:
        os.kill(one.pid, signal.SIGKILL)  # the power is cut
    assert not prefect_api(services).answers()

    diaodu("up", root=root)
    until(services, lambda: states(services) == ["Completed", "Crashed"], "the agenda did not run again")
    assert documents_made(services.reports) >= {january, february}
    assert {due.kind for due in Office(services).due()} <= {Job.BACKUP}
    assert made_at == (services.reports / "2025-01" / "monthly_dispatch" / "manifest.json").stat().st_mtime_ns
    assert not [one for one in run_checks(services, now()) if one.key.startswith("run:")]

    assert next_run(prefect_api(services))  # the schedule itself is at work, too
    one_writer_at_a_time(services)
    everything_ends(services, root)


def one_writer_at_a_time(services: Settings) -> None:
    """Runs of different deployments asked for at once wait for one another and are all done."""
    api, deployed = prefect_api(services), deployments(services)
    asked = [("收表", {}), ("月调度", {"month": "2025-01"}), ("收表", {})]
    ids = {
        api.request("POST", f"/deployments/{deployed[name]}/create_flow_run", {
            "state": {"type": "SCHEDULED"}, "parameters": parameters,
        })["id"]
        for name, parameters in asked
    }  # fmt: skip

    def these() -> list[dict[str, Any]]:
        return [run for run in flow_runs(services) if run["id"] in ids]

    until(services, lambda: all(run["state_type"] == "COMPLETED" for run in these()))
    spans = sorted((run["start_time"], run["end_time"]) for run in these())
    assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))


def everything_ends(services: Settings, root: Path) -> None:
    """All four, and a second time there is nothing to end."""
    running = [process(services, name) for name in SERVICES]
    family = [p for main in running for p in (main, *processes.descendants(main.pid))]
    assert diaodu("down", root=root).count("已停止") == len(SERVICES)
    assert not any(one.is_alive for one in family)
    assert diaodu("down", root=root).count("没有在运行") == len(SERVICES)
