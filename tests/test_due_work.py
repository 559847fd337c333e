"""The day's agenda: everything due once, one failure not stopping the rest."""

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.__main__ import cli
from flows.due_work import Work, failures, run_due
from flows.office import Office
from flows.operations.backup.archive import backups
from flows.operations.inventory import documents_made
from flows.plan.issued import Decision
from flows.settings import Settings
from tests.staff import actor

FEBRUARY_6 = date(2025, 2, 6)  # the first working day after the one on which January was due


@pytest.fixture
def spring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose reports of January lie in the inbox, on the day of its bulletin."""
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path))
    office = Office(now=lambda: datetime(2025, 2, 6, 9))
    office.sample(2025, (1,), 2025)
    return office


def test_a_day_takes_in_what_waits_and_makes_what_is_due_once(spring: Office) -> None:
    told = CliRunner().invoke(cli, ["agenda", "--on", str(FEBRUARY_6), "--run"]).output.splitlines()
    assert told[-2:] == [
        "2025-02-06：到期未办 2 件",  # reports and the backup: the rest is due once they are in
        "已办：收表（2月6日到期）、更正、2025-01 提醒催办（2月6日到期）、2025-01 月调度（2月6日到期）、备份（2月6日到期）",
    ]
    settings = Settings()
    assert documents_made(settings.reports) >= {("2025-01", "monthly_dispatch")}
    assert spring.due(FEBRUARY_6) == ()
    assert len(backups(settings.backups)) == 1
    manifest = settings.reports / "2025-01" / "monthly_dispatch" / "manifest.json"
    made = manifest.stat().st_mtime_ns
    assert run_due(spring, FEBRUARY_6) == {}  # a second time that day: nothing
    assert manifest.stat().st_mtime_ns == made


def test_a_bulletin_of_hardly_any_reports_waits_and_is_no_failure(spring: Office) -> None:
    kept = ("开鲁县", "奈曼旗")
    for path in spring.settings.inbox.iterdir():
        if not path.name.startswith(kept):
            path.unlink()
    done = run_due(spring, FEBRUARY_6)
    outcome = done["2025-01 月调度（2月6日到期）"]
    assert outcome.startswith("等报表：2025年1月报来的报表太少：1月报表应报21份，已报2份。")
    assert failures(done) == []
    assert documents_made(spring.settings.reports) == set()
    told = CliRunner().invoke(cli, ["agenda", "--on", str(FEBRUARY_6), "--run"]).output.splitlines()
    assert told[-1] == f"  2025-01 月调度（2月6日到期）　{outcome}"


def test_a_document_whose_figures_cannot_be_had_fails_and_does_not_stop_the_rest(
    spring: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(period: str, as_of: datetime | None = None) -> None:
        raise OSError("磁盘读不出来")

    monkeypatch.setattr(spring, "gather", fails)
    done = run_due(spring, FEBRUARY_6)
    assert done["2025-01 月调度（2月6日到期）"] == "磁盘读不出来"
    assert done["备份（2月6日到期）"] == ""


def test_one_failure_is_told_and_does_not_stop_the_rest(
    spring: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(month: str, on: date) -> None:
        raise OSError("没有纸了")

    monkeypatch.setattr(spring, "notices", fails)
    done = run_due(spring, FEBRUARY_6)
    assert done["2025-01 提醒催办（2月6日到期）"] == "没有纸了"
    assert [fault for matter, fault in done.items() if "提醒催办" not in matter] == [""] * 4
    assert ("2025-01", "monthly_dispatch") in documents_made(spring.settings.reports)


def test_whoever_performs_the_work_is_asked_for_each_thing_in_order(spring: Office) -> None:
    asked: list[str] = []

    def perform(work: Work) -> str:
        asked.append(work.flow)
        return "不办"

    assert set(run_due(spring, FEBRUARY_6, perform).values()) == {"不办"}
    assert asked == ["intake", "corrections", "backup"]  # nothing was taken in, so no document is due


def test_a_document_numbered_but_cut_off_before_its_folder_was_written_is_written_by_the_next_agenda(
    spring: Office,
) -> None:
    name = "2025-01/monthly_dispatch-kailu"
    spring.ingest()
    spring.make("monthly_dispatch", "2025-01", county="kailu")
    spring.decide(spring.approval_status(name), Decision.APPROVED, actor(spring.settings, "审核岗"))
    entry, _ = spring.issue(name)
    folder = spring.settings.data / entry.folder
    was = (folder / entry.file_name).read_bytes()
    shutil.rmtree(folder)  # as if killed between ledger and folder
    assert "补齐已编号的文件" in run_due(spring, date(2025, 1, 2))
    assert (folder / entry.file_name).read_bytes() == was
    assert "补齐已编号的文件" not in run_due(spring, date(2025, 1, 2))
