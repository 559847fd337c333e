"""The office's mailbox (收件箱) over IMAP: messages out, one at a time; each marked and moved once it is on record.

Nothing is deleted: a server that cannot move messages keeps them where they are, marked as read.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError
from imap_tools.imap_utf7 import utf7_encode

from flows.clock import BEIJING
from flows.issuing.mail.account import Security, UnprotectedError, is_loopback

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

MOST_MESSAGE_BYTES = 64 * 2**20
_DATE = re.compile(rb'INTERNALDATE "([^"]+)"')
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_LONGEST = 200


class MailboxError(RuntimeError):
    """The mailbox cannot be read or written to just now: at which step, and what the server or the line said."""

    def __init__(self, step: str, reason: str) -> None:
        self.step, self.reason = step, reason
        super().__init__(f"{step}：{reason}")


@dataclass(frozen=True, slots=True)
class FetchedMessage:
    """A message as the server has it: its number, when the server received it (Beijing), its bytes; of one that
    `is_too_large` its headers alone."""

    uid: int
    received_at: datetime
    content: bytes
    is_too_large: bool = False


class Mailbox(Protocol):
    """What fetching needs of a mailbox: `folder` is read, `uid_validity` says how long its numbers hold."""

    folder: str
    uid_validity: int

    def uids(self) -> list[int]:
        """The numbers of the messages in the folder, oldest first."""

    def message(self, uid: int) -> FetchedMessage | None:
        """One message; null where it has gone meanwhile."""

    def put_away(self, uid: int, *, is_read: bool) -> None:
        """Move a message to the folder of those received; marked as read or not."""


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where the mailbox is. The password is never shown. `ca_file` holds the certificates trusted besides none other;
    without it those of the system are."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    ca_file: Path | None = None
    folder: str = "INBOX"
    received: str = "已收"
    seconds: float = 60.0  # that the server may take for one answer

    def check(self) -> None:
        """UnprotectedError where mail and password would cross a network in the open."""
        if self.security is Security.PLAIN and not is_loopback(self.host):
            raise UnprotectedError(self.host)


class ImapMailbox:
    """An open mailbox; a context manager. Every method raises MailboxError."""

    def __init__(self, account: ImapAccount) -> None:
        account.check()
        self.account, self.folder, self.uid_validity = account, account.folder, 0
        with _spoken("连接", account):
            self._box = _connected(account)
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        account = self.account
        with _spoken("登录", account):
            self._box.login(account.user, account.password, initial_folder=None)
            offered = self._box.client.capability()[1][0].upper().split()
            self._moves = b"MOVE" in offered
            if b"ID" in offered:  # without it mail.163.com and others open no folder
                self._box.client.xatom("ID", '("name" "diaodu")')
        with _spoken("打开文件夹", account):
            if not self._box.folder.exists(account.received):
                self._box.folder.create(account.received)
            self._box.folder.set(account.folder)
            _, validity = self._box.client.response("UIDVALIDITY")
            self.uid_validity = int(validity[0] or 0) if validity else 0

    def __enter__(self) -> "Self":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave; what the server answers changes nothing."""
        try:
            self._box.client.logout()
        except (OSError, imaplib.IMAP4.error):
            self._box.client.shutdown()

    def uids(self) -> list[int]:
        """The numbers of the messages in the folder, oldest first."""
        with _spoken("列出来信", self.account):
            return sorted(int(uid) for uid in self._box.uids("UNDELETED", charset=None))

    def message(self, uid: int) -> FetchedMessage | None:
        """One message, which stays unread; of one larger than MOST_MESSAGE_BYTES the headers alone."""
        with _spoken("取信", self.account):
            about = self._fetch(uid, "(INTERNALDATE RFC822.SIZE)")
            if about is None:
                return None
            date, size = _DATE.search(about[0]), _SIZE.search(about[0])
            is_too_large = size is not None and int(size[1]) > MOST_MESSAGE_BYTES
            found = self._fetch(uid, "(BODY.PEEK[HEADER])" if is_too_large else "(BODY.PEEK[])")
        if found is None or date is None:
            return None
        return FetchedMessage(uid, _moment(date[1].decode()), found[1], is_too_large)

    def _fetch(self, uid: int, parts: str) -> tuple[bytes, bytes] | None:
        """The answer's own text and the bytes that came with it; null where the message is no longer there."""
        _, answer = self._box.client.uid("FETCH", str(uid), parts)
        for one in answer:
            if isinstance(one, tuple):
                return one[0], one[1]
            if isinstance(one, bytes) and b"INTERNALDATE" in one:
                return one, b""
        return None

    def put_away(self, uid: int, *, is_read: bool) -> None:
        """Move a message to the folder of those received; where the server cannot, copy it and leave it as read."""
        client = self._box.client
        with _spoken(f"移到“{self.account.received}”", self.account):
            if is_read or not self._moves:
                _ok(client.uid("STORE", str(uid), "+FLAGS", r"(\Seen)"))
            _ok(
                client.uid(
                    "MOVE" if self._moves else "COPY",
                    str(uid),
                    f'"{utf7_encode(self.account.received).decode()}"',
                )
            )


def _connected(account: ImapAccount) -> BaseMailBox:
    if account.security is Security.PLAIN:
        return MailBoxUnencrypted(account.host, account.port, timeout=account.seconds)
    context = ssl.create_default_context(cafile=None if account.ca_file is None else str(account.ca_file))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    kind = MailBox if account.security is Security.IMPLICIT else MailBoxStartTls
    return kind(account.host, account.port, timeout=account.seconds, ssl_context=context)


def _ok(answer: tuple[str, list[bytes]]) -> None:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(b" ".join(filter(None, answer[1])).decode("utf-8", "replace"))


def _moment(written: str) -> datetime:
    """17-Jul-1996 02:44:25 -0700 in Beijing time, whatever the language of this machine."""
    day, month, rest = written.strip().split("-", 2)
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    at = datetime.strptime(f"{day} {months.index(month) + 1} {rest}", "%d %m %Y %H:%M:%S %z")
    return at.astimezone(BEIJING).replace(tzinfo=None)


@contextmanager
def _spoken(step: str, account: ImapAccount) -> Iterator[None]:
    """What server, line or certificate do becomes MailboxError; nothing of the account is in its words."""
    try:
        yield
    except ssl.SSLCertVerificationError as fault:
        raise MailboxError(step, f"{account.host} 的证书不可信（{fault.verify_message}）") from None
    except MailboxLoginError:
        raise MailboxError(step, f"{account.host} 不认账号或口令") from None
    except imaplib.IMAP4.abort:
        raise MailboxError(step, "线路断开") from None
    except (imaplib.IMAP4.error, ImapToolsError, ValueError, IndexError) as fault:
        raise MailboxError(step, f"服务器答复：{_without_password(str(fault), account)}") from None
    except TimeoutError:
        raise MailboxError(step, "等候超时") from None
    except OSError as fault:
        raise MailboxError(
            step, f"{account.host}:{account.port} {_without_password(str(fault), account)}"
        ) from None


def _without_password(text: str, account: ImapAccount) -> str:
    shown = text.replace(account.password, "…") if account.password else text
    return " ".join(shown.split())[:_LONGEST]
