"""Fetch mail (收信): every message on record once, its workbooks in the inbox with their envelope, its sender known or asked about.

The order makes a crash harmless: files are written first, then the message is put on record, then it is moved away;
running again finds it by its number or its content and goes on where it stopped. Nothing is deleted.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.files import sha256_of, write_whole
from flows.issuing.mail.contacts import Contacts
from flows.issuing.mail.incoming import Bounce, ParsedMail, parse
from flows.issuing.mail.mailbox import FetchedMessage, Mailbox, MailboxError
from flows.issuing.sending import Clock, OpenWarehouse
from flows.locks import only_one
from flows.plan.incoming_mail import IncomingMail, MailKind
from flows.plan.letter import LetterState
from flows.warehouse.connection import Warehouse
from flows.warehouse.events import Columns, Event
from flows.warehouse.letter_ledger import letter_statuses, state_events
from flows.warehouse.mail_ledger import (
    confirmed_events,
    confirmed_senders,
    fetched_events,
    mail_statuses,
    mails_in,
)
from flows.warehouse.raw import ENVELOPE

OpenMailbox = Callable[[], AbstractContextManager[Mailbox]]
Row = dict[str, str]
HELD, SERVER, BOUNCED = "来源待认", "收信服务器", LetterState.FAILED.label
FAULTS = (HELD, SERVER, BOUNCED, "没有移走")
BATCH, BATCH_BYTES = 50, 32 * 2**20
MOST_BREAKS = 3
MAIL_FOLDER = "mail"  # below the inbox: what came by mail, a folder a message
_LONGEST_NAME = 200  # bytes: a disk takes 255, with the envelope's ending


class AlreadyFetchingError(RuntimeError):
    """Another process reads the mailbox."""

    def __init__(self) -> None:
        super().__init__("另一个收信正在进行，等它结束后再运行一次")


class ConfirmationError(RuntimeError):
    """An address that cannot be confirmed so: which, and why."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(f"{address} {why}")


@dataclass(frozen=True)
class FetchRound:
    """What a round needs: how to open the warehouse, which is closed while the mailbox is read; the data folder and the
    inbox in it, the contacts, the domain the office writes from, and the clock."""

    open_warehouse: OpenWarehouse
    data: Path
    inbox: Path
    contacts: Contacts
    own_domain: str
    clock: Clock

    def run(self, open_mailbox: OpenMailbox) -> list[Row]:
        """Fetch whatever is there; one row a message or matter. A line that breaks is opened again, and the message it
        broke at waits for the next round. AlreadyFetchingError where another process fetches."""
        with only_one(self.data / "mailbox.lock") as is_sole:
            if not is_sole:
                raise AlreadyFetchingError
            self.finish_confirmations()
            rows: list[Row] = []
            tried: set[int] = set()
            for _ in range(MOST_BREAKS):
                before = len(tried)
                try:
                    with open_mailbox() as mailbox:
                        for row in self._take_all(mailbox, tried):
                            rows.append(row)  # noqa: PERF402  # kept also where the line breaks later
                    break
                except MailboxError as fault:
                    rows.append(_row(SERVER, f"{fault}；来信仍在邮箱里，下次再取"))
                    if len(tried) == before:  # it did not even come to a message
                        break
            return rows

    def _take_all(self, mailbox: Mailbox, tried: set[int]) -> Iterator[Row]:
        """Everything in the folder: what is on record already is only moved away."""
        with self.open_warehouse() as warehouse:
            known = mails_in(warehouse, mailbox.folder, mailbox.uid_validity) if mailbox.uid_validity else {}
        uids = mailbox.uids()
        yield from _put_away(mailbox, {uid: True for uid in uids if uid in known})
        for batch in _batches(mailbox, [uid for uid in uids if uid not in known and uid not in tried], tried):
            is_read: dict[int, bool] = {}
            with self.open_warehouse() as warehouse:
                for message in batch:
                    mail, rows = self._record(warehouse, mailbox, message)
                    yield from rows
                    is_read[message.uid] = mail.kind is not MailKind.PLAIN and mail.reporter is not None
            yield from _put_away(mailbox, is_read)

    def _record(
        self, warehouse: Warehouse, mailbox: Mailbox, message: FetchedMessage
    ) -> tuple[IncomingMail, list[Row]]:
        """Put one message on record with its files written; one that is there already changes nothing."""
        parsed = parse(message.content, self.own_domain)
        mail = self._mail(warehouse, mailbox, message, parsed)
        if before := mail_statuses(warehouse, mail.mail_id):
            return before[0].mail, [self._described(before[0].mail, "收过的来信")]
        is_held = bool(mail.files) and mail.reporter is None
        asks = is_held and all(
            one.mail.sender != mail.sender or one.mail.reporter is not None
            for one in mail_statuses(warehouse)
        )
        if mail.files:
            self._write_files(mail, [content for _, content in parsed.files])
        events, returned = _bounced(
            warehouse, parsed.bounces if mail.kind is MailKind.BOUNCE else (), self.clock()
        )
        warehouse.append([*fetched_events(mail), *events])
        if is_held:
            return mail, [self._described(mail, HELD if asks else f"{HELD}（已问过）")]
        return mail, returned or [self._described(mail, mail.kind.label)]

    def _mail(
        self, warehouse: Warehouse, mailbox: Mailbox, message: FetchedMessage, parsed: ParsedMail
    ) -> IncomingMail:
        now = self.clock()
        files = (
            tuple((name, sha256_of(content)) for name, content in parsed.files)
            if not message.is_too_large
            else ()
        )
        return IncomingMail(
            mail_id=parsed.mail_id,
            message_id=parsed.message_id,
            reference_ids=parsed.reference_ids,
            sha256=sha256_of(message.content),
            sender=parsed.sender,
            subject=parsed.subject,
            received_at=min(message.received_at or now, now),
            noticed_at=now,
            folder=mailbox.folder,
            uid_validity=mailbox.uid_validity,
            uid=message.uid,
            kind=_kind(message, parsed),
            is_automatic=parsed.is_automatic,
            reporter=self._reporter(warehouse, parsed),
            doubt=parsed.doubt,
            files=files,
        )

    def _reporter(self, warehouse: Warehouse, parsed: ParsedMail) -> str | None:
        """Whose the sender's address is: a reporter's, empty for the office's own operator (who hands on what came to
        him), null for nobody's or one in doubt."""
        if not parsed.sender or parsed.doubt:
            return None
        if parsed.sender == self.contacts.operator.lower():
            return ""
        unit = self.contacts.unit_at(parsed.sender)
        if unit in self.contacts.catalogue.reporter:
            return unit
        return confirmed_senders(warehouse).get(parsed.sender)

    def _write_files(self, mail: IncomingMail, contents: Sequence[bytes]) -> None:
        """The files of a message where they wait: in the inbox, or apart until their sender is known."""
        folder = self._waiting_folder(mail)
        for position, ((name, _), content) in enumerate(zip(mail.files, contents, strict=True), 1):
            path = folder / str(position) / _bearable(name)
            _write_envelope(path, mail, mail.reporter)
            write_whole(path, content)

    def _waiting_folder(self, mail: IncomingMail) -> Path:
        if mail.reporter is None:
            return self.data / "mail" / "held" / mail.short_id
        return self.inbox / MAIL_FOLDER / mail.short_id

    def confirm(self, address: str, reporter: str, at: datetime, by: Columns) -> list[IncomingMail]:
        """Remember that an address is a reporter's, and let in what was held of it; returns those messages.
        ConfirmationError where it is another's."""
        address, unit = address.strip().lower(), self.contacts.unit_at(address.strip())
        if unit is not None and unit != reporter:
            raise ConfirmationError(address, f"在通讯录里是{self.contacts.name_of(unit)}的地址，先改通讯录")
        with self.open_warehouse() as warehouse:
            held = [
                one.mail
                for one in mail_statuses(warehouse)
                if one.mail.sender == address and one.mail.reporter is None and one.mail.files
            ]
            warehouse.append(confirmed_events(address, reporter, held, at, by))
        self.finish_confirmations()
        return held

    def finish_confirmations(self) -> None:
        """Move what is confirmed into the inbox, also where a crash came between."""
        held = self.data / "mail" / "held"
        folders = {folder.name: folder for folder in (held.iterdir() if held.is_dir() else ())}
        if not folders:
            return
        with self.open_warehouse() as warehouse:
            mails = {one.mail.short_id: one.mail for one in mail_statuses(warehouse)}
        for name, folder in folders.items():
            if (mail := mails.get(name)) and mail.reporter is not None:
                for path in (p for p in folder.glob("*/*") if not p.name.endswith(ENVELOPE)):
                    _write_envelope(path, mail, mail.reporter)
                target = self._waiting_folder(mail)
                target.parent.mkdir(parents=True, exist_ok=True)
                if target.exists():
                    shutil.rmtree(folder)
                else:
                    folder.rename(target)

    def _described(self, mail: IncomingMail, what: str) -> Row:
        files = "、".join(name for name, _ in mail.files)
        said = files or mail.subject
        if what == HELD:
            doubt = f"本单位邮件服务器核验发件人：{mail.doubt}；" if mail.doubt else "通讯录里没有这个地址；"
            said = f"{doubt}附件 {files} 没有收表。确认的：diaodu fetch --accept {mail.sender or '地址'} 单位"
        unit = self.contacts.catalogue.name_of(mail.reporter) if mail.reporter else ""
        return _row(what, said, unit, mail.sender, mail.short_id)


def _batches(mailbox: Mailbox, uids: Sequence[int], tried: set[int]) -> Iterator[list[FetchedMessage]]:
    """The messages in portions, so that the warehouse is not opened for each; a broken line still gives what came before."""
    batch: list[FetchedMessage] = []
    try:
        for uid in uids:
            tried.add(uid)
            if message := mailbox.message(uid):
                batch.append(message)
            if len(batch) >= BATCH or sum(len(one.content) for one in batch) >= BATCH_BYTES:
                yield batch
                batch = []
    except MailboxError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _put_away(mailbox: Mailbox, is_read: dict[int, bool]) -> Iterator[Row]:
    """Move messages away; where that fails they stay, are not fetched again, and are moved in a later round."""
    for uid, read in is_read.items():
        try:
            mailbox.put_away(uid, is_read=read)
        except MailboxError as fault:
            yield _row("没有移走", f"{fault}；已经登记，不会重复收，下次再移")
            return


def _kind(message: FetchedMessage, parsed: ParsedMail) -> MailKind:
    if message.is_too_large:
        return MailKind.TOO_LARGE
    if parsed.bounces:
        return MailKind.BOUNCE
    if parsed.files:
        return MailKind.REPORT
    return MailKind.AUTOMATIC if parsed.is_automatic else MailKind.PLAIN


def _bounced(warehouse: Warehouse, bounces: Sequence[Bounce], at: datetime) -> tuple[list[Event], list[Row]]:
    """The events that letters came back, and a row each; a letter that has failed already is left as it is."""
    reasons = {one.letter: one.reason for one in bounces}
    letters = [
        one
        for one in (letter_statuses(warehouse) if reasons else ())
        if one.letter.letter_id[1:41] in reasons and one.state in (LetterState.SENT, LetterState.UNCERTAIN)
    ]
    changes = [(one, LetterState.FAILED, one.attempt, reasons[one.letter.letter_id[1:41]]) for one in letters]
    rows = [
        _row(BOUNCED, reply, one.letter.unit_name, one.letter.address, one.short_id)
        | {"文号": one.letter.number}
        for one, _, _, reply in changes
    ]
    return state_events(warehouse, changes, at), rows


def _write_envelope(path: Path, mail: IncomingMail, reporter: str | None) -> None:
    origin = {
        "mail_id": mail.mail_id,
        "message_id": mail.message_id,
        "sender": mail.sender,
        "reporter": reporter or "",
    }
    envelope = {"received_at": mail.received_at.isoformat(), "mail": origin}
    write_whole(path.with_name(path.name + ENVELOPE), json.dumps(envelope, ensure_ascii=False).encode())


def _bearable(name: str) -> str:
    """The name, short enough for a disk with the envelope's ending behind it."""
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        return name.encode()[:_LONGEST_NAME].decode(errors="ignore")
    kept = stem.encode()[: _LONGEST_NAME - len(suffix.encode()) - 1].decode(errors="ignore")
    return f"{kept}{dot}{suffix}"


def _row(what: str, text: str, unit: str = "", address: str = "", mail: str = "") -> Row:
    return {"结果": what, "文号": "", "单位": unit, "地址": address, "信件": mail, "说明": text}
