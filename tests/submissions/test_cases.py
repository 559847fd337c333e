"""Each folder below cases/ is one file as an office might send it, and in case.json what it must give.

case.json: `what` it shows; either `refused` (the reason), or `reporter`, `month`, `observations` (one line a
cell: county indicator measure = value state @place), `problems` (tier rule @place, answered or open),
`statements` and `decisions`; a file that somebody gathered has all this for each of its `parts`, by reporter.
`make_cases.py` says how each file was made.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Observation, Problem, Reading, Refusal
from flows.submissions.read_form import open_or_refuse, understand
from tests.submissions.conftest import KNOWN, NEIGHBOURS

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())


def line(o: Observation) -> str:
    value = "" if o.value is None else f"{o.value.normalize():f}"
    return f"{o.county} {o.indicator} {o.measure} = {value} {o.state} @{o.sheet}!{o.cell}".replace("  ", " ")


def verdict(p: Problem) -> str:
    open_or_not = "" if p.tier == "error" else " answered" if p.answer else " open"
    return f"{p.tier} {p.rule} {p.indicator} @{p.sheet}!{p.cell}{open_or_not}"


def told_of(name: str, content: bytes, catalogue: Catalogue) -> dict[str, Any]:
    """What becomes of a file in the words of a case.json."""
    opened = open_or_refuse(name, content)
    if isinstance(opened, Refusal):
        return told(opened)
    parts = understand(name, opened, catalogue, lambda *_: {**KNOWN, **NEIGHBOURS})
    by_reporter = {part.reporter: told(part.outcome) for part in parts}
    return by_reporter.get("", {"parts": by_reporter})


def told(outcome: Reading | Refusal) -> dict[str, Any]:
    """The outcome in the words of a case.json."""
    if isinstance(outcome, Refusal):
        return {"refused": outcome.reason, "remedy": outcome.remedy}
    return {
        "reporter": outcome.reporter,
        "month": outcome.month,
        "is_sample": outcome.is_sample,
        "observations": [line(o) for o in outcome.observations],
        "problems": [verdict(p) for p in outcome.problems],
        "statements": len(outcome.statements),
        "decisions": list(outcome.decisions),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_file_gives_what_its_case_says(case: Path, catalogue: Catalogue) -> None:
    expected = json.loads((case / "case.json").read_text(encoding="utf-8"))
    (file,) = (path for path in case.iterdir() if path.name != "case.json")
    assert expected.pop("what")
    assert told_of(file.name, file.read_bytes(), catalogue) == expected


SAVED = ("xlsx", "xls", "ods", "csv")


def test_the_same_form_says_the_same_in_every_format_libreoffice_saves() -> None:
    """Only the sheet's name differs in a CSV, which has none."""
    told_by = [
        json.loads((CASES[0].parent / f"saved_by_libreoffice_as_{kind}" / "case.json").read_text("utf-8"))
        for kind in SAVED
    ]
    cells = [[o.split("!")[1] + o.split(" @")[0] for o in case["observations"]] for case in told_by]
    assert cells == cells[:1] * len(SAVED)
