"""What is compared with what (比较): a draft, the draft before it, an issued document, or, for a correction, the document it corrects
as that would read with the corrected data. Raises NotComparableError where there is no such document.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.documents.comparison import Side
from flows.documents.publishing import PREVIOUS
from flows.issuing.issuing import Issuer
from flows.plan.issued import DocumentName, Issued, issued_as
from flows.warehouse.issue_ledger import issued, original_of


class NotComparableError(RuntimeError):
    """There is no record to compare: of which document, and why."""

    def __init__(self, document: str, why: str) -> None:
        super().__init__(f"{document} 不能比较：{why}")


@dataclass(frozen=True)
class Comparer:
    """Whoever compares: with what makes issued documents again, and the folder of drafts."""

    issuer: Issuer
    reports: Path

    def sides(self, before: str, after: str) -> tuple[Side, Side]:
        """Both sides; the draft before, where only one draft is named."""
        if not after:
            return self._draft(before, PREVIOUS), self._draft(before)
        return self._side(before), self._corrected(before, after) or self._side(after)

    def _side(self, document: str) -> Side:
        return (
            self._draft(document)
            if "/" in document
            else self._issued(issued_as(issued(self.issuer.warehouse), document))
        )

    def _draft(self, document: str, file: str = "manifest.json") -> Side:
        name = DocumentName.parse(document)
        manifest = self.reports / str(name) / file
        if not manifest.is_file():
            why = "没有上一稿（重新生成过、文字或数有变化的才有）" if file == PREVIOUS else "没有做成的草稿"
            raise NotComparableError(document, why)
        return _side_of(f"{name} 上一稿" if file == PREVIOUS else str(name), manifest.read_bytes())

    def _issued(self, entry: Issued) -> Side:
        manifest = self.issuer.data / entry.folder / "manifest.json"
        if not manifest.is_file():
            raise NotComparableError(entry.number, "印发的文件夹里没有制作记录")
        return _side_of(entry.number, manifest.read_bytes())

    def _corrected(self, before: str, after: str) -> Side | None:
        """The document as it would be with the data of its correction; None where `after` is no correction."""
        name, as_of, label = self._correction(after)
        if not name.correction_ordinal:
            return None
        original = original_of(issued(self.issuer.warehouse), name.period)
        if before not in (original.number, original.document):
            raise NotComparableError(before, f"{label} 更正的是 {original.number}")
        made = self.issuer.as_of(original, as_of)
        return _side_of(f"{original.number} 按 {label} 更正后", made.manifest)

    def _correction(self, document: str) -> tuple[DocumentName, datetime, str]:
        """The name of a document, its data cut, and what to call it."""
        if "/" in document:
            return DocumentName.parse(document), self._draft(document).as_of, document
        entry = issued_as(issued(self.issuer.warehouse), document)
        return DocumentName.parse(entry.document), entry.as_of, entry.number


def _side_of(label: str, manifest: bytes) -> Side:
    record = json.loads(manifest)
    return Side(
        label,
        record["title"],
        record["period"],
        datetime.fromisoformat(record["as_of"]),
        record.get("printed", []),
    )
