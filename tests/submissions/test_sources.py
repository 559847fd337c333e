"""Where a report came from: folders of their own, files named by the office, and the inbox that everybody shares."""

import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from flows.__main__ import cli
from flows.office import Office
from flows.operations.backup.rebuild import rebuild
from flows.plan.period import Period
from flows.settings import Settings
from flows.submissions.ingest import ReportResult
from flows.warehouse.connection import Warehouse
from flows.warehouse.raw import ENVELOPE
from tests.staff import TYPED, actor, typed

NOW = datetime(2025, 2, 7, 9, 0)
JANUARY = Period.parse("2025-01")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January's forms of three counties, filled in: real data, no sample."""
    folder = tmp_path_factory.mktemp("filled")
    Office(Settings(data=folder / "data"), lambda: NOW).forms(JANUARY, folder)
    for name, value in (("开鲁县", 31), ("库伦旗", 17), ("奈曼旗", 23)):
        path = folder / f"{name}2025年1月月报.xlsx"
        book = openpyxl.load_workbook(path)
        sheet = book["月报"]
        row = next(cell.row for cell in sheet["C"] + sheet["B"] if cell.value == "城镇新增就业")
        heads = {
            cell.value: cell.column for line in sheet.iter_rows(max_row=8) for cell in line if cell.value
        }
        sheet.cell(row, heads["本月"]).value = value
        sheet.cell(row, heads["累计"]).value = value
        book.save(path)
    return folder


@pytest.fixture
def forms(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Those forms, and an office that has received nothing."""
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path / "data"))
    return filled


def put(forms: Path, county: str, folder: str = "") -> Path:
    """A county's workbook into the inbox, or a folder of it."""
    into = Settings().inbox / folder
    into.mkdir(parents=True, exist_ok=True)
    target = into / f"{county}2025年1月月报.xlsx"
    target.write_bytes((forms / target.name).read_bytes())
    return target


def ingest(*files: Path) -> list[ReportResult]:
    return Office(Settings(), lambda: NOW).ingest(files)


def office_name(reporter: str) -> str:
    return Office(Settings()).plan().name_of(reporter)


def unverified() -> list[str]:
    return [office_name(one.reporter) for one in Office(Settings()).unverified_sources()]


def origins() -> list[tuple[str | None, ...]]:
    settings = Settings()
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        rows = warehouse._connection.execute(
            "select reporter, origin_kind, origin_name from submission"
        ).fetchall()
    return sorted(rows)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments], input=TYPED)


@pytest.mark.parametrize("folder", ["开鲁县", "开鲁", "kailu", "kailu/2025年1月"])
def test_a_file_in_its_countys_own_folder_is_verified(forms: Path, folder: str) -> None:
    put(forms, "开鲁县", folder)
    assert [one.status for one in ingest()] == ["accepted"]
    assert (unverified(), origins()) == ([], [("kailu", "folder", "kailu")])


def test_a_file_in_the_shared_inbox_is_used_and_its_source_is_asked_of_the_office_alone(forms: Path) -> None:
    put(forms, "开鲁县")
    put(forms, "库伦旗", "一月")  # a folder that is nobody's
    received = ingest()
    assert [one.status for one in received] == ["accepted", "accepted"]
    assert not any("来源" in one.receipt for one in received)
    assert sorted(unverified()) == ["库伦旗", "开鲁县"]
    assert "来源未核实 2 份（由就业办核实：diaodu sources 编号）" in run("status", "2025-01").output
    assert not any("来源" in line for line in Office(Settings()).open_queries())
    rows = json.loads(Office(Settings()).figures(JANUARY))
    (urban,) = [one for one in rows if (one["county"], one["indicator"]) == ("kailu", "urban_new_jobs")]
    assert urban["ytd"] == 31


def test_a_file_that_the_office_names_is_confirmed_by_that(forms: Path) -> None:
    assert [one.status for one in ingest(forms / "开鲁县2025年1月月报.xlsx")] == ["accepted"]
    ((reporter, kind, user),) = origins()
    assert (reporter, kind, bool(user), unverified()) == ("kailu", "command", True, [])


def test_a_file_that_claims_another_county_than_its_folders_is_held_and_the_rest_taken(forms: Path) -> None:
    wrong = put(forms, "开鲁县", "库伦旗")
    put(forms, "奈曼旗", "奈曼旗")
    held, taken = sorted(ingest(), key=lambda one: one.status, reverse=True)
    assert (held.status, taken.status) == ("held", "accepted")
    assert "放在库伦旗的文件夹里，写的却是开鲁县的报表，没有收，仍在原处" in held.receipt
    assert wrong.exists() and origins() == [("naiman", "folder", "naiman")]
    assert list(Settings().raw.glob("*/*")) and not [
        p for p in Settings().raw.rglob("*") if "开鲁" in p.name and p != wrong
    ]
    assert [one.status for one in ingest(wrong)] == ["accepted"]  # named by the office, who has asked
    assert not wrong.exists()


def test_the_command_ends_with_1_where_a_file_is_held_and_says_how_to_take_it(forms: Path) -> None:
    put(forms, "开鲁县", "库伦旗")
    done = run("intake")
    assert done.exit_code == 1
    assert "点名收：diaodu intake " in done.output
    assert "来源与内容不符、暂未收 1 份" in done.output


def test_the_office_confirms_a_source_by_an_account_and_says_how(forms: Path) -> None:
    put(forms, "开鲁县")
    ingest()
    actor(Settings())
    number = run("sources").output.split()[3]  # 来源未核实 1 份 编号
    refused = run("sources", number, *typed())
    assert (refused.exit_code, "--note" in refused.output) == (2, True)
    done = run("sources", number, "--note", "电话问过开鲁县就业局", "--instructed-by", "张科长", *typed())
    assert (done.exit_code, done.output.splitlines()[0]) == (0, "已登记来源核实："), done.output
    assert unverified() == []
    again = run("sources", number, "--note", "再问", *typed())
    assert "没有待核实的" in str(again.exception)
    journal = Settings().journal.read_text("utf-8")
    assert '"note":"电话问过开鲁县就业局"' in journal and '"account":"经办岗"' in journal
    assert '"instructed_by":"张科长"' in journal


def test_the_same_file_by_a_verified_way_confirms_it(forms: Path) -> None:
    put(forms, "开鲁县")
    ingest()
    put(forms, "开鲁县", "开鲁县")
    assert [one.status for one in ingest()] == ["unchanged"]
    assert unverified() == []


def test_sample_data_have_no_source_to_confirm(tmp_path: Path) -> None:
    office = Office(Settings(data=tmp_path / "data"), lambda: NOW)
    office.sample(2025, (1,), 2025)
    office.ingest()
    assert office.unverified_sources() == ()


def test_a_rebuilding_keeps_the_ways_and_files_of_before_have_none(forms: Path) -> None:
    put(forms, "开鲁县")
    put(forms, "库伦旗", "库伦旗")
    ingest()
    before, settings = origins(), Settings()
    assert rebuild(settings, NOW).is_in_force
    assert origins() == before
    for envelope in settings.raw.glob(f"2025-01/*{ENVELOPE}"):
        told = json.loads(envelope.read_text("utf-8"))
        del told["origin"]
        envelope.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    assert rebuild(settings, NOW.replace(hour=10), accept=True).is_in_force
    assert origins() == [("hure", None, None), ("kailu", None, None)]
    assert unverified() == []
