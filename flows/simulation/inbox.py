"""Put files into the inbox when they arrive, and send returned workbooks again, corrected."""

import json
from datetime import datetime
from io import BytesIO

import openpyxl

from flows.files import write_whole
from flows.simulation import scenario
from flows.simulation.arrivals import Delivery, later
from flows.simulation.environment import SimulatedOffice
from flows.simulation.event_log import ReceivedFile
from flows.warehouse.raw import ENVELOPE, waiting

CORRECTED = "退回后改正"


class Inbox:
    """The files still to arrive; `labels` says by file name what the scenario did to one."""

    def __init__(self, environment: SimulatedOffice, pending: list[Delivery]) -> None:
        self.environment, self._pending = environment, pending
        self.labels = {d.name: d.label for d in pending if d.label}

    @property
    def next_at(self) -> datetime:
        """When the next file arrives; the end of time if none does."""
        return self._pending[0].at if self._pending else datetime.max

    def fill(self, until: datetime) -> bool:
        """Put in what has arrived by then; whether anything waits in the inbox."""
        while self._pending and self._pending[0].at <= until:
            file = self._pending.pop(0)
            path = self.environment.settings.inbox / file.name
            envelope = json.dumps({"received_at": file.at.isoformat()})
            write_whole(path.with_name(file.name + ENVELOPE), envelope.encode())
            write_whole(path, file.content)
        return bool(waiting(self.environment.settings.inbox))

    def resubmit(self, file: ReceivedFile) -> None:
        """Have the county correct the marked workbook that was returned and send it again."""
        (marked,) = self.environment.settings.receipts.glob(
            f"{file.month}/*退回修改*{file.result.receipt_path.stem[-12:]}.xlsx"
        )
        name = marked.name.rpartition("-")[0] + ".xlsx"
        again = Delivery(
            later(file.at, scenario.CORRECTED_AFTER), name, _corrected(marked.read_bytes()), CORRECTED
        )
        self.labels[again.name] = CORRECTED
        self._pending = sorted([*self._pending, again], key=lambda d: (d.at, d.name))


def _corrected(content: bytes) -> bytes:
    """The workbook with the slip taken out of 本月 in its first row."""
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)  # saving drops what formulas came to
    sheet = book["月报"]
    heads = {str(c.value): c for row in sheet.iter_rows(max_row=8) for c in row if c.value}
    row = next(r for r in range(heads["累计"].row + 1, 12) if str(sheet.cell(r, 1).value) == "1")
    cell = sheet.cell(row, heads["本月"].column)
    cell.value = cell.value - scenario.SLIP
    out = BytesIO()
    book.save(out)
    return out.getvalue()
