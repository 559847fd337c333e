"""A process is known for certain, and ended with all it started and nothing else."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from flows.operations import processes, services
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


def process_of(pid: int) -> processes.Process:
    return replace(processes.this_process(), pid=pid, began=processes._began(pid) or 0)


def test_this_process_is_found_again_by_its_file(tmp_path: Path) -> None:
    processes.write(tmp_path / "me", processes.this_process("http://127.0.0.1:4200"))
    found = processes.read(tmp_path / "me")
    assert found is not None and found.address == "http://127.0.0.1:4200" and found.memory_mib > 1


@pytest.mark.parametrize("change", [{"began": 1}, {"boot": "another"}, {"pid": 2**22}])
def test_a_number_that_passed_to_another_process_is_not_it(tmp_path: Path, change: dict[str, object]) -> None:
    processes.write(tmp_path / "me", replace(processes.this_process(), **change))
    assert processes.read(tmp_path / "me") is None


@pytest.mark.parametrize("torn", [b"", b'{"pid": 1', b"[]", b'{"pid": 1}'])
def test_a_torn_file_is_no_process(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / "me").write_bytes(torn)
    assert processes.read(tmp_path / "me") is None
    assert processes.read(tmp_path / "none") is None


def test_ending_one_ends_what_it_started_in_sessions_of_their_own_and_nothing_else() -> None:
    with started() as one, started() as other:
        family = processes.descendants(one.pid)
        bystanders = [process_of(other.pid), *processes.descendants(other.pid)]
        assert len(family) == 1 and len(bystanders) == 2
        processes.end(process_of(one.pid), 5)
        assert not any(member.is_alive for member in family)
        assert all(bystander.is_alive for bystander in bystanders)
        processes.end(bystanders[0], 5)
        assert not any(bystander.is_alive for bystander in bystanders)


def test_one_that_will_not_end_is_made_to() -> None:
    ignores = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(60)"
    with started(ignores) as stubborn:
        process = process_of(stubborn.pid)
        processes.end(process, 0.2)
        assert not process.is_alive


def test_what_one_starts_when_it_is_asked_to_end_ends_too() -> None:
    spawns = """
import signal, subprocess, sys, time
def spawn(*_):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
signal.signal(signal.SIGTERM, spawn)
print("on", flush=True)
while True:
    time.sleep(0.1)
"""
    with started(spawns) as parent:
        before = set(processes.descendants(os.getpid()))
        processes.end(process_of(parent.pid), 1)
        assert set(processes.descendants(os.getpid())) < before


def test_a_long_log_is_begun_anew_and_its_writer_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "LOG_BYTES", 10)
    office = Settings(data=tmp_path)
    office.logs.mkdir()
    log = office.logs / "worker.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"a line longer than ten bytes\n")
        services.truncate_logs(office)
        writer.write(b"next\n")
    assert log.read_bytes() == b"next\n"
    assert log.with_suffix(".log.1").read_bytes() == b"a line longer than ten bytes\n"
