"""Mail around the simulated office: the server that takes its letters, the mailbox it reads, and what others write to it."""

import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP as WIRE
from email.policy import default
from typing import Protocol

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from flows.files import sha256_of
from flows.issuing.mail.mailbox import FetchedMessage, Mailbox

LOOPBACK = "127.0.0.1"
OFFICE = "baobiao@rsj.example"  # the address that the simulated office writes from and reports come to


@dataclass(frozen=True, slots=True)
class ReceivedLetter:
    """A letter as the server took it: the address it was for, the headers it is known by, and its bytes."""

    recipient: str
    subject: str
    message_id: str
    in_reply_to: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The letter as a mail program reads it."""
        return message_from_bytes(self.content, policy=default)


@dataclass
class SmtpServer:
    """The server; `received` is what it took, oldest first. While it is closed nobody answers on its port."""

    received: list[ReceivedLetter] = field(default_factory=list)
    port: int = 0
    _controller: Controller | None = None

    def open(self) -> None:
        """Listen from now on, on a free port."""
        with socket.create_server((LOOPBACK, 0)) as free:  # the controller cannot choose one by itself
            self.port = int(free.getsockname()[1])
        self._controller = Controller(self, hostname=LOOPBACK, port=self.port)
        self._controller.start()

    def close(self) -> None:
        """Stop listening; what was received stays."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # named by aiosmtpd
        """Keep the letter."""
        content = envelope.original_content or b""
        headers = BytesHeaderParser(policy=default).parsebytes(content)
        subject, message_id, answers = (
            str(headers[name] or "") for name in ("Subject", "Message-ID", "In-Reply-To")
        )
        self.received += [
            ReceivedLetter(to, subject, message_id, answers, content) for to in envelope.rcpt_tos
        ]
        return "250 2.0.0 taken"

    def answers_to(self, message_id: str) -> list[ReceivedLetter]:
        """The letters that reply to a message."""
        return [one for one in self.received if one.in_reply_to == message_id]


class OfficeMailbox(Protocol):
    """The mailbox that the simulated office reads."""

    def put(self, content: bytes, at: datetime) -> None:
        """A message arrives at that moment (Beijing)."""

    def open(self) -> AbstractContextManager[Mailbox]:
        """The mailbox as fetching reads it."""


class MemoryMailbox:
    """A mailbox in memory: what is put in waits until it is fetched and moved away."""

    folder, uid_validity = "INBOX", 1

    def __init__(self) -> None:
        self._waiting: dict[int, FetchedMessage] = {}
        self._count = 0

    def put(self, content: bytes, at: datetime) -> None:
        """A message arrives at that moment (Beijing)."""
        self._count += 1
        self._waiting[self._count] = FetchedMessage(self._count, at, content)

    @contextmanager
    def open(self) -> Iterator[Mailbox]:
        """The mailbox itself."""
        yield self

    def uids(self) -> list[int]:
        """The numbers of the messages that wait, oldest first."""
        return sorted(self._waiting)

    def message(self, uid: int) -> FetchedMessage | None:
        """One message."""
        return self._waiting.get(uid)

    def put_away(self, uid: int, *, is_read: bool) -> None:
        """Move a message away."""
        del self._waiting[uid]


def report_mail(sender: str, name: str, content: bytes, at: datetime, answers: str = "") -> EmailMessage:
    """The mail of a clerk with a workbook, as a reply to the letter of that Message-ID (empty: to none)."""
    message = EmailMessage(policy=WIRE)
    named = sha256_of(f"{sender} {name} {at}".encode())[:32]
    message["From"], message["To"] = sender, OFFICE
    message["Subject"] = name.rpartition(".")[0]
    message["Message-ID"] = f"<{named}@{sender.partition('@')[2]}>"
    if answers:
        message["In-Reply-To"] = message["References"] = answers
    message.set_content("报表见附件，请查收。\n")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


def bounce_mail(letter: ReceivedLetter, ordinal: int) -> bytes:
    """The report of the addressee's mail server that his mailbox is full (RFC 3464)."""
    domain = letter.recipient.partition("@")[2]
    return (
        f"From: MAILER-DAEMON@{domain}\r\nTo: {OFFICE}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <bounce-{ordinal}@{domain}>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n'
        f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; {domain}\r\n\r\n"
        f"Final-Recipient: rfc822; {letter.recipient}\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full\r\n\r\n--b\r\n"
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter.message_id}\r\n\r\n--b--\r\n"
    ).encode()
