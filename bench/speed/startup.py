"""The command line: how long a command takes that has next to nothing to do, and what of it is importing."""

import sys
from collections.abc import Mapping
from tempfile import TemporaryDirectory

from bench.speed.measure import Cost, cost_of, repeated
from bench.speed.page import s, table, times

PACKAGES = ("click", "pydantic", "polars", "duckdb")
COMMANDS = {  # and what each loads besides the command line itself
    ("--help",): "flows.cli",
    ("plan",): "flows.cli.listing",
    ("sample", "--help"): "flows.cli",
    ("agenda", "--on", "2025-01-02"): "flows.operations.inventory",
    ("status", "2025-06"): "flows.documents.reporting_status",
}
IMPORTS = """
from time import perf_counter
began = perf_counter()
import flows.__main__, {module}
import json; print(json.dumps(dict(seconds=perf_counter() - began)))
"""


def measure(runs: int, full: bool) -> tuple[str, Mapping[str, float]]:
    """The table, and the slowest command."""
    del full
    with TemporaryDirectory() as data:
        bare = _timed("python", runs, [sys.executable, "-c", "pass"], data)
        loads = {
            command: _timed(f"imports of {command[0]}", runs, [sys.executable, "-c", IMPORTS.format(module=module)], data)
            for command, module in COMMANDS.items()
        }  # fmt: skip
        found = {
            command: _timed(command[0], runs, [sys.executable, "-m", "flows", *command], data)
            for command in COMMANDS
        }
    slowest = max(found.values(), key=lambda cost: cost.wall)
    rows = [
        (f"`diaodu {' '.join(command)}`", s(loads[command].said["seconds"]), s(cost.wall), s(cost.processor),
         times(cost.wall, bare.wall), f"{cost.peak_mb:.0f} MB")
        for command, cost in found.items()
    ]  # fmt: skip
    rows.append(
        (
            "`python -c pass`, to compare",
            "",
            s(bare.wall),
            s(bare.processor),
            "1.00×",
            f"{bare.peak_mb:.0f} MB",
        )
    )
    told = table(
        ("", "its imports", "from the shell and back", "processor", "to Python alone", "memory"), rows
    )
    note = (
        "The warehouse is empty here: what `status` and `agenda` ask of it costs more once there is something in it. "
        "Commands that run a flow load Prefect, which is measured with the month."
    )
    imports = max(cost.said["seconds"] for cost in loads.values())
    values = {"imports": imports, "slowest": slowest.wall, "help": found["--help",].wall}
    return f"{told}\n\n{note}", values


def _timed(name: str, runs: int, command: list[str], data: str) -> Cost:
    return repeated(name, 2 * runs - 1, lambda: cost_of(command, {"DIAODU_DATA": data}))
