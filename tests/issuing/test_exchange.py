"""What other systems fetch: the exchange folder, the notify hook; and what is still being copied into the inbox."""

import json
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from flows.issuing.notify import notify
from flows.office import Office
from flows.settings import Settings
from flows.warehouse.raw import waiting
from tests.issuing.mail.outgoing import issue, own_contacts


def test_an_issued_document_lies_in_the_exchange_folder_with_what_an_archive_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIAODU_CONTACTS", str(own_contacts(tmp_path)))
    desk = Office(Settings(data=tmp_path / "data"), lambda: datetime(2025, 7, 8, 18, 0))
    document = issue(desk.settings, 6, "2025-06/quarterly_analysis")
    desk.delivery.queue_missing()
    assert [one.number for one in desk.write_exchange()] == [document.number] and desk.write_exchange() == []
    folder = desk.settings.data / "exchange" / document.number
    about = json.loads((folder / "metadata.json").read_text("utf-8"))
    assert (
        about["文号"] == "通人社发〔2025〕6号"
        and about["成文日期"] == "2025-07-08"
        and about["保管期限"] == "10年"
    )
    assert about["主送"] == ["市人民政府办公室"] and "市委办公室" in about["抄送"]
    assert {one["名称"] for one in about["文件"]} == {
        p.name for p in folder.iterdir() if p.suffix in (".pdf", ".xlsx")
    }
    root = ET.parse(folder / "metadata.xml").getroot()  # our own file
    assert root.findtext("题名") == document.title and len(root.findall("文件")) == 2


def test_sample_data_are_not_laid_out_for_other_systems(tmp_path: Path) -> None:
    desk = Office(Settings(data=tmp_path / "data"))
    issue(desk.settings, 6, is_sample=True)
    assert desk.write_exchange() == []


def test_the_offices_own_command_is_told_what_is_new_once(tmp_path: Path) -> None:
    heard = tmp_path / "heard.json"
    command = ("/bin/sh", "-c", f"cat >> {heard}")
    news = {"issued": ["已办：通报"], "late": [], "waiting": ["待审核：2025-06/monthly_dispatch"]}
    assert notify(command, news, tmp_path) == notify(command, news, tmp_path) == ""
    assert json.loads(heard.read_text("utf-8"))["text"] == "已办：通报\n待审核：2025-06/monthly_dispatch"
    assert notify(("/bin/sh", "-c", "echo 群里不收 >&2; exit 3"), {"late": ["x"]}, tmp_path) == (
        "通知命令 /bin/sh 没有成功（退出码 3）：群里不收"
    )
    assert "运行不了" in notify((str(tmp_path / "none"),), {"late": ["x"]}, tmp_path)


def test_a_file_that_is_still_being_copied_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "开鲁县"
    folder.mkdir()
    whole, partial = folder / "6月.xlsx", folder / "7月.xlsx"
    whole.write_bytes(b"PK")
    (folder / "8月.xlsx.part").write_bytes(b"PK")
    with partial.open("wb") as copying:
        copying.write(b"PK")
        copying.flush()
        assert waiting(tmp_path) == [whole]
    assert waiting(tmp_path) == [whole, partial]
