"""The day's agenda, run as a flow: everything due once, one failure not stopping the rest."""

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from prefect import flow

from flows import daily as entry
from flows.__main__ import cli
from flows.daily import daily
from flows.documents.composing import compose
from flows.documents.publishing import draft_folder, publish
from flows.issuing.issuing import issue_document
from flows.office import Office
from flows.operations.backup.rotation import backups
from flows.operations.inventory import documents_made, due_on
from flows.plan.agenda import Kind
from flows.plan.folders import plan_of
from flows.plan.issued import Decision
from flows.settings import Settings
from flows.submissions.forms import write_sample

pytestmark = pytest.mark.usefixtures("server")
FEBRUARY_6 = date(2025, 2, 6)  # the first working day after the one on which January was due


@pytest.fixture
def spring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An office whose reports of January lie in the inbox, on the day of its bulletin."""
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path))
    settings = Settings()
    write_sample(plan_of(settings, 2025), (1,), 2025, settings.inbox)
    return settings


def test_a_day_takes_in_what_waits_and_makes_what_is_due_once(spring: Settings) -> None:
    told = CliRunner().invoke(cli, ["agenda", "--on", str(FEBRUARY_6), "--run"]).output.splitlines()
    assert told[-2:] == [
        "2025-02-06：到期未办 2 件",  # reports and the backup: the rest is due once they are in
        "已办：收表（2月6日到期）、更正、2025-01 提醒催办（2月6日到期）、2025-01 月调度（2月6日到期）、备份（2月6日到期）",
    ]
    assert documents_made(spring.reports) >= {("2025-01", "monthly_dispatch")}
    assert due_on(spring, FEBRUARY_6) == ()
    assert len(backups(spring.backups)) == 1
    made = (spring.reports / "2025-01" / "monthly_dispatch" / "manifest.json").stat().st_mtime_ns
    assert daily(FEBRUARY_6) == []  # a second time that day: nothing
    assert (spring.reports / "2025-01" / "monthly_dispatch" / "manifest.json").stat().st_mtime_ns == made


def test_one_failure_is_told_and_does_not_stop_the_rest(
    spring: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    @flow(name="提醒催办")
    def fails(month: str, on: date) -> None:
        raise OSError("没有纸了")

    monkeypatch.setitem(entry.FLOWS, Kind.REMINDERS, fails)
    with pytest.raises(
        RuntimeError, match=r"日程有 1 件没有做成：2025-01 提醒催办（2月6日到期）：.*没有纸了"
    ):
        daily(FEBRUARY_6)
    assert ("2025-01", "monthly_dispatch") in documents_made(spring.reports)


def test_a_document_numbered_but_cut_off_before_its_folder_is_laid_down_by_the_next_agenda(
    spring: Settings,
) -> None:
    name, at = "2025-01/monthly_dispatch-kailu", datetime(2025, 2, 6, 9)
    Office(spring, lambda: at).ingest()
    draft = compose("monthly_dispatch", Office(spring).gather("2025-01"), Office(spring).typesetter, "kailu")
    publish(draft, draft_folder(spring.reports, "2025-01", "monthly_dispatch", county="kailu"))
    Office(spring, lambda: at).decide(Office(spring).approval_status(name), Decision.APPROVED, "审核岗")
    entry = issue_document(spring, Office(spring).approval_status(name), at)
    folder = spring.data / entry.folder
    was = (folder / entry.file_name).read_bytes()
    shutil.rmtree(folder)  # as if killed between ledger and folder
    assert "补齐已编号的文件" in daily(date(2025, 1, 2))
    assert (folder / entry.file_name).read_bytes() == was
    assert "补齐已编号的文件" not in daily(date(2025, 1, 2))
