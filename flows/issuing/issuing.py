"""Issuing a passed draft (编号、印发): what was signed is what goes out, under a number given once.

The draft is made again from its own data cut and must come out byte for byte the same; then the very same frames
are set once more with number and date, read back by the gate, entered in the ledger, and only then laid down. So
what goes out differs from what was signed in its number and its date alone. A crash after the entry is repaired
by making the document again.
"""

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
from flows.documents.publishing import GateError
from flows.files import sha256_of, sweep, write_whole
from flows.issuing.approval import FEEDBACK, Draft, PassingError, Standing
from flows.plan.folders import plan_of
from flows.plan.issued import DocumentName, Issued
from flows.plan.notice import NoticeState
from flows.plan.period import Period
from flows.settings import Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import CARRIED, gone_out, issued, next_serial
from flows.warehouse.journal import Booking
from flows.warehouse.notice_ledger import came_into

LETTERS = (FEEDBACK, "reminder")  # what is numbered in the series of letters


@dataclass(frozen=True, slots=True)
class MadeAgain:
    """An issued document made again: whether it is the same byte for byte."""

    issued: Issued
    document: Document
    is_equal: bool


def issue_document(
    settings: Settings, found: Standing, at: datetime, serial: int | None = None, gap_note: str = ""
) -> Issued:
    """Number and issue a draft that passed every step; PassingError where it may not go out as it is.

    `serial` is a number somebody chose instead of the next one, `gap_note` why those before it are skipped.
    """
    draft = found.draft
    if found.waits_for:
        raise PassingError(draft.name, f"还没有{found.waits_for.label}，不能印发")
    as_draft = _made(settings, draft.name, draft.kind, draft.as_of)
    if sha256_of(as_draft.pdf) != draft.sha256:
        raise PassingError(
            draft.name,
            "由原数据重新生成的文件与送审稿不同（其间数据、方案或程序有改动），请重新生成、重新送审",
        )
    entry = _numbered(settings, draft, at, as_draft.name)
    entry = _given(settings, entry, serial, gap_note.strip())
    final = _made(settings, draft.name, draft.kind, draft.as_of, entry)
    if final.faults:
        raise GateError(final, draft.pdf.parent)
    entry = replace(entry, sha256=sha256_of(final.pdf))
    _enter(settings, entry, final)
    lay_down(settings, entry, final)
    return entry


def made_again(settings: Settings, entry: Issued) -> MadeAgain:
    """An issued document once more, from what was in force at its data cut."""
    document = _made(settings, DocumentName.parse(entry.document), entry.kind, entry.as_of, entry)
    return MadeAgain(entry, document, sha256_of(document.pdf) == entry.sha256)


def lay_down(settings: Settings, entry: Issued, document: Document) -> Path:
    """Write the issued files, the manifest last, to data/issued/<year>/<number>/. Returns the PDF."""
    folder = settings.data / entry.folder
    sweep(folder)
    pdf = folder / entry.file_name
    write_whole(pdf, document.pdf)
    write_whole(pdf.with_suffix(".xlsx"), document.workbook)
    write_whole(folder / "figures.csv", document.figures_csv)
    write_whole(folder / "manifest.json", document.manifest)
    return pdf


def lay_down_lacking(settings: Settings) -> list[Issued]:
    """The documents entered in the ledger whose files a crash kept from being laid down: made again."""
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        lacking = [d for d in issued(warehouse) if not (settings.data / d.folder / "manifest.json").exists()]
    for entry in lacking:
        again = made_again(settings, entry)
        if not again.is_equal:
            raise PassingError(
                entry.number, "已编号而文件未落盘，现在生成的与台账所记不同；请核对方案和程序版本"
            )
        lay_down(settings, entry, again.document)
    return lacking


def _made(
    settings: Settings, name: DocumentName, kind: str, as_of: datetime, entry: Issued | None = None
) -> Document:
    """The draft of a document as of its data cut, or the issued one that the ledger entry describes."""
    if name.notice:
        notice = noticing.notice_of(settings, name.notice, name.period)
        return noticing.make(settings, name.notice, name.period, as_entered(noticing.draft(notice), entry))
    if name.correction_ordinal:
        return correcting.compose(settings, name, as_of, entry)
    evidence = gather(settings, name.period, as_of)
    issue = planned(evidence, settings, entry.issued_on if entry else None)
    return compose(name.kind, evidence, settings, name.county or None, as_entered(issue, entry))


def _numbered(settings: Settings, draft: Draft, at: datetime, file_name: str) -> Issued:
    """The entry a document will have, but for its number and its own hash."""
    name, day = draft.name, at.date()
    catalogue = plan_of(settings, Period.parse(name.period).year)
    documents = catalogue.policy.documents
    if name.notice:
        _still_answerable(noticing.notice_of(settings, name.notice, name.period).reply_by, day, name)
    return Issued(
        number="",
        series=documents.letter_prefix if draft.kind in LETTERS else documents.number_prefix,
        year=day.year,
        serial=0,
        gap_note="",
        document=str(name),
        kind=name.kind if draft.kind == FEEDBACK else draft.kind,
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


def _given(settings: Settings, entry: Issued, chosen: int | None, gap_note: str) -> Issued:
    """The entry with its number: the next of its series and year, or the one chosen if that may be given."""
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        gone = issued(warehouse)
    following = next_serial(gone, entry.series, entry.year)
    serial = chosen or following
    number = document_number(entry.series, entry.year, serial)
    if any(d.number == number for d in gone):
        raise PassingError(entry.document, f"{number}已经用过，下一个是{following}")
    if serial < following:
        raise PassingError(entry.document, f"{number}已经跳过，下一个是{following}")
    if serial > following and not gap_note:
        raise PassingError(entry.document, f"编号跳过了{following}至{serial - 1}，要写明原因（--gap-note）")
    return replace(entry, number=number, serial=serial, gap_note=gap_note if serial > following else "")


def _still_answerable(reply_by: date, day: date, name: DocumentName) -> None:
    if reply_by < day:
        raise PassingError(
            name, f"要求{reply_by}前答复，今日已过；先运行 diaodu notices {name.period} 重新起草"
        )


def _enter(settings: Settings, entry: Issued, document: Document) -> None:
    """Into the ledger with the figures it carried, unless somebody was quicker."""
    name = DocumentName.parse(entry.document)
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        gone = issued(warehouse)
        if any(d.number == entry.number or d.document == entry.document for d in gone):
            raise PassingError(name, "另一次印发刚刚完成，请再看一下：diaodu approve")
        bookings: list[Booking] = gone_out(entry, _carried(document))
        if name.notice:
            bookings.append(came_into(name.notice, NoticeState.APPROVED, entry.issued_at, entry.number))
        warehouse.book(bookings)


def _carried(document: Document) -> pl.DataFrame:
    """The figures the document carries inside, in the columns of the ledger; those it lacks are null."""
    frame = document.figures
    return frame.select(pl.col(c) if c in frame.columns else pl.lit(None).alias(c) for c in CARRIED)
