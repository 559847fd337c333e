"""A simulated month, with files that go wrong, a day without the machine and a missing address."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.__main__ import cli
from flows.settings import Settings
from flows.simulation.checks import Check, CheckError, Checks
from flows.simulation.environment import FolderError, forbid_remote_connections, prepare


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An office of its own, with nothing in it yet."""
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path / "office"))
    return Settings()


@pytest.mark.proof
def test_every_check_holds_in_a_month_from_the_first_file_to_the_last_letter(
    office: Settings, tmp_path: Path
) -> None:
    before = dict(os.environ)
    done = CliRunner().invoke(cli, ["rehearse", "2025", "--months", "1", "--out", str(tmp_path / "year")])
    assert done.exit_code == 0, done.output
    output = done.output
    # Due on 5 February, the first working day after the festival; off on the 6th, made up for on the 7th.
    assert "2025-02-06 停机" in output and "2025-02-07 2025-01 月调度成文" in output
    for check in Check:
        assert f"{check.label} " in output
    assert "演练通过，检查全部成立" in output
    assert (tmp_path / "year" / "年度台账.xlsx").is_file()
    assert not office.data.exists()  # nothing of the office's own was touched
    assert dict(os.environ) == before


def test_a_folder_that_is_not_empty_is_left_alone(office: Settings, tmp_path: Path) -> None:
    (tmp_path / "工作笔记.txt").write_text("不要动", encoding="utf-8")
    with pytest.raises(FolderError, match="演练要用空文件夹"):
        prepare(office, 2025, ("2025-01",), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["工作笔记.txt"]


def test_a_check_that_fails_is_named() -> None:
    with pytest.raises(CheckError, match="检查“信不丢、不重、不错寄”（letters）：少一封"):
        Checks().require(Check.LETTERS, False, "少一封")


def test_a_connection_to_another_machine_ends_the_simulation() -> None:
    import socket

    with (
        forbid_remote_connections(Checks()),
        socket.socket() as line,
        pytest.raises(CheckError, match=r"要连接 192\.0\.2\.1"),
    ):
        line.connect(("192.0.2.1", 25))  # an address that is nobody's (RFC 5737); refused before it is tried


@pytest.mark.parametrize("wrong", ["3", "2-4", "1-13", "1-x", "0"])
def test_months_begin_with_january(office: Settings, wrong: str) -> None:
    done = CliRunner().invoke(cli, ["rehearse", "2025", "--months", wrong])
    assert done.exit_code == 2 and "从1月起" in done.output
