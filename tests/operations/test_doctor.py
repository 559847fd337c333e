"""The doctor says of each thing what was found, or what is wrong and what to do."""

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from flows.operations import data_folder, doctor, processes
from flows.operations.doctor import CHECKS, CheckFailedError, findings
from flows.settings import ROOT, Settings
from flows.warehouse.connection import Warehouse
from tests.issuing.mail.post_office import PostOffice

NOW = datetime(2025, 7, 8, 9, 0)


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    tmp_path.chmod(0o700)
    return Settings(data=tmp_path)


def mail_account(monkeypatch: pytest.MonkeyPatch, post_office: PostOffice) -> None:
    said = {
        "HOST": "127.0.0.1",
        "PORT": str(post_office.port),
        "SECURITY": "plain",
        "SENDER": "rsj@rsj.example",
    }
    for name, value in said.items():
        monkeypatch.setenv(f"DIAODU_SMTP_{name}", value)


def test_every_item_gets_a_line_even_when_it_breaks_down(office: Settings) -> None:
    found = list(findings(office, NOW))
    assert [one.name for one in found] == list(CHECKS)
    assert {one.name for one in found if not one.is_well} >= {"通讯录", "邮件", "流程"}
    assert all(str(one).startswith(("✓ ", "✗ ")) for one in found)


def test_what_is_well_says_what_was_found(office: Settings) -> None:
    assert doctor.plan(office, NOW) == "2025 年方案（40 项任务、56 项指标）"
    assert "21 个单位的名称都能印" in doctor.fonts(office, NOW)  # 9 counties and 12 departments
    assert doctor.calendar(office, NOW).startswith("知道 2025 年的节假日")
    assert doctor.disk(office, NOW).endswith(" GB")
    assert doctor.access(office, NOW) == "数据、备份、通讯录和设置，别人都看不到"
    with pytest.raises(CheckFailedError, match="里没有数据"):
        doctor.warehouse(office, NOW)
    assert data_folder.init(office, NOW)
    assert doctor.warehouse(office, NOW).startswith("还没有")
    assert doctor.content(office, NOW).startswith("存件、已印发文件 0 个与校验码一致")
    Warehouse(office.warehouse, office.journal).__exit__(None, None, None)
    assert doctor.warehouse(office, NOW).startswith("打得开，自查通过")


def test_a_folder_without_faces_is_named_with_the_remedy(office: Settings, tmp_path: Path) -> None:
    bare = replace(office, fonts=tmp_path / "nowhere")
    (found,) = [one for one in findings(bare, NOW) if one.name == "字体"]
    assert not found.is_well and "没有仿宋字体" in found.sentence and "请运行 make" in found.sentence


@pytest.mark.parametrize("mode", [0o755, 0o750])
def test_a_data_folder_of_an_earlier_version_that_others_can_read_is_reported(
    office: Settings, mode: int
) -> None:
    office.data.chmod(mode)
    (found,) = [one for one in findings(office, NOW) if one.name == "权限"]
    assert f"别人也能看：{office.data}（{mode:o}）" in found.sentence
    assert found.remedy.endswith(f"运行 chmod -R go-rwx {office.data}")


def test_addresses_and_backups_elsewhere_that_others_can_read_are_reported(
    office: Settings, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "contacts.toml").touch()
    (elsewhere / "contacts.toml").chmod(0o644)
    (elsewhere / "backups").mkdir()
    (elsewhere / "backups").chmod(0o755)
    monkeypatch.setenv("DIAODU_CONTACTS", str(elsewhere / "contacts.toml"))
    with pytest.raises(CheckFailedError) as caught:
        doctor.access(replace(office, backup_folder=elsewhere / "backups"), NOW)
    assert "contacts.toml（644）" in caught.value.sentence and "backups（755）" in caught.value.sentence


def test_a_year_without_published_holidays_is_reported_once_it_has_begun(office: Settings) -> None:
    with pytest.raises(CheckFailedError, match="不知道 2044 年的节假日"):
        doctor.calendar(office, datetime(2044, 1, 2))


def test_from_november_on_the_next_years_holidays_are_asked_for(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "holidays_known", lambda year, _typed: year <= 2025)
    assert doctor.calendar(office, datetime(2025, 10, 31)).endswith("2026 年的待公布（通常在 11 月）")
    with pytest.raises(CheckFailedError, match="不知道 2026 年的节假日") as caught:
        doctor.calendar(office, datetime(2025, 11, 1))
    assert "2025/holidays.csv" in caught.value.remedy
    monkeypatch.setattr(doctor, "holidays_known", lambda year, _typed: year <= 2026)
    assert doctor.calendar(office, datetime(2025, 11, 1)) == "知道 2025 年的节假日"


def test_the_addresses_are_examined_against_the_plan(office: Settings) -> None:
    with pytest.raises(CheckFailedError, match=r"没有 .*contacts\.toml"):
        doctor.contacts(office, NOW)
    shutil.copy(ROOT / "plan" / "2025" / "contacts.example.toml", office.data / "contacts.toml")
    assert doctor.contacts(office, NOW).endswith("9 个旗县市区都有地址")


def test_the_mail_server_is_entered_and_nothing_is_sent(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (office.data / "contacts.toml").write_text('[operator]\naddresses = ["it@rsj.example"]\n', "utf-8")
    with PostOffice() as post_office:
        mail_account(monkeypatch, post_office)
        assert doctor.mail(office, NOW).endswith("告警寄给 it@rsj.example")
        assert post_office.taken == []


def test_a_mail_server_that_is_not_there_is_reported(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PostOffice() as post_office:
        mail_account(monkeypatch, post_office)
    with pytest.raises(CheckFailedError, match="连接："):
        doctor.mail(office, NOW)


def test_prefect_is_asked_only_where_it_runs(office: Settings) -> None:
    with pytest.raises(CheckFailedError, match="流程服务没有在运行"):
        doctor.prefect(office, NOW)
    for name in ("server", "worker"):
        processes.write(processes.file_of(office.engine, name), processes.this_process("http://127.0.0.1:9"))
    (found,) = [one for one in findings(office, NOW) if one.name == "流程"]
    assert not found.is_well and "没有应答" in found.sentence
