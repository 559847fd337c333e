"""Put an issued document into the outbox (排队待发): one letter per address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from flows.documents.notices import notice_of
from flows.files import sha256_of
from flows.issuing.letter_words import correction_blocks, letter_blocks, letter_facts, notice_blocks
from flows.issuing.mail.contacts import Addressee, Contacts
from flows.issuing.mail.letter import ATTACHED, body_of, carrying, message_id, page_of, subject_of
from flows.issuing.mail.letter_page import Block
from flows.plan.catalogue import Catalogue
from flows.plan.document_kinds import CORRECTION
from flows.plan.issued import DocumentName, Issued
from flows.plan.letter import Letter, LetterState, LetterStatus
from flows.plan.notice import NoticeError, NoticeKind
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import issued as issued_documents
from flows.warehouse.issue_ledger import original_of, sealed_copies
from flows.warehouse.letter_ledger import letter_statuses, queued_events


class QueueError(RuntimeError):
    """An issued document that cannot be put into the outbox as it lies there."""

    def __init__(self, number: str, happened: str) -> None:
        super().__init__(f"{number} 不能排队待发：{happened}")


def queue(
    warehouse: Warehouse, catalogue: Catalogue, contacts: Contacts, data: Path, document: Issued, at: datetime
) -> tuple[Letter, ...]:
    """Put a letter to every addressee of the document into the outbox, with the sealed copy where there is one, unless the
    unit had one; returns the new letters. A 更正 goes to those who had the document that it corrects."""
    folder = data / document.folder
    files = _attachments(folder, document)
    wanted = _addressees(warehouse, document, contacts)
    # By unit, not by address: who had the document is not sent it again because his address has changed.
    known = {one.letter.unit for one in letter_statuses(warehouse, document.number)}
    content = _content(warehouse, catalogue, folder, document)
    copy = sealed_copies(warehouse).get(document.number)
    new = tuple(
        carrying(_letter(document, one, at, files, content(one.unit)), copy)
        for one in wanted
        if one.unit not in known
    )
    if new:
        warehouse.append([event for letter in new for event in queued_events(letter, at)])
    return new


def _content(
    warehouse: Warehouse, catalogue: Catalogue, folder: Path, document: Issued
) -> Callable[[str], Sequence[Block]]:
    """What the letter says to a unit: of a notice its matters and the day, to everybody the same."""
    if document.kind == CORRECTION:
        corrected = correction_blocks(original_of(issued_documents(warehouse), document.period))
        return lambda _unit: corrected
    number = DocumentName.parse(document.document).notice
    if not number:
        facts = letter_facts(warehouse, catalogue, document)
        return partial(letter_blocks, folder, catalogue, document, facts)
    with suppress(NoticeError):  # no longer in the ledger: the letter goes without
        blocks = notice_blocks(notice_of(warehouse, number, document.period), catalogue)
        return lambda _unit: blocks
    return lambda _unit: ()


def unqueued(warehouse: Warehouse) -> tuple[Issued, ...]:
    """The issued documents that no letter is in the outbox for: a crash came between issue and queue."""
    numbers = {row["number"] for row in warehouse.select("letter_numbers").to_dicts()}
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
    corrected = original_of(issued_documents(warehouse), document.period).number
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
    said: Sequence[Block],
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
        html=page_of(to.unit_name, to.role, subject, said, is_sample=issued.is_sample),
        attachments=tuple(files.items()),
        folder=issued.folder,
        queued_at=at,
        is_sample=issued.is_sample,
    )
