"""收表: workbooks in, receipts at once, questions answered."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PureWindowsPath
from secrets import token_hex
from typing import Annotated, Any

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from flows.accounts.accounts import Duty
from flows.clock import BEIJING
from flows.correspondence import UnknownReporterError
from flows.desk.desk import WORKBOOK, Acting, AnyDesk, Desk, LoggedIn, back_to, download, within
from flows.desk.work import Outcome
from flows.files import write_whole
from flows.issuing.fetching import ConfirmationError
from flows.plan.period import Frequency, Period
from flows.submissions.answering import AnswerError
from flows.submissions.receipts.files import workbook_of
from flows.submissions.receipts.receipt import STATUS_LABELS

router = APIRouter()
SHOWN = 40
MAX_NAME_BYTES = 160  # the receipt's name, longer by a mark, has to fit in 255


@dataclass(frozen=True)
class ReceiptFile:
    """A receipt as it lies below data/receipts: its place, the workbook it answers, when it was written, what became of
    that, and whether a workbook goes back with it."""

    place: str
    name: str
    written_at: datetime
    result: str
    has_workbook: bool


@router.get("/submissions")
def submissions_page(desk: AnyDesk, session: LoggedIn, month: str = "") -> Response:
    """The form to hand in, the newest receipts, and what of a month waits for a reason or for another report."""
    period = Period.parse(month) if month else desk.last_month()
    plan = desk.office.plan(period.year)
    return desk.page(
        "submissions.html.j2",
        session,
        title="收表",
        period=period,
        months=desk.periods(Frequency.MONTH),
        reporters=[one for one in desk.status(period).reporters if one.open or one.held],
        sources=desk.cached("sources", desk.office.unverified_sources),
        names={one.id: one.name for one in plan.reporters},
        held=desk.cached("held", desk.office.held_mail),
        reporters_all=plan.reporters,
        receipts=_newest(desk.settings.receipts),
    )


@router.post("/submissions")
def hand_in(act: Acting, files: list[UploadFile]) -> Response:
    """Take in the workbooks that were dropped in; their receipts are the outcome."""
    act.actor(Duty.REGISTER)
    folder = act.desk.settings.data / "desk" / token_hex(8)
    try:
        paths = [keep_uploaded(folder, number, file) for number, file in enumerate(files) if file.filename]
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if not paths:
        act.session.say("没有选文件", "fault")
        return back_to("/submissions")

    def take_in() -> Outcome:
        try:
            given = {"files": [str(path) for path in paths]}
            rows = act.desk.run("收表", given, "received", lambda: _ingest(act.desk, paths))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return Outcome(list(_lines(rows)), "/submissions", "回到收表")

    return act.desk.start(act.session, f"intake {folder.name}", f"收表（{len(paths)} 个文件）", take_in)


@router.post("/submissions/answer")
def answer(
    act: Acting, number: Annotated[str, Form()], reason: Annotated[str, Form()] = "", by: Annotated[str, Form()] = "",
    month: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Record the reason that a reporter gave by letter or telephone."""
    try:
        act.desk.office.answer(number, reason, act.actor(Duty.REGISTER), by)
        act.session.say(f"已登记 {number} 的说明")
    except AnswerError as fault:
        act.session.say(str(fault), "fault")
    return back_to(f"/submissions?month={month}#questions")


@router.post("/submissions/sources")
def confirm_sources(
    act: Acting, number: Annotated[list[str], Form()], note: Annotated[str, Form()] = ""
) -> Response:
    """Record that reports did come from whom they say."""
    confirmed = act.desk.office.confirm_sources(number, note.strip(), act.actor(Duty.REGISTER))
    act.session.say(f"已登记 {len(confirmed)} 份报表的来源")
    return back_to("/submissions")


@router.post("/submissions/senders")
def confirm_sender(act: Acting, sender: Annotated[str, Form()], reporter: Annotated[str, Form()]) -> Response:
    """Remember whose an unknown mail address is; what it sent is taken in by the next fetching."""
    try:
        act.session.say(act.desk.office.confirm_sender(sender, reporter, act.actor(Duty.REGISTER)))
    except (ConfirmationError, UnknownReporterError) as fault:
        act.session.say(str(fault), "fault")
    return back_to("/submissions#senders")


@router.get("/receipt")
def receipt_page(desk: AnyDesk, session: LoggedIn, place: str) -> Response:
    """One receipt as the reporter reads it."""
    path = within(desk.settings.receipts, place)
    if path is None or path.suffix != ".txt":
        raise HTTPException(404)
    return desk.page(
        "receipt.html.j2", session, title="回执", text=path.read_text(encoding="utf-8"),
        receipt=_receipt(desk.settings.receipts, path),
    )  # fmt: skip


@router.get("/receipt/workbook")
def returned_workbook(desk: AnyDesk, _session: LoggedIn, place: str) -> Response:
    """The marked workbook, or fresh form, that goes back with a receipt."""
    path = within(desk.settings.receipts, place)
    workbook = workbook_of(path) if path else None
    if workbook is None:
        raise HTTPException(404)
    return download(workbook.read_bytes(), workbook.name, WORKBOOK)


def keep_uploaded(folder: Path, number: int, file: UploadFile) -> Path:
    """The bytes under the name they came with, each in a folder of its own: two may have the same name."""
    path = folder / str(number) / storable_name(file.filename or "")
    write_whole(path, file.file.read())
    return path


def storable_name(given: str) -> str:
    """A file's name without its folders, control characters and leading dots, and short enough for the disk."""
    name = "".join(one for one in PureWindowsPath(given).name if one.isprintable()).lstrip(".") or "未命名"
    suffix = PureWindowsPath(name).suffix[:10]
    stem = name.removesuffix(suffix).encode()[: MAX_NAME_BYTES - len(suffix.encode())]
    return stem.decode(errors="ignore") + suffix


def _ingest(desk: Desk, paths: Sequence[Path]) -> list[dict[str, Any]]:
    return [one.as_row() for one in desk.office.ingest(paths)]


def _lines(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        items = f"，有 {row['left']} 项需要处理" if row["left"] != "0" else ""
        remark = f"（{row['remark']}）" if row["remark"] else ""
        yield f"{row['name']}：{STATUS_LABELS[row['status']]}{items}{remark}"
        yield from (f"　　{line}" for line in row["receipt"].splitlines() if line.strip())


def _newest(receipts: Path) -> list[ReceiptFile]:
    found = sorted(receipts.rglob("*.txt"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [_receipt(receipts, path) for path in found[:SHOWN]]


def _receipt(receipts: Path, path: Path) -> ReceiptFile:
    written_at = datetime.fromtimestamp(path.stat().st_mtime, BEIJING).replace(tzinfo=None)
    name = path.name.rsplit("-", 1)[0]
    with path.open(encoding="utf-8") as lines:
        result = lines.readline().strip().removeprefix("回执：")
    place = str(path.relative_to(receipts))
    return ReceiptFile(place, name, written_at, result, workbook_of(path) is not None)
