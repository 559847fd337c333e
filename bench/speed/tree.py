"""A process with all that it started (进程树): processor time and memory, also of children nobody waits for."""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

EVERY_SECONDS = 0.05
_TICKS, _PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Seen:
    """Seconds of processor of the whole tree, and MB of its largest process; as of the last look."""

    processor: float
    largest_mb: float


def watched(root: int) -> Callable[[], Seen]:
    """Look at the tree below a process until it ends; what is returned tells what was seen."""
    ticks: dict[int, int] = {}
    largest: dict[int, int] = {}
    ended = threading.Event()

    def look() -> None:
        while Path(f"/proc/{root}").exists() and not ended.wait(EVERY_SECONDS):
            for pid in _below(root):
                if numbers := _numbers(pid):
                    ticks[pid] = numbers[0]
                    largest[pid] = max(largest.get(pid, 0), numbers[1])

    looking = threading.Thread(target=look, daemon=True)
    looking.start()

    def seen() -> Seen:
        ended.set()
        looking.join()
        return Seen(sum(ticks.values()) / _TICKS, max(largest.values(), default=0) * _PAGE / 2**20)

    return seen


def _below(root: int) -> list[int]:
    """The process and all below it; a few may be missed while they come and go."""
    found, rest = [], [root]
    while rest:
        pid = rest.pop()
        found.append(pid)
        try:
            for thread in Path(f"/proc/{pid}/task").iterdir():
                rest += map(int, (thread / "children").read_text().split())
        except OSError:
            continue
    return found


def _numbers(pid: int) -> tuple[int, int] | None:
    """Ticks of processor and pages in memory; None where it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[11]) + int(fields[12]), int(fields[21])
