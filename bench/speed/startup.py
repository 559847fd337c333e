"""The command line: how long a command takes that has next to nothing to do, and what of it is importing."""

import sys
from collections.abc import Mapping
from tempfile import TemporaryDirectory

from bench.speed.measure import Cost, cost_of, repeated
from bench.speed.page import s, table, times

PACKAGES = ("click", "pydantic", "polars", "duckdb")
COMMANDS = (
    ("--help",),
    ("plan",),
    ("sample", "--help"),
    ("agenda", "--on", "2025-01-02"),
    ("status", "2025-06"),
)


def measure(runs: int, full: bool) -> tuple[str, Mapping[str, float]]:
    """The table, and the slowest command."""
    del full
    with TemporaryDirectory() as data:
        bare = _timed("python", runs, [sys.executable, "-c", "pass"], data)
        found = {
            f"`diaodu {' '.join(command)}`": _timed(
                command[0], runs, [sys.executable, "-m", "flows", *command], data
            )
            for command in COMMANDS
        }
    slowest = max(found.values(), key=lambda cost: cost.wall)
    rows = [
        (name, s(cost.wall), s(cost.processor), times(cost.wall, bare.wall), f"{cost.peak_mb:.0f} MB")
        for name, cost in {**found, "`python -c pass`, to compare": bare}.items()
    ]
    told = table(("from the shell and back", "wall", "processor", "to Python alone", "memory"), rows)
    note = "The warehouse is empty here: what `status` and `agenda` ask of it costs more once there is something in it."
    return f"{told}\n\n{note}", {"slowest": slowest.wall, "processor": slowest.processor}


def _timed(name: str, runs: int, command: list[str], data: str) -> Cost:
    return repeated(name, 2 * runs - 1, lambda: cost_of(command, {"DIAODU_DATA": data}))
