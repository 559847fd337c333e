"""The month: from the reporters' workbooks to every PDF, with an office's server, with a private one, without Prefect.

As four commands, and as one run of all four flows, which is how the schedule has them.
"""

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from bench.speed.measure import WORK, Cost, cost_of, middle, python
from bench.speed.office_server import serving
from bench.speed.page import s, table
from bench.speed.tree import processor_of

PACKAGES = ("prefect", "weasyprint", "polars", "duckdb")
COMMANDS = {
    "intake": ("intake",),
    "monthly": ("monthly", "2025-06"),
    "sheets": ("monthly", "2025-06", "--all-counties"),
    "notices": ("notices", "2025-06", "--on", "2025-07-08"),
}
SAID = {
    "intake": "`intake`: {workbooks} workbooks read, checked, kept, answered",
    "monthly": "`monthly`: the bulletin",
    "sheets": "`monthly --all-counties`: nine 反馈单, on all cores",
    "notices": "`notices`: 提醒 and 催办 due on 8 July",
}
IN_ONE = "in_one"
KEPT = {"prefect", "logs", "server.log"}  # of the server, which runs on
Costs = dict[str, Cost]
Once = Callable[[str], Cost]


def measure(runs: int, full: bool) -> tuple[str, Mapping[str, float]]:
    """The table, and what the aims ask: the month with a server running, and Prefect's share of it."""
    del full
    office, data = _office(), WORK / "month"
    workbooks = cost_of(python("bench.speed.month_office"), {"DIAODU_DATA": str(office)}).said["workbooks"]
    at = {"DIAODU_DATA": str(data)}
    plain = _months(
        "without Prefect", runs, office, data, lambda c: cost_of(python("bench.speed.month_plain", c), at)
    )
    private = _months("a private server a command", runs, office, data, lambda c: cost_of(_diaodu(c), at))
    with serving(data) as server:
        served = _months("the office's server", runs, office, data, lambda c: _beside(server, _diaodu(c), at))
        memory = _memory_mb(server)
    values = _values(plain, served)
    return _told(int(workbooks), plain, served, private, memory), values


def _office() -> Path:
    office = WORK / "office"
    shutil.rmtree(office, ignore_errors=True)
    shutil.rmtree(WORK / "month", ignore_errors=True)
    return office


def _months(what: str, runs: int, office: Path, data: Path, once: Once) -> Costs:
    """The median cost of each command and of all in one run; each round begins with the office as it was before
    June's reports."""
    costs: dict[str, list[Cost]] = {name: [] for name in (*COMMANDS, IN_ONE)}
    for n in range(runs + 1):
        _restore(office, data)
        month = {name: once(name) for name in COMMANDS}
        _restore(office, data)
        whole = once(IN_ONE)
        print(f"  {what}, {f'run {n}' if n else 'warm-up'}: {_sum(month).wall:.1f} s, {_sum(month).processor:.1f} s of processor"
              f" ({', '.join(f'{name} {cost.wall:.1f}' for name, cost in month.items())}); in one run {whole.wall:.1f} s,"
              f" {whole.processor:.1f} s of processor", flush=True)  # fmt: skip
        for name, cost in (month | {IN_ONE: whole}).items() if n else ():
            costs[name].append(cost)
    return {name: middle(found) for name, found in costs.items()}


def _restore(office: Path, data: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)
    for entry in data.iterdir():
        if entry.name not in KEPT:
            shutil.rmtree(entry)
    for entry in office.iterdir():
        if entry.name not in KEPT:
            shutil.copytree(entry, data / entry.name)


def _diaodu(command: str) -> list[str]:
    if command == IN_ONE:
        return python("bench.speed.month_plain", IN_ONE)
    return [sys.executable, "-m", "flows", *COMMANDS[command]]


def _beside(server: int, command: list[str], environ: Mapping[str, str]) -> Cost:
    """The cost of a command with what the server had to do for it."""
    before = processor_of(server)
    cost = cost_of(command, environ)
    return replace(
        cost,
        said={"server": processor_of(server) - before},
        processor=cost.processor + processor_of(server) - before,
    )


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def _sum(costs: Costs) -> Cost:
    wall, processor = (sum(getattr(c, name) for c in costs.values()) for name in ("wall", "processor"))
    said = {"seconds": sum(c.said.get("seconds", 0.0) for c in costs.values())}
    return Cost(wall, processor, max(c.peak_mb for c in costs.values()), said)


def _four(costs: Costs) -> Cost:
    return _sum({name: costs[name] for name in COMMANDS})


def _values(plain: Costs, served: Costs) -> dict[str, float]:
    ours, all_of_it = plain[IN_ONE], served[IN_ONE]
    return {
        "wall": all_of_it.wall,
        "commands": _four(served).wall,
        "prefect": 1 - ours.wall / all_of_it.wall,
        "prefect_processor": 1 - ours.processor / all_of_it.processor,
        "prefect_commands": 1 - _four(plain).wall / _four(served).wall,
    }


def _told(workbooks: int, plain: Costs, served: Costs, private: Costs, server_mb: float) -> str:
    def row(name: str, ours: Cost, at_server: Cost, alone: Cost) -> tuple[str, ...]:
        work = ours.said["seconds"]  # in one run, the later flows' imports are in it
        return (
            name,
            s(work),
            s(ours.wall - work),
            _and(at_server, ours),
            _and(alone, ours),
            f"{at_server.peak_mb:.0f} MB",
        )

    def processor(name: str, ours: Cost, at_server: Cost, alone: Cost) -> tuple[str, ...]:
        return (
            name,
            s(ours.processor),
            _share(at_server.processor, ours.processor),
            _share(alone.processor, ours.processor),
        )

    lines = [(SAID[n].format(workbooks=workbooks), plain[n], served[n], private[n]) for n in COMMANDS]
    lines.append(("**the month, the four commands**", _four(plain), _four(served), _four(private)))
    lines.append(("**the month, in one run**", plain[IN_ONE], served[IN_ONE], private[IN_ONE]))
    wall = table(
        ("on the wall", "our work", "our imports", "with the office's server (Prefect's part)",
         "with a private server (Prefect's part)", "largest process"),
        [row(*line) for line in lines],
    )  # fmt: skip
    seconds = table(
        (
            "seconds of processor, all processes",
            "without Prefect",
            "with the office's server, its own included",
            "with a private server",
        ),
        [processor(*line) for line in lines],
    )
    return (
        f"{wall}\n\n{seconds}\n\nEach command is a process from the shell and back. Prefect's part is what it takes longer than the "
        "same functions called without flows and tasks, imports of Prefect and the server's answers included. "
        f"The office's server holds {server_mb:.0f} MB; the private one is started and ended by each command."
    )


def _and(one: Cost, ours: Cost) -> str:
    return _share(one.wall, ours.wall)


def _share(whole: float, ours: float) -> str:
    """3.10 s (0.90 s, 29 %)."""
    return f"{s(whole)} ({s(max(whole - ours, 0.0))}, {100 * max(1 - ours / whole, 0.0):.0f} %)"
