"""Receiving workbooks (收表): keep the bytes, read them, record what they say, answer with a receipt.

The order makes a crash harmless: the bytes are kept before they are read, one file is one transaction,
and the inbox is cleared last, so that running again finishes what was begun and repeats nothing.
"""

import traceback
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zipfile import BadZipFile

from xlsxwriter.exceptions import XlsxWriterException

from flows.arriving import Come, come, instead_of, keep_package, told
from flows.catalogue.catalogue import Catalogue
from flows.catalogue.observation import Known, Question, Reading, Refusal
from flows.plans import plans
from flows.progress import shown
from flows.receipting import is_answered, receipt_files, receipt_of, text_path
from flows.settings import Settings
from flows.submission.container.opened import Opened
from flows.submission.read_form import understand
from flows.submission.receipt_text import as_text
from flows.warehouse.files import write_whole
from flows.warehouse.ledger import known_totals, record
from flows.warehouse.questions import questions
from flows.warehouse.raw import Arrival, Waiting, clear, keep, noticed, waiting
from flows.warehouse.warehouse import Warehouse, WarehouseError

FAILED = "failed"
_FAULTS = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, BadZipFile, zlib.error,
    XlsxWriterException,
)  # fmt: skip  # of a file's making; a disk or a warehouse that fails is no file's
REFUSED = "refused"  # where the raw store keeps what could not be read


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one file: `status` is accepted, refused or unchanged, or failed where the program itself
    did not get through it; the receipt as written."""

    name: str
    status: str
    month: str
    receipt: str
    receipt_path: Path

    def as_row(self) -> dict[str, str]:
        """As plain text, for a table an operator reads."""
        return {name: str(getattr(self, name)) for name in self.__slots__}


def take_up(settings: Settings, files: list[Path], now: datetime) -> list[Waiting]:
    """The files given, or all that wait in the inbox, in the order in which they were received."""
    found = [noticed(path, now) for path in files or waiting(settings.inbox)]
    return sorted(found, key=lambda one: (one.received_at, one.name, one.path))


def receive_all(files: list[Waiting], settings: Settings) -> list[Received]:
    """Every file, one by one; a file that cannot be read is refused and the rest goes on."""
    catalogues = plans(settings)
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        received = [
            one
            for file in shown(files, "收表")
            for one in receive_file(file, warehouse, catalogues, settings)
        ]
        if faults := warehouse.faults():
            raise WarehouseError(settings.warehouse, "自查不通过", "；".join(faults))
    return received


def receive_file(
    file: Waiting, warehouse: Warehouse, catalogues: tuple[Catalogue, ...], settings: Settings
) -> list[Received]:
    """Take in all that is in a file and take it out of the inbox; with what no reader foresaw it stays there."""
    whole, inside = come(file)
    received, is_personal, is_package = [], False, False
    for one in inside:
        received.append(receive(one, warehouse, catalogues, settings))
        is_personal |= one.is_personal
        is_package |= one.arrived.package is not None
    if is_package:
        keep_package(settings.raw, whole, is_personal)
    if all(one.status != FAILED for one in received):
        clear(settings.inbox, file)
    return received


def receive(
    one: Come, warehouse: Warehouse, catalogues: tuple[Catalogue, ...], settings: Settings
) -> Received:
    """Take one file all the way: kept, read, recorded, receipted. What no reader foresaw is a fault of the program:
    the file is told as failed, and the next one is taken."""
    try:
        return _received(one, warehouse, catalogues, settings)
    except _FAULTS as fault:
        return _failed(one.arrived, fault)


def _received(
    one: Come, warehouse: Warehouse, catalogues: tuple[Catalogue, ...], settings: Settings
) -> Received:
    """A file recorded but never answered (a crash came between) is answered as if it came for the first time."""
    arrived = one.arrived
    before = _received_before(warehouse, arrived)
    first = replace(arrived, received_at=before or arrived.received_at)
    outcome, catalogue = _read(first, one.opened, warehouse, catalogues)
    outcome = told(one, outcome)
    folder, instead = settings.receipts / _folder(outcome), instead_of(one, outcome)
    if before is None:
        keep(settings.raw, _folder(outcome), arrived, instead)
        record(warehouse, arrived.sha256, arrived.received_at, arrived.name, outcome)
    given = receipt_of(first, outcome, catalogue, None)
    if before and is_answered(folder, arrived, given):
        given = receipt_of(arrived, outcome, catalogue, before)
    else:
        sheets = None if isinstance(one.opened, Refusal) else one.opened
        sendable = replace(arrived, content=(instead.content or b"") if instead else arrived.content)
        for path, content in receipt_files(folder, sendable, sheets, given).items():
            write_whole(path, content)
    return Received(arrived.name, given.status, _folder(outcome), as_text(given), text_path(folder, arrived))


def _failed(arrived: Arrival, fault: Exception) -> Received:
    """A fault of the program, told by its kind and place: what the file says is not repeated."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    place = f"{type(fault).__name__}，{Path(last.filename).name} 第 {last.lineno} 行"
    text = (
        f"{arrived.name}：程序没有处理完（{place}）。文件仍在收件箱；请把它交给维护人员，修复后再收一次。\n"
    )
    return Received(arrived.name, FAILED, "", text, arrived.path)


def _received_before(warehouse: Warehouse, arrived: Arrival) -> datetime | None:
    rows = warehouse.select("submission", sha256=arrived.sha256, as_of=arrived.received_at)
    return rows["received_at"][0] if len(rows) else None


def _read(
    arrived: Arrival, opened: Opened | Refusal, warehouse: Warehouse, catalogues: tuple[Catalogue, ...]
) -> tuple[Reading | Refusal, Catalogue]:
    """Read it against the newest plan that accepts it, and against what was in force when it came; if no plan
    accepts it, the newest plan's refusal stands."""
    if isinstance(opened, Refusal):
        return opened, catalogues[0]

    def known(reporter: str, month: str) -> dict[tuple[str, str], Known]:
        return known_totals(warehouse, reporter, month, arrived.received_at)

    def asked(numbers: Sequence[str]) -> dict[str, Question]:
        return questions(warehouse, numbers, arrived.received_at)

    outcomes = [(understand(arrived.own_name, opened, c, known, asked), c) for c in catalogues]
    return next((pair for pair in outcomes if isinstance(pair[0], Reading)), outcomes[0])


def _folder(outcome: Reading | Refusal) -> str:
    return REFUSED if isinstance(outcome, Refusal) else outcome.month
