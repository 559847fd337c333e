"""Files that are whole or absent, and what a killed writer leaves beside them."""

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from flows.clock import BEIJING
from flows.files import sweep, write_whole

KILLED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from flows.files import write_whole

def killed(number):
    print(os.getpid(), flush=True)
    os.kill(os.getpid(), signal.SIGSTOP if sys.argv[2] == "stop" else signal.SIGKILL)

os.fsync = killed
write_whole(Path(sys.argv[1]), b"half")
"""


def writer(path: Path, fate: str) -> subprocess.Popen[str]:
    """A process that is killed or stopped when its file is written aside and not yet in its place."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED_WHILE_WRITING, str(path), fate], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    process.stdout.readline()
    return process


def test_what_a_killed_writer_left_is_swept_up(tmp_path: Path) -> None:
    with writer(tmp_path / "below" / "receipt.txt", "kill") as process:
        process.wait()
    assert len([*tmp_path.rglob(".*.part")]) == 1
    assert sweep(tmp_path) == 1
    assert [*tmp_path.rglob("*.*")] == []


def test_what_somebody_still_writes_stays(tmp_path: Path) -> None:
    with writer(tmp_path / "receipt.txt", "stop") as process:
        try:
            assert sweep(tmp_path, datetime.now(BEIJING) + timedelta(days=9)) == 0
            assert len([*tmp_path.glob(".*.part")]) == 1
        finally:
            process.kill()
    assert sweep(tmp_path) == 1


def test_what_another_machine_left_stays_until_it_is_old(tmp_path: Path) -> None:
    left = tmp_path / ".receipt.txt.0123abcd-1.part"  # process 1 lives here, too: it says nothing of theirs
    earlier = tmp_path / ".receipt.txt.999999999.part"  # as an earlier version of the program named it
    for one in (left, earlier):
        one.write_bytes(b"half")
        os.utime(one, (time.time() - 3600, time.time() - 3600))
    now = datetime.now(BEIJING)
    assert sweep(tmp_path) == sweep(tmp_path, now - timedelta(hours=2)) == 0
    assert sweep(tmp_path, now - timedelta(minutes=30)) == 2


def test_a_file_of_anybody_else_stays_whatever_it_is_called(tmp_path: Path) -> None:
    for name in ("月报.xlsx.part", ".月报.xlsx.part", "x.1.part", ".1.part"):
        (tmp_path / name).write_bytes(b"theirs")
    assert sweep(tmp_path, datetime.now(BEIJING) + timedelta(days=1)) == 0
    assert len([*tmp_path.iterdir()]) == 4


def test_a_file_written_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "new" / "file", b"1")
    write_whole(tmp_path / "new" / "file", b"2")
    assert [(p.name, p.read_bytes()) for p in (tmp_path / "new").iterdir()] == [("file", b"2")]
