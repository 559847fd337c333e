"""Backing up, restoring and rebuilding: nothing lost, nothing believed, the same tables whatever the order."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from flows.__main__ import cli
from flows.office import Office
from flows.operations.backup import create
from flows.operations.backup import rebuild as rebuilding
from flows.operations.backup.archive import BackupError, Member, read
from flows.operations.backup.create import LEDGERS, back_up
from flows.operations.backup.rebuild import StoreError, rebuild
from flows.operations.backup.restore import RestoreError, drill, restore
from flows.operations.content import damaged_files
from flows.operations.inventory import present
from flows.plan.issued import Decision
from flows.plan.load import plans
from flows.settings import ROOT, Settings
from flows.warehouse import connection
from flows.warehouse.connection import OldWarehouseError, Warehouse, WarehouseBusyError
from flows.warehouse.fingerprint import Table, fingerprint
from flows.warehouse.issue_ledger import issued
from flows.warehouse.questions import LONG_AFTER, open_questions
from flows.warehouse.raw import ENVELOPE
from flows.warehouse.schema import NUMBER, Schema
from flows.warehouse.snapshots import withdraw
from tests.conftest import copy_sample
from tests.staff import actor

AT = datetime(2025, 7, 21, 17, 30)
NOW = datetime(2025, 3, 20, 9, 0)


def tables(settings: Settings) -> dict[str, Table]:
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        return fingerprint(warehouse)


def members(archive: Path) -> list[str]:
    return [one.name for one in read(archive) if isinstance(one, Member)]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


@pytest.fixture(scope="module")
def inbox(sample_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January and February of three counties, in the order in which they arrive."""
    folder = tmp_path_factory.mktemp("inbox")
    copy_sample(sample_files, folder, (1, 2), ("科尔沁区", "开鲁县", "奈曼旗"))
    return folder


@pytest.fixture(scope="module")
def six_received(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an office that has taken in those six; only to be copied."""
    settings = Settings(data=tmp_path_factory.mktemp("six") / "data")
    shutil.copytree(inbox, settings.inbox)
    Office(settings, lambda: NOW).ingest()
    return settings.data


@pytest.fixture
def small(six_received: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """That office in a folder of its own."""
    shutil.copytree(six_received, tmp_path / "data")
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path / "data"))
    return Settings()


def test_from_intake_to_issue_everything_comes_back_and_issued_documents_byte_for_byte(
    office: Settings, tmp_path: Path
) -> None:
    with Warehouse(office.warehouse, office.journal) as warehouse:
        question = open_questions(warehouse, "2025-01", "2025-12", LONG_AFTER)[0]
    Office(office, lambda: AT).answer(
        question.number, "市场监管部门分批移交登记名单", actor(office), "就业股"
    )
    assert Office(office).notices("2025-06", datetime(2025, 7, 8).date()).drafted
    desk, name = Office(office, lambda: AT), "2025-05/monthly_dispatch-kailu"
    desk.make("monthly_dispatch", "2025-05", county="kailu")
    desk.decide(desk.approval_status(name), Decision.APPROVED, actor(office, "审核岗"))
    entry, _ = desk.issue(name)
    (office.data / "contacts.toml").write_text("[operator]\n", encoding="utf-8")
    before = tables(office)

    kept = back_up(office, AT)
    restored = restore(kept.path, tmp_path / "elsewhere")
    assert restored.is_equal and restored.unread == ()
    there = Settings(data=tmp_path / "elsewhere", plans=tmp_path / "elsewhere" / "plan")
    assert (there.data / "contacts.toml").read_bytes() == (office.data / "contacts.toml").read_bytes()
    pdf = Path(entry.folder) / entry.file_name
    assert (there.data / pdf).read_bytes() == (office.data / pdf).read_bytes()

    there.warehouse.unlink()
    made = rebuild(there, AT)
    assert made.is_in_force and made.no_old == "原来没有数据库"
    assert tables(there) == before
    assert before["notice"].rows and before["approval"].rows == 1 and before["issued_figure"].rows
    with Warehouse(there.warehouse, there.journal) as warehouse:
        assert issued(warehouse) == (entry,)
    assert Office(there).remake(entry).is_equal


@examples(deadline=None, max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_order_files_come_in_they_are_read_again_in_that_order(
    inbox: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Each in a run of its own, later ones with earlier envelopes; several at one moment."""
    settings = Settings(data=tmp_path_factory.mktemp("order"))
    files = sorted(f for f in inbox.iterdir() if not f.name.endswith(ENVELOPE))
    for file in data.draw(st.permutations(files)):
        settings.inbox.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, settings.inbox)
        if data.draw(st.booleans()):
            shutil.copy(file.with_name(file.name + ENVELOPE), settings.inbox)
        Office(settings, lambda: NOW).ingest()
    before = tables(settings)
    made = rebuild(settings, NOW)
    assert made.is_in_force and all(one.is_equal for one in made.tables or ())
    assert tables(settings) == before


def test_the_order_of_the_folder_does_not_matter(small: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    glob = Path.glob
    monkeypatch.setattr(Path, "glob", lambda self, pattern: reversed(list(glob(self, pattern))))
    made = rebuild(small, NOW)
    assert all(one.is_equal for one in made.tables or ())


def test_a_crash_between_keeping_and_recording_leaves_an_envelope_that_is_put_right(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data=tmp_path)
    settings.inbox.mkdir(parents=True)
    shutil.copy(inbox / "开鲁县2025年1月月报.xlsx", settings.inbox)

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("flows.submissions.recording.record", cut)
    with pytest.raises(KeyboardInterrupt):
        Office(settings, lambda: NOW).ingest()
    monkeypatch.undo()
    Office(settings, lambda: NOW + timedelta(hours=1)).ingest()  # received when it was recorded
    assert rebuild(settings, NOW).is_in_force


def test_a_backup_holds_what_cannot_be_made_again_and_no_more(small: Settings) -> None:
    (small.data / "prefect").mkdir()
    (small.data / "prefect" / "prefect.db").write_bytes(b"x")
    (small.inbox / "新到.xlsx").write_bytes(b"waiting")
    kept = back_up(small, AT)
    names = members(kept.path)
    assert kept.files == len(names) and kept.remarks == ()
    assert {name.split("/")[0] for name in names} == {"raw", "receipts", "plan", "warehouse"}
    assert "raw/inbox/新到.xlsx" in names and "plan/2025/policy.toml" in names
    stored = {p.relative_to(small.data).as_posix() for p in small.raw.rglob("*") if p.is_file()}
    assert stored <= set(names)
    assert kept.path == small.backups / "diaodu-20250721T173000.tar.gz"
    assert [p.name for p in small.backups.iterdir()] == [kept.path.name]  # nothing beside it
    with pytest.raises(BackupError, match="已经有了，不覆盖"):
        back_up(small, AT)


def test_the_lock_on_the_warehouse_is_kept_while_it_is_copied(
    small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process must not get in between the copying of the file and the end of the listing."""
    seen: list[int] = []
    copy = create._copy

    def copy_and_look(*arguments: object) -> None:
        copy(*arguments)  # type: ignore[arg-type]
        open_it = "import duckdb, sys; duckdb.connect(sys.argv[1])"
        command = [sys.executable, "-c", open_it, str(small.warehouse)]
        seen.append(subprocess.run(command, capture_output=True, check=False).returncode)

    monkeypatch.setattr(create, "_copy", copy_and_look)
    back_up(small, AT)
    assert seen == [1]


def test_a_broken_warehouse_stops_no_backup_and_is_told(small: Settings, tmp_path: Path) -> None:
    small.warehouse.write_bytes(b"no database")
    kept = back_up(small, AT)
    assert kept.remarks[0].startswith("数据库没有备进去：数据库 diaodu.duckdb 打不开")
    restored = restore(kept.path, tmp_path / "there")
    assert restored.tables is None
    there = Settings(data=tmp_path / "there")
    assert tables(there)["submission"].rows == 6  # made anew
    assert rebuild(small, AT).is_in_force is False  # nothing to compare with: asked first
    assert rebuild(small, AT, accept=True).moved_to is not None
    assert tables(small) == tables(there)


def test_a_backup_waits_for_whoever_writes(small: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = (
        "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]);"
        "print('in', flush=True); time.sleep(float(sys.argv[2]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", writer, str(small.warehouse), "1"], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout and child.stdout.readline() == "in\n"
        assert back_up(small, AT).files
    monkeypatch.setattr("flows.operations.backup.create.LOCK_TIMEOUT_SECONDS", 0)
    with subprocess.Popen(
        [sys.executable, "-c", writer, str(small.warehouse), "600"], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout and child.stdout.readline() == "in\n"
        try:
            with pytest.raises(WarehouseBusyError):
                back_up(small, AT + timedelta(seconds=1))
        finally:
            child.kill()


@pytest.mark.parametrize(
    "after",
    [0.0, 0.1, *(pytest.param(seconds, marks=pytest.mark.proof) for seconds in (0.05, 0.15, 0.2, 0.3))],
)
def test_killed_it_leaves_no_half_backup_and_the_next_one_clears_up(small: Settings, after: float) -> None:
    begin = "import sys; sys.argv = ['diaodu', 'backup']; from flows.__main__ import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", begin],
        cwd=ROOT,
        env=os.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as child:
        until = time.monotonic() + 300
        while not list(small.backups.glob(".diaodu-*")) and child.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(after)
        child.send_signal(signal.SIGKILL)
    for whole in small.backups.glob("diaodu-*"):
        assert members(whole)  # named only once it was read back
    kept = back_up(small, AT)
    assert list(small.backups.glob(".*")) == []
    assert members(kept.path)


def test_a_full_disk_is_told_before_anything_is_written(
    small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(100, 99, 1))  # type: ignore[attr-defined]
    with pytest.raises(BackupError, match="放不下：约需"):
        back_up(small, AT)
    assert list(small.backups.iterdir()) == []


def test_old_backups_go_by_the_policy_but_never_from_another_place(small: Settings, tmp_path: Path) -> None:
    other = tmp_path / "stick"
    for folder in (small.backups, other):
        folder.mkdir()
        for day in range(1, 21):
            (folder / f"diaodu-202506{day:02d}T073500.tar.gz").write_bytes(b"")
    assert len(back_up(small, AT, to=other).removed) == 0 and len(list(other.iterdir())) == 20 + 1
    kept = back_up(small, AT)
    # 7 days with a backup: 21 July, 15-20 June; 4 weeks: 21 July, 20, 15 and 8 June; months: July, June
    assert len(kept.removed) == 20 - 7 and len(list(small.backups.iterdir())) == 7 + 1


def test_a_plan_edited_badly_stops_no_backup_and_clears_nothing(small: Settings, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "plan" / "2025", tmp_path / "plan" / "2025")
    (tmp_path / "plan" / "2025" / "policy.toml").write_text("[", encoding="utf-8")
    office = replace(small, plans=tmp_path / "plan")
    kept = back_up(office, AT)
    assert "旧备份没有清理，因为方案读不出来" in kept.remarks[0]


@pytest.mark.parametrize("lies_there", ["a file", "a folder with a file"])
def test_it_is_restored_into_an_empty_place_alone(small: Settings, tmp_path: Path, lies_there: str) -> None:
    kept, there = back_up(small, AT), tmp_path / "there"
    if lies_there == "a file":
        there.write_bytes(b"mine")
    else:
        there.mkdir()
        (there / "mine").write_bytes(b"mine")
    with pytest.raises(RestoreError, match="不是空的，不往里恢复"):
        restore(kept.path, there)
    assert (there if there.is_file() else there / "mine").read_bytes() == b"mine"


def test_damaged_content_is_named_and_no_older_backup_is_removed(office: Settings) -> None:
    """One bit of a stored file, and a stored file gone with its envelope, which only the list of checksums knows."""
    day_before = (AT - timedelta(days=2)).timestamp()
    for path in office.raw.rglob("*"):
        os.utime(path, (day_before, day_before))
    assert back_up(office, AT).damages == ()
    listed = subprocess.run(
        ["sha256sum", "--check", "--quiet", "ledgers/sha256sums"],
        cwd=office.data,
        capture_output=True,
        check=False,
    )
    assert (listed.returncode, listed.stderr) == (0, b"")
    old = [office.backups / f"diaodu-202001{day:02d}T073000.tar.gz" for day in range(1, 21)]
    for path in old:
        path.touch()
    flipped, gone = sorted((office.raw / "2025-01").glob("*.xlsx"))[:2]
    content = bytearray(flipped.read_bytes())
    content[len(content) // 2] ^= 1
    flipped.write_bytes(content)
    gone.unlink()
    gone.with_name(f"{gone.stem}{ENVELOPE}").unlink()
    done = run("backup")
    names = [path.relative_to(office.data).as_posix() for path in (flipped, gone)]
    assert done.exit_code == 1
    assert f"{names[0]} 与存入时不同，已损坏。从备份恢复到别处" in done.output
    assert f"{names[1]} 没有了。从备份恢复到别处" in done.output
    assert "逐个核对无误" not in done.output and all(path.exists() for path in old)
    assert {one.name for one in damaged_files(office)} >= set(names)


def test_a_spoilt_backup_is_refused_by_name_and_leaves_nothing(small: Settings, tmp_path: Path) -> None:
    kept = back_up(small, AT)
    kept.path.write_bytes(kept.path.read_bytes()[:-1000])
    done = run("restore", str(kept.path), "--into", str(tmp_path / "there"))
    assert isinstance(done.exception, BackupError)
    assert "备份 diaodu-20250721T173000.tar.gz 读到 " in str(done.exception)
    assert not (tmp_path / "there").exists()
    (tmp_path / "empty").mkdir()
    with pytest.raises(BackupError):
        restore(kept.path, tmp_path / "empty")
    assert list((tmp_path / "empty").iterdir()) == []


def test_files_that_make_no_warehouse_are_laid_down_all_the_same_and_told(
    small: Settings, tmp_path: Path
) -> None:
    """A stored file was spoilt before anybody backed it up."""
    (file, *_) = sorted((small.raw / "2025-01").glob("*.xlsx"))
    file.write_bytes(b"spoilt")
    kept = back_up(small, AT)
    done = run("restore", str(kept.path), "--into", str(tmp_path / "there"))
    assert done.exit_code == 1
    assert "文件已恢复，但不能由它们重建数据库来比对：存件 " in done.output
    assert tables(Settings(data=tmp_path / "there"))["submission"].rows == 6  # the copy


def test_the_commands_say_what_they_did(small: Settings, tmp_path: Path) -> None:
    backed = run("backup")
    assert backed.exit_code == 0 and "已读回，逐个核对无误" in backed.output
    (archive,) = small.backups.iterdir()
    restored = run("restore", str(archive), "--into", str(tmp_path / "there"))
    assert restored.exit_code == 0, restored.output
    assert (
        f"{len(tables(small))} 张表，全部相同" in restored.output and "全部一致，恢复可用" in restored.output
    )
    rebuilt = run("rebuild")
    assert (
        rebuilt.exit_code == 0
        and "重读存件 6 份" in rebuilt.output
        and "已启用新库；旧库在" in rebuilt.output
    )


def test_a_difference_keeps_the_old_warehouse_until_it_is_accepted(small: Settings) -> None:
    with Warehouse(small.warehouse, small.journal) as warehouse:
        change = "update submission set file_name = '改过.xlsx' where file_name = '开鲁县2025年1月月报.xlsx'"
        warehouse._connection.execute(change).complete()
    before = tables(small)
    refused = run("rebuild")
    assert refused.exit_code == 1 and tables(small) == before
    assert "submission" in refused.output and "1 张不同" in refused.output
    assert '只在旧库：{"submission_id"' in refused.output and "改过.xlsx" in refused.output
    assert "没有启用新库，旧库原样未动" in refused.output and "改过程序或方案" in refused.output
    accepted = run("rebuild", "--accept")
    assert accepted.exit_code == 0 and tables(small) != before
    (aside,) = small.warehouse.parent.glob("diaodu-*.duckdb")
    with Warehouse(aside, small.journal, as_found=True) as old:
        assert fingerprint(old) == before


def test_a_changed_or_lost_stored_file_stops_the_rebuilding_by_name(small: Settings) -> None:
    before = tables(small)
    (file, *_) = sorted((small.raw / "2025-01").glob("*.xlsx"))
    book = openpyxl.load_workbook(file)
    book.save(file)
    for fault in ("与收到时不同", "没有了"):
        with pytest.raises(StoreError, match=rf"2025年1月月报.xlsx（{file.stem[:12]}）{fault}，不能重建"):
            rebuild(small, AT)
        file.unlink(missing_ok=True)
    assert tables(small) == before
    assert {p.name for p in small.warehouse.parent.iterdir()} == {small.warehouse.name, "diaodu.snapshot"}


def test_a_file_the_program_does_not_get_through_is_told(
    small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest = rebuilding.ingest

    def fails(source: object, *arguments: object) -> object:
        if getattr(source, "file_name", "") == "奈曼旗2025年2月月报.xlsx":
            raise KeyError("no such thing")
        return ingest(source, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(rebuilding, "ingest", fails)
    made = rebuild(small, AT)
    assert made.unread == ("奈曼旗2025年2月月报.xlsx（KeyError）",) and not made.is_in_force


def test_an_earlier_programs_warehouse_is_made_anew_behind_a_backup(
    small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tables(small)
    newer = Schema(NUMBER + 1, "another")
    for module in (connection, rebuilding):
        monkeypatch.setattr(module, "present", lambda: newer)
    with pytest.raises(OldWarehouseError, match="是旧版程序建的，表的结构有变"):
        tables(small)
    done = run("rebuild")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("数据库是旧版程序建的，已先备份：")
    (archive,) = small.backups.iterdir()
    *_, about = read(archive)
    assert not isinstance(about, Member) and about["schema"]["number"] == NUMBER
    now = tables(small)
    assert {n: t for n, t in now.items() if n != "schema_note"} == {
        n: t for n, t in before.items() if n != "schema_note"
    }


def test_a_command_that_meets_an_earlier_programs_warehouse_goes_on_behind_a_rebuilding(
    small: Settings,
) -> None:
    with Warehouse(small.warehouse, small.journal) as warehouse:
        warehouse._connection.execute("update schema_note set digest = 'an earlier set'").complete()
    withdraw(small.warehouse)  # an earlier program published no snapshot
    command = [sys.executable, "-m", "flows", "status", "2025-02"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "应报 21 家" in done.stdout and "重读" not in done.stdout
    assert "已先备份" in done.stderr and "已启用新库" in done.stderr
    assert len(list(small.backups.iterdir())) == 1


def test_the_drill_restores_the_last_backup_and_leaves_nothing(small: Settings) -> None:
    with pytest.raises(RestoreError, match="还没有备份"):
        drill(small)
    back_up(small, AT)
    (small.data / ".drill-killed").mkdir()
    assert drill(small).is_equal
    assert list(small.data.glob(".drill-*")) == []


def test_the_agenda_knows_the_last_backup_and_the_last_drill(small: Settings) -> None:
    before = present(small, plans(small))
    assert before.backed_up_on is None and before.drilled_on is None
    back_up(small, AT)
    back_up(small, AT + timedelta(days=40))
    after = present(small, plans(small))
    assert after.backed_up_on == (AT + timedelta(days=40)).date()
    assert after.drilled_on == AT.date()  # no drill yet: as of the first backup


def test_the_journal_is_in_the_backup_as_far_as_the_tables_have_it(office: Settings) -> None:
    with Warehouse(office.warehouse, office.journal) as warehouse:
        question = open_questions(warehouse, "2025-01", "2025-12", LONG_AFTER)[0]
    Office(office, lambda: AT).answer(
        question.number, "市场监管部门分批移交登记名单", actor(office), "就业股"
    )
    *_, about = read(back_up(office, AT).path)
    assert not isinstance(about, Member)
    assert about["files"][f"{LEDGERS}journal.jsonl"]["bytes"] == office.journal.stat().st_size
    assert about["tables"]["journal_entry"]["rows"] == 1
    assert json.loads(json.dumps(about)) == about
