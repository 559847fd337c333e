"""交出: documents for WPS and Word and back, comparisons, and the sealed copy of an issued document."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from flows.accounts.accounts import Duty
from flows.desk.desk import Acting, AnyDesk, LoggedIn, back_to, download
from flows.desk.work import Outcome
from flows.documents.printed_text import compared
from flows.plan.issued import DocumentName, issued_as
from flows.wording import WordsRefusedError

router = APIRouter()
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/document/docx")
def document_docx(desk: AnyDesk, _session: LoggedIn, name: str) -> Response:
    """A draft for WPS and Word, or an issued document by its number; made on demand."""
    known = str(DocumentName.parse(name)) if "/" in name else issued_as(desk.issued(), name).number
    file, written = desk.cached_of_drafts(("docx", known), lambda: desk.office.docx(known))
    return download(written.content, file, WORD)


@router.post("/document/docx")
def returned_docx(act: Acting, name: Annotated[str, Form()], file: UploadFile) -> Response:
    """What an edited .docx would change; it counts once the account says so on the page."""
    act.actor(Duty.REGISTER)
    office = act.desk.office
    status, returned = office.approval_status(name), office.compare_docx(name, file.file.read())
    changes = office.compare_words(name, returned.texts)
    faults = [*returned.faults, *(fault for one in changes for fault in one.named_faults)]
    return act.desk.page(
        "docx.html.j2", act.session, title="送回的稿与现稿比较", status=status, faults=faults, notes=returned.notes,
        changes=[(one, compared(one.old_text, one.new_text)) for one in changes],
    )  # fmt: skip


@router.post("/document/docx/accept")
def accept_docx(
    act: Acting,
    name: Annotated[str, Form()],
    seen: Annotated[str, Form()],
    paragraph: Annotated[list[str], Form()],
    text: Annotated[list[str], Form()],
) -> Response:
    """Record the words that were shown, and make the draft again with them."""
    actor, office = act.actor(Duty.REGISTER), act.desk.office
    texts = dict(zip(paragraph, (one.replace("\r\n", "\n") for one in text), strict=True))
    page = f"/document?name={quote(name)}"

    def record() -> Outcome:
        changes = office.edit_words(name, texts, actor, seen)
        return Outcome([f"已改写 {len(changes)} 段，草稿已重新生成，请重新送审"], page, "看这份草稿")

    try:
        office.compare_words(name, texts)
    except WordsRefusedError as fault:
        act.session.say(str(fault), "fault")
        return back_to(page)
    return act.desk.start(act.session, f"words {name}", f"改写 {name}", record)


@router.get("/document/comparison")
def comparison_file(
    desk: AnyDesk, _session: LoggedIn, before: str, after: str = "", form: str = "html"
) -> Response:
    """Two documents compared: a page, or a .docx with tracked changes."""
    if form not in ("html", "docx"):
        raise HTTPException(404)
    found = desk.office.compare(before, after)
    name = f"比较稿 {found.after.title}.{form}"
    if form == "docx":
        return download(found.as_docx(), name, WORD)
    return download(found.as_html(), name, "text/html; charset=utf-8")


@router.post("/issued/seal")
def seal(act: Acting, number: Annotated[str, Form()], file: UploadFile) -> Response:
    """Compare the file that was handed in with what was issued, and enter it; the outcome says what was compared."""
    actor, entry, content = act.actor(Duty.REGISTER), issued_as(act.desk.issued(), number), file.file.read()
    page = f"/issued?number={quote(entry.number)}"

    def check() -> Outcome:
        result, letters = act.desk.office.seal(entry.number, content, actor)
        return Outcome(result.lines(len(letters)), page, "看这份文件")

    return act.desk.start(act.session, f"seal {entry.number}", f"核对 {entry.number} 的盖章件", check)
