"""What the command line says when nothing else can be said: on a disk that takes nothing, too."""

from pathlib import Path

import pytest

from flows.__main__ import _noted


def test_a_fault_on_a_disk_that_takes_nothing_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be", encoding="utf-8")
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path))
    assert _noted(ValueError("x")) == "详情也记不下来（File exists）：先检查磁盘和权限"
    (tmp_path / "logs").unlink()
    assert _noted(ValueError("x")).startswith("详情记在 ")
