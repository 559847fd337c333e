"""Commands about accounts (账号): add, list, change, disable, one-time codes, and the access record."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from flows.cli.arguments import table
from flows.cli.login import PASSWORD_STDIN, log_in, read_new_password
from flows.office import Office
from flows.plan.issued import Decision, Step
from flows.plan.terms import AccountRole

if TYPE_CHECKING:  # --help loads no accounts
    from collections.abc import Iterator

    from flows.accounts.accounts import Account
    from flows.accounts.record import AccessEvent

ROLES = {role.label: role for role in AccountRole}
ROLE = click.option(
    "--role", "roles", metavar="角色", type=click.Choice(list(ROLES)), multiple=True, required=True,
    help="经办、审核、签发、管理，几个角色就写几次；旗县市区、牵头单位的为填报",
)  # fmt: skip
BY = click.option("--account", "by", metavar="账号", default="", help="由哪个管理账号办理；不写就问")
NAME = click.argument("name", metavar="账号名")
_ROLE_LABELS = {str(role): role.label for role in AccountRole}
_STEPS = {str(step): step.label for step in Step}
_DECISIONS = {str(decision): decision.label for decision in Decision}
_COLUMNS = ("账号", "角色", "状态", "口令", "上次登录")


@click.group(options_metavar="[选项]", subcommand_metavar="命令 [参数]...")
def account() -> None:
    """账号：谁可以审核、签发、登记；口令、角色、审批码、登记簿。"""


@account.command(options_metavar="[选项]")
@NAME
@ROLE
@click.option("--unit", metavar="单位", default="", help="填报账号是哪个旗县市区、牵头单位的")
@BY
@PASSWORD_STDIN
def add(name: str, roles: tuple[str, ...], unit: str, by: str, from_stdin: bool) -> None:
    """新建账号。口令输两遍，不显示；有了管理账号以后，由管理账号新建。

    用 --password-stdin 时，第一行是管理账号的口令（还没有管理账号的不写这一行），下一行是新账号的口令。
    """
    office = Office()
    manager = _manager(office, by, from_stdin)
    password = read_new_password(name, from_stdin)
    reporter = office.reporter_id(unit) if unit else ""
    made = office.accounts.add(name, _roles(roles), password, office.now(), manager, unit=reporter)
    click.echo(f"已建账号：{made.name}（{_labels(made)}）")
    if not office.accounts.manager_exists():
        click.echo(
            "注意：还没有管理账号，进得了这台机器的都能建账号。请建一个：diaodu account add 姓名 --role 管理"
        )


@account.command("list", options_metavar="[选项]")
def list_accounts() -> None:
    """列出账号：角色、状态、口令还能用几天、上次登录。"""
    office = Office()
    rows = [_row(office, one) for one in office.accounts.all().values()]
    for line in table([dict(zip(_COLUMNS, _COLUMNS, strict=True)), *rows], _COLUMNS) if rows else ():
        click.echo(line)
    click.echo(f"账号 {len(rows)} 个" if rows else "还没有账号，先建：diaodu account add 姓名 --role 管理")


@account.command(options_metavar="[选项]")
@NAME
@BY
@PASSWORD_STDIN
def password(name: str, by: str, from_stdin: bool) -> None:
    """改口令：先输本人的原口令；忘了的、锁定的，加 --account，由管理账号重设。"""
    office = Office()
    changer = log_in(office, by or name, from_stdin, may_be_expired=not by)
    office.accounts.set_password(name, read_new_password(name, from_stdin), office.now(), changer)
    click.echo(f"已改口令：{name}")


@account.command(options_metavar="[选项]")
@NAME
@ROLE
@BY
@PASSWORD_STDIN
def roles(name: str, roles: tuple[str, ...], by: str, from_stdin: bool) -> None:
    """改角色：以后就是写明的这几个。"""
    office = Office()
    office.accounts.set_roles(name, _roles(roles), office.now(), _manager(office, by, from_stdin))
    click.echo(f"已改角色：{name}（{'、'.join(roles)}）")


@account.command(options_metavar="[选项]")
@NAME
@BY
@PASSWORD_STDIN
def disable(name: str, by: str, from_stdin: bool) -> None:
    """停用账号（调离、离职）：登记和以前的审签都还在。"""
    office = Office()
    office.accounts.set_enabled(name, office.now(), _manager(office, by, from_stdin), is_enabled=False)
    click.echo(f"已停用：{name}")


@account.command(options_metavar="[选项]")
@NAME
@BY
@PASSWORD_STDIN
def enable(name: str, by: str, from_stdin: bool) -> None:
    """恢复停用的账号。"""
    office = Office()
    office.accounts.set_enabled(name, office.now(), _manager(office, by, from_stdin), is_enabled=True)
    click.echo(f"已恢复：{name}")


@account.command(options_metavar="[选项]")
@click.argument("document", metavar="文件名称")
@click.option("--account", "name", metavar="账号", default="", help="审核或签发的账号；不写就问")
@PASSWORD_STDIN
def code(document: str, name: str, from_stdin: bool) -> None:
    """领取审批码：在流程网页上审签时代替口令，只能用一次，只对这一份文件，几分钟内有效。"""
    office = Office()
    status = office.approval_status(document)
    text, until = office.issue_code(document, log_in(office, name, from_stdin))
    step = status.waits_for.label if status.waits_for else ""
    click.echo(f"审批码 {text}　{document} {step}，{until:%H:%M} 前有效，只能用一次")


@account.command(options_metavar="[选项]")
@click.option(
    "--days", metavar="天数", type=click.IntRange(1), default=31, show_default=True, help="最近几天的"
)
@click.option("--of", "name", metavar="账号", default="", help="只看这个账号的")
def log(days: int, name: str) -> None:
    """登记簿：登录、审签、登记、导出和账号的变动，逐条相扣，只增不减。"""
    office = Office()
    events = office.accounts.record.events()
    since = office.now() - timedelta(days=days)
    for event in events:
        if event.at >= since and name in ("", event.account):
            click.echo(" ".join(_words(event)))
    first = f"，最早 {events[0].at:%Y-%m-%d}" if events else ""
    click.echo(f"共 {len(events)} 条{first}；逐条核对，没有缺失、改动")


def _manager(office: Office, by: str, from_stdin: bool) -> Account | None:
    """The account that changes others; none while no account can."""
    return log_in(office, by, from_stdin) if by or office.accounts.manager_exists() else None


def _roles(labels: tuple[str, ...]) -> tuple[AccountRole, ...]:
    return tuple(ROLES[label] for label in labels)


def _labels(one: Account) -> str:
    return "、".join(role.label for role in one.roles)


def _row(office: Office, one: Account) -> dict[str, str]:
    now, policy = office.now(), office.accounts.policy
    state = (
        "停用" if not one.is_enabled else "锁定" if one.locked_until and now < one.locked_until else "可用"
    )
    left = policy.password_days - (now - one.password_at).days
    password = "不限" if one.is_sample else f"还可用 {left} 天" if left > 0 else "该改了"
    login = f"{one.last_login_at:%Y-%m-%d %H:%M}" if one.last_login_at else "从未"
    cells = (one.name, _labels(one), f"{state}（只限示例数据）" if one.is_sample else state, password, login)
    return dict(zip(_COLUMNS, cells, strict=True))


def _words(event: AccessEvent) -> Iterator[str]:
    """What a line of the record says: when, who, what, the particulars, from where."""
    from flows.accounts.record import AccessKind

    details = event.details
    yield f"{event.at:%Y-%m-%d %H:%M:%S}"
    yield event.account or "—"
    yield event.kind.label
    if event.kind is AccessKind.APPROVAL:
        yield f"{details['document']} {_STEPS[details['step']]}{_DECISIONS[details['decision']]}"
        yield f"校验码 {details['sha256'][:12]}"
    elif event.kind in (AccessKind.ADDED, AccessKind.ROLES):
        yield "、".join(_ROLE_LABELS[role] for role in details["roles"])
    else:
        yield from (str(details[key]) for key in ("what", "subject", "document", "why") if details.get(key))
    if by := details.get("by"):
        yield f"由{by}办理"
    if details.get("instructed_by"):
        yield f"按{details['instructed_by']}的指示"
    yield f"（{event.os_user}@{event.host}）"


COMMANDS = (account,)
