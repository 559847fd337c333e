"""A warehouse file that a disk spoilt: told as such, with what to do, wherever the damage shows."""

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from flows.warehouse.connection import Warehouse, WarehouseError


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A file of several blocks: a few hundred refused reports with long names."""
    path = tmp_path / "w.duckdb"
    with Warehouse(path) as opened, opened.transaction():
        for number in range(400):
            opened.add(
                "submission", submission_id=number, file_sha256=f"{number:064}", part_reporter="",
                received_at=datetime(2025, 2, 1), file_name="名" * 200, origin_kind="inbox", origin_name="",
                status="refused", reporter=None, month=None, is_sample=False, refusal="读不出来",
            )  # fmt: skip
    return path


def noise(length: int) -> bytes:
    return random.Random(2025).randbytes(length)


@pytest.mark.parametrize(
    ("how", "spoil"),
    [
        ("cut short", lambda good: good[: len(good) // 3]),
        ("empty", lambda good: b""),
        ("its head overwritten", lambda good: noise(4096) + good[4096:]),
        ("all but its head overwritten", lambda good: good[:12288] + noise(len(good) - 12288)),
    ],
)
def test_a_damaged_file_is_told_with_the_way_to_make_it_anew(
    warehouse: Path, how: str, spoil: Callable[[bytes], bytes]
) -> None:
    spoilt = spoil(warehouse.read_bytes())
    warehouse.write_bytes(spoilt)
    with pytest.raises(WarehouseError, match="diaodu rebuild"), Warehouse(warehouse) as opened:
        opened.faults()
    assert warehouse.read_bytes() == spoilt, how  # looked at, never written to


def test_what_is_no_fault_of_the_file_is_not_told_as_one(warehouse: Path) -> None:
    with pytest.raises(Exception, match="no_such_table"), Warehouse(warehouse) as opened:
        opened._connection.execute("select * from no_such_table").complete()


def test_a_full_disk_is_told_as_one(warehouse: Path) -> None:
    """What DuckDB says at a commit on a disk that is full."""
    said = 'TransactionContext Error: Failed to commit: Could not write file "w.wal": No space left on device'
    with pytest.raises(WarehouseError, match="磁盘满了"), Warehouse(warehouse):
        raise duckdb.TransactionException(said)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('IO Error: Cannot open file "w.duckdb": Read-only file system', "磁盘是只读的"),
        ('IO Error: Cannot open file "w.duckdb": Permission denied', "没有权限读写"),
    ],
)
def test_a_disk_or_rights_that_forbid_writing_are_no_fault_of_the_file(
    warehouse: Path, said: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_path: Path, *, read_only: bool) -> None:
        raise duckdb.IOException(said)

    monkeypatch.setattr(duckdb, "connect", refused)
    with pytest.raises(WarehouseError, match=f"{told}.*数据没有坏") as caught:
        Warehouse(warehouse)
    assert "rebuild" not in str(caught.value)
    monkeypatch.undo()
    with pytest.raises(WarehouseError, match=told), Warehouse(warehouse):
        raise duckdb.IOException(said)  # noticed later, at a statement
