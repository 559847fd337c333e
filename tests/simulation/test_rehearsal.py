"""The short rehearsal: a month with files that go wrong, a machine off and a missing address."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.__main__ import cli
from flows.settings import Settings
from flows.simulation.check import Check, CheckError, Checks
from flows.simulation.environment import FolderError, prepared, watched_lines


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An office of its own, with nothing in it yet."""
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path / "office"))
    return Settings()


@pytest.mark.proof
def test_a_month_holds_from_the_first_file_to_the_last_letter(office: Settings, tmp_path: Path) -> None:
    before = dict(os.environ)
    done = CliRunner().invoke(cli, ["rehearse", "2025", "--months", "1", "--out", str(tmp_path / "year")])
    assert done.exit_code == 0, done.output
    said = done.output
    # Due on 5 February, the first working day after the festival; off on the 6th, caught up on the 7th.
    assert "2025-02-06 停机" in said and "2025-02-07 2025-01 月调度成文" in said
    for check in Check:
        assert f"{check.label} " in said
    assert "演练通过，检查全部成立" in said
    assert (tmp_path / "year" / "年度台账.xlsx").is_file()
    assert not office.data.exists()  # nothing of the office's own was touched
    assert dict(os.environ) == before


def test_a_folder_with_anything_in_it_is_left_alone(office: Settings, tmp_path: Path) -> None:
    (tmp_path / "工作笔记.txt").write_text("不要动", encoding="utf-8")
    with pytest.raises(FolderError, match="演练要用空文件夹"):
        prepared(office, 2025, ("2025-01",), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["工作笔记.txt"]


def test_a_check_that_fails_is_named() -> None:
    with pytest.raises(CheckError, match="检查“信不丢、不重、不错寄”（letters）：少一封"):
        Checks().must(Check.LETTERS, False, "少一封")


def test_a_line_to_another_machine_ends_the_rehearsal() -> None:
    import socket

    with (
        watched_lines(Checks()),
        socket.socket() as line,
        pytest.raises(CheckError, match=r"要连接 192\.0\.2\.1"),
    ):
        line.connect(("192.0.2.1", 25))  # an address that is nobody's (RFC 5737); refused before it is tried


@pytest.mark.parametrize("wrong", ["3", "2-4", "1-13", "1-x", "0"])
def test_months_are_told_from_january_on(office: Settings, wrong: str) -> None:
    done = CliRunner().invoke(cli, ["rehearse", "2025", "--months", wrong])
    assert done.exit_code == 2 and "从1月起" in done.output
