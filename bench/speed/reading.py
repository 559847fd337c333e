"""Reading workbooks: a thousand counties' by the program, by pandas with openpyxl, and by LibreOffice to CSV."""

import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from bench.speed.measure import RIVALS, ROOT, WORK, Cost, cost_of, python, repeated
from bench.speed.page import s, table, times

PACKAGES = ("python-calamine", "pandas", "openpyxl", "soffice")
FOLDER, COUNT, MANY, SOME = WORK / "reading", 1000, 100, 50
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"  # UTF-8, every sheet


def measure(runs: int, full: bool) -> tuple[str, Mapping[str, float]]:
    """The table; no aim is set here. One run each: a thousand workbooks are repetition enough."""
    del runs, full
    shutil.rmtree(FOLDER, ignore_errors=True)
    made = cost_of(python("bench.speed.reading_files", COUNT, FOLDER)).said
    ours = {where: _once(f"ours, {where}", partial(_ours, where)) for where in ("apart", "inside")}
    pandas = [_once(f"pandas, {n}", partial(_pandas, n)) for n in (1, MANY)]
    office = [_once(f"LibreOffice, {n}", partial(_libreoffice, n)) for n in (1, SOME)]
    return _told(made, ours, _scaled(*pandas, MANY), _scaled(*office, SOME)), {}


def _once(what: str, does: Callable[[], Cost]) -> Cost:
    return repeated(what, 1, does, warm=False)


def _ours(where: str) -> Cost:
    return cost_of(python("bench.speed.reading_ours", FOLDER, where))


def _pandas(count: int) -> Cost:
    return cost_of(python("bench.speed.reading_pandas", FOLDER, count), {"PYTHONPATH": f"{ROOT}:{RIVALS}"})


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


def _scaled(one: Cost, some: Cost, count: int) -> Cost:
    """What all would cost: one start, and each further workbook as in the sample."""
    wall, processor = (
        getattr(one, name) + (getattr(some, name) - getattr(one, name)) / (count - 1) * (COUNT - 1)
        for name in ("wall", "processor")
    )
    return Cost(wall, processor, some.peak_mb)


def _told(made: Mapping[str, float], ours: Mapping[str, Cost], pandas: Cost, office: Cost) -> str:
    first = ours["apart"]
    costs = {
        "**ours**, opened by the reading child": first,
        "ours, opened in the program itself": ours["inside"],
        f"pandas with openpyxl, {MANY} of them": pandas,
        f"LibreOffice to CSV, {SOME} of them": office,
    }
    rows = [
        (
            name,
            s(cost.wall),
            times(cost.wall, first.wall),
            s(cost.processor),
            *_stages(cost),
            f"{cost.peak_mb:.0f} MB",
        )
        for name, cost in costs.items()
    ]
    head = (
        "",
        "1,000 workbooks",
        "to ours",
        "processor",
        "of it to cells",
        "to observations",
        "largest process",
    )
    read = f"Workbooks of {made['kilobytes']:.0f} KB, {first.said['observations']:,} observations"
    return (
        f"{table(head, rows)}\n\n{read}. Of the last two a sample was read "
        "and the rest **reckoned**: one start, and each further one as in the sample. Only ours says what a cell means and checks "
        "it; the others stop at cells. The reading child, with its limits of memory and time (decision 10), is what `intake` uses."
    )


def _stages(cost: Cost) -> tuple[str, str]:
    said = cost.said
    return (s(said["opening"]), s(said["understanding"])) if said else ("all", "—")
