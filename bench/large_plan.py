"""A plan folder of any size: the 2025 plan with N counties and annex targets that add up. Data alone, no code path.

A province has 103 counties, the country 2,844. Names and codes are made up (县0001, …); every annex target of a
county is one of the city's own, so that rows and sums look like a year's. The published text is left out, since
its numbers are the city's; quotations are made to say the new totals.
Run from the checkout: python -m bench.large_plan 103 build/plan-103
"""

import csv
import re
import shutil
import sys
from pathlib import Path

SOURCE = Path("plan/2025")
HEAD = "旗县市区"
TOTAL = "总计"


def make(counties: int, folder: Path) -> None:
    """Write the plan folder; what lies there is replaced."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("plan.txt", "contacts*", "sources"))
    names = [f"县{n:04d}" for n in range(1, counties + 1)]
    rows = [[f"county_{n:04d}", name, f"{100000 + n}", "yes", ""] for n, name in enumerate(names, 1)]
    _write(folder / "counties.csv", [["id", "name", "code", "county_level", "also_written"], *rows])
    totals = _annex(folder / "annex_targets.csv", names)
    for path in folder.glob("[0-9]*.toml"):
        path.write_text(_retargeted(path.read_text(encoding="utf-8"), totals), encoding="utf-8")


def _annex(path: Path, names: list[str]) -> dict[str, int]:
    """The annex with a row a county, taken from the city's rows in turn; the total of each column."""
    head, _, *city = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    full = [row[1:] for row in city if all(row[1:])]
    rows = [[name, *full[n % len(full)]] for n, name in enumerate(names)]
    sums = [sum(int(row[at]) for row in rows) for at in range(1, len(head))]
    _write(path, [head, [TOTAL, *map(str, sums)], *rows])
    return dict(zip(head[1:], sums, strict=True))


def _retargeted(toml: str, totals: dict[str, int]) -> str:
    """The indicators of the annex aiming at the new totals, their quotations saying so; no text to quote from."""
    toml = re.sub(r"^source_text = .*$", 'source_text = ""', toml, flags=re.M)
    parts = re.split(r"(?=^\s*\[\[)", toml, flags=re.M)
    return "".join(_aimed(part, totals) for part in parts)


def _aimed(part: str, totals: dict[str, int]) -> str:
    label = re.search(r'^\s*annex = "(.*)"$', part, flags=re.M)
    if label is None:
        return part
    unit = re.search(r'^\s*unit = "(.*)"$', part, flags=re.M)
    total = totals[label[1]]
    part = re.sub(r"^(\s*target = ).*$", rf"\g<1>{total}", part, flags=re.M)
    return re.sub(r"^(\s*quote = ).*$", rf'\g<1>"{total}{unit[1] if unit else ""}"', part, flags=re.M)


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    make(int(sys.argv[1]), Path(sys.argv[2]))
