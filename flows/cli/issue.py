"""Commands that let documents go (发文): sign-off, sending, the outbox, the fate of notices, corrections, made again."""

from datetime import datetime
from pathlib import Path

import click

from flows.cli.arguments import (
    ON,
    PeriodType,
    table,
)
from flows.plan.period import Period
from flows.settings import Settings, shown_path


@click.command(options_metavar="[选项]")
@click.argument("documents", metavar="[文件名称]...", nargs=-1)
@click.option("--by", metavar="谁", default="", help="谁审核、签发：姓名或岗位")
@click.option("--return", "reason", metavar="原因", default="", help="退回，并写明原因")
@click.option("--note", metavar="说明", default="", help="同意时的说明")
@click.option("--serial", metavar="序号", type=click.IntRange(1), help="发文序号；不写为下一个")
@click.option("--gap-note", metavar="原因", default="", help="跳号的原因，如“12至14号为局内其他文件”")
def approve(
    documents: tuple[str, ...], by: str, reason: str, note: str, serial: int | None, gap_note: str
) -> None:
    """送审：审核、签发草稿，各步通过即编号印发、排队待发；不写名称时列出待审的。"""
    from flows.issuing import approval_lines as approving

    settings = Settings()
    if not documents:
        for line in approving.waiting_lines(settings):
            click.echo(line)
        return
    for document in documents:
        said, ready = approving.pass_on(settings, document, by, reason, note)
        click.echo(said)
        if ready:
            _issue(settings, document, serial, gap_note)


@click.command(options_metavar="[选项]")
@click.argument("numbers", metavar="[发文字号]...", nargs=-1)
def remake(numbers: tuple[str, ...]) -> None:
    """重制：把已印发的文件由原数据再做一遍，逐字节比对；不写字号时全部比对。"""
    from flows.issuing import approval_lines as approving

    faults = 0
    for line, is_equal in approving.remake_lines(Settings(), numbers):
        click.echo(line)
        faults += not is_equal
    if faults:
        raise click.exceptions.Exit(1)


@click.command(options_metavar="[选项]")
@click.option("--sample", "samples", is_flag=True, help="示例数据的信件也发（主题标明【示例】）；不写则不发")
def deliver(samples: bool) -> None:
    """发送：把已印发文件的待发信件逐封发出，发过的不再发。"""
    _deliver(Settings(), samples)


_LETTER_COLUMNS = ("结果", "文号", "单位", "信件", "说明")
_SENT = {"说明": "已接收"}  # what the server answered, word for word, is kept in the ledger


def _deliver(settings: Settings, samples: bool) -> None:
    from flows.operations import private_server as engine

    with engine.running(settings.engine, "flows.deliver"):
        from flows.deliver import deliver as flow
        from flows.issuing.delivery_round import FAULTS

        rows = flow(samples)
    for line in table([row | _SENT if row["结果"] == "已发出" else row for row in rows], _LETTER_COLUMNS):
        click.echo(line)
    faults = sum(row["结果"] in FAULTS for row in rows)
    click.echo(f"发出 {sum(row['结果'] == '已发出' for row in rows)} 封，需要处理 {faults} 项")
    if faults:
        click.echo("处理办法：diaodu outbox")
        raise click.exceptions.Exit(1)


@click.command(options_metavar="[选项]")
@click.option("--all", "everything", is_flag=True, help="连已发出、已作罢的一起列出")
@click.option(
    "--settle", metavar="信件 sent|resend|drop", type=(str, click.Choice(["sent", "resend", "drop"])),
    help="登记对一封信的处理：sent 已送达，resend 重发，drop 作罢；须写 --note",
)  # fmt: skip
@click.option("--note", metavar="依据", default="", help="登记的依据，如向谁核实、改了什么")
def outbox(everything: bool, settle: tuple[str, str] | None, note: str) -> None:
    """发文信件：列出待发的和要处理的，连同处理办法；登记处理结果。"""
    from flows.clock import now
    from flows.issuing import outbox as letters

    settings = Settings()
    if settle:
        how = next(s for s in letters.Settlement if s == settle[1])
        click.echo(letters.settle(settings, settle[0], how, now(), note))
        return
    found = letters.letters(settings)
    for line in letters.lines(one for one in found if everything or one.is_open):
        click.echo(line)
    counts = "，".join(f"{label} {count} 封" for label, count in letters.counted(found).items())
    click.echo(counts or "还没有发文信件")


@click.command(options_metavar="[选项]")
@click.argument("numbers", metavar="编号...", nargs=-1, required=True)
@click.option(
    "--state", metavar="状态", required=True,
    type=click.Choice(["approved", "sent", "answered", "closed", "withdrawn"]),
    help="登记为：approved 已审定、sent 已发出、answered 已答复、closed 已办结、withdrawn 已撤回",
)  # fmt: skip
@ON
@click.option("--note", metavar="备注", default="", help="备注，如答复文号、撤回原因")
def notice(numbers: tuple[str, ...], state: str, on: datetime | None, note: str) -> None:
    """登记文书的去向：审定、发出、答复、办结、撤回。"""
    from flows.clock import now
    from flows.documents.notices import register_state
    from flows.plan.notice import NoticeState

    now_in = next(s for s in NoticeState if s == state)
    register_state(Settings(), numbers, now_in, on or now(), note)
    click.echo(f"已登记为“{now_in.label}”：{'、'.join(numbers)}")


@click.command(options_metavar="[选项]")
@click.argument("periods", metavar="[报告期]...", nargs=-1, type=PeriodType())
def correct(periods: tuple[Period, ...]) -> None:
    """更正：核对已印发的文件与现在的数，有变化的拟更正说明；不写报告期时核对全部。"""
    from flows.operations import private_server as engine

    settings = Settings()
    with engine.running(settings.engine, "flows.corrections"):
        from flows.corrections import corrections

        pdfs = corrections([str(p) for p in periods])
    for pdf in pdfs:
        click.echo(f"已拟更正说明：{shown_path(Path(pdf))}")
    click.echo(f"需要更正 {len(pdfs)} 份" + ("；送审：diaodu approve" if pdfs else ""))


def _issue(settings: Settings, document: str, serial: int | None = None, gap_note: str = "") -> None:
    """Run the flow 发文 on a draft that passed every step, and say what came of it."""
    from flows.issuing import approval_lines as approving
    from flows.operations import private_server as engine

    with engine.running(settings.engine, "flows.issue"):
        from flows.issue import issue

        number = issue(document, wait=False, serial=serial, gap_note=gap_note)
    for line in approving.issued_lines(settings, number):
        click.echo(line)


def issue_and_send(settings: Settings, kind: str, periods: tuple[Period, ...], county: str | None) -> None:
    """Issue what waits for nobody, say whom the rest waits for, and send what waits in the outbox."""
    from flows.issuing import approval_lines as approving

    for document in approving.documents_of(kind, periods, county):
        if waits := approving.waits_for(settings, document):
            click.echo(waits)
        else:
            _issue(settings, document)
    _deliver(settings, samples=False)


COMMANDS = (approve, deliver, outbox, notice, correct, remake)
