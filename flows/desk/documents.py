"""文件: drafts and issued documents by period; to read, to trace every number, to compare, to approve or send back."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from flows.accounts.accounts import AccountError
from flows.desk.desk import Act, Acting, AnyDesk, Desk, LoggedIn, back_to, download, require_county
from flows.desk.work import Outcome
from flows.documents.manifest import printed_blocks
from flows.documents.printed_text import Paragraph, changes, paragraphs
from flows.documents.publishing import PREVIOUS
from flows.issuing.approval import DUTIES, ApprovalError, ApprovalStatus
from flows.plan.issued import Decision, DocumentName, Step, issued_as
from flows.plan.period import Period
from flows.settings import shown_path

router = APIRouter()


@router.get("/documents")
def documents_page(desk: AnyDesk, session: LoggedIn, period: str = "") -> Response:
    """The drafts that wait, and what has been issued; of one period or of all."""
    waiting, issued = desk.waiting(), desk.issued()
    periods = sorted(
        {one.draft.name.period for one in waiting} | {one.period for one in issued}, reverse=True
    )
    return desk.page(
        "documents.html.j2",
        session,
        title="文件",
        period=period,
        periods=[Period.parse(one) for one in periods],
        waiting=[one for one in waiting if period in ("", one.draft.name.period)],
        issued=[one for one in reversed(issued) if period in ("", one.period)],
        addressee=desk.office.addressee,
    )


class IssuedMeanwhileError(Exception):
    """A page or an address of a draft that is issued: under which number."""

    def __init__(self, number: str) -> None:
        self.number = number


def draft_status(desk: AnyDesk, _session: LoggedIn, name: str) -> ApprovalStatus:
    """How far the draft of that name has come; IssuedMeanwhileError where it is one no longer."""
    known = str(DocumentName.parse(name))
    for one in desk.issued():
        if one.document == known:
            raise IssuedMeanwhileError(one.number)
    return desk.cached_of_drafts(("approval", known), lambda: desk.office.approval_status(known))


Drafted = Annotated[ApprovalStatus, Depends(draft_status)]


@router.get("/document")
def document_page(desk: AnyDesk, session: LoggedIn, status: Drafted, view: str = "text") -> Response:
    """A draft: its PDF, its text with every number to be clicked, or what changed since the draft before."""
    manifest, previous = status.draft.pdf.with_name("manifest.json"), status.draft.pdf.with_name(PREVIOUS)
    has_previous = previous.is_file()
    return desk.page(
        "document.html.j2",
        session,
        title=status.draft.title,
        status=status,
        view=view,
        to_whom=desk.office.addressee(status.draft.name),
        paragraphs=_paragraphs(desk, manifest) if view == "text" else [],
        changes=changes(printed_blocks(previous), printed_blocks(manifest))
        if view == "changes" and has_previous
        else None,
        has_previous=has_previous,
        needs_password=status.waits_for is Step.SIGN,
    )


@router.get("/document/pdf")
def document_pdf(status: Drafted) -> Response:
    """The PDF of a draft, to be shown in the browser."""
    return download(status.draft.pdf.read_bytes(), status.draft.pdf.name, "application/pdf", inline=True)


@router.get("/issued")
def issued_page(desk: AnyDesk, session: LoggedIn, number: str, view: str = "text") -> Response:
    """An issued document, as a draft is shown."""
    entry = issued_as(desk.issued(), number)
    folder = desk.settings.data / entry.folder
    return desk.page(
        "issued.html.j2",
        session,
        title=entry.title,
        entry=entry,
        view=view,
        paragraphs=_paragraphs(desk, folder / "manifest.json") if view == "text" else [],
        letters=[one for one in desk.letters() if one.letter.number == number],
        sealed=desk.office.sealed_copy(number),
    )


@router.get("/issued/file")
def issued_file(desk: AnyDesk, _session: LoggedIn, number: str, kind: str = "pdf") -> Response:
    """The PDF of an issued document, its sealed copy, or the workbook beside it."""
    entry, copy = issued_as(desk.issued(), number), desk.office.sealed_copy(number)
    path = desk.settings.data / entry.folder / entry.file_name
    if kind == "sealed":
        path = desk.settings.data / copy.place if copy else Path()
    elif kind == "xlsx":
        path = path.with_suffix(".xlsx")
    if not path.is_file():
        raise HTTPException(404)
    media = "application/pdf" if path.suffix == ".pdf" else "application/octet-stream"
    return download(path.read_bytes(), path.name, media, inline=path.suffix == ".pdf")


@router.post("/document/decide")
def decide(
    act: Acting,
    document: Annotated[list[str], Form()],
    decision: Annotated[str, Form()],
    step: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Approve drafts at the step they wait for, or send them back. Each is named with the hash of the PDF that was on the
    page, so that nobody approves what he has not seen; signing takes one's own password again."""
    if step == Step.SIGN and decision == Decision.APPROVED:
        act.desk.office.accounts.verify(act.session.account, password, act.desk.now())
    wanted = Decision.RETURNED if decision == Decision.RETURNED else Decision.APPROVED

    def carry_out() -> Outcome:
        with act.desk.office.warehouse():  # opened once for all of them
            decided = [_decide_one(act, one, step, wanted, note) for one in document]
        issued = [line for one in decided if one.is_ready for line in _issued_or_why_not(act.desk, one.name)]
        return Outcome([*(one.sentence for one in decided), *issued], "/documents", "回到文件")

    if len(document) > 1:
        key, title = f"decide {step} {decision} {' '.join(document)}", f"{wanted.label} {len(document)} 份"
        return act.desk.start(act.session, key, title, carry_out)
    decided = _decide_one(act, document[0], step, wanted, note)
    act.session.say(decided.sentence, "fault" if decided.is_fault else "done")
    if not decided.is_ready:
        return back_to(f"/document?name={quote(decided.name)}")

    def issue() -> Outcome:
        return Outcome(_issued_or_why_not(act.desk, decided.name), "/documents", "回到文件")

    return act.desk.start(act.session, f"issue {decided.name}", "印发 1 份", issue)


@router.get("/trace")
def trace_page(desk: AnyDesk, session: LoggedIn, period: str, county: str, indicator: str) -> Response:
    """The way of a number back to the cells of the workbooks."""
    from flows.documents.tracing import lines

    parsed = Period.parse(period)
    catalogue = desk.office.plan(parsed.year)
    whose, chosen = require_county(catalogue, county), catalogue.indicator.get(indicator)
    if chosen is None:
        raise HTTPException(404)
    found = desk.cached_of_drafts(
        ("trace", parsed, county, indicator),
        lambda: desk.office.trace(parsed, chosen, county, gatherer=desk.evidence),
    )
    return desk.page(
        "trace.html.j2", session, title=f"{parsed.long_label}{whose}{chosen.name}：数据来源",
        text=lines.as_text(found), faults=lines.faults(found),
    )  # fmt: skip


def _paragraphs(desk: Desk, manifest: Path) -> list[Paragraph]:
    return desk.cached_of_drafts(("text", manifest), lambda: paragraphs(printed_blocks(manifest)))


@dataclass(frozen=True)
class Decided:
    """What came of a decision on a draft, as a sentence, and whether the draft may be issued now."""

    name: str
    sentence: str
    is_fault: bool = False
    is_ready: bool = False


def _decide_one(act: Act, document: str, step: str, decision: Decision, note: str) -> Decided:
    """Decide on one draft, given as name and hash; what is in the way of it is not in the way of others."""
    name, _, sha256 = document.rpartition("@")
    office, title = act.desk.office, name
    try:
        with office.warehouse():  # nobody else decides between looking and recording
            status = office.approval_status(name)
            title = act.desk.title_of(status.draft)
            waits_for = _require_unchanged(status, sha256, step)
            status = office.decide(status, decision, act.actor(DUTIES[waits_for]), note)
    except ApprovalError as fault:
        return Decided(name, f"{title}：{fault.why}", is_fault=True)
    except AccountError as fault:
        return Decided(name, str(fault), is_fault=True)
    is_ready = status.waits_for is None and decision is Decision.APPROVED
    return Decided(name, f"{title}：{decision.label}，{_next(status)}", is_ready=is_ready)


def _require_unchanged(status: ApprovalStatus, sha256: str, step: str) -> Step:
    """The step that the draft waits for; ApprovalError where draft or step are not those that were on the page."""
    if status.draft.sha256 != sha256:
        raise ApprovalError(status.draft.name, "草稿已重新生成，请重新看过再办")
    if status.waits_for is None or status.waits_for != step:
        raise ApprovalError(status.draft.name, "这一步已经办过了，没有重复办理")
    return status.waits_for


def _next(status: ApprovalStatus) -> str:
    if status.returned:
        return "已退回，改好后重新生成、重新送审"
    return f"待{status.waits_for.label}" if status.waits_for else "各步均已通过"


def _issued_or_why_not(desk: Desk, name: str) -> list[str]:
    """What was issued, or what is in the way: the other documents are issued all the same."""
    try:
        return _issue(desk, name)
    except RuntimeError as fault:
        return [f"没有印发：{fault}"]


def _issue(desk: Desk, name: str) -> list[str]:
    """Number and issue a draft, at the server where that runs; a sentence of what was issued."""

    def here() -> list[dict[str, str]]:
        desk.office.issue(name)
        return []

    desk.run("发文", {"document": name, "wait": False}, "", here)
    entry = next(one for one in desk.office.issued() if one.document == name)
    place = shown_path(desk.settings.data / entry.folder / entry.file_name)
    letters = sum(one.letter.number == entry.number for one in desk.office.letters())
    queued = (
        f"排队待发的信件 {letters} 封，在“发送”里发出" if letters else "信件没有排队，原因见“体检”的通讯录"
    )
    return [f"已印发：{entry.number}　{entry.title}（{place}）", f"　　{queued}"]
