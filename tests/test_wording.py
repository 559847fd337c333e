"""The office's own words: edits on record, signed with the draft, never a number changed."""

from dataclasses import replace
from pathlib import Path

import pytest

from flows.accounts.accounts import AccountError
from flows.issuing.approval import ApprovalError
from flows.office import Office
from flows.plan.issued import Decision, Step
from flows.plan.paragraph_edit import EditAction
from flows.plan.terms import AccountRole
from flows.settings import Settings
from flows.warehouse.words_ledger import edited_event, paragraph_edits
from flows.wording import WordsRefusedError
from tests.staff import TYPED, actor

DOCUMENT = "2025-06/monthly_dispatch-kailu"  # one page
COUNTED = "indicator-count"
DEADLINE = "请于9月底前完成整改。"


@pytest.fixture
def drafted(office: Settings) -> Office:
    made = Office(office)
    made.make("monthly_dispatch", "2025-06", county="kailu")
    return made


def texts(office: Office) -> dict[str, str]:
    return {one.paragraph.id: one.text for one in office.paragraphs(DOCUMENT)}


def approve(office: Office, name: str = "审核岗") -> Step | None:
    return office.decide(
        office.approval_status(DOCUMENT), Decision.APPROVED, actor(office.settings, name)
    ).waits_for


def test_edits_are_on_record_and_asked_to_be_approved_anew(drafted: Office) -> None:
    assert approve(drafted) is None
    own = texts(drafted)[COUNTED]
    changes = drafted.edit_words(
        DOCUMENT,
        {COUNTED: f"总体来看，{own}", "closing": DEADLINE},
        actor(drafted.settings, "经办岗", "王局"),
    )
    assert [(one.old_text, one.new_text) for one in changes] == [(own, f"总体来看，{own}"), ("", DEADLINE)]
    status = drafted.approval_status(DOCUMENT)
    assert (status.waits_for, status.decisions) == (Step.REVIEW, ())  # another PDF: nobody has approved it
    with drafted.snapshot() as warehouse:
        first, second = paragraph_edits(warehouse)
    assert (first.account, first.instructed_by, first.old_text, first.new_text) == (
        "经办岗", "王局", own, f"总体来看，{own}",
    )  # fmt: skip
    assert (second.own_text, second.new_text) == ("", DEADLINE)
    drafted.make("monthly_dispatch", "2025-06", county="kailu")  # the same facts: the edits stand
    assert drafted.approval_status(DOCUMENT).draft.sha256 == status.draft.sha256
    assert drafted.county_reports("2025-06", counties=["kailu"])["成文"] == 1  # made by a run of its own
    assert drafted.county_reports("2025-06", counties=["kailu"])["未变"] == 1
    assert drafted.approval_status(DOCUMENT).draft.sha256 == status.draft.sha256


def test_a_number_that_is_not_the_documents_is_refused_and_nothing_is_recorded(drafted: Office) -> None:
    own, sha256 = texts(drafted)[COUNTED], drafted.approval_status(DOCUMENT).draft.sha256
    typed = {COUNTED: own.replace("{3:8项}", "{3:9项}"), "closing": "再增加107人。"}
    with pytest.raises(WordsRefusedError, match="2 处不能采用") as refused:
        drafted.edit_words(DOCUMENT, typed, actor(drafted.settings))
    assert "“9项”改过了，应为“8项”" in str(refused.value)
    assert "107 不是本件的数" in str(refused.value)
    with pytest.raises(WordsRefusedError, match="没有“opening”这一段"):
        drafted.edit_words(DOCUMENT, {"opening": "你好。"}, actor(drafted.settings))
    assert drafted.approval_status(DOCUMENT).draft.sha256 == sha256
    with drafted.snapshot() as warehouse:
        assert paragraph_edits(warehouse) == ()


def test_withdrawing_brings_the_programs_paragraph_back(drafted: Office) -> None:
    sha256, own = drafted.approval_status(DOCUMENT).draft.sha256, texts(drafted)[COUNTED]
    drafted.edit_words(DOCUMENT, {"closing": DEADLINE, COUNTED: f"总的看，{own}"}, actor(drafted.settings))
    assert drafted.approval_status(DOCUMENT).draft.sha256 != sha256
    drafted.withdraw_words(DOCUMENT, ["closing"], actor(drafted.settings))
    drafted.edit_words(DOCUMENT, {COUNTED: own}, actor(drafted.settings))  # typed back: the same
    assert drafted.approval_status(DOCUMENT).draft.sha256 == sha256
    with drafted.snapshot() as warehouse:
        done = [one.action for one in paragraph_edits(warehouse)]
    assert done == [EditAction.WRITTEN, EditAction.WRITTEN, EditAction.WITHDRAWN, EditAction.WITHDRAWN]


def test_who_looked_at_an_earlier_draft_edits_nothing(drafted: Office) -> None:
    sha256 = drafted.approval_status(DOCUMENT).draft.sha256
    drafted.edit_words(DOCUMENT, {"closing": DEADLINE}, actor(drafted.settings), sha256)
    with pytest.raises(ApprovalError, match="草稿已重新生成"):
        drafted.edit_words(DOCUMENT, {"closing": f"望{DEADLINE}"}, actor(drafted.settings), sha256)


def test_an_account_without_the_duty_edits_nothing(drafted: Office) -> None:
    drafted.accounts.add("管理岗", (AccountRole.ADMIN,), TYPED, drafted.now(), None)
    with pytest.raises(AccountError, match="不能办理登记"):
        drafted.edit_words(DOCUMENT, {"closing": DEADLINE}, actor(drafted.settings, "管理岗"))


def test_an_edit_that_a_crash_kept_from_the_draft_blocks_its_approval(
    drafted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("flows.documents.publishing.publish", killed)
        with pytest.raises(KeyboardInterrupt):
            drafted.edit_words(DOCUMENT, {"closing": DEADLINE}, actor(drafted.settings))
    with pytest.raises(ApprovalError, match="--redraft"):
        approve(drafted)
    drafted.redraft(DOCUMENT)
    assert approve(drafted) is None


def test_words_whose_numbers_have_changed_are_looked_at_again_before_approval(drafted: Office) -> None:
    """As if the paragraph had counted 9 indicators when it was worded, which counts 8 now."""
    own, clerk = texts(drafted)[COUNTED], actor(drafted.settings)
    drafted.edit_words(DOCUMENT, {COUNTED: f"总的看，{own}"}, clerk)
    with drafted.warehouse() as warehouse:
        (edit,) = paragraph_edits(warehouse)
        then = own.replace("{3:8项}", "{3:9项}")
        warehouse.append([edited_event(replace(edit, own_text=then, new_text=f"总的看，{then}"))])
    drafted.redraft(DOCUMENT)
    assert texts(drafted)[COUNTED] == f"总的看，{own}"  # the number of now
    with pytest.raises(ApprovalError, match="1 段改写的文字须重看"):
        approve(drafted)
    assert [str(one.draft.name) for one in drafted.words_to_review()] == [DOCUMENT]
    with pytest.raises(WordsRefusedError, match="“closing”不是须重看的段落"):
        drafted.confirm_words(DOCUMENT, ["closing"], clerk)
    drafted.confirm_words(DOCUMENT, [COUNTED], clerk)
    assert (approve(drafted), drafted.words_to_review()) == (None, [])


def test_an_issued_document_is_made_again_with_its_words_and_takes_no_more(drafted: Office) -> None:
    cited = "据市统计局，用工[[2.31万人|来源：市统计局6月快报]]。"
    drafted.edit_words(DOCUMENT, {"closing": f"{DEADLINE}\n{cited}"}, actor(drafted.settings))
    assert drafted.approval_status(DOCUMENT).draft.outside == ("2.31万人（来源：市统计局6月快报）",)
    assert approve(drafted) is None
    entry, _ = drafted.issue(DOCUMENT)
    again = drafted.remake(entry)
    assert again.is_equal
    assert DEADLINE.encode() in again.document.manifest
    with pytest.raises(ApprovalError, match="印发"):
        drafted.edit_words(DOCUMENT, {"closing": "不改了。"}, actor(drafted.settings))
