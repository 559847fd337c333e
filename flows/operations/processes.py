"""Processes of our services: one file a service, with the pid of its process, its start time and the boot id.

A pid alone may be reused; together with start time and boot it identifies one process.
"""

import json
import os
import signal
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.files import write_whole

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
KILL_SECONDS = 30  # a killed process may still wait for a disk


@dataclass(frozen=True, slots=True)
class Process:
    """A process: its pid, its start (clock ticks since boot), the boot id, and the address it serves, if any."""

    pid: int
    began: int
    boot: str
    address: str = ""

    @property
    def is_alive(self) -> bool:
        """Whether this process still runs; a zombie does not."""
        return self.boot == _boot() and _began(self.pid) == self.began

    @property
    def memory_mib(self) -> float:
        """Resident memory of the process and its descendants, MiB."""
        pages = sum(int((_stat(one.pid) or ["0"] * 22)[21]) for one in (self, *descendants(self.pid)))
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def file_of(home: Path, service: str) -> Path:
    """The file of a service's process; `home` is data/prefect."""
    return home / f"{service}.process.json"


def this_process(address: str = "") -> Process:
    """This process; its identity survives exec."""
    return Process(os.getpid(), _began(os.getpid()) or 0, _boot(), address)


def write(file: Path, process: Process) -> None:
    """Write the file."""
    write_whole(file, json.dumps(asdict(process)).encode())


def read(file: Path) -> Process | None:
    """The process of that file if it still runs; None for a missing, stale or torn file."""
    try:
        process = Process(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return process if process.is_alive else None


def end(process: Process, term_seconds: float) -> None:
    """Terminate it, after `term_seconds` kill it and all its descendants, and return when all of them are gone.

    Children of this process are reaped. Descendants started meanwhile are found, too.
    """
    family = {process, *descendants(process.pid)}
    _signal(process, signal.SIGTERM)
    until = time.monotonic() + term_seconds
    while process.is_alive and time.monotonic() < until:
        family |= set(descendants(process.pid))
        time.sleep(0.05)
    until = time.monotonic() + KILL_SECONDS
    while (alive := [one for one in family if one.is_alive]) and time.monotonic() < until:
        for one in alive:
            family |= set(descendants(one.pid))
            _signal(one, signal.SIGKILL)
        time.sleep(0.02)
    for one in family:
        with suppress(ChildProcessError):  # not a child of ours: its own parent, or init, reaps it
            os.waitpid(one.pid, os.WNOHANG)


def descendants(pid: int) -> list[Process]:
    """Its children, their children and so on."""
    processes = {int(p.name): _stat(int(p.name)) for p in Path("/proc").iterdir() if p.name.isdigit()}
    found, generation = [], {pid}
    while generation:
        generation = {child for child, stat in processes.items() if stat and int(stat[1]) in generation}
        found += [
            Process(child, began, _boot()) for child in generation if (began := _began(child)) is not None
        ]
    return found


def _signal(process: Process, number: int) -> None:
    if process.is_alive:
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)


def _stat(pid: int) -> list[str]:
    """/proc/<pid>/stat after the name, which may itself hold spaces and brackets; empty for none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _began(pid: int) -> int | None:
    stat = _stat(pid)
    return int(stat[19]) if stat and stat[0] not in "ZX" else None


def _boot() -> str:
    return BOOT_ID.read_text(encoding="ascii").strip()
