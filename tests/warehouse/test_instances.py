"""Files attached to DuckDB instances that are used again."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows.warehouse import instances


def opens_elsewhere(path: Path) -> bool:
    program = f"import duckdb; duckdb.connect({str(path)!r})"
    return not subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode


def test_a_second_file_is_attached_to_the_instance_that_the_first_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instances.close(tmp_path / "a", instances.connect(tmp_path / "a", read_only=False))
    monkeypatch.setattr(duckdb, "connect", lambda **_: pytest.fail("another instance was started"))
    second = instances.connect(tmp_path / "b", read_only=False)
    assert second.execute("select count(*) from duckdb_tables()").fetchall() == [(0,)]
    instances.close(tmp_path / "b", second)


def test_connections_to_one_file_see_the_same_rows_and_the_last_lets_it_go(tmp_path: Path) -> None:
    path = tmp_path / "a"
    first, second = (instances.connect(path, read_only=False) for _ in range(2))
    first.execute("create table t as select 7 as n")
    instances.close(path, first)
    assert second.execute("select n from t").fetchall() == [(7,)]
    assert not opens_elsewhere(path)
    instances.close(path, second)
    assert opens_elsewhere(path)


def test_a_damaged_file_leaves_others_usable(tmp_path: Path) -> None:
    good = instances.connect(tmp_path / "good", read_only=False)
    (tmp_path / "damaged").write_bytes(b"not a database" * 1000)
    with pytest.raises(duckdb.Error):
        instances.connect(tmp_path / "damaged", read_only=False)
    assert good.execute("select 1").fetchall() == [(1,)]
    instances.close(tmp_path / "good", good)
    reopened = instances.connect(tmp_path / "good", read_only=True)
    instances.close(tmp_path / "good", reopened)


def test_a_file_in_use_for_writing_is_not_opened_for_reading_alone(tmp_path: Path) -> None:
    writer = instances.connect(tmp_path / "a", read_only=False)
    with pytest.raises(duckdb.ConnectionException, match="other mode"):
        instances.connect(tmp_path / "a", read_only=True)
    instances.close(tmp_path / "a", writer)
