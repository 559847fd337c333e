"""The yearly archive (归档): the issued documents of a year as files, with the list that an archive asks for and their hashes.

One folder a document in the order of issue; the sealed copy stands beside the PDF as it was issued. The list is written last,
as workbook and as CSV. The same documents give the same bytes. Raises NothingToArchiveError where there are none.
"""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pypdfium2
import xlsxwriter

from flows.files import sha256_of, write_whole
from flows.plan.issued import Issued, SealedCopy
from flows.plan.load import Plans
from flows.plan.period import Period
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import issued, sealed_copies

COLUMNS = (
    "序号", "题名", "文号", "责任者", "日期", "页数", "保管期限", "密级", "盖章", "备注", "文件", "sha256",
)  # fmt: skip
LIST, SUMS = "归档文件目录", "sha256sums"
_NUMERIC = ("序号", "页数")
Row = dict[str, str]


class NothingToArchiveError(RuntimeError):
    """No document of that year is to be archived."""

    def __init__(self, year: int, samples: int) -> None:
        hint = f"；示例数据的 {samples} 份不归档，要试的加 --sample" if samples else ""
        super().__init__(f"{year}年没有印发过要归档的文件{hint}")


class ArchiveFileError(RuntimeError):
    """A file to be archived is not there, or not the one that was issued: nothing is archived."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} 不在，或与台账所记不同，没有归档；先从备份取回，diaodu doctor 可核对")


def write_archive(
    warehouse: Warehouse, plans: Plans, data: Path, year: int, folder: Path, *, samples: bool = False
) -> list[Row]:
    """Write the documents issued in a year and their list into a folder; returns the list, a row a document."""
    copies, every = sealed_copies(warehouse), [one for one in issued(warehouse) if one.year == year]
    documents = [one for one in every if samples or not one.is_sample]
    if not documents:
        raise NothingToArchiveError(year, len(every))
    rows, sums = [], {}
    for position, document in enumerate(documents, 1):
        place = f"{position:04d} {document.number}"
        files = _files(data, document, copies.get(document.number))
        for name, content in files.items():
            write_whole(folder / place / name, content)
            sums[f"{place}/{name}"] = sha256_of(content)
        rows.append(_row(plans, document, copies.get(document.number), position, place, files))
    write_whole(folder / SUMS, "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode())
    write_whole(folder / f"{LIST}.csv", _as_csv(rows))
    write_whole(folder / f"{LIST}.xlsx", _as_workbook(rows, documents[-1].issued_at))
    return rows


def _files(data: Path, document: Issued, copy: SealedCopy | None) -> dict[str, bytes]:
    """What is kept of a document, by name: all of its issued folder, and the sealed copy."""
    folder = data / document.folder
    found = {path.name: path.read_bytes() for path in sorted(folder.glob("*")) if path.is_file()}
    if sha256_of(found.get(document.file_name, b"")) != document.sha256:
        raise ArchiveFileError(f"{document.folder}/{document.file_name}")
    if copy:
        path = data / copy.place
        content = path.read_bytes() if path.is_file() else b""
        if sha256_of(content) != copy.sha256:
            raise ArchiveFileError(copy.place)
        found[f"{Path(document.file_name).stem}（盖章）.pdf"] = content
    return found


def _row(
    plans: Plans,
    document: Issued,
    copy: SealedCopy | None,
    position: int,
    place: str,
    files: dict[str, bytes],
) -> Row:
    policy = plans.of(Period.parse(document.period).year).policy
    exchange = policy.exchange
    texts = (
        str(position), document.title, document.number, policy.documents.issuer, f"{document.issued_on:%Y%m%d}",
        str(_pages(files[document.file_name])), exchange.retention.get(document.kind, exchange.retention_otherwise),
        exchange.secrecy, "已盖章" if copy else "", "示例数据" if document.is_sample else "",
        f"{place}/{document.file_name}", document.sha256,
    )  # fmt: skip
    return dict(zip(COLUMNS, texts, strict=True))


def _pages(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _as_csv(rows: Sequence[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _as_workbook(rows: Sequence[Row], at: datetime) -> bytes:
    """The list as a workbook of one sheet, dated by the last document."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": LIST, "created": at})
        sheet, bold = workbook.add_worksheet(LIST), workbook.add_format({"bold": True, "bottom": 1})
        sheet.write_row(0, 0, COLUMNS, bold)
        for number, row in enumerate(rows, 1):
            for column, name in enumerate(COLUMNS):
                sheet.write(number, column, int(row[name]) if name in _NUMERIC else row[name])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
        sheet.autofit()
    return content.getvalue()
