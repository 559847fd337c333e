"""The register of issued documents (发文登记簿): number, title, date, who signed, to whom, corrected by what; searchable."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from flows.documents.manifest import printed_blocks
from flows.plan.document_kinds import CORRECTION
from flows.plan.issued import Approval, Decision, Issued, Step
from flows.plan.letter import LetterStatus
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import approvals, issued, original_of
from flows.warehouse.letter_ledger import letter_statuses

COLUMNS = ("文号", "题名", "成文日期", "签发", "发往", "更正", "备注")


@dataclass(frozen=True)
class RegisterEntry:
    """One issued document. `signed_by` is empty where no step asks for it, `sent_to` names the units its letters are for,
    `corrected_by` the numbers of the corrections issued on it."""

    document: Issued
    signed_by: str
    sent_to: tuple[str, ...]
    corrected_by: tuple[str, ...]

    def as_row(self) -> dict[str, str]:
        """As people read it, by COLUMNS."""
        one = self.document
        texts = (
            one.number, one.title, f"{one.issued_on:%Y-%m-%d}", self.signed_by or "不待人审", "、".join(self.sent_to),
            "、".join(self.corrected_by), "示例数据" if one.is_sample else "",
        )  # fmt: skip
        return dict(zip(COLUMNS, texts, strict=True))


def register(warehouse: Warehouse, data: Path, words: str = "") -> list[RegisterEntry]:
    """The issued documents in which every one of the words occurs (number, title or text), newest first."""
    documents, letters, decisions = issued(warehouse), letter_statuses(warehouse), approvals(warehouse)
    corrections = _corrections(documents)
    return [
        RegisterEntry(
            one, _signed_by(decisions, one), _sent_to(letters, one), tuple(corrections.get(one.number, ()))
        )
        for one in reversed(documents)
        if _holds(data, one, words.split())
    ]


def as_workbook(entries: Sequence[RegisterEntry]) -> bytes:
    """The register as a workbook of one sheet."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        sheet, bold = workbook.add_worksheet("发文登记簿"), workbook.add_format({"bold": True, "bottom": 1})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, COLUMNS, bold)
        for number, entry in enumerate(entries, 1):
            sheet.write_row(number, 0, list(entry.as_row().values()))
            sheet.write_datetime(
                number, COLUMNS.index("成文日期"), datetime.combine(entry.document.issued_on, time()), day
            )
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(entries), 1), len(COLUMNS) - 1)
        sheet.autofit()
    return content.getvalue()


def _signed_by(decisions: Sequence[Approval], document: Issued) -> str:
    signed = [
        one.decided_by
        for one in decisions
        if (one.document, one.sha256) == (document.document, document.draft_sha256)
        and one.step is Step.SIGN
        and one.decision is Decision.APPROVED
    ]
    return signed[-1] if signed else ""


def _sent_to(letters: Sequence[LetterStatus], document: Issued) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(one.letter.unit_name for one in letters if one.letter.number == document.number)
    )


def _corrections(documents: Sequence[Issued]) -> Mapping[str, list[str]]:
    """The numbers of the corrections by the number of what each corrects."""
    found: dict[str, list[str]] = {}
    for one in documents:
        if one.kind == CORRECTION:
            found.setdefault(original_of(documents, one.period).number, []).append(one.number)
    return found


def _holds(data: Path, document: Issued, words: Sequence[str]) -> bool:
    if not words:
        return True
    blocks = printed_blocks(data / document.folder / "manifest.json")
    text = "\n".join([document.number, document.title, *(block["text"] for block in blocks)])
    return all(word in text for word in words)
