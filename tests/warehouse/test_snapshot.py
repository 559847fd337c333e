"""Readers read what was last written, whoever has the warehouse open, and wait for nobody."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from flows.office import Office
from flows.settings import Settings
from flows.warehouse import snapshots
from flows.warehouse.connection import Warehouse
from flows.warehouse.events import BY_NOBODY

AT = datetime(2025, 7, 8, 17, 30)
WRITER = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from flows.warehouse import snapshots
from flows.warehouse.connection import Warehouse
from flows.warehouse.events import BY_NOBODY

def answer(number):
    return "answer", {"question_number": f"2506-{number:08}", "answered_at": datetime(2025, 7, 8), "answer": "已核实",
                      "answered_by": None, **BY_NOBODY}

path, task = Path(sys.argv[1]), sys.argv[2]
if task == "hold":
    with Warehouse(path) as warehouse:
        print("open", flush=True)
        sys.stdin.read()
if task == "write":
    for number in range(1, 21):
        with Warehouse(path) as warehouse:
            warehouse.append([answer(number)])
        print(number, flush=True)
if task == "die":
    snapshots.publish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    with Warehouse(path) as warehouse:
        warehouse.append([answer(99)])
"""


@contextmanager
def writer(path: Path, task: str) -> Iterator["subprocess.Popen[str]"]:
    """A process of its own: it holds the warehouse until its input ends, writes twenty answers, or dies in between."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), task], stdin=-1, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.communicate()


def answers(path: Path) -> int:
    with Warehouse.snapshot(path) as warehouse:
        count: int = warehouse.introspect("table_digest", name="answer")["row_count"].item()
    return count


def book(path: Path, number: int) -> None:
    row = {"question_number": f"2505-{number:08}", "answered_at": AT, "answer": "已核实", "answered_by": None}
    row |= BY_NOBODY
    with Warehouse(path) as warehouse:
        warehouse.append([("answer", row)])


def test_a_reader_waits_for_nobody_and_sees_what_was_last_written(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    book(path, 1)
    with writer(path, "hold") as process:
        assert process.stdout and process.stdout.readline() == "open\n"
        assert answers(path) == 1
        with Warehouse.snapshot(path), Warehouse.snapshot(path):  # several readers at once
            assert answers(path) == 1


def test_a_reader_never_sees_less_than_a_write_that_has_returned(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    book(path, 1)
    with writer(path, "write") as process:
        assert process.stdout
        for line in process.stdout:
            assert answers(path) >= 1 + int(line)  # one before, and as many as the writer has told of
    assert answers(path) == 21
    copies = [p.name for p in snapshots.folder_of(path).iterdir()]
    assert len(copies) == 3  # the present one, the one before, and the name that points to the present one


def test_a_crash_between_a_write_and_its_copy_is_repaired_at_the_next_opening(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    book(path, 1)
    with writer(path, "die") as process:
        process.wait()
    assert process.returncode == -9
    assert answers(path) == 1  # the write had not returned
    Warehouse(path).close()
    assert answers(path) == 2


def test_without_a_copy_the_warehouse_itself_is_read_and_publishes_one(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    Warehouse(path, publishes=False).close()
    assert snapshots.published(path) == ""
    assert answers(path) == 0
    assert snapshots.published(path)


def test_a_copy_of_other_tables_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    book(path, 1)
    present = snapshots.published(path)
    snapshots.publish(path, "1-0123456789ab-0-1")
    assert answers(path) == 1
    assert snapshots.published(path) == present


def test_nothing_written_publishes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    book(path, 1)
    copy = snapshots.folder_of(path) / snapshots.published(path)
    before = copy.stat().st_ino
    Warehouse(path).close()
    assert answers(path) == 1
    assert copy.stat().st_ino == before


def test_where_no_copy_can_be_made_none_is_left_that_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.duckdb"
    book(path, 1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshots, "publish", full)
    book(path, 2)
    assert snapshots.published(path) == ""
    assert answers(path) == 2


def test_the_office_reads_beside_another_program_that_writes(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    office = Office(settings)
    with office.warehouse():
        pass
    with writer(settings.warehouse, "hold") as process:
        assert process.stdout and process.stdout.readline() == "open\n"
        started = time.monotonic()
        assert office.letters() == () and office.issued() == ()
        assert time.monotonic() - started < 300  # the lock itself would be waited for 900 seconds
