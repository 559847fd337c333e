"""The access record (账号登记): log-ins, changes of accounts, approvals and exports, one line each, hash-chained, never cut.

Accounts themselves are nothing but what it says, so a forged account is a broken chain. `accounts.head` beside it holds the
last line's hash: it shows a record cut short, or one whose last line was altered. Raises JournalError where record and chain
disagree, and RecordAccessError where another user of the machine could have written it.
"""

import os
import platform
import pwd
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.files import write_whole
from flows.locks import turn
from flows.plan.terms import Term
from flows.warehouse.journal import Entry, Journal, JournalError, plain

OTHERS_MAY_WRITE = 0o022


class AccessKind(Term):
    """What a line of the record is about."""

    ADDED = "account_added", "新建账号"
    PASSWORD_SET = "password_changed", "改口令"
    ROLES = "roles_changed", "改角色"
    DISABLED = "account_disabled", "停用账号"
    ENABLED = "account_enabled", "启用账号"
    LOGIN = "login", "登录"
    REFUSED = "login_refused", "登录被拒"
    CODE = "code_issued", "领取审批码"
    CODE_USED = "code_used", "使用审批码"
    CODE_REFUSED = "code_refused", "审批码被拒"
    APPROVAL = "approval", "审签"
    REGISTERED = "registered", "登记"
    EXPORT = "export", "导出"


_KINDS = {str(kind): kind for kind in AccessKind}


@dataclass(frozen=True, slots=True)
class AccessEvent:
    """One line: what happened, when (the machine's time, Beijing), by which account (null: none, or unknown), from whose
    session on which machine, and what belongs to this kind alone."""

    kind: AccessKind
    at: datetime
    account: str | None
    os_user: str
    host: str
    details: Mapping[str, Any]


class RecordAccessError(RuntimeError):
    """The record belongs to another user of the machine, or others may write it: it proves nothing."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"账号登记 {path} 别的用户可以改写，不能采信：查明是谁改的；没有改过的，"
            f"用 chown、chmod 600 改为只有本程序的用户可写，否则从备份恢复 {path.parent.name} 文件夹"
        )


def machine_user() -> tuple[str, str]:
    """Whose session this process is in and on which machine, as the system knows them."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user without a name
        user = str(os.getuid())
    return user, platform.node()


class AccessRecord:
    """The record in a data folder; made by its first line."""

    def __init__(self, data: Path) -> None:
        self.path = data / "ledgers" / "accounts.jsonl"
        self._head, self._lock = self.path.with_suffix(".head"), data / "accounts.lock"
        self._journal = Journal(self.path)
        self._memory = threading.RLock()  # threads of one process share what was read
        self._last: Entry | None = None
        self._digests: list[str] = []
        self._events: list[AccessEvent] = []

    def events(self) -> list[AccessEvent]:
        """Every line so far, oldest first; JournalError or RecordAccessError where it cannot be trusted."""
        with self._memory:
            head = self._read_head()  # first: a line that comes meanwhile is not missing
            self._require_own(self.path)
            for entry in self._journal.entries(self._last):
                self._take(entry)
            self._require_head(*head)
            return self._events

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Be the only one who reads and then writes, for as long as the block lasts."""
        with turn(self._lock, before_waiting=lambda: None):
            yield

    def append(self, kind: AccessKind, at: datetime, account: str | None, **details: object) -> None:
        """Add a line and flush it to the disk. Whoever calls has the turn, and has read all events."""
        user, host = machine_user()
        row = {"at": at, "account": account, "os_user": user, "host": host, **details}
        with self._memory:
            self._take(self._journal.append(plain([(str(kind), row)]), self._last))
        write_whole(self._head, f"{len(self._digests)} {self._digests[-1]}\n".encode())

    def _take(self, entry: Entry) -> None:
        for name, row in entry.events:
            self._events.append(_event(self.path, entry.number, name, row))
        self._digests.append(entry.digest)
        self._last = entry

    def _read_head(self) -> tuple[int, str]:
        """How many lines there were at the last writing, and the last one's hash; (0, "") before the first."""
        self._require_own(self._head)
        if not self._head.exists():
            return 0, ""
        number, _, digest = self._head.read_text(encoding="ascii").strip().partition(" ")
        return int(number) if number.isdecimal() else 0, digest

    def _require_head(self, number: int, digest: str) -> None:
        """The line noted last must be there; a crash may have kept the newest one from being noted."""
        if number == 0 and len(self._digests) > 1:
            raise JournalError(self.path, f"缺少 {self._head.name}，无从核对是否完整")
        if number > len(self._digests):
            raise JournalError(self.path, f"被截短了（应有 {number} 条，只有 {len(self._digests)} 条）")
        if number and self._digests[number - 1] != digest:
            raise JournalError(self.path, f"第 {number} 条被改过")

    def _require_own(self, path: Path) -> None:
        if path.exists():
            stat = path.stat()
            if stat.st_uid not in (0, os.geteuid()) or stat.st_mode & OTHERS_MAY_WRITE:
                raise RecordAccessError(path)


def _event(path: Path, number: int, name: str, row: object) -> AccessEvent:
    try:
        values = dict(row)  # type: ignore[call-overload]  # a row of JSON, whatever it is
        at = datetime.fromisoformat(values.pop("at"))
        who = values.pop("account"), values.pop("os_user"), values.pop("host")
        return AccessEvent(_KINDS[name], at, *who, values)
    except (KeyError, TypeError, ValueError):
        raise JournalError(path, f"第 {number} 条读不出来") from None
