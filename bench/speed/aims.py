"""What was aimed at (目标), and whether the last measurement of it is there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bench.speed.page import part, put, table

HEAD = ("aim", "wanted", "measured", "", "on")


@dataclass(frozen=True)
class Aim:
    """One aim, from which subject its number comes, how it is told and when it is met."""

    name: str
    wanted: str
    subject: str
    told: Callable[[Mapping[str, float]], str]
    met: Callable[[Mapping[str, float]], bool]
    timed: bool = True  # a busy machine tells nothing against it


AIMS = (
    Aim("the month, from workbooks to every PDF, in one process", "at most 12 s", "month",
        lambda v: f"{v['wall']:.1f} s, {v['commands']:.1f} s as four commands", lambda v: v["wall"] <= 12),
    Aim("rollup of the country, the slowest of month, half-year and year", "at most 0.7 s", "rollup",
        lambda v: f"{v['wall']:.2f} s ({v['processor']:.2f} s of processor)", lambda v: v["wall"] <= 0.7),
    Aim("memory of that rollup, its 3.7 million cells included", "at most 550 MB", "rollup",
        lambda v: f"{v['largest_mb']:.0f} MB", lambda v: v["largest_mb"] <= 550, timed=False),
    Aim("counties' sheets on two cores", "at least 6 a second", "sheets",
        lambda v: f"{v['rate']:.2f} a second", lambda v: v["rate"] >= 6),
    Aim("memory of the sheets at 2,844 counties, the largest process", "under 600 MB", "sheets",
        lambda v: f"{v['largest_mb']:.0f} MB", lambda v: v["largest_mb"] < 600, timed=False),
    Aim("imports of the command line, where no PDF is asked for", "under 0.5 s", "startup",
        lambda v: f"{v['imports']:.2f} s, the slowest of those below; {v['slowest']:.2f} s from the shell and back",
        lambda v: v["imports"] < 0.5),
    Aim("`diaodu --help`, from the shell and back", "at most 0.12 s", "startup",
        lambda v: f"{v['help']:.2f} s", lambda v: v["help"] <= 0.12),
    Aim("`status` and `figures` on a year of data, the slower", "at most 0.6 s", "growth",
        lambda v: f"{v['seconds']:.2f} s", lambda v: v["seconds"] <= 0.6),
    Aim("a year of 103 counties in the warehouse: no command that only looks slower than twice its time at nine", "2×", "growth",
        lambda v: f"{v['slower']:.1f}×, by processor", lambda v: v["slower"] <= 2, timed=False),
)  # fmt: skip


def enter(subject: str, values: Mapping[str, float], is_quiet: bool) -> None:
    """Write the aims that this subject measured; the others' lines stay. Of a busy machine nothing is held to be missed."""
    old = {line.split("|")[1].strip(): line for line in part("aims").splitlines() if line.startswith("| ")}
    rows = [_row(aim, values, is_quiet) if aim.subject == subject else _kept(aim, old) for aim in AIMS]
    put("aims", table(HEAD, rows))


def _row(aim: Aim, values: Mapping[str, float], is_quiet: bool) -> list[str]:
    met = (
        "**met**"
        if aim.met(values)
        else "**not met**"
        if is_quiet or not aim.timed
        else "not met on a busy machine"
    )
    return [aim.name, aim.wanted, aim.told(values), met, str(date.today())]


def _kept(aim: Aim, old: Mapping[str, str]) -> list[str]:
    if line := old.get(aim.name):
        return [cell.strip() for cell in line.strip().strip("|").split("|")]
    return [aim.name, aim.wanted, "not measured yet", "", ""]
