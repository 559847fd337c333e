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
from flows.settings import Settings
from flows.submission.read_form import read
from flows.submission.receipt import Receipt, receipt
from flows.warehouse.files import write_whole
from flows.warehouse.ledger import known_totals, record
from flows.warehouse.raw import Arrival, arrival, clear, keep, waiting
from flows.warehouse.warehouse import Warehouse, WarehouseError
from flows.workdays import deadlines

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
    outcome, catalogue = _read(arrived, warehouse, catalogues, before or arrived.received_at)
    folder = settings.receipts / _folder(outcome)
    answered = before is not None and any(folder.glob(f"*-{arrived.sha256[:12]}.txt"))
    if before is None:
        keep(settings.raw, _folder(outcome), arrived)
        record(warehouse, arrived.sha256, arrived.received_at, arrived.name, outcome)
    elif not answered:
        arrived = replace(arrived, received_at=before)
    answer = _receipt(arrived, outcome, catalogue, before if answered else None)
    path = folder / f"{arrived.name}-{arrived.sha256[:12]}.txt"
    if not answered:
        write_whole(path, answer.text.encode())
    clear(settings.inbox, arrived)
    return Received(arrived.name, answer.status, _folder(outcome), answer.text, path)


def _received_before(warehouse: Warehouse, arrived: Arrival) -> datetime | None:
    rows = warehouse.select("submission", sha256=arrived.sha256, as_of=arrived.received_at)
    return rows["received_at"][0] if len(rows) else None


def _read(
    arrived: Arrival, warehouse: Warehouse, catalogues: tuple[Catalogue, ...], as_of: datetime
) -> tuple[Reading | Refusal, Catalogue]:
    """Read it against the newest plan that accepts it, and against what was in force when it came; if no plan
    accepts it, the newest plan's refusal stands."""

    def known(reporter: str, month: str) -> dict[tuple[str, str], Known]:
        return known_totals(warehouse, reporter, month, as_of)

    outcomes = [(read(arrived.name, arrived.content, c, known), c) for c in catalogues]
    return next((pair for pair in outcomes if isinstance(pair[0], Reading)), outcomes[0])


def _folder(outcome: Reading | Refusal) -> str:
    return REFUSED if isinstance(outcome, Refusal) else outcome.month


def _receipt(
    arrived: Arrival, outcome: Reading | Refusal, catalogue: Catalogue, before: datetime | None
) -> Receipt:
    due = None if isinstance(outcome, Refusal) else deadlines(outcome.month, catalogue.policy.reporting)
    return receipt(arrived.name, arrived.sha256, arrived.received_at, outcome, catalogue, due, before)
