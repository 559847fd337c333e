"""文字: a draft's paragraphs in boxes to be worded, every number in them a token that stays; recorded at once or not at all."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from flows.accounts.accounts import Duty
from flows.desk.desk import Acting, AnyDesk, Desk, LoggedIn
from flows.desk.documents import Drafted
from flows.desk.sessions import Session
from flows.desk.work import Outcome
from flows.issuing.approval import ApprovalError, ApprovalStatus
from flows.wording import ParagraphStatus, WordsChange

router = APIRouter()
FIELD = "text:"  # what the name of a paragraph's box begins with


@router.get("/document/words")
def words_page(desk: AnyDesk, session: LoggedIn, status: Drafted) -> Response:
    """The paragraphs of a draft, a box each; to read only for an account that may not edit."""
    return _page(desk, session, status, {}, {})


async def typed_texts(request: Request) -> dict[str, str]:
    """What was typed into the boxes, by paragraph."""
    form = await request.form()
    return {key.removeprefix(FIELD): str(value) for key, value in form.items() if key.startswith(FIELD)}


@router.post("/document/words")
def edit(
    act: Acting,
    typed: Annotated[dict[str, str], Depends(typed_texts)],
    document: Annotated[str, Form()],
    seen: Annotated[str, Form()],
    action: Annotated[str, Form()] = "edit",
) -> Response:
    """Take the texts of all boxes as edits, or keep or withdraw one paragraph's (`action`: confirm:ID, withdraw:ID). What
    cannot be taken is named beside its box, with what was typed still in it."""
    actor, office = act.actor(Duty.REGISTER), act.desk.office
    what, _, paragraph = action.partition(":")
    status = office.approval_status(document)
    if status.draft.sha256 != seen:
        raise ApprovalError(document, "草稿已重新生成，请重新看过再改")
    if what == "edit":
        changes = office.compare_words(document, typed)
        if faults := {one.paragraph.id: one.faults for one in changes if one.faults}:
            return _page(act.desk, act.session, status, typed, faults)
        if not changes:
            act.session.say("没有改动")
            return _page(act.desk, act.session, status, {}, {})

    def record() -> Outcome:
        changes: list[WordsChange] = []
        if what == "confirm":
            office.confirm_words(document, [paragraph], actor, seen)
        elif what == "withdraw":
            office.withdraw_words(document, [paragraph], actor, seen)
        else:
            changes = office.edit_words(document, typed, actor, seen)
        lines = [f"{one.paragraph.label}：{one.new_text or '（不印）'}" for one in changes]
        return Outcome(
            [*lines, "草稿已重新生成，须重新送审"],
            f"/document/words?name={quote(document)}",
            "接着改，或看版面",
        )

    return act.desk.start(act.session, f"words {document} {seen} {action}", "改写文字", record)


def _page(
    desk: Desk,
    session: Session,
    status: ApprovalStatus,
    typed: dict[str, str],
    faults: dict[str, tuple[str, ...]],
) -> Response:
    document = str(status.draft.name)
    return desk.page(
        "words.html.j2",
        session,
        422 if faults else 200,
        title=f"{status.draft.title}：文字",
        status=status,
        paragraphs=desk.cached_of_drafts(("paragraphs", document), lambda: desk.office.paragraphs(document)),
        typed=typed,
        faults=faults,
        rows=_rows,
        field=FIELD,
    )


def _rows(one: ParagraphStatus) -> int:
    """How high a box must be, in lines."""
    return max(2, sum(len(line) // 55 + 1 for line in one.text.split("\n")))
