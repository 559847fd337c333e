"""Growth: the commands that only look, on warehouses of more counties and of more years, with the exponent of each."""

import shutil
import sys
from collections.abc import Mapping
from math import log

from bench.speed.measure import WORK, Cost, cost_of, python, repeated
from bench.speed.page import s, table

PACKAGES = ("polars", "duckdb")
FOLDER = WORK / "growth"
COMMANDS = {
    "status": ("status", "2025-06"),
    "figures": ("figures", "2025-06"),
    "year": ("figures", "2025"),
}
COUNTIES, YEARS, COUNTRY = (9, 103), (1, 5, 10), 2844
HEAD = ("counties", "years", "observations", "file", *(f"`{' '.join(words)}`" for words in COMMANDS.values()),
        "largest process")  # fmt: skip
Found = dict[tuple[int, int], tuple[Cost, dict[str, Cost]]]


def measure(runs: int, full: bool) -> tuple[str, Mapping[str, float]]:
    """The table; how much slower the slowest command is at 103 counties than at nine. The country's year only if `full`."""
    sizes = [(counties, years) for counties in COUNTIES for years in YEARS]
    found = {size: _measured(*size, runs) for size in [*sizes, *([(COUNTRY, 1)] if full else [])]}
    slower = max(found[103, 1][1][name].processor / found[9, 1][1][name].processor for name in COMMANDS)
    return _report(found), {"slower": slower, "seconds": max(c.wall for c in found[9, 1][1].values())}


def _measured(counties: int, years: int, runs: int) -> tuple[Cost, dict[str, Cost]]:
    shutil.rmtree(FOLDER, ignore_errors=True)
    at = {"DIAODU_DATA": str(FOLDER / "data"), "DIAODU_PLAN": str(FOLDER / "plan")}
    made = cost_of(python("bench.speed.growth_made", counties, years), at)
    costs = {
        name: repeated(f"{counties} counties, {years} years, {name}", runs,
                       lambda words=words: cost_of([sys.executable, "-m", "flows", *words], at))
        for name, words in COMMANDS.items()
    }  # fmt: skip
    return made, costs


def _report(found: Found) -> str:
    rows = [
        (f"{counties:,}", years, f"{made.said['observations']:,}", f"{made.said['file_mb']:.0f} MB",
         *(f"{s(costs[name].wall)} ({s(costs[name].processor)})" for name in COMMANDS),
         f"{max(cost.peak_mb for cost in costs.values()):.0f} MB")
        for (counties, years), (made, costs) in found.items()
    ]  # fmt: skip
    rows.append(("exponent, 9 to 103 counties", "1", "", "", *_exponents(found, (9, 1), (103, 1)), ""))
    rows.append(("exponent, 1 to 10 years", "at 103", "", "", *_exponents(found, (103, 1), (103, 10)), ""))
    return (
        f"{table(HEAD, rows)}\n\nSeconds from the shell and back, processor in brackets. Counties' running totals and months are "
        "booked as reports, without workbooks. An exponent of 1 is growth in proportion to the rows; starting Python and its "
        "packages is in the seconds of both ends."
    )


def _exponents(found: Found, small: tuple[int, int], large: tuple[int, int]) -> list[str]:
    """By what power of the observations the processor's seconds grow."""
    rows = found[large][0].said["observations"] / found[small][0].said["observations"]
    return [
        f"{log(found[large][1][name].processor / found[small][1][name].processor) / log(rows):.2f}"
        for name in COMMANDS
    ]
