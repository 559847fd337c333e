"""docs/evidence/benchmark.md (速度表): a subject's table between its marks, the aims above, and on which machine."""

import os
import platform
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path

from bench.speed.measure import RIVALS, ROOT

PAGE = ROOT / "docs" / "evidence" / "benchmark.md"
LOOK_SECONDS, MOST_BY_OTHERS = 2, 0.3


def put(name: str, text: str) -> None:
    """Write a subject's part between its marks; the rest of the page stays as it is."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition(f"<!-- /{name} -->")
    if not end:
        raise ValueError(f"{PAGE.name} has no marks for {name}")
    PAGE.write_text(f"{before}<!-- {name} -->\n{text.strip()}\n{end}{after}", encoding="utf-8")


def part(name: str) -> str:
    """What stands between the marks now."""
    return (
        PAGE.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")[2].partition(f"<!-- /{name} -->")[0]
    )


def machine(others: float, *packages: str) -> str:
    """Date, machine and versions, without its name; how many of its cores others used just before."""
    cores, gigabytes = len(os.sched_getaffinity(0)), _memory_kb() / 2**20
    told = ", ".join(f"{name} {_version(name)}" for name in packages)
    return (
        f"*{date.today()}, {_processor()}, {cores} cores, {gigabytes:.0f} GB, Linux, Python "
        f"{platform.python_version()}; {told}. {_busy(others)}.*"
    )


def used_by_others() -> float:
    """How many cores are at work while we are not: looked at for two seconds."""
    before = _ticks()
    time.sleep(LOOK_SECONDS)
    return (_ticks() - before) / os.sysconf("SC_CLK_TCK") / LOOK_SECONDS


def is_quiet(others: float) -> bool:
    """Whether so little else was done that seconds on the wall mean something."""
    return others < MOST_BY_OTHERS


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table of Markdown, the first column to the left."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def s(seconds: float) -> str:
    """Seconds as people compare them: two digits that count."""
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s" if seconds < 100 else f"{seconds:.0f} s"


def times(one: float, other: float) -> str:
    """One as a multiple of the other."""
    ratio = one / other if other else 0.0
    return f"{ratio:.2f}×" if ratio < 2 else f"{ratio:.1f}×" if ratio < 20 else f"{ratio:.0f}×"


def _busy(others: float) -> str:
    if is_quiet(others):
        return f"A quiet machine: others used {others:.1f} cores when it began"
    return f"**Not a quiet machine**: others used {others:.1f} cores when it began. Trust the processor's seconds, not the wall's"


def _ticks() -> int:
    """Of all processors, spent on anything but waiting."""
    fields = list(map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]))
    return sum(fields[:8]) - fields[3] - fields[4]


def _version(name: str) -> str:
    if name in ("chromium", "soffice"):
        return _answer(name)
    try:
        return version(name)
    except PackageNotFoundError:
        found = {d.name: d.version for d in distributions(path=[str(RIVALS)])}
        return found.get(name, "not installed")


def _answer(program: str) -> str:
    if shutil.which(program) is None:
        return "not installed"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+(\.\d+)+", said)
    return found[0] if found else "?"


def _memory_kb() -> int:
    return int(re.findall(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[0])


def _processor() -> str:
    found = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return found[0].strip() if found else platform.machine()
