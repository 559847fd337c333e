"""The accounts of an office (账号): who may log in, with which roles. Passwords are kept as argon2 hashes only.

Everything is derived from the access record, so every change of an account is one line of it. Each method raises
AccountError with a sentence for the user, and what the record raises where it cannot be trusted.
"""

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.accounts.record import AccessEvent, AccessKind, AccessRecord, machine_user
from flows.plan.policy import AccountPolicy
from flows.plan.terms import AccountRole, Term

if TYPE_CHECKING:
    from argon2 import PasswordHasher

NAME = re.compile(r"[\w·()（）-]{1,20}")
PERSONAL = re.compile(r"\d{7}")  # a telephone or identity number
WRONG = "口令不对"
NO_REPORTERS = "本市没有启用填报单位的账号"
_ROLES = {str(role): role for role in AccountRole}
_KINDS_OF_CHARACTERS = (r"[A-Z]", r"[a-z]", r"\d", r"[^A-Za-z\d]")


class Duty(Term):
    """What the policy lets some roles do, and others not."""

    REVIEW = "review", "审核"
    SIGN = "sign", "签发"
    REGISTER = "register", "登记"
    MANAGE = "manage", "管理账号"


class AccountError(RuntimeError):
    """Somebody may not log in or do this, or an account cannot be changed so: why, and what to do."""


class LockedError(AccountError):
    """Too many wrong passwords in a row."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"口令连续输错，账号锁定到 {until:%m月%d日 %H:%M}；急用的，请管理账号重设口令")


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the record has it. `is_sample`: it may approve sample data and nothing else. `unit` is the reporter whose
    account it is, empty for the office's own. The password's hash is never shown."""

    name: str
    roles: tuple[AccountRole, ...]
    password_hash: str = field(repr=False)
    password_at: datetime
    is_sample: bool = False
    is_enabled: bool = True
    last_login_at: datetime | None = None
    wrong_in_a_row: int = 0
    locked_until: datetime | None = None
    unit: str = ""

    def may(self, duty: Duty, policy: AccountPolicy) -> bool:
        """Whether one of its roles has that duty."""
        allowed: tuple[AccountRole, ...] = getattr(policy, str(duty))
        return any(role in allowed for role in self.roles)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: an account that has logged in, and at whose instruction (empty: nobody's)."""

    account: Account
    instructed_by: str = ""

    def columns(self) -> dict[str, str | None]:
        """As the ledgers record it, with whose session on which machine it is."""
        user, host = machine_user()
        instructed_by = self.instructed_by.strip() or None
        return {"account": self.account.name, "os_user": user, "host": host, "instructed_by": instructed_by}


class Accounts:
    """The accounts in a data folder, by the rules of a policy."""

    def __init__(self, data: Path, policy: AccountPolicy) -> None:
        self.record, self.policy = AccessRecord(data), policy
        self._accounts: dict[str, Account] = {}
        self._folding = threading.RLock()
        self._folded = 0  # number of the record's events already applied

    def all(self) -> Mapping[str, Account]:
        """Every account by its name, in the order they were added."""
        with self._folding:
            events = self.record.events()
            for event in events[self._folded :]:
                self._fold(event)
                self._folded += 1
            return self._accounts

    def verify(self, name: str, password: str, now: datetime, *, may_be_expired: bool = False) -> Account:
        """Log in; the attempt is on record. AccountError for an unknown name or a wrong password (the same sentence),
        a locked or disabled account, or a password too old, unless it is given in order to change it."""
        with self.record.turn():
            account = self.all().get(name.strip())
            if account and account.locked_until and now < account.locked_until:
                self._refuse(now, account, "锁定期间")
                raise LockedError(account.locked_until)
            if not _matches(account.password_hash if account else _nobodys_hash(), password) or not account:
                self._refuse(now, account, WRONG if account else "没有这个账号")
                after = self.all().get(name.strip())
                if after and after.locked_until and now < after.locked_until:
                    raise LockedError(after.locked_until)
                raise AccountError("账号或口令不对")
            if why := self._unusable(account, now, may_be_expired):
                self._refuse(now, account, why)
                raise AccountError(f"账号“{account.name}”{why}")
            self.record.append(AccessKind.LOGIN, now, account.name)
            return self.all()[account.name]

    def require(self, name: str, duty: Duty) -> Account:
        """The account as it stands now; AccountError where it has been disabled, or has not that duty."""
        known = self.all().get(name)
        if known is None or not known.is_enabled:
            raise AccountError(f"账号“{name}”没有或已停用")
        if not known.may(duty, self.policy):
            roles = "、".join(role.label for role in known.roles)
            allowed = "、".join(role.label for role in getattr(self.policy, str(duty)))
            raise AccountError(f"账号“{known.name}”（{roles}）不能办理{duty.label}：须有角色{allowed}")
        return known

    def require_real(self, account: Account, what: str) -> None:
        """AccountError where a sample account is used for what is not sample data."""
        if account.is_sample:
            raise AccountError(f"账号“{account.name}”只用于示例数据，不能办理{what}")

    def add(
        self,
        name: str,
        roles: Sequence[AccountRole],
        password: str,
        now: datetime,
        by: Account | None,
        *,
        is_sample: bool = False,
        unit: str = "",
    ) -> Account:
        """Add an account, of a reporter where `unit` says whose. `by` may be None while nobody can manage accounts, since an
        office begins with its first, and for a sample account, which can do nothing real."""
        with self.record.turn():
            if not is_sample:
                self._require_manager(by)
            if name in self.all():
                raise AccountError(f"账号“{name}”已经有了")
            if not NAME.fullmatch(name) or PERSONAL.search(name):
                raise AccountError(f"账号名“{name}”不行：用姓名或岗位，20 个字以内，不写电话、身份证号")
            self._require_strong(name, password)
            self._require_fitting(roles, unit)
            self._append(
                AccessKind.ADDED, now, name, by, roles=_codes(roles), hash=_hasher().hash(password),
                is_sample=is_sample, **({"unit": unit} if unit else {}),
            )  # fmt: skip
            return self.all()[name]

    def set_password(self, name: str, password: str, now: datetime, by: Account) -> None:
        """Change a password: the account's own, after logging in with the old one, or by a manager; ends a lock."""
        with self.record.turn():
            if by.name != name:
                self._require_manager(by)
            account = self._known(name)
            self._require_strong(name, password)
            if _matches(account.password_hash, password):
                raise AccountError("新口令不能与原口令相同")
            self._append(AccessKind.PASSWORD_SET, now, name, by, hash=_hasher().hash(password))

    def set_roles(self, name: str, roles: Sequence[AccountRole], now: datetime, by: Account | None) -> None:
        """Give an account these roles and no others; a manager always remains."""
        with self.record.turn():
            self._require_manager(by)
            self._require_fitting(roles, self._known(name).unit)
            self._require_another_manager(replace(self._known(name), roles=tuple(roles)))
            self._append(AccessKind.ROLES, now, name, by, roles=_codes(roles))

    def set_enabled(self, name: str, now: datetime, by: Account | None, *, is_enabled: bool) -> None:
        """Disable an account, or enable it again; a manager always remains."""
        with self.record.turn():
            self._require_manager(by)
            self._require_another_manager(replace(self._known(name), is_enabled=is_enabled))
            self._append(AccessKind.ENABLED if is_enabled else AccessKind.DISABLED, now, name, by)

    def note(self, kind: AccessKind, now: datetime, account: Account | None, **details: object) -> None:
        """Record what was done with an account, or at the terminal without one."""
        with self.record.turn():
            self.record.events()
            self.record.append(kind, now, account.name if account else None, **details)

    def manager_exists(self) -> bool:
        """Whether anybody can manage accounts; until then, whoever has the data folder can."""
        return any(one.is_enabled and one.may(Duty.MANAGE, self.policy) for one in self.all().values())

    def _require_manager(self, by: Account | None) -> None:
        if by is not None:
            self.require(by.name, Duty.MANAGE)
        elif self.manager_exists():
            raise AccountError("账号由管理账号办理：用 --account 写明是哪个")

    def _require_another_manager(self, changed: Account) -> None:
        others = [one for one in self.all().values() if one.name != changed.name]
        if self.manager_exists() and not any(
            one.is_enabled and one.may(Duty.MANAGE, self.policy) for one in (*others, changed)
        ):
            raise AccountError("这样就没有管理账号了：先另设一个")

    def _require_fitting(self, roles: Sequence[AccountRole], unit: str) -> None:
        """The role of a reporter stands alone, belongs to an account of a unit, and has to be wanted by the policy."""
        if not unit and AccountRole.REPORTER not in roles:
            return
        if not self.policy.reporter_accounts:
            raise AccountError(f"{NO_REPORTERS}：policy.toml 的 [accounts] reporter_accounts")
        if not unit or tuple(roles) != (AccountRole.REPORTER,):
            raise AccountError("填报账号要写明是哪个单位的，只有填报一个角色；本单位的账号不能有填报的角色")

    def _require_strong(self, name: str, password: str) -> None:
        kinds = sum(bool(re.search(pattern, password)) for pattern in _KINDS_OF_CHARACTERS)
        least, wanted = self.policy.password_at_least, self.policy.password_kinds
        if len(password) < least or kinds < wanted or name in password:
            raise AccountError(
                f"口令太弱：至少 {least} 个字符，大写字母、小写字母、数字、其他字符里至少 {wanted} 类，不含账号名"
            )

    def _known(self, name: str) -> Account:
        if account := self.all().get(name):
            return account
        raise AccountError(f"没有账号“{name}”；diaodu account list 可列出全部")

    def _unusable(self, account: Account, now: datetime, may_be_expired: bool) -> str:
        if not account.is_enabled:
            return "已停用"
        if account.unit and not self.policy.reporter_accounts:
            return f"不能登录：{NO_REPORTERS}"
        if not (account.is_sample or may_be_expired) and now - account.password_at > timedelta(
            days=self.policy.password_days
        ):
            days = self.policy.password_days
            return f"的口令用满 {days} 天了，先改口令：diaodu account password {account.name}"
        return ""

    def _refuse(self, now: datetime, account: Account | None, why: str) -> None:
        """On record without what was typed: an unknown name may be a password typed into the wrong field."""
        self.record.append(AccessKind.REFUSED, now, account.name if account else None, why=why)

    def _append(
        self, kind: AccessKind, now: datetime, name: str, by: Account | None, **details: object
    ) -> None:
        self.record.append(kind, now, name, by=by.name if by else None, **details)

    def _fold(self, event: AccessEvent) -> None:
        """What an event makes of the account it is about."""
        name, details = event.account, event.details
        if event.kind is AccessKind.ADDED and name:
            roles = tuple(_ROLES[role] for role in details["roles"])
            self._accounts[name] = Account(
                name, roles, details["hash"], event.at, details["is_sample"], unit=details.get("unit", "")
            )
        elif name and (account := self._accounts.get(name)):
            self._accounts[name] = replace(account, **self._changes(account, event))

    def _changes(self, account: Account, event: AccessEvent) -> dict[str, Any]:
        unlocked = {"wrong_in_a_row": 0, "locked_until": None}
        match event.kind:
            case AccessKind.PASSWORD_SET:
                return {"password_hash": event.details["hash"], "password_at": event.at, **unlocked}
            case AccessKind.ROLES:
                return {"roles": tuple(_ROLES[role] for role in event.details["roles"])}
            case AccessKind.DISABLED | AccessKind.ENABLED:
                return {"is_enabled": event.kind is AccessKind.ENABLED}
            case AccessKind.LOGIN:
                return {"last_login_at": event.at, **unlocked}
            case AccessKind.REFUSED if event.details["why"] == WRONG:
                wrong = account.wrong_in_a_row + 1
                until = event.at + timedelta(minutes=self.policy.locked_minutes)
                is_locked = wrong >= self.policy.wrong_passwords
                return unlocked | {"locked_until": until} if is_locked else {"wrong_in_a_row": wrong}
        return {}


def _codes(roles: Sequence[AccountRole]) -> list[str]:
    if not roles:
        raise AccountError("要写明角色：经办、审核、签发、管理、填报")
    return [str(role) for role in dict.fromkeys(roles)]


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # loaded where somebody logs in

    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    """Verified for an unknown name, so that the time taken does not tell which names there are."""
    return _hasher().hash("no account has this password")


def _matches(digest: str, password: str) -> bool:
    from argon2.exceptions import VerificationError

    try:
        return _hasher().verify(digest, password)
    except VerificationError:
        return False
