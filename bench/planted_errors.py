"""How many honest cells the checks query, and how many planted errors they catch, by kind: docs/checks.md.

A whole synthetic year of every county and department is filled in honestly; then one error at a time is planted
in a county's form. `python -m bench.planted_errors` prints the tables; both are synthetic and say nothing of
real reports."""

import dataclasses
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

from flows.catalogue.catalogue import Catalogue
from flows.catalogue.load import load
from flows.catalogue.observation import Known, Problem, Reading
from flows.catalogue.terms import CITY, Measure, Rule
from flows.submission.asked import Line, Prior, asked
from flows.submission.entries import Entries, Entry
from flows.submission.read_form import read
from flows.submission.synthetic.filled_in import Rows, rows
from flows.submission.synthetic.year import Year
from flows.submission.write_form import write_form

SEED = 2025
MONTH, TOTAL = Measure.IN_MONTH, Measure.RUNNING_TOTAL
Plant = Callable[[Rows, Line, Random], None]


def known(year: Year, reporter: str, month: int) -> Prior:
    """Last month's running totals, as if every report had come."""
    if month == 1:
        return {}
    whose = reporter if reporter in {c.id for c in year.catalogue.counties} else CITY
    asked_for = asked(year.catalogue, reporter, f"2025-{month:02d}", {}).lines
    return {
        (whose, line.indicator): Known(year.running(whose, line.indicator)[month - 2], None)
        for line in asked_for
        if line.rule in (Rule.TOTAL, Rule.EACH_COUNTY)
    }


def outcome(year: Year, reporter: str, month: int, change: Callable[[Rows], None] | None = None) -> Reading:
    before = known(year, reporter, month)
    form = asked(year.catalogue, reporter, f"2025-{month:02d}", before)
    typed = rows(form, year)
    if change:
        change(typed)
    content = write_form(form, date(2026, 1, 9), Entries(rows=typed))
    found = read("月报.xlsx", content, year.catalogue, lambda *_: before)
    assert isinstance(found, Reading), found
    return found


def honest(year: Year) -> tuple[int, Counter[str]]:
    cells, queried = 0, Counter[str]()
    for reporter in year.catalogue.reporters:
        for month in range(1, 13):
            if asked(year.catalogue, reporter.id, f"2025-{month:02d}", {}).lines:
                found = outcome(year, reporter.id, month)
                cells += len(found.observations)
                queried.update(p.rule for p in found.problems)
    return cells, queried


def put(typed: Rows, line: Line, month: Decimal | None = None, total: Decimal | None = None) -> None:
    """Another number under 本月 or 累计 of one row."""
    key = line.county, line.indicator
    given = {MONTH: month, TOTAL: total}
    values = {**typed[key].values, **{m: v for m, v in given.items() if v is not None}}
    typed[key] = dataclasses.replace(typed[key], values=values, choice="")


def value(typed: Rows, line: Line, measure: Measure) -> Decimal:
    return Decimal(str(typed[line.county, line.indicator].values[measure]))


def swapped(typed: Rows, line: Line, chance: Random) -> None:
    text = f"{value(typed, line, TOTAL):f}"
    places = [n for n in range(len(text) - 1) if "." not in text[n : n + 2] and text[n] != text[n + 1]]
    at = chance.choice(places) if places else 0
    changed = text[:at] + text[at + 1] + text[at] + text[at + 2 :] if places else text + "0"
    put(typed, line, total=Decimal(changed))


def last_month(typed: Rows, line: Line, chance: Random) -> None:
    for key, entry in typed.items():
        if {MONTH, TOTAL} <= entry.values.keys():
            before = Decimal(str(entry.values[TOTAL])) - Decimal(str(entry.values[MONTH]))
            typed[key] = Entry({MONTH: Decimal(0), TOTAL: before})


PLANTS: dict[str, Plant] = {
    "本月数填在累计栏": lambda t, line, _: put(t, line, total=value(t, line, MONTH)),
    "累计数填在本月栏": lambda t, line, _: put(t, line, month=value(t, line, TOTAL)),
    "单位差一万倍（两栏）": lambda t, line, _: put(
        t, line, month=value(t, line, MONTH) * 10_000, total=value(t, line, TOTAL) * 10_000
    ),
    "相邻两位数字颠倒": swapped,
    "累计少于上月": lambda t, line, _: put(
        t, line, total=(value(t, line, TOTAL) - value(t, line, MONTH)) // 2
    ),
    "累计直接填成年度目标（两栏相符）": lambda t, line, _: put(
        t, line, month=(line.target or 0) - (line.previous or 0), total=line.target
    ),
    "一个月多报年度目标的六成（两栏相符）": lambda t, line, _: put(
        t,
        line,
        month=value(t, line, MONTH) + round((line.target or 0) * 6 / 10),
        total=value(t, line, TOTAL) + round((line.target or 0) * 6 / 10),
    ),
    "误报上月报表": last_month,
    "本月多报一成（两栏相符）": lambda t, line, _: put(
        t,
        line,
        month=value(t, line, MONTH) + max(1, value(t, line, MONTH) // 10),
        total=value(t, line, TOTAL) + max(1, value(t, line, MONTH) // 10),
    ),
}


def caught(year: Year, kind: str) -> tuple[int, int]:
    """(planted, caught): once for every county and the months of March, June, September and November."""
    chance, planted, found = Random(f"{SEED}·{kind}"), 0, 0
    for county in year.catalogue.counties:
        for month in (3, 6, 9, 11):
            form = asked(year.catalogue, county.id, f"2025-{month:02d}", known(year, county.id, month))
            typed = rows(form, year)
            lines = [
                line
                for line in form.lines
                if line.rule is Rule.TOTAL
                and (v := typed[line.county, line.indicator].values).keys() >= {MONTH, TOTAL}
                and v[MONTH] != v[TOTAL]
            ]
            line = chance.choice(lines)
            reading = outcome(year, county.id, month, lambda t, line=line: PLANTS[kind](t, line, chance))
            planted, found = planted + 1, found + any(_about(p, line) for p in reading.problems)
    return planted, found


def _about(problem: Problem, line: Line) -> bool:
    return problem.indicator in ("", line.indicator)


def main() -> None:
    catalogue: Catalogue = load(Path(__file__).parents[1] / "plan" / "2025")
    year = Year(catalogue, SEED)
    cells, queried = honest(year)
    print(
        f"| 如实填报的数据格 | 被核实 | 占比 |\n|---|---|---|\n| {cells} | {queried.total()} | {queried.total() / cells:.2%} |"
    )
    print(f"\n按规则：{dict(queried) or '无'}\n\n| 人为差错 | 埋入 | 查出 | 占比 |\n|---|---|---|---|")
    for kind in PLANTS:
        planted, found = caught(year, kind)
        print(f"| {kind} | {planted} | {found} | {found / planted:.0%} |")


if __name__ == "__main__":
    main()
