"""What is kept of a file that brought personal data reads as the file did."""

from dataclasses import replace
from pathlib import Path

import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Reading, Refusal
from flows.submissions.clean_copy import cleaned
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.formats.grid import Opened
from flows.submissions.read_form import Part, open_or_refuse, understand
from tests.submissions.conftest import KNOWN, NAME, filled
from tests.submissions.test_cases import CASES
from tests.submissions.test_persons import IDENTITY, with_list


def understood_from(
    name: str, content: bytes, catalogue: Catalogue
) -> tuple[Opened, tuple[Part, ...]] | None:
    opened = open_or_refuse(name, content)
    if isinstance(opened, Refusal):
        return None
    parts = understand(name, opened, catalogue, lambda *_: KNOWN)
    return (opened, parts) if any(isinstance(part.outcome, Reading) for part in parts) else None


def said(parts: tuple[Part, ...]) -> list[object]:
    """Everything a file says but the sentences for its receipt."""
    outcomes = [(part.reporter, part.outcome) for part in parts]
    return [(who, replace(o, decisions=()) if isinstance(o, Reading) else o) for who, o in outcomes]


def file_of(case: Path) -> Path:
    return next(path for path in case.iterdir() if path.name != "case.json")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_the_copy_of_any_file_says_what_the_file_said(case: Path, catalogue: Catalogue) -> None:
    file = file_of(case)
    if (found := understood_from(file.name, file.read_bytes(), catalogue)) is None:
        return
    content, suffix = cleaned(*found)
    again = understood_from(file.name, content, catalogue)
    assert suffix in (".xlsx", ".csv")
    assert again is not None
    assert said(again[1]) == said(found[1])


def test_the_copy_has_the_report_and_nothing_of_the_list(catalogue: Catalogue, form: FormSpec) -> None:
    found = understood_from(NAME, with_list(filled(form)), catalogue)
    assert found
    content, _ = cleaned(*found)
    again = open_or_refuse(NAME, content)
    assert isinstance(again, Opened)
    assert [grid.name for grid in again.grids] == ["月报"]
    assert not again.is_personal
    assert IDENTITY not in repr(again) and "甲某" not in repr(again.grids[1:])


def test_the_same_file_gives_the_same_copy(catalogue: Catalogue, form: FormSpec) -> None:
    copies = [
        cleaned(*found)
        for _ in range(2)
        if (found := understood_from(NAME, with_list(filled(form)), catalogue))
    ]
    assert copies[0] == copies[1]
