"""Logging in at the terminal (登录): which account, its password typed unseen or read from standard input, at whose wish.

A password is neither an argument nor an environment variable: others on the machine could read both.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:  # --help loads no accounts
    from flows.accounts.accounts import Account, Actor
    from flows.office import Office

PASSWORD_STDIN = click.option(
    "--password-stdin",
    "from_stdin",
    is_flag=True,
    help="口令从标准输入读，一行一个（给脚本用）；不写，就在终端上问，不显示",
)


@dataclass(frozen=True)
class Login:
    """What was given on the command line about who carries a command out."""

    name: str
    from_stdin: bool
    instructed_by: str

    def actor(self, office: Office) -> Actor:
        """The account, logged in, and at whose instruction."""
        from flows.accounts.accounts import Actor

        return Actor(log_in(office, self.name, self.from_stdin), self.instructed_by)


def by_account(*aliases: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options that say which account carries it out, and pass them as its argument `login`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def logged_in(*, name: str, from_stdin: bool, instructed_by: str, **given: object) -> None:
            command(**given, login=Login(name, from_stdin, instructed_by))

        wish = click.option("--instructed-by", metavar="谁", default="", help="奉谁的指示办理，记入台账")
        account = click.option(
            "--account", *aliases, "name", metavar="账号", default="", help="用哪个账号办理；不写就问"
        )
        return account(PASSWORD_STDIN(wish(logged_in)))

    return decorate


def log_in(office: Office, name: str, from_stdin: bool, *, may_be_expired: bool = False) -> Account:
    """The account, once its password is verified; AccountError where it is not, wrong use where nobody can be asked.
    `may_be_expired`: to change it, and for nothing else."""
    if not office.accounts.all():
        raise click.UsageError("还没有账号，先建：diaodu account add 姓名 --role 审核")
    if not name and from_stdin:
        raise click.UsageError("要写明账号：--account")
    name = name or click.prompt("账号", err=True)
    password = read_password(f"{name} 的口令：", from_stdin)
    return office.accounts.verify(name, password, office.now(), may_be_expired=may_be_expired)


def read_password(prompt: str, from_stdin: bool) -> str:
    """A password, from the next line of standard input or typed unseen."""
    return sys.stdin.readline().rstrip("\r\n") if from_stdin else type_password(prompt)


def read_new_password(name: str, from_stdin: bool) -> str:
    """A new password; typed twice."""
    password = read_password(f"{name} 的新口令：", from_stdin)
    if not from_stdin and password != type_password("再输一遍："):
        raise click.UsageError("两遍输的不一样，没有改")
    return password


def type_password(prompt: str) -> str:
    """A password typed at the terminal, not shown; wrong use where there is no terminal."""
    try:
        Path("/dev/tty").open("rb").close()
    except OSError:
        raise click.UsageError("这里没有终端可输口令：加 --password-stdin，从标准输入给") from None
    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise click.Abort from None
