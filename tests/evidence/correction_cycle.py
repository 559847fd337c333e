"""A report with an error, corrected; and a figure corrected after the month's bulletin: docs/evidence/correction-cycle.md.

`python -m tests.evidence.correction_cycle` runs both in a folder of its own, through the functions that the commands run, on
sample reports, and writes down what each step said. The same run is a test.
"""

import io
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pdfplumber
from openpyxl.worksheet.worksheet import Worksheet

from flows.documents.composing import compose, frames_of
from flows.documents.kinds.amendments import Amendment
from flows.documents.kinds.monthly import monthly_facts
from flows.documents.provenance import plain
from flows.documents.publishing import draft_folder, publish
from flows.office import Office
from flows.plan.issued import Decision, Issued
from flows.plan.load import plan_of
from flows.plan.period import Period
from flows.settings import Settings
from flows.submissions.form.layout import RECEIPT_SHEET
from flows.submissions.forms import write_sample
from flows.submissions.ingest import ReportResult
from flows.submissions.receipts.returned.workbook import saved
from flows.warehouse.raw import ENVELOPE
from tests.staff import actor
from tests.submissions.conftest import with_totals_typed

PAGE = Path(__file__).parents[2] / "docs" / "evidence" / "correction-cycle.md"
COUNTY, COUNTED_TWICE = "科左后旗", 12
MAY, JUNE = f"{COUNTY}2025年5月月报.xlsx", f"{COUNTY}2025年6月月报.xlsx"
URBAN, TERTIARY = "城镇新增就业", "三产新增就业岗位"
IN_MONTH, RUNNING_TOTAL, REASON = "本月", "累计", "原因说明"
WHY = f"经与社保数据比对，核减重复统计{COUNTED_TWICE}人"
SENT, SENT_AGAIN = datetime(2025, 6, 3, 9, 20), datetime(2025, 6, 4, 15, 5)
CUT, ISSUED_AT = datetime(2025, 6, 6, 18, 0), datetime(2025, 6, 9, 15, 0)
CORRECTED_AT, JUNE_AT = datetime(2025, 7, 1, 10, 10), datetime(2025, 7, 3, 9, 0)
_GAP = 8  # points between two columns
_PALE = 100  # points, the size of the mark of a draft
Typed = Mapping[tuple[str, str], object]  # (row, column) by their names on the form → what is typed there


@dataclass(frozen=True)
class Cycle:
    """What each step gave, in order. `marks` are the marked cells of the workbook that went back, with their notes."""

    first: ReportResult
    marks: Mapping[str, str]
    second: ReportResult
    bulletin: Issued
    third: ReportResult
    correction: Issued
    words: str
    is_equal: bool
    footnotes: tuple[str, ...]
    revisions: tuple[str, ...]


def cycle(settings: Settings) -> Cycle:
    """Run it all; `settings` name an empty data folder."""
    arrived = _samples(settings)
    honest = arrived[MAY].read_bytes()
    month = number(honest, TERTIARY, IN_MONTH)
    wrong = typed(honest, {(TERTIARY, IN_MONTH): f"约{month}"})
    first = _send(settings, MAY, wrong, SENT)
    back = next(first.receipt_path.parent.glob("*（退回修改）*.xlsx"))
    second = _send(settings, back.name, typed(back.read_bytes(), {(TERTIARY, IN_MONTH): month}), SENT_AGAIN)
    _receive(settings, [path for name, path in arrived.items() if name not in (MAY, JUNE)], CUT)
    bulletin = _bulletin(settings)
    lower = {(URBAN, c): number(honest, URBAN, c) - COUNTED_TWICE for c in (IN_MONTH, RUNNING_TOTAL)}
    third = _send(settings, f"更正{MAY}", typed(honest, {**lower, (URBAN, REASON): WHY}), CORRECTED_AT)
    june = arrived[JUNE].read_bytes()
    total = number(june, URBAN, RUNNING_TOTAL) - COUNTED_TWICE
    _send(settings, JUNE, typed(june, {(URBAN, RUNNING_TOTAL): total}), JUNE_AT)
    (pdf,) = Office(settings).correct()
    correction = _issue(settings, f"2025-05/{pdf.parent.name}", datetime(2025, 7, 4, 10, 0))
    words = _words(settings.data / correction.folder / correction.file_name)
    facts = monthly_facts(
        frames_of(Office(settings).gather("2025-06")), plan_of(settings, 2025), Period.parse("2025-06")
    )
    return Cycle(
        first, marks(back), second, bulletin, third, correction, words, Office(settings).remake(bulletin).is_equal,
        _footnotes(Office(settings)), tuple(map(_row, facts.amendments)),
    )  # fmt: skip


def _footnotes(office: Office) -> tuple[str, ...]:
    """What June's bulletin prints of the changes since May's, from its record."""
    office.make("monthly_dispatch", "2025-06", early=True)  # one report of June is enough here
    manifest = office.settings.reports / "2025-06" / "monthly_dispatch" / "manifest.json"
    printed = json.loads(manifest.read_text(encoding="utf-8"))["printed"]
    return tuple(block["text"].removeprefix("注：") for block in printed if block["id"] == "amended")


def _row(one: Amendment) -> str:
    """A row of the table of corrections, its cells run together."""
    return plain("".join((one.month, one.name, one.indicator, one.unit, one.first, one.now, one.change)))


def _samples(settings: Settings) -> dict[str, Path]:
    """January to May of everybody and the county's June, outside the inbox; nothing that comes after the cut."""
    folder = settings.data / "brought"
    write_sample(plan_of(settings, 2025), tuple(range(1, 7)), 2025, folder)
    come = {path.name: path for path in sorted(folder.glob("*.xlsx"))}
    told = {name: json.loads((folder / (name + ENVELOPE)).read_text("utf-8")) for name in come}
    by_then = {n for n in come if datetime.fromisoformat(told[n]["received_at"]) <= CUT}
    return {name: path for name, path in come.items() if name in by_then or name == JUNE}


def _receive(settings: Settings, files: list[Path], at: datetime) -> list[ReportResult]:
    settings.inbox.mkdir(parents=True, exist_ok=True)
    for path in files:
        for one in (path, path.with_name(path.name + ENVELOPE)):
            if one.exists():
                shutil.copy(one, settings.inbox)
    return Office(settings, lambda: at).ingest()


def _send(settings: Settings, name: str, content: bytes, at: datetime) -> ReportResult:
    settings.inbox.mkdir(parents=True, exist_ok=True)
    (settings.inbox / name).write_bytes(content)
    (received,) = Office(settings, lambda: at).ingest()
    return received


def _place(sheet: Worksheet, row: str, column: str) -> str:
    """The cell in the row of that name, under the last head of that name above it."""
    at = next(cell.row for line in sheet.iter_rows() for cell in line if cell.value == row)
    heads = [c for line in sheet.iter_rows(max_row=at) for c in line if str(c.value).split("（")[0] == column]
    return f"{heads[-1].column_letter}{at}"


def number(content: bytes, row: str, column: str) -> int:
    """What stands there."""
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["月报"]
    return int(sheet[_place(sheet, row, column)].value)


def typed(content: bytes, cells: Typed) -> bytes:
    """The workbook with these cells typed over, as a clerk saves it."""
    book = with_totals_typed(content)
    for (row, column), value in cells.items():
        book["月报"][_place(book["月报"], row, column)] = value
    return saved(book, {})


def marks(back: Path) -> dict[str, str]:
    """The cells of the workbook that went back to which a note of the receipt was put."""
    sheets = [s for s in openpyxl.load_workbook(back).worksheets if s.title != RECEIPT_SHEET]
    noted = ((f"{s.title}!{c.coordinate}", c.comment) for s in sheets for line in s.iter_rows() for c in line)
    return {place: note.text for place, note in noted if note and note.text.startswith("〔回执")}


def _bulletin(settings: Settings) -> Issued:
    evidence = Office(settings).gather("2025-05", CUT)
    publish(
        compose("monthly_dispatch", evidence, Office(settings).typesetter),
        draft_folder(settings.reports, "2025-05", "monthly_dispatch"),
    )
    return _issue(settings, "2025-05/monthly_dispatch", ISSUED_AT)


def _issue(settings: Settings, document: str, at: datetime) -> Issued:
    found = Office(settings).approval_status(document)
    office = Office(settings, lambda: at)
    for by in ("审核岗", "签发岗"):
        found = office.decide(found, Decision.APPROVED, actor(settings, by))
    return office.issue(document)[0]


def _words(pdf: Path) -> str:
    """What the document says, line by line as printed, with a gap where there is one, without the page numbers and the pale
    草稿 behind."""
    with pdfplumber.open(pdf) as document:
        pages = [page.filter(lambda o: o.get("size", 0) < _PALE) for page in document.pages]
        lines = [line for page in pages for line in page.extract_text(x_tolerance=_GAP).splitlines()]
    return "\n".join(line.replace(" ", "　") for line in lines if not re.fullmatch(r"— *\d+ *—", line))


def page(run: Cycle) -> str:
    """The page, with what the steps said."""
    told = "\n\n".join(f"`{place}`\n\n{_block(note)}" for place, note in run.marks.items())
    return f"""\
# A report is corrected, and a figure after it was printed

Written by `python -m tests.evidence.correction_cycle`, from a run on sample reports (示例数据) through what the commands run; the same
run is a test (`tests/flows/test_correction_cycle.py`). The moments are the sample's.

## 1. A workbook with an error arrives ({SENT:%Y-%m-%d %H:%M})

{COUNTY} types 约… under {IN_MONTH} of {TERTIARY}. `diaodu intake` answers:

{_block(run.first.receipt)}

The workbook goes back beside it as `{
        run.first.receipt_path.name.split(".")[0]
    }（退回修改）-….xlsx`, the cell marked and noted:

{told}

## 2. The clerk corrects the cell in that very workbook and sends it ({SENT_AGAIN:%Y-%m-%d %H:%M})

The receipt's sheet and the marks are passed over; the file is a new version and stands.

{_block(run.second.receipt)}

## 3. May's bulletin is issued ({ISSUED_AT:%Y-%m-%d %H:%M})

{run.bulletin.number} 《{run.bulletin.title}》, data cut {run.bulletin.as_of:%Y-%m-%d %H:%M}.

## 4. The county corrects the running total ({CORRECTED_AT:%Y-%m-%d %H:%M})

{COUNTED_TWICE} persons less under {IN_MONTH} and {RUNNING_TOTAL} of {URBAN}, with the reason in the row.

{_block(run.third.receipt)}

The earlier versions stay. Made again as of its own data cut, the issued bulletin is {
        "the same byte for byte" if run.is_equal else "ANOTHER"
    }.

## 5. `diaodu correct` drafts the 更正说明, which is issued as {run.correction.number}

Old, new, who, why, and what it changes in the issued document:

{_block(run.words)}

## 6. June's bulletin says so

In the text:

{_block(chr(10).join(run.footnotes))}

In the reporting record, the size of every revision of the year:

{_block(chr(10).join(run.revisions))}
"""


def _block(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```"


def main() -> None:
    with TemporaryDirectory() as folder:
        PAGE.write_text(page(cycle(Settings(data=Path(folder, "data")))), encoding="utf-8")
    print(f"wrote {PAGE.name}")


if __name__ == "__main__":
    main()
