"""Reading workbooks: a thousand counties' by the program, by pandas with openpyxl, and by LibreOffice to CSV."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from bench.speed.measure import RIVALS, ROOT, WORK, Cost, cost_of, python, repeated
from bench.speed.page import s, table, times

PACKAGES = ("python-calamine", "pandas", "openpyxl", "soffice")
FOLDER, COUNT, SOME = WORK / "reading", 1000, 50
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"  # UTF-8, every sheet


def measure(runs: int, full: bool) -> tuple[str, Mapping[str, float]]:
    """The table; no aim is set here."""
    del full
    shutil.rmtree(FOLDER, ignore_errors=True)
    made = cost_of(python("bench.speed.reading_files", COUNT, FOLDER)).said
    ours = {
        where: repeated(
            f"ours, {where}", runs, lambda w=where: cost_of(python("bench.speed.reading_ours", FOLDER, w))
        )
        for where in ("apart", "inside")
    }
    with_rivals = {"PYTHONPATH": f"{ROOT}:{RIVALS}"}
    pandas = repeated(
        "pandas", 1, lambda: cost_of(python("bench.speed.reading_pandas", FOLDER), with_rivals), warm=False
    )
    one, some = (repeated(f"LibreOffice, {n}", runs, lambda m=n: _libreoffice(m)) for n in (1, SOME))
    return _told(made, ours, pandas, _scaled(one, some)), {}


def _libreoffice(count: int) -> Cost:
    out = FOLDER / "csv"
    shutil.rmtree(out, ignore_errors=True)
    files = [str(path) for path in sorted((FOLDER / "workbooks").iterdir())[:count]]
    profile = f"-env:UserInstallation=file://{FOLDER / 'profile'}"
    cost = cost_of(
        ["soffice", profile, "--headless", "--convert-to", CSV, "--outdir", str(out), *files], whole_tree=True
    )
    if len({path.name.partition("-")[0] for path in Path(out).iterdir()}) != count:
        raise RuntimeError(f"LibreOffice did not convert all {count} workbooks")
    return cost


def _scaled(one: Cost, some: Cost) -> Cost:
    """What all would cost: one start, and each further workbook as in the sample."""

    def all_of(first: float, sampled: float) -> float:
        return first + (sampled - first) / (SOME - 1) * (COUNT - 1)

    return Cost(all_of(one.wall, some.wall), all_of(one.processor, some.processor), some.peak_mb)


def _told(made: Mapping[str, float], ours: Mapping[str, Cost], pandas: Cost, office: Cost) -> str:
    first = ours["apart"]
    lines = {
        "**ours**, opened by the reading child": (first, s(first.said["opening"]), s(first.said["understanding"])),
        "ours, opened in the program itself": (
            ours["inside"], s(ours["inside"].said["opening"]), s(ours["inside"].said["understanding"])
        ),
        "pandas with openpyxl (one run)": (pandas, s(pandas.said["opening"]), "—"),
        f"LibreOffice to CSV ({SOME} converted, the rest reckoned)": (office, s(office.wall), "—"),
    }  # fmt: skip
    rows = [
        (
            name,
            opening,
            understanding,
            s(cost.wall),
            times(cost.wall, first.wall),
            s(cost.processor),
            f"{cost.peak_mb:.0f} MB",
        )
        for name, (cost, opening, understanding) in lines.items()
    ]
    head = (
        "",
        "to cells",
        "to observations, checked",
        "the whole process",
        "to ours",
        "processor",
        "largest process",
    )
    return (
        f"{table(head, rows)}\n\n{made['files']} workbooks of {made['kilobytes']:.0f} KB, "
        f"{first.said['observations']:,} observations. Only ours says what a cell means; the others stop at cells. "
        "The reading child, with its limits of memory and time (decision 10), is what `intake` uses."
    )
