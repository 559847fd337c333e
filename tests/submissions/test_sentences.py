"""Every sentence a check can put on a receipt names the sheet, the cell of the number and what to write."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.observation import KnownTotals, Problem
from flows.submissions.checks.report_rules import REPORT_RULES
from flows.submissions.checks.run import RULES
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.read_form import open_or_refuse, understand
from tests.submissions.conftest import KNOWN, NEIGHBOURS, reading_of
from tests.submissions.test_rules import COUNTY, DEPARTMENT, department

CASES = Path(__file__).parent / "cases"
CELL = re.compile(r"[A-Z]{1,3}[1-9]\d*")
TO_DO = re.compile(r"请|已按|以表内填写的为准|年度目标以方案为准|有数的|有效的|为零的")
VERDICT = re.compile(r"(?:error|query) (?P<rule>\w+) \S* ?@(?P<place>.+?)(?: open| answered)?")
NOWHERE = {"row_missing"}  # what is not on the sheet stands in no cell
WITH_OTHER_MONTHS = {
    "month_above_running_total", "above_following_month", "same_increment", "done_taken_back",
    "wrong_month_label", "part_above_total", "city_above_counties",
}  # fmt: skip  # test_rules and test_report_rules look at their words
ON_OTHER_SHEETS = {
    "sheet_sum_differs",
    "coarse_amount",
    "other_count",
}  # test_rules and test_unaccounted_text do


@cache
def verdicts() -> dict[str, tuple[str, str]]:
    """(case, place) of one example of every rule that a case shows."""
    found: dict[str, tuple[str, str]] = {}
    for file in sorted(CASES.glob("*/case.json")):
        told: dict[str, Any] = json.loads(file.read_text("utf-8"))
        for part in (told, *told.get("parts", {}).values()):
            for verdict in part.get("problems", ()):
                match = VERDICT.fullmatch(verdict)
                assert match, verdict
                found.setdefault(match["rule"], (file.parent.name, match["place"]))
    return found


def check_words(problem: Problem) -> None:
    assert problem.sheet
    in_no_cell = problem.rule in NOWHERE or problem.subject in {"文本框", "页眉页脚"}
    assert in_no_cell or CELL.fullmatch(problem.cell), problem
    assert TO_DO.search(problem.remedy) and problem.expected and problem.found, problem
    assert f"{problem.place} · {problem.description}" in problem.message("6月.xlsx")


def test_every_rule_is_walked() -> None:
    rules = {rule.name for rule in RULES} | {rule.__name__ for rule in REPORT_RULES}
    assert (
        rules <= COUNTY.keys() | DEPARTMENT.keys() | verdicts().keys() | WITH_OTHER_MONTHS | ON_OTHER_SHEETS
    )


@pytest.mark.parametrize("rule", COUNTY)
def test_a_countys_sentence_names_its_cell_and_the_remedy(
    catalogue: Catalogue, form: FormSpec, rule: str
) -> None:
    indicator, entry = COUNTY[rule]
    for problem in reading_of(catalogue, form, {indicator: entry}).problems:
        check_words(problem)


@pytest.mark.parametrize("rule", DEPARTMENT)
def test_a_departments_sentence_names_its_cell_and_the_remedy(catalogue: Catalogue, rule: str) -> None:
    for problem in department(catalogue, *DEPARTMENT[rule]).problems:
        check_words(problem)


@pytest.mark.parametrize("case", sorted({case for case, _ in verdicts().values()}))
def test_a_cases_sentences_name_their_cells_and_the_remedies(catalogue: Catalogue, case: str) -> None:
    (file,) = (path for path in (CASES / case).iterdir() if path.name != "case.json")
    opened = open_or_refuse(file.name, file.read_bytes())
    known: dict[tuple[str, str], KnownTotals] = {**KNOWN, **NEIGHBOURS}
    for part in understand(file.name, opened, catalogue, lambda *_: known):  # type: ignore[arg-type]  # it opens
        for problem in part.outcome.problems:  # type: ignore[union-attr]  # it is read
            check_words(problem)
