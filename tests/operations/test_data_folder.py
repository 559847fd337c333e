"""A data folder is made on purpose, mended where that loses nothing, and never taken for a new one."""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.office import Office
from flows.operations import data_folder
from flows.operations.backup.archive import Member, read
from flows.operations.backup.create import back_up
from flows.operations.backup.rebuild import rebuild
from flows.operations.content import checksum_file, damaged_files
from flows.operations.data_folder import NoOfficeError, ensure
from flows.operations.inventory import present
from flows.plan.agenda import Present
from flows.plan.load import plans
from flows.settings import ROOT, Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.fingerprint import fingerprint
from flows.warehouse.questions import LONG_AFTER, open_questions
from tests.staff import actor

NOW = datetime(2025, 7, 21, 9, 0)


def test_an_empty_folder_is_no_office_until_it_is_made_one(tmp_path: Path) -> None:
    settings, said = Settings(data=tmp_path / "data"), list[str]()
    with pytest.raises(NoOfficeError, match="里没有数据。确认要在这里新建的，运行 diaodu init"):
        ensure(settings, NOW, said.append)
    assert not settings.data.exists()
    ensure(settings, NOW, said.append, is_reading=True)
    assert said == [f"注意：{settings.data} 里没有数据。{data_folder.INIT}"]
    said.clear()
    assert data_folder.init(settings, NOW)
    assert not data_folder.init(settings, NOW)
    ensure(settings, NOW, said.append)
    assert said == []


def test_the_folders_of_a_checkout_are_empty_and_init_closes_them(tmp_path: Path) -> None:
    """A checkout brings data/raw and data/warehouse with a README each, readable by everybody."""
    settings = Settings(data=tmp_path / "data")
    for folder in ("raw", "warehouse"):
        (settings.data / folder).mkdir(parents=True)
        shutil.copy(ROOT / "data" / folder / "README.md", settings.data / folder)
    settings.data.chmod(0o755)
    assert data_folder.is_empty(settings)
    assert present(settings, plans(settings)) == Present() and [*damaged_files(settings)] == []
    assert data_folder.init(settings, NOW)
    assert settings.data.stat().st_mode & 0o777 == 0o700
    assert Office(settings, lambda: NOW).ingest() == []
    made = rebuild(settings, NOW)
    assert made.files == 0 and made.is_in_force
    old = (NOW - timedelta(days=2)).timestamp()
    os.utime(settings.raw / "README.md", (old, old))
    backup = back_up(settings, NOW)
    names = [one.name for one in read(backup.path) if isinstance(one, Member)]
    assert not [name for name in names if name.endswith("README.md")]
    assert not checksum_file(settings).exists()  # no file that never changes


def test_workbooks_named_on_the_command_line_begin_an_office_and_say_so(tmp_path: Path) -> None:
    settings, said = Settings(data=tmp_path / "data"), list[str]()
    ensure(settings, NOW, said.append, is_beginning=True)
    assert [line.partition("，")[0] for line in said] == [f"注意：{settings.data} 里没有数据"]
    assert data_folder.marker(settings).is_file()
    ensure(settings, NOW, pytest.fail, is_beginning=True)  # nothing is said of a folder that is an office's


def test_a_folder_without_its_ledgers_is_not_taken_for_a_new_one(office: Settings) -> None:
    data_folder.init(office, NOW)
    shutil.rmtree(office.warehouse.parent)
    with pytest.raises(NoOfficeError, match=r"里有存件、回执，却没有台账流水和数据库，.*从备份恢复"):
        ensure(office, NOW, lambda _: None)


def test_a_warehouse_that_is_missing_is_made_from_files_and_journal_and_said(office: Settings) -> None:
    with Warehouse(office.warehouse, office.journal) as warehouse:
        question = open_questions(warehouse, "2025-01", "2025-12", LONG_AFTER)[0]
    Office(office, lambda: NOW).answer(
        question.number, "市场监管部门分批移交登记名单", actor(office), "就业股"
    )
    with Warehouse(office.warehouse, office.journal) as warehouse:
        before = fingerprint(warehouse)
    shutil.rmtree(office.warehouse.parent)
    said = list[str]()
    ensure(office, NOW, said.append)
    assert said[0] == "数据库没有了，由存件和台账流水重建：" and said[-1] == "已启用新库"
    with Warehouse(office.warehouse, office.journal) as warehouse:
        assert fingerprint(warehouse) == before
    ensure(office, NOW, pytest.fail)
