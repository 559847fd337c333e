"""Where `diaodu up` runs, a command that writes starts the deployment, waits for it and reports what came of it.

Against a real server and worker. Without them the same commands work by themselves (tests/cli).
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.operations.deployment_run import FlowRunError, run, server
from flows.settings import Settings
from tests.flows.running_services import deployments, diaodu, flow_runs, running_office, typed


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Server and worker of an empty office."""
    with running_office(tmp_path_factory.mktemp("beside")) as root:
        yield root


def runs(name: str) -> list[str]:
    """The states of that deployment's runs."""
    deployment = deployments(Settings())[name]
    return [one["state"]["type"] for one in flow_runs(Settings()) if one["deployment_id"] == deployment]


def failure(*arguments: str, root: Path) -> str:
    """What a command says on standard error that must fail with exit code 1."""
    done = typed(*arguments, root=root)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr


def test_the_worker_takes_workbooks_in_and_drafts_the_bulletin_and_the_commands_report_it(
    checkout: Path, tmp_path: Path
) -> None:
    diaodu("sample", "2025", "--months", "1", "--out", str(tmp_path), root=checkout)
    said = diaodu("intake", *map(str, sorted(tmp_path.glob("*.xlsx"))), root=checkout)
    assert "共 21 份：接收 21 份" in said  # 9 counties + 12 lead departments
    assert runs("收表") == ["COMPLETED"]
    assert "没有新的报表" in diaodu("intake", root=checkout)

    said = diaodu("monthly", "2025-01", root=checkout)
    pdf = said.partition("2025年1月：")[2].splitlines()[0]
    assert Path(pdf).read_bytes().startswith(b"%PDF")
    assert runs("月调度") == ["COMPLETED"]


def test_a_run_that_fails_is_reported_in_its_own_words_with_its_page(checkout: Path) -> None:
    api = server(Settings())
    assert api is not None
    with pytest.raises(FlowRunError, match=r"^发文：没有“2025-01/nothing”这份文件。.*runs/flow-run/"):
        run(api, "发文", {"document": "2025-01/nothing", "wait": False})
    assert runs("发文") == ["FAILED"]


@pytest.mark.parametrize("arguments", [("notices", "2030-01"), ("monthly", "2030-01", "--all-counties")])
def test_a_month_without_a_plan_is_refused_before_a_run_is_asked_for(
    checkout: Path, arguments: tuple[str, ...]
) -> None:
    said = failure(*arguments, root=checkout)
    assert "应为有 2030 年的方案" in said
    assert "Traceback" not in said
    assert runs("提醒催办") == runs("反馈单") == []
