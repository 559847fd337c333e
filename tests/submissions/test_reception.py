"""Taking files in: kept, read, recorded, receipted, and safe against a crash at any instant."""

import errno
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from flows.files import aside_of
from flows.office import Office
from flows.plan.load import plan_of
from flows.settings import Settings
from flows.submissions import incoming
from flows.submissions import ingest as reception
from flows.submissions import recording as entering
from flows.submissions.ingest import Folders, Ingest, ReportResult, scan_inbox
from flows.warehouse.connection import Warehouse
from flows.warehouse.ledger import known_totals
from flows.warehouse.raw import ENVELOPE, Arrival, Waiting, rejected_envelopes
from tests.conftest import copy_sample
from tests.submissions.conftest import with_totals_typed

NOW = datetime(2025, 3, 20, 9, 0)
LATER = datetime(9999, 1, 1)


@pytest.fixture(scope="module")
def two_months(sample_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inbox with three counties' January and February."""
    inbox = tmp_path_factory.mktemp("two_months")
    copy_sample(sample_files, inbox, (1, 2), ("科尔沁区", "开鲁县", "奈曼旗"))
    return inbox


@pytest.fixture
def settings(two_months: Path, tmp_path: Path) -> Settings:
    """An office with that inbox."""
    settings = Settings(data=tmp_path)
    shutil.copytree(two_months, settings.inbox)
    return settings


@pytest.fixture(scope="module")
def undisturbed(two_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An office that has taken that inbox in, in one go."""
    settings = Settings(data=tmp_path_factory.mktemp("undisturbed"))
    shutil.copytree(two_months, settings.inbox)
    take_in(settings)
    return settings


def take_in(settings: Settings, *files: Path, at: datetime = NOW) -> list[ReportResult]:
    return Office(settings, lambda: at).ingest(files)


def ledgers(settings: Settings) -> list[object]:
    """What the warehouse says is in force and was received, for comparing two runs."""
    reach = {"as_of": LATER, "first_month": "2025-01", "last_month": "2025-12"}
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        names = ("by_cell", "received", "problems", "statements")
        return [warehouse.select(name, **reach).rows() for name in names]


def test_every_file_is_kept_by_its_hash_and_leaves_the_inbox(settings: Settings) -> None:
    received = take_in(settings)
    assert [one.status for one in received] == ["accepted"] * 6
    assert list(settings.inbox.iterdir()) == []
    kept = sorted(p.name for p in (settings.raw / "2025-01").glob("*.xlsx"))
    assert len(kept) == 3
    assert all(len(name) == len("sha256".ljust(64, "x") + ".xlsx") for name in kept)
    envelope = json.loads((settings.raw / "2025-01" / (kept[0].removesuffix(".xlsx") + ENVELOPE)).read_text())
    assert set(envelope) == {"file_name", "received_at", "sha256", "origin", "turn"}


def test_the_receipt_is_written_beside_and_says_what_was_read(settings: Settings) -> None:
    one = take_in(settings)[0]
    assert one.receipt_path.read_text(encoding="utf-8") == one.receipt
    assert one.receipt.startswith("回执：已接收")


def test_the_same_file_again_changes_nothing(settings: Settings, two_months: Path) -> None:
    take_in(settings)
    before = ledgers(settings)
    again = two_months / "开鲁县2025年1月月报.xlsx"
    received = take_in(settings, again)
    assert [one.status for one in received] == ["unchanged"]
    assert "同一文件已于" in received[0].receipt
    assert ledgers(settings) == before


def test_the_same_bytes_under_another_name_point_to_the_receipt_they_had(
    settings: Settings, two_months: Path, tmp_path: Path
) -> None:
    take_in(settings)
    (january,) = two_months.glob("开鲁县2025年1月*.xlsx")
    copy = Path(shutil.copy(january, tmp_path / "开鲁县1月（最终）.xlsx"))
    (again,) = take_in(settings, copy)
    assert again.status == "unchanged"
    assert again.receipt_path.name.startswith("开鲁县2025年1月") and again.receipt_path.is_file()


def test_a_file_given_by_hand_stays_where_it_is(settings: Settings, tmp_path: Path, two_months: Path) -> None:
    given = tmp_path / "开鲁县2025年1月月报.xlsx"
    shutil.copy(two_months / given.name, given)
    take_in(settings, given)
    assert given.exists()


def test_a_broken_file_is_refused_with_a_reason_and_the_rest_goes_on(settings: Settings) -> None:
    (settings.inbox / "库伦旗2025年1月月报.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    received = {one.name: one for one in take_in(settings)}
    assert sorted(one.status for one in received.values()) == ["accepted"] * 6 + ["refused"]
    refused = received["库伦旗2025年1月月报.xlsx"]
    assert "原因：" in refused.receipt
    assert "请您：" in refused.receipt or "下一步：请" in refused.receipt
    assert len(list((settings.raw / "refused").glob("*.xlsx"))) == 1


def test_a_file_that_may_not_be_read_is_named_and_the_rest_goes_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As another user than the owner meets it; root, who runs tests at times, may read everything."""
    locked = settings.inbox / "开鲁县2025年1月月报.xlsx"
    load = incoming.load

    def denied(file: Waiting, limit: int) -> Arrival:
        if file.path == locked:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(locked))
        return load(file, limit)

    monkeypatch.setattr(incoming, "load", denied)
    received = take_in(settings)
    (failed,) = [one for one in received if one.status == reception.FAILED]
    assert failed.receipt.startswith("开鲁县2025年1月月报.xlsx：没有权限读。文件仍在 ")
    assert len(received) == 6 and {one.status for one in received} == {"accepted", "failed"}
    assert list(settings.inbox.glob("*.xlsx")) == [locked]
    monkeypatch.undo()
    assert [one.status for one in take_in(settings)] == ["accepted"]


def test_files_are_taken_in_the_order_they_arrived(settings: Settings) -> None:
    arrived = [one.received_at for one in scan_inbox(settings.inbox, [], NOW, plan_of(settings))]
    assert arrived == sorted(arrived)
    assert arrived[0] < datetime(2025, 2, 28) < arrived[-1]


def test_without_an_envelope_a_file_is_received_now(settings: Settings) -> None:
    for envelope in settings.inbox.glob(f"*{ENVELOPE}"):
        envelope.unlink()
    assert {one.received_at for one in scan_inbox(settings.inbox, [], NOW, plan_of(settings))} == {NOW}


def test_the_last_total_reported_is_known_with_how_long_ago_it_was(settings: Settings) -> None:
    take_in(settings)
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        february, may = (known_totals(warehouse, "kailu", month, LATER) for month in ("2025-02", "2025-05"))
        in_force = dict(
            warehouse.select("by_cell", as_of=LATER, first_month="2025-02", last_month="2025-02")
            .filter(county="kailu", measure="running_total")
            .select("indicator", "value")
            .iter_rows()
        )
    assert february["kailu", "urban_new_jobs"].months_back == 1
    for indicator, value in in_force.items():
        known = may["kailu", indicator]
        assert (known.previous, known.months_back, known.following) == (Decimal(str(value)), 3, None)
    january = february["kailu", "urban_new_jobs"]
    assert january.previous != may["kailu", "urban_new_jobs"].previous


def received_with(settings: Settings, told: str) -> ReportResult:
    """开鲁县's January alone, with an envelope that tells this moment."""
    for path in [p for p in settings.inbox.iterdir() if "开鲁县2025年1月" not in p.name]:
        path.unlink()
    envelope = next(settings.inbox.glob(f"*{ENVELOPE}"))
    envelope.write_text(json.dumps({"received_at": told}))
    (one,) = take_in(settings)
    return one


@pytest.mark.parametrize("told", ["2035-02-05T09:00:00", "2024-12-31T23:59:00"], ids=["to come", "too early"])
def test_an_envelope_that_cannot_be_true_is_not_believed_and_the_operator_is_told(
    settings: Settings, told: str
) -> None:
    one = received_with(settings, told)
    assert "2025年3月20日 09:00" in one.receipt
    assert told[:10] in one.remark and "2025-03-20 09:00" in one.remark
    assert rejected_envelopes(settings.raw) == ["开鲁县2025年1月月报.xlsx"]


@pytest.mark.parametrize("told", ["2025-03-20T09:00:00", "2025-01-01T00:00:00"], ids=["now", "as it began"])
def test_an_envelope_within_bounds_is_believed(settings: Settings, told: str) -> None:
    one = received_with(settings, told)
    assert one.remark == "" and rejected_envelopes(settings.raw) == []
    assert f"收到时间　　{int(told[:4])}年{int(told[5:7])}月{int(told[8:10])}日" in one.receipt


@pytest.mark.parametrize(
    ("told", "is_early"), [("2025-01-31T18:00:00", True), ("2025-02-01T00:00:00", False)]
)
def test_a_report_of_a_month_that_is_not_over_is_asked_about(
    settings: Settings, told: str, is_early: bool
) -> None:
    one = received_with(settings, told)
    assert ("应为已经结束的月份（1月到1月31日才结束）" in one.receipt) is is_early
    assert one.left == is_early


def test_a_version_recorded_by_a_clock_that_had_jumped_ahead_does_not_hide_the_next(
    settings: Settings, tmp_path: Path
) -> None:
    for path in [p for p in settings.inbox.iterdir() if "开鲁县2025年1月" not in p.name]:
        path.unlink()
    for envelope in settings.inbox.glob(f"*{ENVELOPE}"):
        envelope.unlink()
    book = with_totals_typed(next(settings.inbox.glob("*.xlsx")).read_bytes())
    take_in(settings, at=datetime(2035, 1, 1))
    book["月报"]["G6"] = 777
    book.save(tmp_path / "开鲁县1月更正.xlsx")
    (corrected,) = take_in(settings, tmp_path / "开鲁县1月更正.xlsx")
    assert "2035-01-01 00:00" in corrected.remark and "2035-01-01 00:00 收到的上一版" in corrected.receipt
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        in_force = warehouse.select("by_cell", as_of=LATER, first_month="2025-01", last_month="2025-01")
    assert 777 in in_force.filter(indicator="urban_new_jobs", measure="running_total")["value"].to_list()


def test_hidden_files_and_links_are_no_submissions(settings: Settings) -> None:
    (settings.inbox / ".part").write_bytes(b"half a file")
    (settings.inbox / "link.xlsx").symlink_to(next(settings.inbox.glob("*.xlsx")))
    assert {one.name for one in scan_inbox(settings.inbox, [], NOW, plan_of(settings))}.isdisjoint(
        {".part", "link.xlsx"}
    )


class PowerCutError(BaseException):
    """The machine is gone: nothing may catch it."""


@pytest.mark.parametrize("step", ["keep", "record", "write_whole", "clear"])
@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
def test_a_crash_at_any_step_is_repaired_by_running_again(
    settings: Settings, undisturbed: Settings, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    where = entering if step == "record" else reception
    real = getattr(where, step)
    monkeypatch.setattr(where, step, cut_off(real, after, at_call=3))
    with pytest.raises(PowerCutError):
        take_in(settings)
    monkeypatch.setattr(where, step, real)
    take_in(settings)

    assert ledgers(settings) == ledgers(undisturbed)
    assert files(settings.receipts) == files(undisturbed.receipts)
    assert files(settings.raw) == files(undisturbed.raw)


def cut_off(step: Callable[..., object], after: bool, at_call: int) -> Callable[..., object]:
    """The step, with the power going off at its n-th call, before or after it is done."""
    calls = 0

    def cut(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == at_call and not after:
            raise PowerCutError
        result = step(*arguments, **named)
        if calls == at_call:
            raise PowerCutError
        return result

    return cut


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_another_run_took_in_meanwhile_is_left_to_it(settings: Settings) -> None:
    mine, theirs = (
        scan_inbox(settings.inbox, [], NOW, plan_of(settings)),
        scan_inbox(settings.inbox, [], NOW, plan_of(settings)),
    )
    office, folders = Office(settings), Folders(settings.inbox, settings.raw, settings.receipts)
    with office.warehouse() as warehouse:
        ingest = Ingest(warehouse, office.plans.catalogues, folders)
        taken, rest = ingest.files(theirs[:2]), ingest.files(mine)
    assert [one.name for one in (*taken, *rest)] == [file.name for file in mine]


def test_a_file_given_by_hand_must_be_there(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        take_in(settings, tmp_path / "没有这份.xlsx")


def test_what_a_killed_run_left_half_written_is_gone_after_the_next(settings: Settings) -> None:
    with subprocess.Popen(["true"]) as ended:
        pass
    received = take_in(settings)[0]
    aside = aside_of(received.receipt_path, ended.pid)
    aside.write_bytes(b"half")
    take_in(settings)
    assert not aside.exists()
