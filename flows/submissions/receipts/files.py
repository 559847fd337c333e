"""The receipt of a file as it is sent (回执文件): a text for every file, and the workbook back where something is asked."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Refusal
from flows.plan.workdays import deadlines
from flows.submissions.form.layout import RETURNED
from flows.submissions.formats.grid import Opened
from flows.submissions.read_form import Part
from flows.submissions.receipts.receipt import Receipt, as_text, receipt
from flows.submissions.receipts.returned.fresh_form import FreshForm
from flows.submissions.receipts.returned.workbook import returned_workbook
from flows.warehouse.raw import Arrival

_EARLIER = re.compile(rf"{RETURNED}-[0-9a-f]{{12}}(?:-\w+$)?")  # a name that went back once already
_TAIL = re.compile(
    r"-([0-9a-f]{12}(?:-\w+)?)\.txt$"
)  # of a receipt's name: whose bytes it answers, and whose part
_LONGEST_STEM = 150  # bytes: a file's name may have 255, and a name that came in may have as many


def receipt_of(
    arrived: Arrival, part: Part, catalogue: Catalogue, before: datetime | None, fresh: FreshForm | None
) -> Receipt:
    """What there is to answer; `before` is when the same bytes were answered, `fresh` the form that can go back."""
    outcome = part.outcome
    due = None if isinstance(outcome, Refusal) else deadlines(outcome.month, catalogue.policy.reporting)
    answer = receipt(
        arrived.name, arrived.sha256, arrived.received_at, outcome, catalogue, due, before, part.reporter
    )
    if fresh and fresh.reading is None:
        blank = (
            f"随本回执附上{fresh.spec.reporter.name}{fresh.spec.month_label}的空白报表，填好后直接报送即可。"
        )
        return replace(answer, summary=(*answer.summary, blank))
    return answer


def is_answered(folder: Path, arrived: Arrival, given: Receipt) -> bool:
    """Whether everything that goes with this receipt has been written for these bytes, under whatever name."""
    kinds = (".xlsx", ".txt") if given.asks else (".txt",)
    return all(any(folder.glob(f"*-{_tail(arrived, given)}{kind}")) for kind in kinds)


def text_path(folder: Path, arrived: Arrival, given: Receipt) -> Path:
    """Where the text goes: 开鲁县2025年6月月报.xlsx-0123456789ab.txt; 各地6月.xlsx-0123456789ab-开鲁县.txt; or where it
    lies already, if the same bytes were answered under another name."""
    written = sorted(folder.glob(f"*-{_tail(arrived, given)}.txt"))
    return written[0] if written else folder / f"{_short(arrived.name)}-{_tail(arrived, given)}.txt"


def returned_path(folder: Path, arrived: Arrival, given: Receipt) -> Path | None:
    """Where the workbook lies that goes back with this receipt; null where none does."""
    paths = sorted(folder.glob(f"*{RETURNED}-{_tail(arrived, given)}.xlsx")) if given.asks else []
    return paths[0] if paths else None


def workbook_of(receipt: Path) -> Path | None:
    """The workbook that goes back with a receipt, by the place of its text; null where none does."""
    tail = _TAIL.search(receipt.name)
    return next(iter(sorted(receipt.parent.glob(f"*{RETURNED}-{tail[1]}.xlsx"))), None) if tail else None


def receipt_of_file(receipts: Path, sha256: str, part: str = "") -> Path | None:
    """The receipt of a file with these bytes, or of one reporter's part of it, below the folder of all; null for none."""
    tail = "-".join(filter(None, (sha256[:12], part)))
    return next(iter(sorted(receipts.glob(f"*/*-{tail}.txt"))), None)


def _tail(arrived: Arrival, given: Receipt) -> str:
    return "-".join(filter(None, (arrived.sha256[:12], given.part)))


def receipt_files(
    folder: Path, arrived: Arrival, opened: Opened | None, given: Receipt, fresh: FreshForm | None = None
) -> dict[Path, bytes]:
    """The files to write, the text last: it is the one that everybody looks for."""
    files = {}
    if given.asks:
        stem = _short(_EARLIER.sub("", Path(arrived.name).stem).lstrip("~$."))
        name = f"{stem}{RETURNED}-{_tail(arrived, given)}.xlsx"
        files[folder / name] = returned_workbook(arrived.content, opened, given, fresh)
    return files | {text_path(folder, arrived, given): as_text(given).encode()}


def _short(name: str) -> str:
    return name.encode()[:_LONGEST_STEM].decode(errors="ignore")
