"""本单位: what the account of a county or department sees: its own form, its own reports with their receipts, and the place to
hand one in. No address names a reporter: it is always the account's own."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Any

from fastapi import APIRouter, Depends, UploadFile
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from flows.desk.desk import WORKBOOK, Anybody, AnyDesk, Desk, Sender, back_to, download
from flows.desk.submissions import keep_uploaded
from flows.desk.work import Outcome
from flows.files import sha256_of
from flows.plan.period import Frequency, Period
from flows.submissions.receipts.files import receipt_of_file, workbook_of
from flows.submissions.receipts.receipt import STATUS_LABELS

router = APIRouter(prefix="/own")


def own_unit(desk: AnyDesk, session: Anybody) -> str:
    """Whose account it is; 404 for an account of the office."""
    unit = desk.account(session).unit
    if not unit:
        raise HTTPException(404)
    return unit


Unit = Annotated[str, Depends(own_unit)]


@router.get("")
def own_page(desk: AnyDesk, session: Anybody, unit: Unit) -> Response:
    """The months of the year with their state and questions, the newest first, and every report with its receipt."""
    last = desk.last_month()
    months = [
        one for one in desk.periods(Frequency.MONTH) if one.year == last.year and one.first <= last.first
    ]
    states = {month: one for month in months for one in desk.status(month).reporters if one.reporter == unit}
    return desk.page(
        "own.html.j2",
        session,
        title=f"{desk.office.plan().name_of(unit)}的报表",
        months=desk.periods(Frequency.MONTH),
        last=last,
        labels=STATUS_LABELS,
        states=dict(reversed(states.items())),
        reports=[row | {"has_receipt": _receipt(desk, row) is not None} for row in _reports(desk, unit)],
    )


@router.get("/form")
def own_form(desk: AnyDesk, unit: Unit, month: str) -> Response:
    """The account's own blank form of a month."""
    name, content = desk.office.form(Period.parse(month), unit)
    return download(content, name, WORKBOOK)


@router.get("/receipt")
def own_receipt(desk: AnyDesk, session: Anybody, unit: Unit, number: str) -> Response:
    """The receipt of one of its own reports, named by the hash of the file."""
    path = _own_receipt(desk, unit, number)
    return desk.page(
        "own_receipt.html.j2", session, title="回执", text=path.read_text(encoding="utf-8"), number=number,
        has_workbook=workbook_of(path) is not None,
    )  # fmt: skip


@router.get("/receipt/workbook")
def own_workbook(desk: AnyDesk, unit: Unit, number: str) -> Response:
    """The workbook that goes back with that receipt."""
    workbook = workbook_of(_own_receipt(desk, unit, number))
    if workbook is None:
        raise HTTPException(404)
    return download(workbook.read_bytes(), workbook.name, WORKBOOK)


@router.post("")
def hand_in(desk: AnyDesk, session: Sender, unit: Unit, files: list[UploadFile]) -> Response:
    """Put workbooks into the account's own folder of the inbox and take them in."""
    folder = desk.settings.inbox / unit / f"desk-{token_hex(8)}"
    paths = [keep_uploaded(folder, number, file) for number, file in enumerate(files) if file.filename]
    if not paths:
        session.say("没有选文件", "fault")
        return back_to("/own")
    digests = {path: sha256_of(path.read_bytes()) for path in paths}

    def take_in() -> Outcome:
        desk.run("收表", {}, "received", lambda: [one.as_row() for one in desk.office.ingest()])
        return Outcome(list(_lines(desk, digests)), "/own", "回到本单位的报表")

    return desk.start(session, f"own {folder.name}", f"报送（{len(paths)} 个文件）", take_in)


def _lines(desk: Desk, digests: Mapping[Path, str]) -> Iterator[str]:
    """The receipt of every file handed in; nothing of what else lay in the inbox. A file that says that it is another
    reporter's was not taken in, and goes."""
    for path, digest in digests.items():
        yield f"{path.name}："
        if path.exists():
            path.unlink()
            yield "　　没有收：不是本单位的报表（写的是别的单位、一个文件里有几个单位的，或者是临时文件）。请核对后重新报送。"
        elif receipt := receipt_of_file(desk.settings.receipts, digest):
            yield from (f"　　{line}" for line in receipt.read_text("utf-8").splitlines() if line.strip())
        else:
            yield "　　已收到，结果见“报送记录”。"


def _reports(desk: Desk, unit: str) -> list[dict[str, Any]]:
    return desk.cached(("reports", unit), lambda: desk.office.reports_of(unit))


def _receipt(desk: Desk, row: Mapping[str, Any]) -> Path | None:
    """The receipt of a report; of a file of several reporters, that of its own part."""
    plan = desk.office.plan()
    part = plan.name_of(row["part_reporter"]) if row["part_reporter"] else ""
    return receipt_of_file(desk.settings.receipts, row["file_sha256"], part)


def _own_receipt(desk: Desk, unit: str, number: str) -> Path:
    """404 for a file that is not the unit's."""
    rows = (row for row in _reports(desk, unit) if row["file_sha256"] == number)
    path = next(filter(None, (_receipt(desk, row) for row in rows)), None)
    if path is None:
        raise HTTPException(404)
    return path
