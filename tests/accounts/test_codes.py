"""One-time codes: what an account gives on a page that stores what is typed into it."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.accounts.accounts import Account, AccountError, Accounts
from flows.accounts.codes import Subject, issue_code, refusals, use_code
from flows.accounts.record import AccessKind
from flows.plan.issued import Step
from flows.plan.policy import AccountPolicy
from flows.plan.terms import AccountRole

NOW = datetime(2025, 7, 8, 9, 0)
DRAFT = Subject("2025-06/monthly_dispatch", "ab" * 32, Step.SIGN)


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    made = Accounts(tmp_path, AccountPolicy())
    for name in ("李局长", "刘局长"):
        made.add(name, (AccountRole.SIGNER,), "Kouling-2025", NOW, None)
    return made


@pytest.fixture
def signer(accounts: Accounts) -> Account:
    return accounts.all()["李局长"]


def test_a_code_is_used_once(accounts: Accounts, signer: Account) -> None:
    code, until = issue_code(accounts, signer, DRAFT, NOW)
    assert until == NOW + timedelta(minutes=10)
    assert use_code(accounts, "李局长", code, DRAFT, NOW).name == "李局长"
    with pytest.raises(
        AccountError, match="审批码已经用过。重新领取：diaodu account code 2025-06/monthly_dispatch"
    ):
        use_code(accounts, "李局长", code, DRAFT, NOW)
    assert refusals(accounts, DRAFT) == 1


def test_it_is_read_however_it_was_typed(accounts: Accounts, signer: Account) -> None:
    code, _ = issue_code(accounts, signer, DRAFT, NOW)
    assert use_code(
        accounts, " 李局长 ", code.lower().replace("-", " ").replace("0", "o").replace("1", "l"), DRAFT, NOW
    )


def test_it_is_valid_for_ten_minutes(accounts: Accounts, signer: Account) -> None:
    first, second = (issue_code(accounts, signer, DRAFT, NOW)[0] for _ in range(2))
    assert use_code(accounts, "李局长", first, DRAFT, NOW + timedelta(minutes=10))
    for moment in (NOW + timedelta(minutes=10, seconds=1), NOW - timedelta(seconds=1)):
        with pytest.raises(AccountError, match="审批码已过期"):
            use_code(accounts, "李局长", second, DRAFT, moment)


@pytest.mark.parametrize(
    "other",
    [
        replace(DRAFT, document="2025-05/monthly_dispatch"),
        replace(DRAFT, sha256="cd" * 32),  # drafted again
        replace(DRAFT, step=Step.REVIEW),
    ],
)
def test_it_is_for_one_draft_at_one_step(accounts: Accounts, signer: Account, other: Subject) -> None:
    code, _ = issue_code(accounts, signer, DRAFT, NOW)
    with pytest.raises(AccountError, match="是另一份文件（或另一版、另一步）的"):
        use_code(accounts, "李局长", code, other, NOW)
    assert (refusals(accounts, other), refusals(accounts, DRAFT)) == (1, 0)


@pytest.mark.parametrize("name", ["刘局长", "某人", ""])
def test_nobody_uses_the_code_of_another(accounts: Accounts, signer: Account, name: str) -> None:
    code, _ = issue_code(accounts, signer, DRAFT, NOW)
    with pytest.raises(AccountError, match="审批码与账号不符"):
        use_code(accounts, name, code, DRAFT, NOW)


@pytest.mark.parametrize("code", ["", "0000-0000-0000", "Kouling-2025"])
def test_what_is_no_code_is_refused_and_not_written_down(accounts: Accounts, code: str) -> None:
    with pytest.raises(AccountError, match="审批码与账号不符"):
        use_code(accounts, "李局长", code, DRAFT, NOW)
    assert not code or code not in accounts.record.path.read_text("utf-8")


def test_the_code_of_a_disabled_account_is_refused(accounts: Accounts, signer: Account) -> None:
    code, _ = issue_code(accounts, signer, DRAFT, NOW)
    accounts.set_enabled("李局长", NOW, None, is_enabled=False)
    with pytest.raises(AccountError, match="所属账号已停用"):
        use_code(accounts, "李局长", code, DRAFT, NOW)


def test_the_record_has_no_code_but_its_hash(accounts: Accounts, signer: Account) -> None:
    code, _ = issue_code(accounts, signer, DRAFT, NOW)
    written = accounts.record.path.read_text("utf-8")
    assert code not in written and code.replace("-", "") not in written
    assert accounts.record.events()[-1].kind is AccessKind.CODE
