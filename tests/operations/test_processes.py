"""A process is known for certain, and ended with all it started and nothing else."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from flows.operations import processes
from flows.operations import service_processes as serving
from flows.settings import Settings

SLEEPER = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
print("on", flush=True)
time.sleep(60)
"""


def started(code: str = SLEEPER) -> "subprocess.Popen[str]":
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None and child.stdout.readline() == "on\n"
    return child


def known(pid: int) -> processes.Process:
    found = processes._process(pid)
    assert found is not None
    return found


def test_this_process_is_found_again_by_its_file(tmp_path: Path) -> None:
    processes.note(tmp_path / "me", processes.me("http://127.0.0.1:4200"))
    found = processes.alive(tmp_path / "me")
    assert found is not None and found.address == "http://127.0.0.1:4200" and found.memory_mib > 1


@pytest.mark.parametrize("change", [{"began": 1}, {"boot": "another"}, {"pid": 2**22}])
def test_a_number_that_passed_to_another_process_is_not_it(tmp_path: Path, change: dict[str, object]) -> None:
    processes.note(tmp_path / "me", replace(processes.me(), **change))
    assert processes.alive(tmp_path / "me") is None


@pytest.mark.parametrize("torn", [b"", b'{"pid": 1', b"[]", b'{"pid": 1}'])
def test_a_torn_file_is_no_process(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / "me").write_bytes(torn)
    assert processes.alive(tmp_path / "me") is None
    assert processes.alive(tmp_path / "none") is None


def test_ending_one_ends_what_it_started_in_sessions_of_their_own_and_nothing_else() -> None:
    one, other = started(), started()
    family = [known(pid) for pid in processes.descendants(one.pid)]
    bystanders = [known(pid) for pid in (other.pid, *processes.descendants(other.pid))]
    assert len(family) == 1 and len(bystanders) == 2
    processes.end(known(one.pid), 5)
    one.communicate()
    assert not any(member.is_alive for member in family)
    assert all(bystander.is_alive for bystander in bystanders)
    processes.end(bystanders[0], 5)
    other.communicate()


def test_one_that_will_not_end_is_made_to() -> None:
    stubborn = started(
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(60)"
    )
    processes.end(known(stubborn.pid), 0.2)
    stubborn.communicate()
    assert stubborn.returncode == -9


def test_a_long_log_is_begun_anew_and_its_writer_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "LOG_BYTES", 10)
    office = Settings(data=tmp_path)
    office.logs.mkdir()
    log = office.logs / "worker.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"a line longer than ten bytes\n")
        serving.shorten(office)
        writer.write(b"next\n")
    assert log.read_bytes() == b"next\n"
    assert log.with_suffix(".log.1").read_bytes() == b"a line longer than ten bytes\n"
