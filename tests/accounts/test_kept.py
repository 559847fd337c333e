"""The access record in a backup and before the doctor."""

from datetime import datetime
from pathlib import Path

import pytest

from flows.accounts.accounts import Accounts
from flows.operations import data_folder, doctor
from flows.operations.backup import create
from flows.operations.backup.create import back_up
from flows.operations.backup.restore import restore
from flows.operations.doctor import CheckFailedError
from flows.plan.load import plan_of
from flows.settings import Settings
from tests.staff import TYPED, actor

NOW = datetime(2025, 7, 8, 9, 0)


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "data")
    data_folder.init(settings, NOW)
    return settings


def accounts(settings: Settings) -> Accounts:
    return Accounts(settings.data, plan_of(settings).policy.accounts)


def test_a_log_in_while_the_backup_is_written_leaves_a_record_that_is_whole(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record is cut where it was when it was listed, and its head must not be ahead of it."""
    actor(office, "审核岗")
    written = create.write

    def write_after_a_log_in(*given: object) -> object:
        accounts(office).verify("审核岗", TYPED, NOW)
        return written(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(create, "write", write_after_a_log_in)
    made = back_up(office, NOW)
    restore(made.path, tmp_path / "restored")
    assert len(accounts(Settings(data=tmp_path / "restored")).record.events()) == 1
    assert len(accounts(office).record.events()) == 2
    assert accounts(Settings(data=tmp_path / "restored")).verify("审核岗", TYPED, NOW)


def test_the_doctor_wants_a_manager_and_a_record_that_is_whole(office: Settings) -> None:
    assert doctor.accounts(office, NOW).startswith("还没有账号")
    actor(office, "审核岗")
    with pytest.raises(CheckFailedError, match="没有管理账号，进得了这台机器的都能建账号"):
        doctor.accounts(office, NOW)
    actor(office, "管理岗")
    assert doctor.accounts(office, NOW) == "账号 2 个，登记 2 条，前后衔接"
    record = office.data / "ledgers" / "accounts.jsonl"
    record.write_text(record.read_text("utf-8").replace("审核岗", "审核员"), "utf-8")
    (found,) = [one for one in doctor.findings(office, NOW) if one.name == "账号"]
    assert not found.is_well and "与上一条不衔接" in found.sentence
