"""反馈单 of every county, side by side: on this machine's cores, and over a real Dask scheduler with two workers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from flows.county_reports import county_reports, task_runner
from flows.documents import county_batches
from flows.documents import program_version as program
from flows.documents.composing import compose
from flows.documents.county_batches import (
    KIND,
    CountyReportsError,
    CountyResult,
    WorkerMismatchError,
    batches,
    check_written,
)
from flows.documents.evidence import Evidence
from flows.documents.publishing import draft_folder
from flows.office import Office, write_county_batch
from flows.settings import ROOT, Settings
from tests.ports import free_port

MONTH = "2025-06"


@pytest.fixture
def evidence(office: Settings) -> Evidence:
    return Office(office).gather(MONTH)


def folder(settings: Settings, county: str) -> Path:
    return draft_folder(settings.reports, MONTH, KIND, None, county)


def test_a_batch_carries_its_own_counties_rows_and_no_others(evidence: Evidence, office: Settings) -> None:
    nine = [county.id for county in evidence.catalogue.counties]
    found = list(batches(evidence, nine, None, size=4))
    assert [len(batch.counties) for batch in found] == [4, 4, 1]
    for batch in found:
        assert set(batch.frames.figures["county"]) == set(batch.counties)
        assert set(batch.frames.reporting["reporter"]) == set(batch.counties)
        # What stands behind the ranks is the same for all.
        assert batch.frames.all_submissions == found[0].frames.all_submissions


def test_made_in_a_batch_it_is_what_is_made_alone_and_made_again_it_is_kept(
    evidence: Evidence, office: Settings
) -> None:
    (batch,) = batches(evidence, ["kailu"], None)
    assert write_county_batch(batch) == [CountyResult("kailu")]
    (pdf,) = folder(office, "kailu").glob("*.pdf")
    assert pdf.read_bytes() == compose(KIND, evidence, Office(office).typesetter, "kailu").pdf
    assert write_county_batch(batch) == [CountyResult("kailu", kept=True)]
    pdf.write_bytes(b"torn")
    assert write_county_batch(batch) == [CountyResult("kailu")]


def test_a_sheet_that_an_earlier_program_or_template_made_is_made_again(
    evidence: Evidence, office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (batch,) = batches(evidence, ["kailu"], None)
    assert write_county_batch(batch) == [CountyResult("kailu")]
    monkeypatch.setattr(county_batches, "program", lambda: "another")
    with pytest.raises(WorkerMismatchError, match="程序或模板与派发的机器不同"):
        write_county_batch(batch)
    (batch,) = batches(evidence, ["kailu"], None)
    assert write_county_batch(batch) == [CountyResult("kailu")]
    assert write_county_batch(batch) == [CountyResult("kailu", kept=True)]


def test_a_changed_character_of_a_template_is_another_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "templates" / "css").mkdir(parents=True)
    monkeypatch.setattr(program, "ROOT", tmp_path)
    found = []
    for style in ("p { color: black }", "p { color: blacK }"):
        (tmp_path / "templates" / "css" / "text.css").write_text(style, encoding="utf-8")
        found.append((program.program.__wrapped__(), program.program.__wrapped__(program.READING)))
    assert found[0][0] != found[1][0]
    assert found[0][1] == found[1][1]  # what is read is the same


def test_a_county_that_fails_is_named_and_stops_nobody(
    evidence: Evidence, office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one(batch: county_batches.Batch, county: str, *_: object) -> CountyResult:
        if county == "naiman":
            raise ZeroDivisionError("division by zero")
        return CountyResult(county)

    monkeypatch.setattr(county_batches, "_write_one", one)
    (batch,) = batches(evidence, ["kailu", "naiman", "jarud"], None)
    assert write_county_batch(batch) == [
        CountyResult("kailu"),
        CountyResult("naiman", fault="程序内部出错（ZeroDivisionError：division by zero）"),
        CountyResult("jarud"),
    ]


def test_a_machine_with_another_plan_makes_nothing(
    evidence: Evidence, office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (batch,) = batches(evidence, ["kailu"], None)
    other = tmp_path / "plan"
    other.mkdir()
    for file in (ROOT / "plan" / "2025").glob("*.*"):
        (other / file.name).write_bytes(file.read_bytes())
    with (other / "policy.toml").open("a", encoding="utf-8") as policy:
        policy.write("\n# 改过\n")
    monkeypatch.setenv("DIAODU_PLAN", str(other))
    with pytest.raises(WorkerMismatchError, match="方案与派发的机器不同"):
        write_county_batch(batch)


def test_what_a_worker_wrote_elsewhere_is_not_taken_for_made(evidence: Evidence, office: Settings) -> None:
    (found,) = check_written([CountyResult("kailu")], office.reports, evidence.period, None)
    assert found.fault == "执行的机器没有写到共用的数据文件夹（DIAODU_DATA）"


def test_the_counties_not_made_are_told_with_the_reason_at_most_twenty_at_once(evidence: Evidence) -> None:
    failed = [(f"县{n}", "磁盘已满") for n in range(23)]
    told = str(CountyReportsError(evidence.period, 2821, failed))
    assert "2821 份已成文，23 地没有做成" in told
    assert "县0：磁盘已满" in told and "…另 3 地" in told  # 23 − 20


@pytest.mark.usefixtures("server")
def test_the_flow_makes_them_on_the_cores_and_a_second_run_only_what_is_missing(office: Settings) -> None:
    for county in ("kailu", "naiman"):
        folder(office, county).mkdir(parents=True)
    (folder(office, "jarud")).parent.mkdir(parents=True, exist_ok=True)
    folder(office, "jarud").write_text("a file stands where the folder should be")
    with pytest.raises(CountyReportsError, match="2 份已成文，1 地没有做成") as caught:
        county_reports(MONTH, counties=["kailu", "naiman", "jarud"])
    assert caught.value.counties == ("扎鲁特旗",)
    folder(office, "jarud").unlink()
    assert county_reports(MONTH, counties=["kailu", "naiman", "jarud"]) == {"成文": 1, "未变": 2}


@pytest.fixture
def dask(office: Settings) -> Iterator[str]:
    """A scheduler and two workers, each a process of its own, as on three machines with one shared folder."""
    address = f"tcp://127.0.0.1:{free_port()}"
    environment = os.environ | {"DIAODU_DATA": str(office.data), "PYTHONPATH": str(ROOT)}
    port = address.rpartition(":")[2]
    scheduler = ["scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"]
    worker = ["worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny", "--nworkers", "1"]
    with ExitStack() as ended:
        for command in (scheduler, worker, worker):
            running = subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + command[0], *command[1:]],
                cwd=office.data, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            ended.callback(stop, running)
        await_workers(address, 2)
        yield address


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def await_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, timeout=400, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=400)


@pytest.mark.usefixtures("server")
def test_over_dask_two_workers_make_the_same_bytes(
    office: Settings, evidence: Evidence, dask: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIAODU_DASK", dask)
    monkeypatch.setattr(county_batches.batches, "__defaults__", (1,))  # a county a batch: both have work
    runner = task_runner(Settings())
    made = county_reports.with_options(task_runner=runner)(MONTH, counties=["kailu", "naiman", "hure"])
    assert made == {"成文": 3, "未变": 0}
    (pdf,) = folder(office, "hure").glob("*.pdf")
    assert pdf.read_bytes() == compose(KIND, evidence, Office(office).typesetter, "hure").pdf
