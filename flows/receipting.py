"""The receipt of a file as it is sent (回执文件): a text for every file, and the workbook back where something is asked."""

import re
from datetime import datetime
from pathlib import Path

from flows.catalogue.catalogue import Catalogue
from flows.catalogue.observation import Reading, Refusal
from flows.submission.container.opened import Opened
from flows.submission.receipt import Receipt, receipt
from flows.submission.receipt_text import as_text
from flows.submission.returned.workbook import returned_workbook
from flows.warehouse.raw import Arrival
from flows.workdays import deadlines

RETURNED = "（退回修改）"
_EARLIER = re.compile(rf"{RETURNED}-[0-9a-f]{{12}}")  # a name that went back once already
_LONGEST_STEM = 150  # bytes: a file's name may have 255, and a name that came in may have as many


def receipt_of(
    arrived: Arrival, outcome: Reading | Refusal, catalogue: Catalogue, before: datetime | None
) -> Receipt:
    """What there is to answer; `before` is when the same bytes were answered."""
    due = None if isinstance(outcome, Refusal) else deadlines(outcome.month, catalogue.policy.reporting)
    return receipt(arrived.name, arrived.sha256, arrived.received_at, outcome, catalogue, due, before)


def is_answered(folder: Path, arrived: Arrival, given: Receipt) -> bool:
    """Whether everything that goes with this receipt has been written for these bytes, under whatever name."""
    kinds = (".xlsx", ".txt") if given.asks else (".txt",)
    return all(any(folder.glob(f"*-{arrived.sha256[:12]}{kind}")) for kind in kinds)


def text_path(folder: Path, arrived: Arrival) -> Path:
    """Where the text goes: 开鲁县2025年6月月报.xlsx-0123456789ab.txt."""
    return folder / f"{_short(arrived.name)}-{arrived.sha256[:12]}.txt"


def receipt_files(folder: Path, arrived: Arrival, opened: Opened | None, given: Receipt) -> dict[Path, bytes]:
    """The files to write, the text last: it is the one that everybody looks for."""
    files = {}
    if given.asks:
        stem = _short(_EARLIER.sub("", Path(arrived.name).stem).lstrip("~$."))
        name = f"{stem}{RETURNED}-{arrived.sha256[:12]}.xlsx"
        files[folder / name] = returned_workbook(arrived.content, opened, given)
    return files | {text_path(folder, arrived): as_text(given).encode()}


def _short(name: str) -> str:
    return name.encode()[:_LONGEST_STEM].decode(errors="ignore")
