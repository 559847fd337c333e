"""Receiving workbooks (收表): keep the bytes, read them, record what they say, answer with a receipt.

The order makes a crash harmless: the bytes are kept before they are read, one file is one transaction,
and the inbox is cleared last, so that running again finishes what was begun and repeats nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flows.catalogue.catalogue import Catalogue
from flows.catalogue.observation import Known, Reading, Refusal
from flows.plans import plans
from flows.progress import shown
from flows.receipting import is_answered, receipt_files, receipt_of, text_path
from flows.settings import Settings
from flows.submission.container.opened import Opened
from flows.submission.read_form import open_or_refuse, understand
from flows.submission.receipt_text import as_text
from flows.warehouse.files import write_whole
from flows.warehouse.ledger import known_totals, record
from flows.warehouse.raw import Arrival, arrival, clear, keep, waiting
from flows.warehouse.warehouse import Warehouse, WarehouseError

REFUSED = "refused"  # where the raw store keeps what could not be read


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one file: `status` is accepted, refused or unchanged; the receipt as written."""

    name: str
    status: str
    month: str
    receipt: str
    receipt_path: Path

    def as_row(self) -> dict[str, str]:
        """As plain text, for a table an operator reads."""
        return {name: str(getattr(self, name)) for name in self.__slots__}


def take_up(settings: Settings, files: list[Path], now: datetime) -> list[Arrival]:
    """The files given, or all that wait in the inbox, in the order in which they were received."""
    arrivals = [arrival(path, now) for path in files or waiting(settings.inbox)]
    return sorted(arrivals, key=lambda a: (a.received_at, a.name))


def receive_all(arrivals: list[Arrival], settings: Settings) -> list[Received]:
    """Every file, one by one; a file that cannot be read is refused and the rest goes on."""
    catalogues = plans(settings)
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        received = [receive(one, warehouse, catalogues, settings) for one in shown(arrivals, "收表")]
        if faults := warehouse.faults():
            raise WarehouseError(settings.warehouse, "自查不通过", "；".join(faults))
    return received


def receive(
    arrived: Arrival, warehouse: Warehouse, catalogues: tuple[Catalogue, ...], settings: Settings
) -> Received:
    """Take one file all the way: kept, read, recorded, receipted, out of the inbox.

    A file recorded but never answered (a crash came between) is answered as if it came for the first time.
    """
    before = _received_before(warehouse, arrived)
    first = replace(arrived, received_at=before or arrived.received_at)
    opened = open_or_refuse(arrived.name, arrived.content)
    outcome, catalogue = _read(first, opened, warehouse, catalogues)
    folder = settings.receipts / _folder(outcome)
    if before is None:
        keep(settings.raw, _folder(outcome), arrived)
        record(warehouse, arrived.sha256, arrived.received_at, arrived.name, outcome)
    given = receipt_of(first, outcome, catalogue, None)
    if before and is_answered(folder, arrived, given):
        given = receipt_of(arrived, outcome, catalogue, before)
    else:
        sheets = None if isinstance(opened, Refusal) else opened
        for path, content in receipt_files(folder, arrived, sheets, given).items():
            write_whole(path, content)
    clear(settings.inbox, arrived)
    return Received(arrived.name, given.status, _folder(outcome), as_text(given), text_path(folder, arrived))


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

    outcomes = [(understand(arrived.name, opened, c, known), c) for c in catalogues]
    return next((pair for pair in outcomes if isinstance(pair[0], Reading)), outcomes[0])


def _folder(outcome: Reading | Refusal) -> str:
    return REFUSED if isinstance(outcome, Refusal) else outcome.month
