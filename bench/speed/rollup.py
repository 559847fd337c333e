"""The country added up: 2,844 counties × 56 indicators × 12 months, by the program, by pandas and by SQL."""

from collections.abc import Mapping
from pathlib import Path

from bench.speed.measure import RIVALS, ROOT, WORK, Cost, cost_of, python, repeated
from bench.speed.page import s, table, times

PACKAGES = ("polars", "pandas", "duckdb", "numpy")
FOLDER = WORK / "country"
DECEMBER, HALF, YEAR = "2025-12", "2025-H1", "2025"
WITH_RIVALS = {"PYTHONPATH": f"{ROOT}:{RIVALS}"}


def measure(runs: int, full: bool) -> tuple[str, Mapping[str, float]]:
    """The table, and the slowest of our three periods."""
    del full
    cells = int(_made(FOLDER).said["cells"])
    ours = {
        period: repeated(f"ours, {period}", runs, lambda p=period: cost_of(python("bench.speed.rollup_ours", FOLDER, p)))
        for period in (DECEMBER, HALF, YEAR)
    }  # fmt: skip
    others = {
        name: repeated(name, runs, lambda m=module: cost_of(python(m, FOLDER), WITH_RIVALS))
        for name, module in (
            ("DuckDB, plain SQL", "bench.speed.rollup_sql"),
            ("pandas", "bench.speed.rollup_pandas"),
        )
    }
    equal = cost_of(python("bench.speed.rollup_equal", FOLDER)).said
    slowest = max(ours.values(), key=lambda cost: cost.said["seconds"])
    values = {
        "wall": slowest.said["seconds"],
        "processor": slowest.said["processor"],
        "largest_mb": max(cost.peak_mb for cost in ours.values()),
    }
    return _told(cells, ours, others, equal), values


def _made(folder: Path) -> Cost:
    folder.mkdir(parents=True, exist_ok=True)
    return cost_of(python("bench.speed.country", folder))


def _told(cells: int, ours: Mapping[str, Cost], others: Mapping[str, Cost], equal: Mapping[str, int]) -> str:
    first = ours[DECEMBER]
    all_rows = {
        "**ours**, December": first, **{f"{name}, December": cost for name, cost in others.items()},
        "ours, half-year": ours[HALF], "ours, year": ours[YEAR],
    }  # fmt: skip
    rows = [
        (name, s(cost.said["seconds"]), times(cost.said["seconds"], first.said["seconds"]), s(cost.said["processor"]),
         f"{cost.peak_mb:.0f} MB")
        for name, cost in all_rows.items()
    ]  # fmt: skip
    head = ("", "wall", "to ours", "processor", "process at most")
    return (
        f"{table(head, rows)}\n\n{cells:,} cells become {equal['rows']:,} figures. Checked in this run: the three agree in all "
        f"{equal['columns']} columns of every row, numbers to the ninth decimal, ranks, marks and missing values "
        "exactly. Reading the cells from disk is not timed; the memory includes them. The two others are written for "
        "this one case: every indicator a running total that counties report, one month. Ours knows six rules and all periods."
    )
