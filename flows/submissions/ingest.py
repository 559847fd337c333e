"""Take in workbooks (收表): keep the bytes, read them, record what they say, answer with a receipt.

The order makes a crash harmless: the bytes are kept before they are recorded, one file is one transaction,
and the inbox is cleared last, so that running again finishes what was begun and repeats nothing. A file that cannot be
read is refused and the rest goes on; WarehouseError where the warehouse's own checks find a fault.
"""

import traceback
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zipfile import BadZipFile

from xlsxwriter.exceptions import XlsxWriterException

from flows.files import sweep, write_whole
from flows.plan.catalogue import Catalogue, Reporter
from flows.plan.incoming_mail import MailResult
from flows.plan.observation import Reading, Refusal
from flows.plan.period import Period
from flows.plan.workdays import deadlines
from flows.progress import shown
from flows.settings import shown_path
from flows.submissions import incoming
from flows.submissions.form.form_spec import form_spec
from flows.submissions.formats.grid import Opened
from flows.submissions.read_form import Part
from flows.submissions.receipts.files import is_answered, receipt_files, receipt_of, returned_path, text_path
from flows.submissions.receipts.receipt import FAILED, HELD, REFUSED, as_text
from flows.submissions.receipts.returned.fresh_form import FreshForm, sender_in_name
from flows.submissions.recording import IngestResult, Source, parse, record_reports
from flows.submissions.sources import (
    confirm_sources,
    origin_in_inbox,
    origin_of_named,
    unverified_sources,
)
from flows.warehouse.connection import Warehouse, WarehouseError
from flows.warehouse.ledger import known_totals
from flows.warehouse.mail_ledger import record_results
from flows.warehouse.raw import Arrival, Waiting, clear, keep, noticed, stored_mail, waiting

FAULTS = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, BadZipFile, zlib.error,
    XlsxWriterException,
)  # fmt: skip  # of a file's making; a disk or a warehouse that fails is no file's


@dataclass(frozen=True, slots=True)
class ReportResult:
    """What became of one report: `status` is accepted, refused or unchanged, failed where the program itself did not get
    through it, or held where it claims to be another's than its sender's; the receipt as written with its title and next
    step, how many items it leaves to be dealt with, the workbook that goes back (null for none), and a remark for the
    operator, mostly empty."""

    name: str
    status: str
    month: str
    receipt: str
    receipt_path: Path
    left: int
    remark: str = ""
    title: str = ""
    next_step: str = ""
    returned: Path | None = None

    def as_row(self) -> dict[str, str]:
        """As plain text, for a table an operator reads."""
        names = ("name", "status", "month", "receipt", "receipt_path", "left", "remark")
        return {name: str(getattr(self, name)) for name in names}


@dataclass(frozen=True, slots=True)
class Folders:
    """Where files wait, where they are kept as received, and where receipts are written."""

    inbox: Path
    raw: Path
    receipts: Path


def scan_inbox(inbox: Path, files: Sequence[Path], now: datetime, catalogue: Catalogue) -> list[Waiting]:
    """The files given, or all that wait in the inbox, in the order in which they were received; each with the way by
    which it came."""
    found = [noticed(path, now, origin_of_named()) for path in files] or [
        noticed(path, now, origin_in_inbox(path, inbox, catalogue)) for path in waiting(inbox)
    ]
    return sorted(found, key=lambda one: (one.received_at, one.name, one.path))


class Ingest:
    """Takes in files against an open warehouse, by the newest of the plans that accepts each."""

    def __init__(self, warehouse: Warehouse, catalogues: tuple[Catalogue, ...], folders: Folders) -> None:
        self.warehouse, self.catalogues, self.folders = warehouse, catalogues, folders

    def files(self, files: Sequence[Waiting]) -> list[ReportResult]:
        """Every file, one by one, and then the warehouse's own checks."""
        sweep(self.folders.raw)
        sweep(self.folders.receipts)
        results = []
        for file, unpacked in shown(incoming.opened_ahead(files), "收表", len(files)):
            if file.path.is_relative_to(self.folders.inbox) and not file.path.exists():
                continue  # another run took it in while this one waited for the warehouse
            results += self.file(file, unpacked)
        if faults := self.warehouse.faults():
            raise WarehouseError(self.warehouse.path, "自查不通过", "；".join(faults))
        return results

    def file(self, file: Waiting, unpacked: Callable[[], incoming.Unpacked]) -> list[ReportResult]:
        """Take in all that is in a file and take it out of the inbox; with what no reader foresaw it stays there."""
        try:
            whole, inside = unpacked()
        except FileNotFoundError:
            raise
        except OSError as error:  # its rights, a bad sector: the other files are taken in all the same
            return [_unreadable(file, error)]
        results, is_personal, is_package = [], False, False
        for one in inside:
            results += self.member(one)
            is_personal |= one.is_personal
            is_package |= one.arrived.package is not None
        if is_package:
            incoming.keep_package(self.folders.raw, whole, is_personal)
        if whole.mail and all(one.status != FAILED for one in results):
            data = self.folders.receipts.parent
            record_results(self.warehouse, [_mail_result(whole, one, data) for one in results])
        if all(one.status not in {FAILED, HELD} for one in results):
            clear(self.folders.inbox, file)
        return results

    def member(self, one: incoming.IncomingFile) -> list[ReportResult]:
        """Take one file all the way: kept, read, recorded, answered. What no reader foresaw is a fault of the program:
        the file is reported as failed, and the next one is taken."""
        try:
            return self._ingested(one)
        except FAULTS as fault:
            return [_failed(one.arrived, fault)]

    def _ingested(self, one: incoming.IncomingFile) -> list[ReportResult]:
        """A file recorded but never answered (a crash came between) is answered as if it came for the first time."""
        before = self._received_before(one.arrived)
        result = parse(_source(one.arrived, before), one.opened, self.warehouse, self.catalogues)
        if strangers := result.strangers_to(one.arrived.origin):
            return [_left_with_sender(one.arrived, strangers, result.catalogue)]
        if before and one.arrived.origin.is_verified:
            self._confirm_source(one.arrived)
        if before is None and not result.months_began_by(one.arrived.received_at):
            one = replace(one, arrived=one.arrived.without_envelope())
            result = parse(_source(one.arrived), one.opened, self.warehouse, self.catalogues)
        if before is None and (ahead := self._recorded_ahead(one.arrived, result)):
            one = replace(one, arrived=replace(one.arrived, received_at=ahead))
            result = parse(_source(one.arrived), one.opened, self.warehouse, self.catalogues)
        if before is None:
            turn = self.warehouse.last_submission_id
            copy = incoming.replacement_copy(one, result.parts)
            keep(self.folders.raw, result.folder or REFUSED, one.arrived, copy, turn)
            record_reports(_source(one.arrived), result, self.warehouse)
        return [self._answered(one, part, result, before) for part in result.parts]

    def _answered(
        self, one: incoming.IncomingFile, part: Part, result: IngestResult, before: datetime | None
    ) -> ReportResult:
        """One report of the file, with its receipt written and, where something is asked, its workbook."""
        arrived, part = one.arrived, replace(part, outcome=incoming.final_outcome(one, part.outcome))
        first = replace(arrived, received_at=before or arrived.received_at)
        fresh = self._fresh_form(one, first, part, result)
        month = part.outcome.month if isinstance(part.outcome, Reading) else REFUSED
        folder = self.folders.receipts / month
        receipt = receipt_of(first, part, result.catalogue, None, fresh)
        if before and is_answered(folder, arrived, receipt) and not self._is_same_mail(arrived):
            receipt = receipt_of(arrived, part, result.catalogue, before, fresh)
        else:
            for path, content in receipt_files(folder, arrived, _sheets(one, part), receipt, fresh).items():
                write_whole(path, content)
        name = f"{arrived.name}{incoming.INSIDE}{receipt.part}" if receipt.part else arrived.name
        return ReportResult(
            name, receipt.status, month, as_text(receipt), text_path(folder, arrived, receipt), receipt.left,
            _remark(arrived), receipt.title, receipt.next_step, returned_path(folder, arrived, receipt),
        )  # fmt: skip

    def _is_same_mail(self, arrived: Arrival) -> bool:
        """Whether the mail that first brought these bytes brings them: a crash came before its answer."""
        return (
            arrived.mail is not None and stored_mail(self.folders.raw, arrived.sha256) == arrived.mail.mail_id
        )

    def _fresh_form(
        self, one: incoming.IncomingFile, arrived: Arrival, part: Part, result: IngestResult
    ) -> FreshForm | None:
        """The form that can go back: with what was read, or blank where the file is of no use but names its sender."""
        catalogue, reading = result.catalogue, part.outcome if isinstance(part.outcome, Reading) else None
        if reading:
            reporter, month = catalogue.reporter[reading.reporter], reading.month
        elif isinstance(one.opened, Refusal) and (named := _sender(arrived, catalogue)):
            reporter, month = named
        else:
            return None
        known = known_totals(self.warehouse, reporter.id, month, arrived.received_at)
        due_on = deadlines(month, catalogue.policy.reporting).due_on
        return FreshForm(form_spec(catalogue, reporter.id, month, known), due_on, reading)

    def _recorded_ahead(self, arrived: Arrival, result: IngestResult) -> datetime | None:
        """The time of a version that was recorded by a clock that had jumped ahead: this one, noticed before that time,
        came after it and must not be hidden by it."""
        readings = [part.outcome for part in result.parts if isinstance(part.outcome, Reading)]
        versions = (
            self.warehouse.select("last_version", reporter=one.reporter, month=one.month) for one in readings
        )
        times = [rows["received_at"][0] for rows in versions if len(rows)]
        return max((at for at in times if at > arrived.noticed_at), default=None)

    def _confirm_source(self, arrived: Arrival) -> None:
        """A file of which nobody knew where it came from has come again by a way that belongs to somebody."""
        waiting = {one.sha256 for one in unverified_sources(self.warehouse)}
        if arrived.sha256 in waiting:
            note = f"同一文件又经{arrived.origin.kind.label}收到（{arrived.origin.name}）"
            confirm_sources(self.warehouse, [arrived.sha256], arrived.noticed_at, note)

    def _received_before(self, arrived: Arrival) -> datetime | None:
        rows = self.warehouse.select("submission", sha256=arrived.sha256, as_of=arrived.received_at)
        return rows["received_at"][0] if len(rows) else None


def _remark(arrived: Arrival) -> str:
    """What the operator should know of the file's envelope."""
    if arrived.received_at > arrived.noticed_at:
        ahead = f"{arrived.received_at:%Y-%m-%d %H:%M}"
        return f"此前有一份登记在 {ahead}（当时机器时钟超前），本份按同一时刻、排在其后登记；请核对时钟"
    if arrived.rejected_at is None:
        return ""
    stated, actual = (f"{at:%Y-%m-%d %H:%M}" for at in (arrived.rejected_at, arrived.received_at))
    return f"随附的收到时间 {stated} 不可信（在报告月之前，或晚于现在），按实际收到的 {actual} 登记；请核对代收机器的时钟"


def _sender(arrived: Arrival, catalogue: Catalogue) -> tuple[Reporter, str] | None:
    """Whose report of which month a file is that cannot be read: as its name says, else the month before it came of
    whoever sent the mail."""
    if named := sender_in_name(arrived.own_name, catalogue, arrived.received_at):
        return named
    if arrived.mail is None or arrived.mail.reporter not in catalogue.reporter:
        return None
    month = Period.month(arrived.received_at.year, arrived.received_at.month).previous
    return (
        (catalogue.reporter[arrived.mail.reporter], str(month)) if month.year == catalogue.plan.year else None
    )


def _mail_result(whole: Arrival, result: ReportResult, data: Path) -> MailResult:
    """What became of a report of a file that came by mail, for the answer to it."""
    returned = result.returned.relative_to(data).as_posix() if result.returned else ""
    is_held = result.status == HELD
    receipt = "" if is_held else result.receipt_path.relative_to(data).as_posix()
    return MailResult(
        whole.mail.mail_id if whole.mail else "", whole.sha256, result.name, REFUSED if is_held else result.status,
        result.month, result.title, result.next_step, result.left, receipt, returned,
    )  # fmt: skip


def _source(arrived: Arrival, before: datetime | None = None) -> Source:
    return Source(
        arrived.name, arrived.own_name, arrived.sha256, before or arrived.received_at, arrived.origin
    )


def _sheets(one: incoming.IncomingFile, part: Part) -> Opened | None:
    """What goes back: all sheets, or of a gathered file those of one report, which can then be sent by itself."""
    if isinstance(one.opened, Refusal):
        return None
    return replace(one.opened, grids=part.grids) if part.reporter else one.opened


def _left_with_sender(arrived: Arrival, strangers: Sequence[str], catalogue: Catalogue) -> ReportResult:
    """A file in the folder of one reporter that says that it is another's: nothing of it is recorded."""
    claimed, sender = "、".join(map(catalogue.name_of, strangers)), catalogue.name_of(arrived.origin.name)
    way = f"{sender}发来" if arrived.mail else f"放在{sender}的文件夹里"
    text = (
        f"{arrived.name}：{way}，写的却是{claimed}的报表，没有收，仍在原处。"
        f"核实确是{claimed}的，点名收：diaodu intake {shown_path(arrived.path)}；不是的，请{claimed}自己报送，把它移走\n"
    )
    step = (
        f"写的是{claimed}的报表，不是{sender}的，没有收。请核对后重新报送；{claimed}的，请{claimed}自己报送。"
    )
    return ReportResult(arrived.name, HELD, "", text, arrived.path, left=0, title="没有收", next_step=step)


def _failed(arrived: Arrival, fault: Exception) -> ReportResult:
    """A fault of the program, described by its kind and place: what the file says is not repeated."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    place = f"{type(fault).__name__}，{Path(last.filename).name} 第 {last.lineno} 行"
    text = (
        f"{arrived.name}：程序没有处理完（{place}）。文件仍在收件箱；请把它交给维护人员，修复后再收一次。\n"
    )
    return ReportResult(arrived.name, FAILED, "", text, arrived.path, left=0)


def _unreadable(file: Waiting, error: OSError) -> ReportResult:
    """A file whose bytes cannot be had."""
    why = "没有权限读" if isinstance(error, PermissionError) else f"读不出来（{error.strerror or error}）"
    text = f"{file.name}：{why}。文件仍在 {file.path.parent}；改好权限或换一份后再收一次，其余的已经收下。\n"
    return ReportResult(file.name, FAILED, "", text, file.path, left=0)
