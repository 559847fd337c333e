"""Processes that this program started (进程): a file a process, with its number and when it began.

A number alone may long belong to somebody else; with the moment of its beginning and the machine's boot it names
one process for ever.
"""

import json
import os
import signal
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.files import write_whole

BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Process:
    """A process: its number, when it began (clock ticks since the machine's boot), which boot, its address if any."""

    pid: int
    began: int
    boot: str
    address: str = ""

    @property
    def is_alive(self) -> bool:
        """Whether this very process still runs; a zombie has ended."""
        return self.boot == _boot() and _began(self.pid) == self.began

    @property
    def memory_mib(self) -> float:
        """What it and its children hold in memory (RSS), MiB."""
        return (
            sum(_rss_pages(pid) for pid in (self.pid, *descendants(self.pid)))
            * os.sysconf("SC_PAGE_SIZE")
            / 2**20
        )


def file_of(home: Path, service: str) -> Path:
    """Where the process of a service is written down; `home` is data/prefect."""
    return home / f"{service}.process.json"


def me(address: str = "") -> Process:
    """This process; it stays the same through exec."""
    return Process(os.getpid(), _began(os.getpid()) or 0, _boot(), address)


def note(file: Path, process: Process) -> None:
    """Write it down."""
    write_whole(file, json.dumps(asdict(process)).encode())


def alive(file: Path) -> Process | None:
    """The process of that file if it still runs; a stale or torn file is none."""
    try:
        process = Process(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return process if process.is_alive else None


def end(process: Process, patience_seconds: float) -> None:
    """Ask it to end, then make it, and with it every process it started; nothing else is touched."""
    family = [found for pid in descendants(process.pid) if (found := _process(pid)) is not None]
    if process.is_alive:
        os.kill(process.pid, signal.SIGTERM)
    until = time.monotonic() + patience_seconds
    while process.is_alive and time.monotonic() < until:
        time.sleep(0.05)
    for one in (process, *family):
        if one.is_alive:
            with suppress(ProcessLookupError):
                os.kill(one.pid, signal.SIGKILL)


def descendants(pid: int) -> list[int]:
    """Children, their children and so on."""
    parents = {int(p.name): _parent(int(p.name)) for p in Path("/proc").iterdir() if p.name.isdigit()}
    found, generation = [], {pid}
    while generation:
        generation = {child for child, parent in parents.items() if parent in generation}
        found += sorted(generation)
    return found


def _process(pid: int) -> Process | None:
    began = _began(pid)
    return None if began is None else Process(pid, began, _boot())


def _fields(pid: int) -> list[str]:
    """/proc/<pid>/stat after the name, which may itself hold spaces and brackets; empty for none."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return []


def _began(pid: int) -> int | None:
    fields = _fields(pid)
    return int(fields[19]) if fields and fields[0] not in "ZX" else None


def _parent(pid: int) -> int:
    fields = _fields(pid)
    return int(fields[1]) if fields else 0


def _rss_pages(pid: int) -> int:
    fields = _fields(pid)
    return int(fields[21]) if fields else 0


def _boot() -> str:
    return BOOT.read_text(encoding="ascii").strip()
