"""Issue an approved draft (编号、印发): what was signed is what goes out, under a number given once.

The draft is made again from its own data cut and must come out byte for byte the same; then the very same frames
are rendered once more with number and date, read back by the gate, entered in the ledger, and only then written. So
what goes out differs from what was signed in its number and its date alone. A crash after the entry is repaired
by making the document again. The warehouse is open all the while, so that no other issue happens in between.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import polars as pl

from flows.documents import corrections as correcting
from flows.documents import notices as noticing
from flows.documents.composing import as_entered, compose, planned
from flows.documents.document import Document
from flows.documents.evidence import gather
from flows.documents.manuscript import document_number
from flows.documents.pdf.typeset import Typesetter
from flows.documents.publishing import GateError
from flows.files import sha256_of, sweep, write_whole
from flows.issuing.approval import ApprovalError, ApprovalStatus, Draft
from flows.plan.document_kinds import COUNTY_REPORT, DOCUMENT_KINDS
from flows.plan.issued import DocumentName, Issued
from flows.plan.load import Plans
from flows.plan.notice import NoticeState
from flows.plan.paragraph_edit import ParagraphEdit
from flows.plan.period import Period
from flows.warehouse.connection import Warehouse
from flows.warehouse.events import Event
from flows.warehouse.issue_ledger import CARRIED, issued, issued_events, next_serial
from flows.warehouse.notice_ledger import notice_state_changed
from flows.warehouse.words_ledger import edits_in_force


@dataclass(frozen=True, slots=True)
class Reproduction:
    """An issued document made again: whether it is the same byte for byte."""

    issued: Issued
    document: Document
    is_equal: bool


@dataclass(frozen=True)
class Issuer:
    """Whoever issues: with the open warehouse, the plans, the typesetter and the data folder of an office."""

    warehouse: Warehouse
    plans: Plans
    typesetter: Typesetter
    data: Path

    def issue(
        self, status: ApprovalStatus, at: datetime, serial: int | None = None, gap_note: str = ""
    ) -> Issued:
        """Number and issue a draft that passed every step; ApprovalError where it may not go out as it is.

        `serial` is a number somebody chose instead of the next one, `gap_note` why those before it are skipped.
        """
        draft = status.draft
        if status.waits_for:
            raise ApprovalError(draft.name, f"还没有{status.waits_for.label}，不能印发")
        if status.words_fault:
            raise ApprovalError(draft.name, status.words_fault)
        compose = self._composer(draft.name, draft.as_of)
        as_draft = compose(None)
        if sha256_of(as_draft.pdf) != draft.sha256:
            raise ApprovalError(
                draft.name,
                "由原数据重新生成的文件与送审稿不同（其间数据、方案或程序有改动），请重新生成、重新送审",
            )
        entry = self._entry(draft, at, as_draft.name)
        entry = _numbered(issued(self.warehouse), entry, serial, gap_note.strip())
        final = compose(entry)
        if final.faults:
            raise GateError(final, draft.pdf.parent)
        entry = replace(entry, sha256=sha256_of(final.pdf))
        _record(self.warehouse, entry, final)
        write_issued_files(self.data, entry, final)
        return entry

    def reproduce(self, entry: Issued) -> Reproduction:
        """An issued document once more, from what was in force at its data cut."""
        document = self._composer(DocumentName.parse(entry.document), entry.as_of)(entry)
        return Reproduction(entry, document, sha256_of(document.pdf) == entry.sha256)

    def as_of(self, entry: Issued, as_of: datetime) -> Document:
        """An issued document as it would be with the data of another moment, under its own number and date."""
        return self._composer(DocumentName.parse(entry.document), as_of)(entry)

    def redraft(self, draft: Draft, edits: tuple[ParagraphEdit, ...]) -> Document:
        """The draft once more from its own data cut, with these of the office's words."""
        return self._composer(draft.name, draft.as_of, edits)(None)

    def write_missing_files(self) -> list[Issued]:
        """Make again the documents of the ledger whose files a crash kept from being written."""
        entries = issued(self.warehouse)
        missing = [d for d in entries if not (self.data / d.folder / "manifest.json").exists()]
        for entry in missing:
            again = self.reproduce(entry)
            if not again.is_equal:
                raise ApprovalError(
                    entry.number, "已编号而文件未落盘，现在生成的与台账所记不同；请核对方案和程序版本"
                )
            write_issued_files(self.data, entry, again.document)
        return missing

    def _composer(
        self, name: DocumentName, as_of: datetime, edits: tuple[ParagraphEdit, ...] | None = None
    ) -> Callable[[Issued | None], Document]:
        """What makes the draft of a document as of its data cut, or the issued one that a ledger entry describes, from
        evidence gathered once; with the office's words in force, or those given."""
        edits = edits_in_force(self.warehouse, str(name)) if edits is None else edits
        catalogue = self.plans.of(Period.parse(name.period).year)
        if name.notice:
            spec = noticing.specify(self.warehouse, catalogue, name.notice, name.period)
            return lambda entry: noticing.render(
                replace(spec, issue=as_entered(replace(spec.issue, edits=edits), entry)), self.typesetter
            )
        if name.correction_ordinal:
            return lambda entry: correcting.compose(
                self.warehouse, self.plans, self.typesetter, name, as_of, entry, edits
            )
        evidence = gather(self.warehouse, catalogue, Period.parse(name.period), as_of)

        def compose_at(entry: Issued | None) -> Document:
            issue = as_entered(planned(evidence, entry.issued_on if entry else None), entry)
            worded = replace(issue, edits=edits)
            return compose(name.kind, evidence, self.typesetter, name.county or None, worded)

        return compose_at

    def _entry(self, draft: Draft, at: datetime, file_name: str) -> Issued:
        """The entry a document will have, but for its number and its own hash."""
        name, day = draft.name, at.date()
        documents = self.plans.of(Period.parse(name.period).year).policy.documents
        if name.notice:
            notice = noticing.notice_of(self.warehouse, name.notice, name.period)
            _check_still_answerable(notice.reply_by, day, name)
        return Issued(
            number="",
            series=documents.letter_prefix
            if DOCUMENT_KINDS[draft.kind].is_letter
            else documents.number_prefix,
            year=day.year,
            serial=0,
            gap_note="",
            document=str(name),
            kind=name.kind if draft.kind == COUNTY_REPORT else draft.kind,
            period=name.period,
            county=name.county,
            title=draft.title,
            file_name=f"{file_name}.pdf",
            as_of=draft.as_of,
            issued_on=day,
            issued_at=at,
            draft_sha256=draft.sha256,
            sha256="",
            is_sample=draft.is_sample,
        )


def write_issued_files(data: Path, entry: Issued, document: Document) -> Path:
    """Write the issued files, the manifest last, to data/issued/<year>/<number>/. Returns the PDF."""
    folder = data / entry.folder
    sweep(folder)
    pdf = folder / entry.file_name
    write_whole(pdf, document.pdf)
    write_whole(pdf.with_suffix(".xlsx"), document.workbook)
    write_whole(folder / "figures.csv", document.figures_csv)
    write_whole(folder / "manifest.json", document.manifest)
    return pdf


def _numbered(entries: Sequence[Issued], entry: Issued, chosen: int | None, gap_note: str) -> Issued:
    """The entry with its number: the next of its series and year, or the one chosen if that may be given."""
    following = next_serial(entries, entry.series, entry.year)
    serial = chosen or following
    number = document_number(entry.series, entry.year, serial)
    if any(d.number == number for d in entries):
        raise ApprovalError(entry.document, f"{number}已经用过，下一个是{following}")
    if serial < following:
        raise ApprovalError(entry.document, f"{number}已经跳过，下一个是{following}")
    if serial > following and not gap_note:
        raise ApprovalError(entry.document, f"编号跳过了{following}至{serial - 1}，要写明原因（--gap-note）")
    return replace(entry, number=number, serial=serial, gap_note=gap_note if serial > following else "")


def _check_still_answerable(reply_by: date, day: date, name: DocumentName) -> None:
    if reply_by < day:
        raise ApprovalError(
            name, f"要求{reply_by}前答复，今日已过；先运行 diaodu notices {name.period} 重新起草"
        )


def _record(warehouse: Warehouse, entry: Issued, document: Document) -> None:
    """Into the ledger with the figures it carried; a notice counts as approved from then on."""
    name = DocumentName.parse(entry.document)
    events: list[Event] = issued_events(entry, _carried(document))
    if name.notice:
        events.append(notice_state_changed(name.notice, NoticeState.APPROVED, entry.issued_at, entry.number))
    warehouse.append(events)


def _carried(document: Document) -> pl.DataFrame:
    """The figures the document carries inside, in the columns of the ledger; those it lacks are null."""
    frame = document.figures
    return frame.select(pl.col(c) if c in frame.columns else pl.lit(None).alias(c) for c in CARRIED)
