"""The office's mailbox (收件箱) over IMAP: messages out, one at a time; each marked and moved once it is on record.

Nothing is lost: where the server has no MOVE, a message is copied first, then marked as deleted, and removed alone where the
server can (UIDPLUS). A plain EXPUNGE, which would remove what others have marked, is never sent.
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

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import (
    ImapToolsError,
    MailboxFolderCreateError,
    MailboxLoginError,
    UnexpectedCommandStatusError,
)
from imap_tools.imap_utf7 import utf7_decode
from imap_tools.utils import encode_folder

from flows.clock import BEIJING
from flows.issuing.mail.account import Security, UnprotectedError, is_loopback, network_fault

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

MOST_MESSAGE_BYTES = 64 * 2**20
_DATE = re.compile(rb'INTERNALDATE "([^"]+)"')
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_NAMESPACE = re.compile(rb'\(\("((?:[^"\\]|\\.)*)" "(.)"')
_LONGEST = 200
_FIRST_YEAR = 1971
# What servers say in brackets (RFC 5530), with what to do.
_CODES = {
    "OVERQUOTA": "邮箱已满，请清理邮箱或扩大容量",
    "LIMIT": "超过了邮箱的限额",
    "UNAVAILABLE": "服务器内部出错，稍后会再试",
    "INUSE": "邮箱正被别的程序独占，稍后会再试",
    "NOPERM": "这个账号没有权限",
    "NONEXISTENT": "没有这个文件夹，核对 DIAODU_IMAP_FOLDER、DIAODU_IMAP_RECEIVED",
    "TRYCREATE": "没有这个文件夹",
}


class MailboxError(RuntimeError):
    """The mailbox cannot be read or written to just now: at which step, and what the server or the line said."""

    def __init__(self, step: str, reason: str) -> None:
        self.step, self.reason = step, reason
        super().__init__(f"{step}：{reason}")


@dataclass(frozen=True, slots=True)
class FetchedMessage:
    """A message as the server has it: its number, when the server received it (Beijing; null where it does not say), its
    bytes; of one that `is_too_large` its headers alone."""

    uid: int
    received_at: datetime | None
    content: bytes
    is_too_large: bool = False


class Mailbox(Protocol):
    """What fetching needs of a mailbox: `folder` is read, `uid_validity` says how long its numbers hold (0: they mean
    nothing the next time)."""

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
        account, client = self.account, self._box.client
        with _spoken("登录", account):
            self._box.login(account.user, account.password, initial_folder=None)
            self._offers = frozenset(client.capability()[1][0].upper().split())
            if b"ID" in self._offers:  # without it mail.163.com and others open no folder
                client.xatom("ID", '("name" "diaodu")')
        with _spoken("打开文件夹", account):
            self._received = self._received_folder()
            self._box.folder.set(self._existing(account.folder) or account.folder)
            _, validity = client.response("UIDVALIDITY")
            self.uid_validity = int(validity[0] or 0) if validity else 0

    def _received_folder(self) -> str:
        """The full name of the folder of those received, made where there is none."""
        name, refusal = self.account.received, ""
        if found := self._existing(name):
            return found
        prefix, delimiter = self._namespace()
        try:
            self._box.folder.create(prefix + name.replace("/", delimiter))
        except MailboxFolderCreateError as fault:
            refusal = _answer(fault, self.account)
        found = self._existing(name) or self._first(f"%{delimiter}{name}")  # QQ has it in 其他文件夹
        if not found:
            raise MailboxError("打开文件夹", f"邮箱里没有“{name}”，也建不成，请在网页邮箱里建好。{refusal}")
        return found

    def _existing(self, name: str) -> str:
        """The full name of a folder, as it is or below the server's own prefix (`INBOX.已收`); empty where there is none."""
        prefix, delimiter = self._namespace()
        own = name.replace("/", delimiter)
        return self._first(own) or self._first(prefix + own)

    def _first(self, pattern: str) -> str:
        return next((one.name for one in self._box.folder.list("", pattern)), "")

    def _namespace(self) -> tuple[str, str]:
        """What the names of this user's folders begin with, and what stands between their levels."""
        if b"NAMESPACE" not in self._offers:
            return "", "/"
        found = _NAMESPACE.match(self._box.client.namespace()[1][0] or b"")
        return (utf7_decode(found[1]), found[2].decode()) if found else ("", "/")

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
        if found is None:
            return None
        return FetchedMessage(uid, _moment(date[1].decode()) if date else None, found[1], is_too_large)

    def _fetch(self, uid: int, parts: str) -> tuple[bytes, bytes] | None:
        """The answer's own text and the bytes that came with it; null where the message is no longer there."""
        _, answer = self._box.client.uid("FETCH", str(uid), parts)
        for one in answer:
            if isinstance(one, tuple):
                return one[0], one[1]
            if isinstance(one, bytes) and b"RFC822.SIZE" in one:
                return one, b""
        return None

    def put_away(self, uid: int, *, is_read: bool) -> None:
        """Move a message to the folder of those received; marked as read or not."""
        with _spoken(f"移到“{self.account.received}”", self.account):
            if is_read:
                self._change("STORE", uid, "+FLAGS", r"(\Seen)")
            folder = encode_folder(self._received).decode()
            if b"MOVE" in self._offers:
                self._change("MOVE", uid, folder)
                return
            self._change("COPY", uid, folder)
            self._change("STORE", uid, "+FLAGS", r"(\Deleted)")
            if b"UIDPLUS" in self._offers:
                self._change("EXPUNGE", uid)  # this one message alone (RFC 4315)

    def _change(self, command: str, uid: int, *arguments: str) -> None:
        """One command on one message, which the server must confirm."""
        kind, data = self._box.client.uid(command, str(uid), *arguments)
        if kind != "OK":
            raise imaplib.IMAP4.error(b" ".join(filter(None, data)).decode("utf-8", "replace"))


def _connected(account: ImapAccount) -> BaseMailBox:
    context = ssl.create_default_context(cafile=None if account.ca_file is None else str(account.ca_file))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if account.security is Security.IMPLICIT:
        return MailBox(account.host, account.port, timeout=account.seconds, ssl_context=context)
    box = MailBoxUnencrypted(account.host, account.port, timeout=account.seconds)
    if account.security is Security.STARTTLS:
        try:
            box.client.starttls(context)
        except BaseException:
            box.client.shutdown()
            raise
    return box


def _moment(written: str) -> datetime | None:
    """17-Jul-1996 02:44:25 -0700 in Beijing time, whatever the language of this machine; null for what is no date, and for
    the beginning of time, which servers give out after a move."""
    try:
        day, month, rest = written.strip().split("-", 2)
        number = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].index(
            month
        ) + 1
        at = datetime.strptime(f"{day} {number} {rest}", "%d %m %Y %H:%M:%S %z")
    except ValueError:
        return None
    return at.astimezone(BEIJING).replace(tzinfo=None) if at.year > _FIRST_YEAR else None


@contextmanager
def _spoken(step: str, account: ImapAccount) -> Iterator[None]:
    """What server, line or certificate do becomes MailboxError; nothing of the account is in its words."""
    try:
        yield
    except ssl.SSLCertVerificationError as fault:
        reason = f"{account.host} 的证书不可信（{fault.verify_message}）"
    except imaplib.IMAP4.readonly:
        reason = f"“{account.folder}”只能读，移不走来信：请邮箱管理员给这个账号写的权限"
    except imaplib.IMAP4.abort as fault:
        reason = "服务器不提供 STARTTLS" if "TLS not supported" in str(fault) else "线路断开"
    except (imaplib.IMAP4.error, ImapToolsError, ValueError, IndexError) as fault:
        reason = _answer(fault, account)
    except OSError as fault:
        known = network_fault(fault, account.host, account.port, account.security)
        reason = known or f"{account.host}:{account.port} {_without_password(str(fault), account)}"
    else:
        return
    raise MailboxError(step, reason)


def _answer(fault: Exception, account: ImapAccount) -> str:
    """What the server answered, in our words where it names the reason."""
    text = str(fault)
    if isinstance(fault, UnexpectedCommandStatusError):
        text = b" ".join(one for one in fault.command_result[1] if one).decode("utf-8", "replace")
    code = re.search(r"\[([A-Z-]+)", text)
    known = _CODES.get(code[1], "") if code else ""
    if isinstance(fault, MailboxLoginError) and not known:
        return f"{account.host} 不认账号或口令（QQ、163 等邮箱填授权码，不是登录密码）"
    shown = f"服务器答复：{_without_password(text, account)}"
    return f"{known}（{shown}）" if known else shown


def _without_password(text: str, account: ImapAccount) -> str:
    shown = text.replace(account.password, "…") if account.password else text
    return " ".join(shown.split())[:_LONGEST]
