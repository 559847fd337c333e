"""Commands of mail with the reporters (来信): fetch, and say whose an address is."""

import click

from flows.cli.arguments import table
from flows.cli.login import Login, by_account
from flows.office import Office
from flows.operations.deployment_run import run, server
from flows.progress import turning

_COLUMNS = ("结果", "单位", "地址", "信件", "说明")


@click.command(options_metavar="[选项]")
@click.option(
    "--accept", metavar="地址 单位", type=(str, str),
    help="确认一个发件地址是哪个报送单位的，记住，并把它先前的来信收进来",
)  # fmt: skip
@by_account()
def fetch(accept: tuple[str, str] | None, login: Login) -> None:
    """收信：取邮箱里的来信，报表入库，回执按原信回复；退信登记为未发成。"""
    from flows.issuing.delivery_round import FAULTS as LETTER_FAULTS
    from flows.issuing.fetching import FAULTS

    office = Office()
    if accept:
        click.echo(office.confirm_sender(*accept, login.actor(office)))
    if api := server(office.settings):
        rows = run(api, "收信", {}, "mail")
    else:
        with turning("收信"):
            rows = office.fetch()
    for line in table(rows, _COLUMNS):
        click.echo(line)
    faults = sum(row["结果"] in (*FAULTS, *LETTER_FAULTS) for row in rows)
    reports, sent = (sum(row["结果"] == what for row in rows) for what in ("报表", "已发出"))
    click.echo(f"报表来信 {reports} 件，发出回执和信件 {sent} 封，需要处理 {faults} 项")
    if faults:
        raise click.exceptions.Exit(1)


COMMANDS = (fetch,)
