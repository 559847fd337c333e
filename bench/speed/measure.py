"""What a run costs (耗费): a child process on the wall, on the processor, in memory; one warm-up, then the median."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from typing import Any

from bench.speed.tree import watched

ROOT = Path(__file__).parents[2]
WORK = ROOT / "build" / "bench"
RIVALS = WORK / "site"  # the libraries that are compared with, none of them the product's


class ChildError(RuntimeError):
    """A child failed: the end of what it said."""

    def __init__(self, command: Sequence[str], said: str) -> None:
        super().__init__(f"{' '.join(command[-4:])} failed: {said[-1500:]}")


@dataclass(frozen=True)
class Cost:
    """Seconds on the wall and of processor (all processes of it), MB of its largest process, and what it said."""

    wall: float
    processor: float
    peak_mb: float
    said: Mapping[str, Any] = field(default_factory=dict)


def python(module: str, *arguments: object) -> list[str]:
    """The command that runs a module of this checkout."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def cost_of(
    command: Sequence[str], environ: Mapping[str, str] | None = None, whole_tree: bool = False
) -> Cost:
    """Run it to its end; `whole_tree` also looks for processes that their parents do not account for."""
    with TemporaryFile() as out, TemporaryFile() as err:
        began = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=err, env=_environ(environ or {}), cwd=ROOT)
        seen = watched(child.pid) if whole_tree else None
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        text = out.read().decode()
        if child.returncode:
            raise ChildError(command, text[-300:] + err.read().decode())
    processor, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    if seen:
        processor, peak = max(processor, seen().processor), max(peak, seen().largest_mb)
    return Cost(wall, processor, peak, _said(text))


def repeated(
    what: str,
    runs: int,
    once: Callable[[], Cost],
    before: Callable[[], None] = lambda: None,
    warm: bool = True,
) -> Cost:
    """The median of so many runs after one that warms up, a line of progress each."""
    costs = []
    for n in range(0 if warm else 1, runs + 1):
        before()
        cost = once()
        print(f"  {what}, {f'run {n}' if n else 'warm-up'}: {cost.wall:.2f} s, {cost.processor:.2f} s of processor, "
              f"{cost.peak_mb:.0f} MB", flush=True)  # fmt: skip
        costs += [cost] if n else []
    return middle(costs)


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each number; what else was said is the last one's."""
    said = dict(costs[-1].said)
    for name, value in said.items():
        if isinstance(value, float):
            said[name] = median(cost.said[name] for cost in costs)
    return Cost(*(median(getattr(c, name) for c in costs) for name in ("wall", "processor", "peak_mb")), said)


def clocked(does: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """For a child: what came of it, and its seconds on the wall and of processor, this process's own."""
    wall, processor = time.perf_counter(), time.process_time()
    found = does()
    return found, {"seconds": time.perf_counter() - wall, "processor": time.process_time() - processor}


def say(**numbers: object) -> None:
    """For a child: hand numbers to whoever measures it, on the last line."""
    print(json.dumps(numbers), flush=True)


def _said(text: str) -> dict[str, Any]:
    last = text.strip().rpartition("\n")[2]
    return dict(json.loads(last)) if last.startswith("{") else {}


def _environ(more: Mapping[str, str]) -> dict[str, str]:
    """No setting of whoever runs it, but this checkout, and the libraries compared with behind the product's own."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "DIAODU_"))}
    return own | {"PYTHONPATH": f"{ROOT}", "DO_NOT_TRACK": "1"} | dict(more)
