"""How many honest cells the checks query, and how many planted errors they catch, by kind: docs/evidence/planted-errors.md.

A whole synthetic year of every county and department is filled in honestly; then one error at a time is planted.
`python -m bench.planted_errors` prints the tables and puts them into docs/evidence/planted-errors.md. They are synthetic and say
nothing of real reports."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

from bench.planted_kinds import KINDS, UNDETECTABLE, Desk, Kind
from flows.plan.load import load
from flows.plan.observation import KnownTotals, Reading
from flows.plan.terms import CITY, Rule
from flows.submissions.form.form_spec import BLANK, Entries, form_spec
from flows.submissions.form.writer import write_form
from flows.submissions.read_form import read
from flows.submissions.sample.year import Year, rows

SEEDS = (2025, 7, 88)
DOCUMENT = Path(__file__).parents[1] / "docs" / "evidence" / "planted-errors.md"
CATALOGUE = load(Path(__file__).parents[1] / "plan" / "2025")


@cache
def year(seed: int) -> Year:
    return Year(CATALOGUE, seed)


def known(seed: int, reporter: str, month: int) -> dict[tuple[str, str], KnownTotals]:
    """What is in force when a report comes in, as if every report before it and every other county's had come."""
    whose = reporter if reporter in {c.id for c in CATALOGUE.counties} else CITY
    own = form_spec(CATALOGUE, reporter, f"2025-{month:02d}", {}).lines
    around = {
        (whose, line.indicator): _around(year(seed).running(whose, line.indicator), month)
        for line in own if line.rule in (Rule.TOTAL, Rule.EACH_COUNTY) and month > 1
    }  # fmt: skip
    others = {
        (county, i.id): KnownTotals(None, None, current=year(seed).running(county, i.id)[month - 1])
        for i in CATALOGUE.indicators for county in i.county_targets if county != reporter
    }  # fmt: skip
    return others | around


def _around(running: tuple, month: int) -> KnownTotals:  # type: ignore[type-arg]  # twelve Decimals
    ends = (*([None] * 3), *running)  # three months that belong to no year
    return KnownTotals(ends[month + 1], None, earlier=(ends[month], ends[month - 1]))


def desk(seed: int, reporter: str, month: int) -> Desk:
    before = known(seed, reporter, month)
    form = form_spec(CATALOGUE, reporter, f"2025-{month:02d}", before)
    return Desk(year(seed), form, rows(form, year(seed)), before, form.lines[0], Random())


def read_back(at: Desk) -> Reading:
    lines = tuple(replace(n, target=at.target.get((n.county, n.indicator), n.target)) for n in at.form.lines)
    content = write_form(replace(at.form, lines=lines), date(2026, 1, 9), Entries(rows=at.typed))
    found = read(at.name, content, CATALOGUE, lambda *_: at.known)
    assert isinstance(found, Reading), found
    return found


@cache
def honest(seed: int, reporter: str, month: int) -> Reading:
    return read_back(desk(seed, reporter, month))


def honest_year(seed: int) -> tuple[int, Counter[str]]:
    """(cells read, queries by rule) of a year's reports."""
    cells, queried = 0, Counter[str]()
    for reporter in CATALOGUE.reporters:
        for month in range(1, 13):
            if form_spec(CATALOGUE, reporter.id, f"2025-{month:02d}", {}).lines:
                found = honest(seed, reporter.id, month)
                cells += len(found.observations)
                queried.update(p.rule for p in found.problems)
    return cells, queried


def spoiled(seed: int, kind: Kind) -> Iterator[Desk]:
    """The kind once for every county (or department that it can befall) and four months, in a row picked by chance."""
    chance = Random(f"{seed}·{kind.name}")
    for reporter in CATALOGUE.counties if kind.by_counties else CATALOGUE.departments:
        for month in kind.months:
            if not form_spec(CATALOGUE, reporter.id, f"2025-{month:02d}", {}).lines:
                continue
            at = desk(seed, reporter.id, month)
            lines = [n for n in at.form.lines if kind.wanted(n, at.typed.get((n.county, n.indicator), BLANK))]
            if lines:
                at.line, at.chance = chance.choice(lines), chance
                kind.plant(at)
                yield at


def speaking(seed: int, at: Desk) -> set[str]:
    """The rules that speak about the spoiled row, or the report as a whole, and did not speak before."""
    before = {(p.rule, p.indicator) for p in honest(seed, at.form.reporter.id, at.month).problems}
    now = {(p.rule, p.indicator) for p in read_back(at).problems}
    return {rule for rule, indicator in now - before if indicator in ("", at.line.indicator)}


def honest_table() -> Iterator[str]:
    yield "| seed | cells read | queried | share | by rule |\n|---|---|---|---|---|"
    for seed in SEEDS:
        cells, queried = honest_year(seed)
        rules = ", ".join(f"`{rule}` {n}" for rule, n in queried.most_common())
        yield f"| {seed} | {cells} | {queried.total()} | {queried.total() / cells:.2%} | {rules} |"


def planted_table() -> Iterator[str]:
    yield "| planted | rules that speak | planted | caught | share |\n|---|---|---|---|---|"
    planted, caught = Counter[str](), Counter[str]()
    for kind in KINDS:
        rules = Counter[str]()
        for seed in SEEDS:
            for at in spoiled(seed, kind):
                spoke = speaking(seed, at)
                planted[kind.name] += 1
                caught[kind.name] += bool(spoke)
                rules.update(spoke)
        named = ", ".join(f"`{rule}`" for rule, n in rules.most_common(3)) or "none"
        yield _row(kind.name, named, planted[kind.name], caught[kind.name])
    yield _row("**all**", "", planted.total(), caught.total())
    known_by = planted.total() - planted[UNDETECTABLE], caught.total() - caught[UNDETECTABLE]
    yield _row(f"**all but “{UNDETECTABLE}”**", "", *known_by)


def _row(name: str, rules: str, planted: int, caught: int) -> str:
    return f"| {name} | {rules} | {planted} | {caught} | {caught / planted:.1%} |"


def main() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for mark, table in (("honest", honest_table()), ("planted", planted_table())):
        lines = []
        for line in table:
            print(line, flush=True)
            lines.append(line)
        between = rf"(<!-- {mark} -->\n).*?(\n<!-- /{mark} -->)"
        text = re.sub(between, "\\1" + "\n".join(lines).replace("\\", "") + "\\2", text, flags=re.DOTALL)
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
