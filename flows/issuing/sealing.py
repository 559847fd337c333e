"""Take in the sealed copy of an issued document (登记盖章件): from then on it is what is mailed and exchanged.

The issued PDF stays; both hashes are in the ledger. A letter that has not left yet is replaced by one with the sealed copy;
one that has left, or may have, is not sent again. Raises SealError where the file is not that document, sealed.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flows.documents.pdf.seal import SealError, check_sealed
from flows.files import sha256_of, write_whole
from flows.issuing.mail.letter import carrying
from flows.plan.issued import Issued, SealedCopy, issued_as
from flows.plan.letter import Letter, LetterState
from flows.warehouse.connection import Warehouse
from flows.warehouse.events import Columns, Event
from flows.warehouse.issue_ledger import issued, sealed_copies, sealed_event
from flows.warehouse.letter_ledger import letter_state_changed, letter_statuses, queued_events


@dataclass(frozen=True, slots=True)
class SealResult:
    """A sealed copy in the ledger, and whether it was there before."""

    document: Issued
    copy: SealedCopy
    is_known: bool

    def lines(self, letters: int) -> list[str]:
        """What is said of it: seal, signatures, hashes, and how many letters go out with it."""
        copy = self.copy
        if self.is_known:
            return [f"{copy.number} 的这份盖章件已于 {copy.sealed_at:%Y-%m-%d %H:%M} 登记过"]
        pages = "、".join(copy.seal_pages.split(","))
        signed = (
            f"文件里的电子签名：{copy.signatures}（只列出，不作判断）"
            if copy.signatures
            else "文件里没有电子签名"
        )
        return [
            f"已登记 {copy.number} 的盖章件：除第 {pages} 页的印章外，各页文字、画面与印发件相同",
            f"　　校验码 印发件 {copy.issued_sha256[:12]}，盖章件 {copy.sha256[:12]}",
            f"　　{signed}",
            f"　　此后发送、交换用盖章件；改排 {letters} 封还没有发出的信"
            if letters
            else "　　此后发送、交换用盖章件",
        ]


def check_copy(warehouse: Warehouse, data: Path, number: str, pdf: bytes, at: datetime) -> SealResult:
    """What a file would be entered as; NotIssuedError for another number, SealError where it is not that document."""
    document = issued_as(issued(warehouse), number)
    known = sealed_copies(warehouse).get(document.number)
    if known and known.sha256 == sha256_of(pdf):
        return SealResult(document, known, is_known=True)
    original = data / document.folder / document.file_name
    content = original.read_bytes() if original.is_file() else b""
    if sha256_of(content) != document.sha256:
        raise SealError(f"{original.name} 不在，或与印发时不同，无从核对；先运行 diaodu doctor")
    try:
        check = check_sealed(content, pdf)
    except SealError as fault:
        raise SealError(
            f"这不是 {document.number} 盖章后的文件，没有登记：{fault}。请拿 {original.name} 去盖章，原样交回"
        ) from None
    digest = sha256_of(pdf)
    copy = SealedCopy(
        number=document.number,
        issued_sha256=document.sha256,
        sha256=digest,
        place=f"{document.folder}/sealed/{digest[:12]}/{document.file_name}",
        seal_pages=",".join(map(str, check.pages)),
        signatures="；".join(map(str, check.signatures)),
        sealed_at=at,
    )
    return SealResult(document, copy, is_known=False)


def enter_copy(warehouse: Warehouse, data: Path, copy: SealedCopy, pdf: bytes, by: Columns) -> None:
    """Store a checked copy, then enter it: a crash in between leaves a file that nobody reads."""
    write_whole(data / copy.place, pdf)
    warehouse.append([sealed_event(copy, by)])


def replace_waiting(warehouse: Warehouse, copy: SealedCopy, at: datetime) -> list[Letter]:
    """Put letters with the sealed copy into the outbox for those that have not left; returns the new ones. One that a person
    has to settle is replaced by one that waits for the same."""
    events: list[Event] = []
    new = []
    for one in letter_statuses(warehouse, copy.number):
        letter = carrying(one.letter, copy)
        if one.state not in (LetterState.QUEUED, LetterState.FAILED) or letter is one.letter:
            continue
        letter = replace(letter, queued_at=at)
        events.append(
            letter_state_changed(one.letter.letter_id, LetterState.DROPPED, at, one.attempt, "改发盖章件")
        )
        events += queued_events(letter, at)
        if one.state is LetterState.FAILED and letter.address:
            events.append(letter_state_changed(letter.letter_id, LetterState.FAILED, at, 0, one.reply))
        new.append(letter)
    if events:
        warehouse.append(events)
    return new
