"""Edits on a later draft: what stands, what must be looked at again, and what can no longer be printed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from flows.documents import manuscript
from flows.documents.edited_text import read_edit
from flows.documents.edits import AppliedEdits, apply_edits
from flows.documents.kinds import report
from flows.documents.known_numbers import KnownNumbers
from flows.documents.pdf.typeset import Typesetter
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.paragraph_edit import EditAction, ParagraphEdit
from tests.documents.conftest import CHECKOUT
from tests.documents.gate_plantings import H1, ISSUE, QUIET
from tests.documents.year_frames import year_frames

HEADLINE = "headline-urban_new_jobs"
Draft = Callable[..., KnownNumbers]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(CHECKOUT / "plan" / "2025")


@pytest.fixture
def draft(catalogue: Catalogue, typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch) -> Draft:
    """The numbers of a half-year's report, laid out nowhere: 开鲁县 at a share of the others' pace, some county silent."""
    monkeypatch.setattr(typesetter, "pdf", lambda *_: b"")
    monkeypatch.setattr(manuscript, "examine", lambda *_: [])
    monkeypatch.setattr(report, "charts", lambda *_: {})

    def made(
        kailu: float = 0.7, silent: tuple[tuple[str, int], ...] = (), answer_by: int = 16
    ) -> KnownNumbers:
        issue = replace(ISSUE, answer_by=date(2025, 7, answer_by))
        frames = year_frames(catalogue, H1, silent=silent, pace={"kailu": kailu})
        document = report.half_yearly(frames, catalogue, H1, issue, typesetter)
        return KnownNumbers.of(document.paragraphs, document.figures_csv, catalogue, document.own)

    return made


def edit(numbers: KnownNumbers, paragraph: str, typed: str) -> ParagraphEdit:
    own = numbers.paragraph[paragraph]
    text, faults = read_edit(typed.format(own=own.text), own, numbers)
    assert faults == ()
    return ParagraphEdit(
        "2025-H1/half_year_summary",
        paragraph,
        EditAction.WRITTEN,
        datetime(2025, 7, 9),
        own.text,
        own.text,
        text,
    )


def applied(draft: Draft, paragraph: str, typed: str, **later: object) -> AppliedEdits:
    return apply_edits([edit(draft(), paragraph, typed)], draft(**later))


def test_words_stand_on_the_same_numbers(draft: Draft) -> None:
    found = applied(draft, HEADLINE, "总的看，{own}")
    assert (found.stale, len(found.texts[HEADLINE])) == ((), 1)


def test_words_follow_another_date_and_stand(draft: Draft) -> None:
    found = applied(draft, "proposal-red", "{own}请按期办理。", answer_by=18)
    assert found.stale == ()
    assert "7月18日}前报送" in found.current["proposal-red"]


def test_words_print_the_numbers_of_now_and_are_looked_at_again(draft: Draft) -> None:
    """开鲁县 reports more: the city's sentence has another total."""
    found = applied(draft, HEADLINE, "总的看，{own}", kailu=0.75)
    assert found.stale == (HEADLINE,)
    now = draft(kailu=0.75).paragraph[HEADLINE].text
    assert found.current[HEADLINE] == f"总的看，{now}"
    assert now != draft().paragraph[HEADLINE].text


def test_words_around_other_words_of_the_program_are_not_printed(draft: Draft) -> None:
    found = applied(draft, HEADLINE, "总的看，{own}", silent=(QUIET,))
    assert (found.stale, found.texts) == ((HEADLINE,), {})


def test_a_slot_without_numbers_stands_and_one_with_a_figure_follows_it(draft: Draft) -> None:
    rate = draft().figures["kailu", "urban_new_jobs"]
    assert float(rate["attainment_pct"]) == pytest.approx(35, abs=0.1)  # half of the year at 0.7 of the pace
    typed = "形势总体平稳。开鲁县城镇新增就业完成率35.0%，需要重点帮扶。"
    assert applied(draft, "causes", "形势总体平稳。", kailu=0.75).stale == ()
    assert applied(draft, "causes", typed).stale == ()
    found = applied(draft, "causes", typed, kailu=0.75)
    assert (found.stale, "37.5%" in found.current["causes"]) == (("causes",), True)
    lost = applied(draft, "causes", typed, silent=(("kailu", 6),))
    assert (lost.stale, lost.texts) == (("causes",), {})


def test_a_paragraph_that_is_gone_is_looked_at_again(draft: Draft) -> None:
    found = applied(draft, "proposal-red", "{own}", kailu=1.0)
    assert (found.stale, found.texts) == (("proposal-red",), {})
