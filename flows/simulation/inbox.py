"""Laying files into the inbox when their time has come, and sending back what was returned (投递)."""

import json
from datetime import datetime
from io import BytesIO

import openpyxl

from flows.files import write_whole
from flows.simulation import script
from flows.simulation.arrivals import Delivery, later
from flows.simulation.diary import Came
from flows.simulation.environment import Stage
from flows.warehouse.raw import ENVELOPE, waiting

MENDED = "退回后改正"


class Inbox:
    """The files still on their way, in order of arrival."""

    def __init__(self, stage: Stage, on_their_way: list[Delivery]) -> None:
        self.stage = stage
        self._coming = on_their_way
        self.stories = {d.name: d.story for d in on_their_way if d.story}

    @property
    def next_at(self) -> datetime:
        """When the next file arrives; the end of time if none does."""
        return self._coming[0].at if self._coming else datetime.max

    def fill(self, until: datetime) -> bool:
        """Lay in what has arrived by then; whether anything waits."""
        while self._coming and self._coming[0].at <= until:
            file = self._coming.pop(0)
            path = self.stage.settings.inbox / file.name
            envelope = json.dumps({"received_at": file.at.isoformat()})
            write_whole(path.with_name(file.name + ENVELOPE), envelope.encode())
            write_whole(path, file.content)
        return bool(waiting(self.stage.settings.inbox))

    def send_back(self, came: Came) -> None:
        """The county mends the marked workbook that went back to it and sends that again."""
        (marked,) = self.stage.settings.receipts.glob(
            f"{came.month}/*退回修改*{came.received.receipt_path.stem[-12:]}.xlsx"
        )
        name = marked.name.rpartition("-")[0] + ".xlsx"
        file = Delivery(later(came.at, script.MENDS_AFTER), name, _mended(marked.read_bytes()), MENDED)
        self.stories[file.name] = MENDED
        self._coming = sorted([*self._coming, file], key=lambda d: (d.at, d.name))


def _mended(content: bytes) -> bytes:
    """The slip taken out of 本月 in the first row of the report."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book["月报"]
    heads = {str(c.value): c for row in sheet.iter_rows(max_row=8) for c in row if c.value}
    row = next(r for r in range(heads["累计"].row + 1, 12) if str(sheet.cell(r, 1).value) == "1")
    cell = sheet.cell(row, heads["本月"].column)
    cell.value = cell.value - script.SLIP
    out = BytesIO()
    book.save(out)
    return out.getvalue()
