"""The month: from the reporters' workbooks to every PDF, as four commands and in one process.

The commands are what an operator types where no service runs; one process is how the agenda has them.
"""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.speed.measure import WORK, Cost, cost_of, middle, python
from bench.speed.page import s, table

PACKAGES = ("weasyprint", "polars", "duckdb")
COMMANDS = {
    "intake": ("intake",),
    "monthly": ("monthly", "2025-06"),
    "sheets": ("monthly", "2025-06", "--all-counties"),
    "notices": ("notices", "2025-06", "--on", "2025-07-08"),
}
LABELS = {
    "intake": "`intake`: {workbooks} workbooks read, checked, kept, answered",
    "monthly": "`monthly`: the bulletin",
    "sheets": "`monthly --all-counties`: nine 反馈单, on all cores",
    "notices": "`notices`: 提醒 and 催办 due on 8 July",
}
IN_ONE = "in_one"
HEAD = ("", "from the shell and back", "the work alone, in one process", "processor", "largest process")
Costs = Mapping[str, Cost]


def measure(runs: int, full: bool) -> tuple[str, Mapping[str, float]]:
    """The table, and what the aim asks: the month in one process and as four commands."""
    del full
    office, data = WORK / "office", WORK / "month"
    for folder in (office, data):
        shutil.rmtree(folder, ignore_errors=True)
    before_june = cost_of(python("bench.speed.month_office"), {"DIAODU_DATA": str(office)})
    rounds = [_round(n, office, data) for n in range(runs + 1)][1:]  # the first warms up
    costs = {name: middle([one[name] for one in rounds]) for name in rounds[0]}
    values = {"wall": costs[IN_ONE].wall, "commands": sum(costs[name].wall for name in COMMANDS)}
    return _report(int(before_june.said["workbooks"]), costs), values


def _round(n: int, office: Path, data: Path) -> Costs:
    """The four commands and then all in one process, each time from the office as it was before June's reports."""
    at = {"DIAODU_DATA": str(data)}
    _restore(office, data)
    costs = {name: cost_of([sys.executable, "-m", "flows", *words], at) for name, words in COMMANDS.items()}
    _restore(office, data)
    costs[IN_ONE] = cost_of(python("bench.speed.month_in_one"), at)
    walls = ", ".join(f"{name} {cost.wall:.1f} s" for name, cost in costs.items())
    print(f"  {f'run {n}' if n else 'warm-up'}: {walls}", flush=True)
    return costs


def _restore(office: Path, data: Path) -> None:
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(office, data)


def _report(workbooks: int, costs: Costs) -> str:
    whole, four = costs[IN_ONE], [costs[name] for name in COMMANDS]
    rows = [
        (LABELS[name].format(workbooks=workbooks), s(costs[name].wall), s(whole.said[name]),
         s(costs[name].processor), f"{costs[name].peak_mb:.0f} MB")
        for name in COMMANDS
    ]  # fmt: skip
    rows.append(
        ("**the month, the four commands**", s(sum(c.wall for c in four)), s(sum(whole.said.values())),
         s(sum(c.processor for c in four)), f"{max(c.peak_mb for c in four):.0f} MB")
    )  # fmt: skip
    rows.append(
        ("**the month, in one process**", s(whole.wall), "", s(whole.processor), f"{whole.peak_mb:.0f} MB")
    )
    return (
        f"{table(HEAD, rows)}\n\nEach command is a process from the shell and back; no service runs. The work alone is the "
        "Office's methods without start and imports; the imports that a later one needs are in the first that needs them."
    )
