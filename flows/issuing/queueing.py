"""Put an issued document into the outbox (排队待发): one letter per address, with the figures that its text names (信中要点)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from flows.documents import words
from flows.files import sha256_of
from flows.issuing.mail.contacts import Addressee, Contacts
from flows.issuing.mail.letter import ATTACHED, body_of, message_id, subject_of
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.document_kinds import CORRECTION
from flows.plan.frames import FigureContractSchema, polars_schema
from flows.plan.issued import DocumentName, Issued
from flows.plan.letter import Letter, LetterState, LetterStatus
from flows.plan.notice import NoticeKind
from flows.plan.period import Period
from flows.plan.terms import CITY, State
from flows.plan.units import round_half_up
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import issued as issued_documents
from flows.warehouse.issue_ledger import original_of
from flows.warehouse.letter_ledger import letter_statuses, queued_events


def sentences_of(folder: Path, catalogue: Catalogue, period: Period, county: str = "") -> tuple[str, ...]:
    """What the policy's indicators say in the `figures.csv` of this folder, for the city or one county; none for an
    indicator that is not in it, and none at all where it has other columns (a notice's matters, a correction's)."""
    file = folder / "figures.csv"
    if not file.exists() or not set(FigureContractSchema.column_names()) <= set(_columns(file)):
        return ()
    types = polars_schema(FigureContractSchema)
    frame = pl.read_csv(file, schema_overrides=types).filter(pl.col("county") == (county or CITY))
    rows = {row["indicator"]: row for row in frame.iter_rows(named=True)}
    wanted = [catalogue.indicator[i] for i in catalogue.policy.delivery.figures if i in rows]
    return tuple(_sentence(i, rows[i.id], period, catalogue.name_of(county or CITY)) for i in wanted)


def _columns(file: Path) -> list[str]:
    """The heads of its columns."""
    with file.open(encoding="utf-8-sig") as lines:
        return lines.readline().strip().split(",")


def _sentence(indicator: Indicator, row: dict[str, object], period: Period, whose: str) -> str:
    """截至6月底，全市城镇新增就业8123人，完成年度任务的60.2%，快于时序进度10.2个百分点。"""
    about = f"截至{period.last}月底，{whose}{indicator.name}"
    ytd, attainment, gap = (_number(row[name]) for name in ("ytd", "attainment_pct", "gap_pp"))
    if ytd is None:
        return f"{about}：{words.STATE_LABEL[str(row['state'])]}。"
    is_partial = row["state"] == State.PARTIAL
    parts = [f"{about}{words.amount(ytd, indicator.unit)}"]
    if is_partial:
        parts[0] += f"（{row['reported']}/{row['expected']}个地区报送）"
    if attainment is not None:
        parts.append(f"完成年度任务的{words.percent(attainment)}")
    if gap is not None and not (
        is_partial and round_half_up(gap, 1) < 0
    ):  # a lower bound proves nobody behind
        parts.append(words.against(gap))
    return "，".join(parts) + "。"


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


class QueueError(RuntimeError):
    """An issued document that cannot be put into the outbox as it lies there."""

    def __init__(self, number: str, happened: str) -> None:
        super().__init__(f"{number} 不能排队待发：{happened}")


@dataclass(frozen=True, slots=True)
class Queued:
    """What queueing did: letters new in the outbox, and how many units had theirs there before."""

    new: tuple[Letter, ...]
    known: int

    @property
    def unaddressed(self) -> tuple[str, ...]:
        """The names of the units that the contacts have no address for: their letters have failed."""
        return tuple(one.unit_name for one in self.new if not one.address)


def queue(
    warehouse: Warehouse, catalogue: Catalogue, contacts: Contacts, data: Path, document: Issued, at: datetime
) -> Queued:
    """Put a letter to every addressee of the document into the outbox; idempotent. A 更正 goes to those who had the
    document that it corrects."""
    period, folder = Period.parse(document.period), data / document.folder
    sentences = sentences_of(folder, catalogue, period, document.county)
    files = _attachments(folder, document)
    wanted = _addressees(warehouse, document, contacts)
    # By unit, not by address: who had the document is not sent it again because his address has changed.
    known = {one.letter.unit for one in letter_statuses(warehouse, document.number)}
    new = tuple(_letter(document, one, at, files, sentences) for one in wanted if one.unit not in known)
    if new:
        warehouse.append([event for letter in new for event in queued_events(letter, at)])
    return Queued(new, len({one.unit for one in wanted} & known))


def unqueued(warehouse: Warehouse) -> tuple[Issued, ...]:
    """The issued documents that no letter is in the outbox for: a crash came between issue and queue."""
    numbers = {one.letter.number for one in letter_statuses(warehouse)}
    return tuple(one for one in issued_documents(warehouse) if one.number not in numbers)


def had(letters: Iterable[LetterStatus], contacts: Contacts) -> tuple[Addressee, ...]:
    """Who had a document, or may yet get it, at the addresses they have now: whom its correction goes to."""
    units = {one.letter.unit: one.letter for one in letters if one.state is not LetterState.DROPPED}
    return tuple(
        Addressee(unit, letter.unit_name, letter.role, address)
        for unit, letter in units.items()
        for address in (contacts.units[unit].addresses if unit in contacts.units else ()) or ("",)
    )


def _addressees(warehouse: Warehouse, document: Issued, contacts: Contacts) -> tuple[Addressee, ...]:
    if document.kind != CORRECTION:
        return contacts.addressees(_kind(document), document.county)
    corrected = original_of(issued_documents(warehouse), document).number
    found = had(letter_statuses(warehouse, corrected), contacts)
    if not found:
        raise QueueError(document.number, "是更正，而发文信件台账里没有它所更正的文件的收件单位")
    return found


def _kind(issued: Issued) -> str:
    """The kind as contacts.toml has it: a notice's own rung."""
    notice = DocumentName.parse(issued.document).notice
    return next((str(kind) for kind in NoticeKind if notice.startswith(kind.label)), issued.kind)


def _attachments(folder: Path, issued: Issued) -> Mapping[str, str]:
    """The files that go with the letter and their sha256, the PDF first; it must be the one that was issued."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    files = {p.name: sha256_of(p.read_bytes()) for p in found if p.suffix in ATTACHED}
    if issued.sha256 not in files.values():
        raise QueueError(issued.number, f"{folder} 里没有签发的那份 PDF（sha256 {issued.sha256[:12]}…）")
    return dict(sorted(files.items(), key=lambda file: file[1] != issued.sha256))


def _letter(
    issued: Issued,
    to: Addressee,
    at: datetime,
    files: Mapping[str, str],
    said: tuple[str, ...],
) -> Letter:
    subject = subject_of(issued.title, issued.number, is_sample=issued.is_sample)
    return Letter(
        letter_id=message_id(issued.number, issued.sha256, to.unit, to.address),
        number=issued.number,
        sha256=issued.sha256,
        unit=to.unit,
        unit_name=to.unit_name,
        role=to.role,
        address=to.address,
        subject=subject,
        body=body_of(to.unit_name, to.role, subject, said, is_sample=issued.is_sample),
        attachments=tuple(files.items()),
        folder=issued.folder,
        queued_at=at,
        is_sample=issued.is_sample,
    )
