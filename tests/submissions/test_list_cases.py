"""docs/evidence/cases.md is what the cases say."""

import pytest

from tests.submissions import list_words
from tests.submissions.list_cases import DOCUMENT, PHRASES, cases, document


def test_the_document_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "python -m tests.submissions.list_cases"


@pytest.mark.parametrize("section", PHRASES)
def test_every_phrase_has_a_case_and_every_case_named_exists(section: str) -> None:
    named = {name for _, names in PHRASES[section] for name in names.split()}
    assert all(names.split() for _, names in PHRASES[section]) and named <= cases().keys()


def test_the_list_of_words_is_up_to_date() -> None:
    assert list_words.DOCUMENT.read_text(encoding="utf-8") == list_words.document(), (
        "python -m tests.submissions.list_words"
    )
