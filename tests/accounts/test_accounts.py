"""Who may log in: passwords, locks, roles, and what the access record keeps of it."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from flows.accounts.accounts import Account, AccountError, Accounts, Duty, LockedError
from flows.accounts.record import AccessKind
from flows.plan.policy import AccountPolicy
from flows.plan.terms import AccountRole
from flows.warehouse.journal import Entry, Journal

NOW = datetime(2025, 7, 8, 9, 0)
RIGHT, OTHER = "Kouling-2025", "Kouling-2026"
POLICY = AccountPolicy()


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    """An office with one account for each role."""
    made = Accounts(tmp_path, POLICY)
    admin = made.add("王主任", (AccountRole.ADMIN,), RIGHT, NOW, None)
    made.add("张科长", (AccountRole.REVIEWER,), RIGHT, NOW, admin)
    made.add("李局长", (AccountRole.SIGNER,), RIGHT, NOW, admin)
    return made


def test_a_new_password_is_hashed_by_argon2id_with_64_mib_and_three_passes(
    real_hashing: None, tmp_path: Path
) -> None:
    made = Accounts(tmp_path, POLICY).add("张科长", (AccountRole.REVIEWER,), RIGHT, NOW, None)
    assert made.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert Accounts(tmp_path, POLICY).verify("张科长", RIGHT, NOW) and RIGHT not in made.password_hash


def wrong(accounts: Accounts, times: int, now: datetime = NOW) -> None:
    for _ in range(times):
        with pytest.raises(AccountError):
            accounts.verify("张科长", "wrong", now)


def test_a_reporters_account_is_a_units_alone_and_needs_the_policy(tmp_path: Path) -> None:
    reporter = (AccountRole.REPORTER,)
    with pytest.raises(AccountError, match="没有启用填报单位的账号"):
        Accounts(tmp_path, POLICY).add("开鲁县", reporter, RIGHT, NOW, None, unit="kailu")
    made = Accounts(tmp_path, AccountPolicy(reporter_accounts=True))
    for roles, unit in (
        (reporter, ""),
        ((AccountRole.CLERK,), "kailu"),
        ((*reporter, AccountRole.CLERK), "kailu"),
    ):
        with pytest.raises(AccountError, match="只有填报一个角色"):
            made.add("开鲁县", roles, RIGHT, NOW, None, unit=unit)
    assert made.add("开鲁县", reporter, RIGHT, NOW, None, unit="kailu").unit == "kailu"
    assert not any(made.verify("开鲁县", RIGHT, NOW).may(duty, made.policy) for duty in Duty)
    with pytest.raises(AccountError, match="只有填报一个角色"):
        made.set_roles("开鲁县", (AccountRole.SIGNER,), NOW, None)
    with pytest.raises(AccountError, match="不能登录"):
        Accounts(tmp_path, POLICY).verify("开鲁县", RIGHT, NOW)


def test_the_right_password_logs_in_and_the_log_in_is_on_record(accounts: Accounts) -> None:
    account = accounts.verify("张科长", RIGHT, NOW)
    assert (account.name, account.roles, account.last_login_at) == ("张科长", (AccountRole.REVIEWER,), NOW)
    last = accounts.record.events()[-1]
    assert (last.kind, last.account, last.at) == (AccessKind.LOGIN, "张科长", NOW)
    assert last.os_user and last.host


@pytest.mark.parametrize(
    ("name", "password"), [("张科长", "wrong"), ("赵某", RIGHT), ("张科长", ""), ("", "")]
)
def test_a_wrong_password_and_an_unknown_name_are_told_in_the_same_words(
    accounts: Accounts, name: str, password: str
) -> None:
    with pytest.raises(AccountError, match=r"^账号或口令不对$"):
        accounts.verify(name, password, NOW)
    assert accounts.record.events()[-1].kind is AccessKind.REFUSED


def test_neither_a_password_nor_an_unknown_name_is_written_down(accounts: Accounts) -> None:
    with pytest.raises(AccountError):
        accounts.verify("Typed-Into-The-Wrong-Field-1", "wrong-one", NOW)
    accounts.verify("张科长", RIGHT, NOW)
    written = accounts.record.path.read_text("utf-8")
    assert not any(text in written for text in (RIGHT, "wrong-one", "Typed-Into"))
    assert "$argon2id$" in written
    assert "$argon2id$" not in repr(accounts.all()["张科长"])


def test_the_fifth_wrong_password_in_a_row_locks_and_the_right_one_does_not_open(accounts: Accounts) -> None:
    wrong(accounts, POLICY.wrong_passwords - 1)
    with pytest.raises(LockedError, match="锁定到 07月08日 09:30"):  # 9:00 and 30 minutes
        accounts.verify("张科长", "wrong", NOW)
    with pytest.raises(LockedError):
        accounts.verify("张科长", RIGHT, NOW + timedelta(minutes=29, seconds=59))
    assert accounts.verify("张科长", RIGHT, NOW + timedelta(minutes=30)).locked_until is None


def test_four_wrong_passwords_and_a_right_one_begin_to_count_anew(accounts: Accounts) -> None:
    for _ in range(3):
        wrong(accounts, POLICY.wrong_passwords - 1)
        accounts.verify("张科长", RIGHT, NOW)


def test_a_clock_set_back_does_not_open_a_lock(accounts: Accounts) -> None:
    wrong(accounts, POLICY.wrong_passwords)
    with pytest.raises(LockedError):
        accounts.verify("张科长", RIGHT, NOW - timedelta(days=1))


def test_others_are_not_locked_and_a_new_password_from_the_manager_opens(accounts: Accounts) -> None:
    wrong(accounts, POLICY.wrong_passwords)
    assert accounts.verify("李局长", RIGHT, NOW)
    accounts.set_password("张科长", OTHER, NOW, accounts.all()["王主任"])
    assert accounts.verify("张科长", OTHER, NOW)


def test_a_lock_outlives_the_process(accounts: Accounts, tmp_path: Path) -> None:
    wrong(accounts, POLICY.wrong_passwords)
    with pytest.raises(LockedError):
        Accounts(tmp_path, POLICY).verify("张科长", RIGHT, NOW)


def test_a_disabled_account_neither_logs_in_nor_acts_and_can_be_enabled(accounts: Accounts) -> None:
    admin, before = accounts.all()["王主任"], accounts.verify("张科长", RIGHT, NOW)
    accounts.set_enabled("张科长", NOW, admin, is_enabled=False)
    with pytest.raises(AccountError, match="已停用"):
        accounts.verify("张科长", RIGHT, NOW)
    with pytest.raises(AccountError, match="没有或已停用"):
        accounts.require(before.name, Duty.REVIEW)  # logged in before it was disabled
    accounts.set_enabled("张科长", NOW, admin, is_enabled=True)
    assert accounts.verify("张科长", RIGHT, NOW)


@pytest.mark.parametrize(
    ("name", "duty", "may"),
    [
        ("张科长", Duty.REVIEW, True),
        ("张科长", Duty.SIGN, False),
        ("张科长", Duty.REGISTER, True),
        ("张科长", Duty.MANAGE, False),
        ("李局长", Duty.SIGN, True),
        ("李局长", Duty.REVIEW, False),
        ("王主任", Duty.MANAGE, True),
        ("王主任", Duty.SIGN, False),
    ],
)
def test_the_policy_says_which_role_has_which_duty(
    accounts: Accounts, name: str, duty: Duty, may: bool
) -> None:
    if may:
        assert accounts.require(name, duty).name == name
    else:
        with pytest.raises(AccountError, match=f"不能办理{duty.label}"):
            accounts.require(name, duty)


def test_an_old_password_must_be_changed_and_nothing_else_can_be_done_with_it(accounts: Accounts) -> None:
    last, late = NOW + timedelta(days=180), NOW + timedelta(days=180, seconds=1)
    assert accounts.verify("张科长", RIGHT, last)
    with pytest.raises(AccountError, match="口令用满 180 天了，先改口令：diaodu account password 张科长"):
        accounts.verify("张科长", RIGHT, late)
    own = accounts.verify("张科长", RIGHT, late, may_be_expired=True)
    with pytest.raises(AccountError, match="新口令不能与原口令相同"):
        accounts.set_password("张科长", RIGHT, late, own)
    accounts.set_password("张科长", OTHER, late, own)
    assert accounts.verify("张科长", OTHER, late)


@pytest.mark.parametrize(
    "password", ["Short-202", "kouling2025", "KOULING2025", "张科长-Kouling-2025", "", "aaaaaaaaaaaaaaaa"]
)
def test_a_weak_password_is_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(AccountError, match="口令太弱"):
        accounts.set_password("张科长", password, NOW, accounts.all()["张科长"])


@pytest.mark.parametrize("name", ["", " ", "张 科长", "a\nb", "13812345678", "张" * 21, "../x"])
def test_a_name_is_a_name_and_no_number_of_a_person(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError, match=r"(?s)账号名.*不行"):
        accounts.add(name, (AccountRole.CLERK,), RIGHT, NOW, accounts.all()["王主任"])


def test_only_a_manager_changes_accounts_once_there_is_one(accounts: Accounts) -> None:
    for by in (None, accounts.all()["张科长"]):
        with pytest.raises(AccountError):
            accounts.add("刘某", (AccountRole.SIGNER,), RIGHT, NOW, by)
        with pytest.raises(AccountError):
            accounts.set_roles("张科长", (AccountRole.SIGNER,), NOW, by)
        with pytest.raises(AccountError):
            accounts.set_enabled("李局长", NOW, by, is_enabled=False)
    with pytest.raises(AccountError, match="不能办理管理账号"):
        accounts.set_password("李局长", OTHER, NOW, accounts.all()["张科长"])
    assert set(accounts.all()) == {"王主任", "张科长", "李局长"}


def test_a_manager_always_remains(accounts: Accounts) -> None:
    admin = accounts.all()["王主任"]
    with pytest.raises(AccountError, match="没有管理账号了"):
        accounts.set_enabled("王主任", NOW, admin, is_enabled=False)
    with pytest.raises(AccountError, match="没有管理账号了"):
        accounts.set_roles("王主任", (AccountRole.CLERK,), NOW, admin)


def test_without_a_manager_accounts_may_be_made_by_whoever_has_the_machine(tmp_path: Path) -> None:
    begun = Accounts(tmp_path, POLICY)
    begun.add("张科长", (AccountRole.REVIEWER,), RIGHT, NOW, None)
    assert not begun.manager_exists()
    begun.add("李局长", (AccountRole.SIGNER,), RIGHT, NOW, None)
    assert set(begun.all()) == {"张科长", "李局长"}


def test_a_name_is_given_once(accounts: Accounts) -> None:
    with pytest.raises(AccountError, match="已经有了"):
        accounts.add("张科长", (AccountRole.SIGNER,), RIGHT, NOW, accounts.all()["王主任"])


def test_a_sample_account_is_for_sample_data_alone(accounts: Accounts) -> None:
    made = accounts.add("示例审核", (AccountRole.REVIEWER,), RIGHT, NOW, None, is_sample=True)
    with pytest.raises(AccountError, match="只用于示例数据"):
        accounts.require_real(made, "签发")
    assert accounts.verify("示例审核", RIGHT, NOW + timedelta(days=4000))  # its password does not grow old


def test_two_who_guess_at_once_are_counted_one_after_the_other(accounts: Accounts, tmp_path: Path) -> None:
    """Two views of the same record: what one has written the other has read before it judges."""
    other = Accounts(tmp_path, POLICY)
    for one in (accounts, other, accounts, other):
        with pytest.raises(AccountError, match=r"^账号或口令不对$"):
            one.verify("张科长", "wrong", NOW)
    with pytest.raises(LockedError):
        other.verify("张科长", "wrong", NOW)
    assert isinstance(accounts.all()["张科长"], Account)
    entries = [json.loads(line)["entry"] for line in accounts.record.path.read_text("utf-8").splitlines()]
    assert entries == list(range(1, len(entries) + 1))


def test_threads_that_read_at_once_leave_the_record_in_agreement_with_its_head(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Journal.entries

    def slowly(journal: Journal, after: Entry | None) -> Iterator[Entry]:
        """The lines, once both threads have begun to read, or the lock keeps the second out."""
        found = list(read(journal, after))
        both.wait(0.5)
        yield from found

    both = Event()
    monkeypatch.setattr(Journal, "entries", slowly)
    fresh = Accounts(accounts.record.path.parents[1], POLICY)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: fresh.all(), range(2)))
    fresh.verify("张科长", RIGHT, NOW)
    assert (
        len(Accounts(accounts.record.path.parents[1], POLICY).record.events()) == 4
    )  # three added, one log-in
