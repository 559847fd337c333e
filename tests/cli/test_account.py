"""Accounts at the terminal: passwords typed unseen or piped in, never an argument, and acts on record."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.__main__ import cli
from flows.accounts.record import AccessKind
from flows.office import Office
from flows.operations import data_folder
from flows.plan.issued import DocumentName
from flows.settings import ROOT, Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import approvals
from tests.staff import TYPED, actor, typed

NAME = "2025-05/monthly_dispatch-kailu"  # a report of one county: reviewed only
OTHER = "Kouling-2026"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An office without accounts."""
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path / "data"))
    return Settings()


def run(*arguments: str, lines: tuple[str, ...] = ()) -> Result:
    return CliRunner().invoke(cli, [*arguments], input="".join(f"{line}\n" for line in lines))


def kinds(settings: Settings) -> list[AccessKind]:
    return [event.kind for event in Office(settings).accounts.record.events()]


def test_the_first_account_needs_no_other_and_the_next_the_managers_password(empty: Settings) -> None:
    done = run("account", "add", "张科长", "--role", "审核", "--password-stdin", lines=(TYPED,))
    assert done.output.startswith("已建账号：张科长（审核）\n注意：还没有管理账号")
    done = run(
        "account", "add", "王主任", "--role", "管理", "--role", "经办", "--password-stdin", lines=(TYPED,)
    )
    assert done.output == "已建账号：王主任（管理、经办）\n"
    alone = run("account", "add", "李局长", "--role", "签发", "--password-stdin", lines=(TYPED, TYPED))
    assert (alone.exit_code, "要写明账号：--account" in alone.output) == (2, True)
    by_reviewer = run("account", "add", "李局长", "--role", "签发", *typed("张科长"), lines=(TYPED, OTHER))
    assert "不能办理管理账号：须有角色管理" in str(by_reviewer.exception)
    done = run("account", "add", "李局长", "--role", "签发", *typed("王主任"), lines=(TYPED, OTHER))
    assert done.output == "已建账号：李局长（签发）\n"
    listed = run("account", "list").output.splitlines()
    assert [line.split()[:3] for line in listed[1:4]] == [
        ["张科长", "审核", "可用"], ["王主任", "管理、经办", "可用"], ["李局长", "签发", "可用"],
    ]  # fmt: skip
    log = run("account", "log").output
    assert "李局长 新建账号 签发 由王主任办理" in log
    assert log.endswith("逐条核对，没有缺失、改动\n")


@pytest.mark.parametrize("option", ["--password", "--at"])
def test_no_password_is_an_argument_and_no_approval_is_dated_back(empty: Settings, option: str) -> None:
    for command in (["approve", NAME], ["account", "add", "张科长", "--role", "审核"], ["answer", "x", "y"]):
        done = run(*command, option, "2025-07-01")
        assert (done.exit_code, f"No such option '{option}'" in done.output or "没有" in done.output) == (
            2,
            True,
        )


def test_an_act_of_the_office_is_not_dated_back_in_the_ledger_of_notices(office: Settings) -> None:
    for state in ("approved", "withdrawn"):
        done = run(
            "notice", "提醒〔2025〕1", "--state", state, "--on", "2025-07-01", *typed(), lines=(TYPED,)
        )
        assert (done.exit_code, "以登记之时为准，不写 --on" in done.output) == (2, True)


def test_without_an_account_nothing_is_approved(empty: Settings) -> None:
    done = run("answer", "2506-00000000", "原因", "--account", "张科长", "--password-stdin", lines=("x",))
    assert (done.exit_code, "还没有账号，先建：diaodu account add" in done.output) == (2, True)


def test_a_password_in_the_environment_is_not_taken(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DIAODU_PASSWORD", "DIAODU_ACCOUNT_PASSWORD", "PASSWORD"):
        monkeypatch.setenv(name, TYPED)
    done = run("answer", "2506-00000000", "原因", *typed("审核岗"), lines=("",))
    assert "账号或口令不对" in str(done.exception)


def test_roles_passwords_and_being_disabled_are_changed_by_the_manager(empty: Settings) -> None:
    for name in ("审核岗", "管理岗"):
        actor(empty, name)
    changes: tuple[Callable[[], Result], ...] = (
        lambda: run("account", "roles", "审核岗", "--role", "签发", *typed("管理岗"), lines=(TYPED,)),
        lambda: run("account", "password", "审核岗", *typed("管理岗"), lines=(TYPED, OTHER)),
        lambda: run("account", "password", "审核岗", "--password-stdin", lines=(OTHER, TYPED)),
        lambda: run("account", "disable", "审核岗", *typed("管理岗"), lines=(TYPED,)),
        lambda: run("account", "enable", "审核岗", *typed("管理岗"), lines=(TYPED,)),
    )
    said = [change().output for change in changes]
    assert said == [
        "已改角色：审核岗（签发）\n", "已改口令：审核岗\n", "已改口令：审核岗\n", "已停用：审核岗\n", "已恢复：审核岗\n",
    ]  # fmt: skip
    assert kinds(empty)[2:] == [
        AccessKind.LOGIN, AccessKind.ROLES, AccessKind.LOGIN, AccessKind.PASSWORD_SET, AccessKind.LOGIN, AccessKind.PASSWORD_SET,
        AccessKind.LOGIN, AccessKind.DISABLED, AccessKind.LOGIN, AccessKind.ENABLED,
    ]  # fmt: skip


AT_A_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "flows", *sys.argv[1:]])
"""


def in_a_terminal(arguments: list[str], lines: list[str]) -> tuple[int, str]:
    """What a terminal shows when somebody types these lines, each at a prompt."""
    terminal, its_end = os.openpty()
    command = [sys.executable, "-c", AT_A_TERMINAL, *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=its_end, stdout=its_end, stderr=its_end, start_new_session=True
    ) as typist:
        os.close(its_end)
        shown = b""
        for line in lines:
            while not shown.rstrip(b" ").endswith("：".encode()):
                shown += os.read(terminal, 1024)
            os.write(terminal, f"{line}\n".encode())
            shown += os.read(terminal, 1)
        with suppress(OSError):  # the terminal closes with its process
            while piece := os.read(terminal, 1024):
                shown += piece
    os.close(terminal)
    return typist.returncode, shown.decode()


def test_a_password_typed_at_the_terminal_is_asked_twice_and_not_shown(empty: Settings) -> None:
    data_folder.init(empty, datetime(2025, 7, 8))
    code, shown = in_a_terminal(["account", "add", "张科长", "--role", "审核"], [TYPED, TYPED])
    assert (code, TYPED in shown) == (0, False), shown
    assert "张科长 的新口令：" in shown and "再输一遍：" in shown and "已建账号：张科长" in shown
    code, shown = in_a_terminal(["account", "password", "张科长"], [TYPED, OTHER, TYPED])
    assert (code, "两遍输的不一样" in shown, TYPED in shown, OTHER in shown) == (2, True, False, False), shown


def test_without_a_terminal_and_without_the_option_nobody_is_asked(office: Settings) -> None:
    command = [sys.executable, "-m", "flows", "answer", "2506-00000000", "原因", "--account", "审核岗"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "加 --password-stdin" in done.stderr) == (2, True), done.stderr


def test_an_approval_has_account_session_host_hash_and_whose_wish_it_was(office: Settings) -> None:
    Office(office).make("monthly_dispatch", "2025-05", county="kailu")
    wish = ("--instructed-by", "李副市长")
    refused = run("approve", NAME, *typed("签发岗"), *wish, lines=(TYPED,))
    assert "账号“签发岗”（签发）不能办理审核：须有角色审核" in str(refused.exception)
    draft = Office(office).approval_status(NAME).draft
    done = run("approve", NAME, *typed("审核岗"), *wish, lines=(TYPED,))
    assert done.output.startswith(
        f"{NAME}：审核同意（审核岗，按李副市长的指示），校验码 {draft.sha256[:12]}\n已印发："
    )
    with Warehouse(office.warehouse, office.journal) as warehouse:
        (one,) = approvals(warehouse, NAME)
    assert (one.account, one.decided_by, one.instructed_by, one.sha256) == (
        "审核岗",
        "审核岗",
        "李副市长",
        draft.sha256,
    )
    assert one.os_user and one.host
    line = next(line for line in run("account", "log").output.splitlines() if " 审签 " in line)
    assert (
        f"审核岗 审签 {NAME} 审核同意 校验码 {draft.sha256[:12]} 按李副市长的指示 （{one.os_user}@{one.host}）"
        in line
    )


def test_an_approval_of_before_there_were_accounts_is_shown_as_without_one(office: Settings) -> None:
    Office(office).make("monthly_dispatch", "2025-05")
    name = str(DocumentName.parse("2025-05/monthly_dispatch"))
    status = Office(office).approval_status(name)
    row = {
        "document": name, "sha256": status.draft.sha256, "step": "review", "decision": "approved", "decided_by": "张科长",
        "decided_at": datetime(2025, 6, 9, 15), "note": "", "account": None, "os_user": None, "host": None,
        "instructed_by": None,
    }  # fmt: skip
    with Warehouse(office.warehouse, office.journal) as warehouse:
        warehouse.append([("approval", row)])
    assert "审核 同意 张科长（未登记账号）" in run("approve").output


def test_a_sample_account_approves_nothing_real(office: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    accounts = Office(office).accounts
    roles = actor(office, "审核岗").account.roles
    accounts.add("示例审核", roles, TYPED, Office(office).now(), None, is_sample=True)
    Office(office).make("monthly_dispatch", "2025-05", county="kailu")
    folder = office.reports / NAME
    manifest = (folder / "manifest.json").read_text("utf-8")
    (folder / "manifest.json").write_text(manifest.replace('"sample": true', '"sample": false'), "utf-8")
    done = run("approve", NAME, *typed("示例审核"), lines=(TYPED,))
    assert f"账号“示例审核”只用于示例数据，不能办理{NAME}" in str(done.exception)
    (folder / "manifest.json").write_text(manifest, "utf-8")
    assert "已印发：" in run("approve", NAME, *typed("示例审核"), lines=(TYPED,)).output
    answered = run("answer", "2506-00000000", "原因是集中办理", *typed("示例审核"), lines=(TYPED,))
    assert "只用于示例数据" in str(answered.exception)
