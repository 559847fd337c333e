"""Where things are: given, or from the environment, or from the file, or as the checkout has it."""

from dataclasses import replace
from pathlib import Path

import pytest

from flows import settings as places
from flows.settings import ROOT, SettingError, Settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch, tmp_path):
    for name in ("DATA", "PLAN", "BACKUPS", "PORT", "PROCESSES", "PREFECT_DATABASE", "DASK"):
        monkeypatch.delenv(f"DIAODU_{name}", raising=False)
    monkeypatch.setattr(places, "FILE", tmp_path / ".env")


def test_without_a_word_the_data_lie_in_the_checkout():
    assert Settings().data == ROOT / "data"
    assert (Settings().port, Settings().plan, Settings().processes) == (4200, None, None)


def test_the_environment_speaks_louder_than_the_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text(
        "DIAODU_DATA=/of/the/file\nDIAODU_PORT='4300' # a note\nOTHER=1\n", encoding="utf-8"
    )
    monkeypatch.setenv("DIAODU_DATA", "/of/the/environment")

    assert Settings().data == Path("/of/the/environment")
    assert Settings().port == 4300


def test_a_folder_is_whole_however_it_is_given(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIAODU_BACKUPS", "../backups")

    assert Settings(data=Path("here")).data == tmp_path / "here"
    assert Settings().backups == tmp_path / "../backups"


def test_an_empty_word_is_none(monkeypatch):
    monkeypatch.setenv("DIAODU_PLAN", "")
    monkeypatch.setenv("DIAODU_DASK", "")

    assert (Settings().plan, Settings().dask) == (None, None)


@pytest.mark.parametrize("written", ["0", "-1", "two", "4.5", "65536"])
def test_a_number_that_is_none_is_refused_in_words(monkeypatch, written):
    monkeypatch.setenv("DIAODU_PROCESSES", written)

    with pytest.raises(SettingError, match=f"DIAODU_PROCESSES 应为1 到 65535 的整数，写的是“{written}”"):
        Settings()


def test_another_place_finds_its_own_plans(tmp_path):
    office = Settings(data=tmp_path)
    before = office.plan_folders

    assert replace(office, plan=tmp_path).plan_folders == (tmp_path,)
    assert office.plan_folders == before


def test_the_database_with_its_password_is_not_shown():
    assert "secret" not in repr(Settings(prefect_database="postgresql+asyncpg://me:secret@host/prefect"))
