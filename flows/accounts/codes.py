"""One-time codes (审批码): what an account gives on Prefect's page in place of its password, which Prefect would store.

A code is issued at the terminal after logging in, for one document at one step; valid for minutes, used once. The record has
only its hash. Raises AccountError.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.accounts.accounts import Account, AccountError, Accounts
from flows.accounts.record import AccessEvent, AccessKind
from flows.files import sha256_of
from flows.plan.issued import Step

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no letter looks like a digit
LENGTH, GROUP = 12, 4  # 60 bits
_LOOKALIKES = str.maketrans("OIL", "011", "- ")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a code is for: the PDF of this hash, of this document, at this step."""

    document: str
    sha256: str
    step: Step

    def columns(self) -> dict[str, str]:
        """As the record has it."""
        return {"document": self.document, "sha256": self.sha256, "step": str(self.step)}


def issue_code(accounts: Accounts, account: Account, subject: Subject, now: datetime) -> tuple[str, datetime]:
    """A new code for an account that has just logged in, and until when it is valid."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    until = now + timedelta(minutes=accounts.policy.code_minutes)
    accounts.note(
        AccessKind.CODE, now, account, code=sha256_of(code.encode()), until=until.isoformat(), **subject.columns()
    )  # fmt: skip
    return "-".join(code[i : i + GROUP] for i in range(0, LENGTH, GROUP)), until


def refuse_code(accounts: Accounts, account: Account, subject: Subject, why: str, now: datetime) -> None:
    """Record that a decision by a code could not be recorded."""
    accounts.note(AccessKind.CODE_REFUSED, now, account, why=why, **subject.columns())


def use_code(accounts: Accounts, name: str, code: str, subject: Subject, now: datetime) -> Account:
    """The account that a code was issued to; it is used up. AccountError where it is none of this account for this very
    document and step, is used or too old, or the account is disabled: the refusal is on record."""
    digest = sha256_of(code.upper().translate(_LOOKALIKES).encode())
    with accounts.record.turn():
        events, account = accounts.record.events(), accounts.all().get(name.strip())
        issued = [one for one in events if one.kind is AccessKind.CODE and one.details["code"] == digest]
        used = any(one.kind is AccessKind.CODE_USED and one.details["code"] == digest for one in events)
        why = _refusal(account, issued, subject, now, is_used=used)
        if why or account is None:
            accounts.record.append(
                AccessKind.CODE_REFUSED, now, account.name if account else None, why=why, **subject.columns()
            )
            raise AccountError(f"审批码{why}。重新领取：diaodu account code {subject.document}")
        accounts.record.append(AccessKind.CODE_USED, now, account.name, code=digest, **subject.columns())
        return account


def refusals(accounts: Accounts, subject: Subject) -> int:
    """How many codes were refused for this document at this step: a page that asks again asks another question."""
    return sum(
        event.kind is AccessKind.CODE_REFUSED and event.details.items() >= subject.columns().items()
        for event in accounts.record.events()
    )


def _refusal(
    account: Account | None, issued: list[AccessEvent], subject: Subject, now: datetime, *, is_used: bool
) -> str:
    if account is None or not issued or issued[0].account != account.name:
        return "与账号不符"
    if not issued[0].details.items() >= subject.columns().items():
        return "是另一份文件（或另一版、另一步）的"
    if is_used:
        return "已经用过"
    if now > datetime.fromisoformat(issued[0].details["until"]) or now < issued[0].at:
        return "已过期"
    return "" if account.is_enabled else "所属账号已停用"
