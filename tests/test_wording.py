"""The office's own words: edits on record, signed with the draft, never a number changed."""

from pathlib import Path

import pytest

from flows.issuing.approval import ApprovalError
from flows.office import Office
from flows.plan.issued import Decision, Step
from flows.plan.paragraph_edit import EditAction
from flows.settings import Settings
from flows.warehouse.words_ledger import paragraph_edits
from flows.wording import WordsRefusedError
from tests.staff import actor

DOCUMENT = "2025-06/monthly_dispatch"
HEADLINE = "headline-urban_new_jobs"
DEADLINE = "请各地于9月底前完成整改。"


@pytest.fixture
def drafted(office: Settings) -> Office:
    made = Office(office)
    made.make("monthly_dispatch", "2025-06")
    return made


def texts(office: Office) -> dict[str, str]:
    return {one.paragraph.id: one.text for one in office.paragraphs(DOCUMENT)}


def test_edits_are_on_record_and_signed_and_asked_anew(drafted: Office) -> None:
    before = drafted.decide(
        drafted.approval_status(DOCUMENT), Decision.APPROVED, actor(drafted.settings, "审核岗")
    )
    assert before.waits_for is Step.SIGN
    own = texts(drafted)[HEADLINE]
    drafted.edit_words(
        DOCUMENT, {HEADLINE: f"今年以来，{own}", "next_steps": DEADLINE}, actor(drafted.settings)
    )
    assert texts(drafted)[HEADLINE] == f"今年以来，{own}"
    after = drafted.approval_status(DOCUMENT)
    assert (after.waits_for, after.decisions) == (Step.REVIEW, ())  # another PDF: nobody has approved it
    with drafted.snapshot() as warehouse:
        first, second = paragraph_edits(warehouse)
    assert (first.account, first.old_text, first.new_text) == ("经办岗", own, f"今年以来，{own}")
    assert (second.own_text, second.new_text) == ("", DEADLINE)
    again = drafted.make(
        "monthly_dispatch", "2025-06"
    )  # the same facts: the edits stand, and the PDF is the same
    assert drafted.approval_status(DOCUMENT).draft.sha256 == after.draft.sha256
    assert again.pdfs


def test_a_number_that_is_not_the_documents_is_refused_and_nothing_recorded(drafted: Office) -> None:
    own = texts(drafted)[HEADLINE]
    sha256 = drafted.approval_status(DOCUMENT).draft.sha256
    with pytest.raises(WordsRefusedError, match="数不能改") as refused:
        drafted.edit_words(DOCUMENT, {HEADLINE: own.replace("8123", "9123").replace("}人", "}人")[:-2] + "{2:9123人}。"},
                           actor(drafted.settings))  # fmt: skip
    assert "9123人" in str(refused.value)
    assert drafted.approval_status(DOCUMENT).draft.sha256 == sha256
    with drafted.snapshot() as warehouse:
        assert paragraph_edits(warehouse) == ()


def test_withdrawing_brings_the_programs_paragraph_back(drafted: Office) -> None:
    sha256 = drafted.approval_status(DOCUMENT).draft.sha256
    drafted.edit_words(DOCUMENT, {"closing": DEADLINE}, actor(drafted.settings))
    assert drafted.approval_status(DOCUMENT).draft.sha256 != sha256
    drafted.withdraw_words(DOCUMENT, ["closing"], actor(drafted.settings))
    assert drafted.approval_status(DOCUMENT).draft.sha256 == sha256
    with drafted.snapshot() as warehouse:
        assert [one.action for one in paragraph_edits(warehouse)] == [
            EditAction.WRITTEN,
            EditAction.WITHDRAWN,
        ]


def test_who_looked_at_an_earlier_draft_edits_nothing(drafted: Office) -> None:
    sha256 = drafted.approval_status(DOCUMENT).draft.sha256
    drafted.edit_words(DOCUMENT, {"closing": DEADLINE}, actor(drafted.settings), sha256)
    with pytest.raises(ApprovalError, match="草稿已重新生成"):
        drafted.edit_words(DOCUMENT, {"closing": f"望{DEADLINE}"}, actor(drafted.settings), sha256)


def test_an_edit_that_a_crash_kept_from_the_draft_blocks_its_approval(
    drafted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr("flows.documents.publishing.publish", killed)
    with pytest.raises(KeyboardInterrupt):
        drafted.edit_words(DOCUMENT, {"closing": DEADLINE}, actor(drafted.settings))
    monkeypatch.undo()
    with pytest.raises(ApprovalError, match="--redraft"):
        drafted.decide(
            drafted.approval_status(DOCUMENT), Decision.APPROVED, actor(drafted.settings, "审核岗")
        )
    drafted.redraft(DOCUMENT)
    drafted.decide(drafted.approval_status(DOCUMENT), Decision.APPROVED, actor(drafted.settings, "审核岗"))
