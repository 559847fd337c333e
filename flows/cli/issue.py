"""Commands that let documents go (发文): sign-off, sending, the outbox, the fate of notices, corrections, made again."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli import approval as text
from flows.cli.arguments import ON, YEAR, PeriodType, table
from flows.cli.login import Login, by_account
from flows.cli.selection import selected
from flows.office import Office
from flows.operations.deployment_run import run, server
from flows.plan.period import Period
from flows.progress import turning
from flows.settings import shown_path

if TYPE_CHECKING:
    from flows.accounts.accounts import Actor


@click.command(options_metavar="[选项]")
@click.argument("documents", metavar="[文件名称]...", nargs=-1)
@by_account("--by")
@click.option("--return", "reason", metavar="原因", default="", help="退回，并写明原因")
@click.option("--note", metavar="说明", default="", help="同意时的说明")
@click.option("--serial", metavar="序号", type=click.IntRange(1), help="发文序号；不写为下一个")
@click.option("--gap-note", metavar="原因", default="", help="跳号的原因，如“12至14号为局内其他文件”")
def approve(
    documents: tuple[str, ...],
    login: Login,
    reason: str,
    note: str,
    serial: int | None,
    gap_note: str,
) -> None:
    """送审：审核、签发草稿，各步通过即编号印发、排队待发；不写名称时列出待审的。

    文件写名称，或列出的序号（1 3 5-9），或一期、一类的文件夹（2025-06、2025-06/notices）。"""
    office = Office()
    if not documents:
        for line in text.waiting_lines(office):
            click.echo(line)
        return
    office.write_missing_files()
    waiting = office.waiting()
    names = selected(office.settings, waiting, documents)
    waits = any(str(one.draft.name) in names and one.waits_for for one in waiting)
    who = login.actor(office) if waits else None
    if len(names) == 1:
        _approve_one(office, names[0], who, reason, note, serial, gap_note)
        return
    failed = [
        name for name in names if not _tried(_approve_one, office, name, who, reason, note, serial, gap_note)
    ]
    click.echo(f"共 {len(names)} 份，办成 {len(names) - len(failed)} 份")
    if failed:
        raise click.exceptions.Exit(1)


def _approve_one(
    office: Office, name: str, who: "Actor | None", reason: str, note: str, serial: int | None, gap_note: str
) -> None:
    """Decide on one draft, and issue it where it may be."""
    line, is_ready = text.approve(office, name, who, reason, note)
    click.echo(line)
    if is_ready:
        _issue(office, name, serial, gap_note)


def _tried(do: Callable[..., None], *arguments: object) -> bool:
    """Do it; whether it was done. What was in the way is said, and the next draft is taken."""
    try:
        do(*arguments)
    except RuntimeError as fault:
        click.echo(f"没有办成：{fault}", err=True)
        return False
    return True


@click.command(options_metavar="[选项]")
@click.argument("words", metavar="[词]...", nargs=-1)
@click.option("--out", metavar="位置", type=click.Path(path_type=Path), help="另存为工作簿（.xlsx）")
def issued(words: tuple[str, ...], out: Path | None) -> None:
    """发文登记簿：文号、题名、日期、签发、发往、更正；写词的，只列文号、题名、正文里都有的。"""
    from flows.issuing.register import COLUMNS, as_workbook

    office = Office()
    entries = office.register(" ".join(words))
    for line in table([entry.as_row() for entry in entries], COLUMNS):
        click.echo(line)
    click.echo(f"共 {len(entries)} 份")
    if out:
        out.write_bytes(as_workbook(entries))
        office.note_export(f"发文登记簿 {out.name}")
        click.echo(f"登记簿写在 {shown_path(out)}")


@click.command(options_metavar="[选项]")
@click.argument("numbers", metavar="[发文字号]...", nargs=-1)
def remake(numbers: tuple[str, ...]) -> None:
    """重制：把已印发的文件由原数据再做一遍，逐字节比对；不写字号时全部比对。"""
    faults = 0
    for line, is_equal in text.remake_lines(Office(), numbers):
        click.echo(line)
        faults += not is_equal
    if faults:
        raise click.exceptions.Exit(1)


@click.command(options_metavar="[选项]")
@click.option("--sample", "samples", is_flag=True, help="示例数据的信件也发（主题标明【示例】）；不写则不发")
@click.option("--dry-run", is_flag=True, help="只列出会发哪些，不发，也不连邮件服务器")
@click.option(
    "--out",
    metavar="位置",
    type=click.Path(path_type=Path),
    help="同 --dry-run，并把信写成 .eml 放在这个文件夹，可用邮件程序打开看",
)
@click.option("--test", "is_test", is_flag=True, help="只给经办自己发一封试发的信")
def deliver(samples: bool, dry_run: bool, out: Path | None, is_test: bool) -> None:
    """发送：把已印发文件的待发信件逐封发出，发过的不再发。"""
    office = Office()
    dry_run = dry_run or out is not None
    if dry_run and is_test:
        raise click.UsageError("--dry-run 和 --test 不能一起用")
    if dry_run:
        rows = office.delivery.preview(samples)
        for line in table(rows, _LETTER_COLUMNS):
            click.echo(line)
        click.echo(f"会发出 {sum(row['结果'] == '将发出' for row in rows)} 封；没有发，什么也没有改")
        if out:
            click.echo(f"信 {len(office.delivery.write_messages(out, samples))} 封，写在 {shown_path(out)}")
    elif is_test:
        _try_out(office)
    else:
        deliver_letters(office, samples)


def _try_out(office: Office) -> None:
    from flows.issuing.mail.smtp import Accepted

    address, outcome = office.delivery.try_out()
    if isinstance(outcome, Accepted):
        click.echo(f"试发的信已交给邮件服务器，寄给 {address}；服务器答复：{outcome.reply}")
        return
    raise RuntimeError(f"试发的信没有发成：{outcome.reply}")


_LETTER_COLUMNS = ("结果", "文号", "单位", "信件", "说明")
_SENT = {"说明": "已接收"}  # what the server answered, word for word, is kept in the ledger


def deliver_letters(office: Office, samples: bool) -> None:
    """Send what waits in the outbox, and say what came of it; exit code 1 where something needs a hand."""
    from flows.issuing.delivery_round import FAULTS

    if api := server(office.settings):
        rows = run(api, "发送", {"sample": samples}, "letters")
    else:
        with turning("逐封发送"):
            rows = office.deliver(samples)
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
@by_account()
def outbox(
    everything: bool,
    settle: tuple[str, str] | None,
    note: str,
    login: Login,
) -> None:
    """发文信件：列出待发的和要处理的，连同处理办法；登记处理结果。"""
    from flows.issuing.outbox import Settlement, counted, lines

    office = Office()
    if settle:
        how = next(s for s in Settlement if s == settle[1])
        click.echo(office.settle(settle[0], how, note, login.actor(office)))
        return
    letters = office.letters()
    for line in lines(one for one in letters if everything or one.is_open):
        click.echo(line)
    counts = "，".join(f"{label} {count} 封" for label, count in counted(letters).items())
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
@by_account()
def notice(
    numbers: tuple[str, ...],
    state: str,
    on: datetime | None,
    note: str,
    login: Login,
) -> None:
    """登记文书的去向：审定、发出、答复、办结、撤回。"""
    from flows.plan.notice import NoticeState

    office, new_state = Office(), next(s for s in NoticeState if s == state)
    if on and new_state in (NoticeState.APPROVED, NoticeState.WITHDRAWN):
        raise click.UsageError(f"{new_state.label}是本单位自己办的，以登记之时为准，不写 --on")
    who = login.actor(office)
    office.register_notices(numbers, new_state, note, on or office.now(), who)
    click.echo(f"已登记为“{new_state.label}”：{'、'.join(numbers)}")


@click.command(options_metavar="[选项]")
@click.argument("periods", metavar="[报告期]...", nargs=-1, type=PeriodType())
def correct(periods: tuple[Period, ...]) -> None:
    """更正：核对已印发的文件与现在的数，有变化的拟更正说明；不写报告期时核对全部。"""
    office, named = Office(), [str(period) for period in periods]
    if api := server(office.settings):
        pdfs = [Path(row["更正说明"]) for row in run(api, "更正", {"periods": named}, "corrections")]
    else:
        with turning("核对已印发文件"):
            pdfs = office.correct(named)
    for pdf in pdfs:
        click.echo(f"已拟更正说明：{shown_path(pdf)}")
    click.echo(f"需要更正 {len(pdfs)} 份" + ("；送审：diaodu approve" if pdfs else ""))


@click.command(options_metavar="[选项]")
@click.argument("number", metavar="发文字号")
@click.argument("file", metavar="盖章件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by_account()
def seal(number: str, file: Path, login: Login) -> None:
    """盖章件：核对盖了章的 PDF 就是印发的那一份，登记；此后发送、交换都用它。"""
    office = Office()
    who = login.actor(office)
    with turning("核对盖章件"):
        result, letters = office.seal(number, file.read_bytes(), who)
    for line in result.lines(len(letters)):
        click.echo(line)


@click.command(options_metavar="[选项]")
@click.argument("year", metavar="年份", type=YEAR)
@click.option(
    "--out", metavar="文件夹", type=click.Path(path_type=Path), help="写到哪里；不写为 data/archive/年份"
)
@click.option("--sample", "samples", is_flag=True, help="示例数据的文件也列入（只供试用）")
def archive(year: int, out: Path | None, samples: bool) -> None:
    """归档：一年印发的文件连同盖章件，附目录（题名、文号、责任者、日期、页数、保管期限、密级）和校验码。"""
    office = Office()
    with turning("整理归档文件"):
        folder, rows = office.archive(year, out, samples=samples)
    office.note_export(f"归档 {year}年 {len(rows)} 份")
    pages = sum(int(row["页数"]) for row in rows)
    click.echo(
        f"{year}年归档 {len(rows)} 份 {pages} 页，写在 {shown_path(folder)}，目录是 归档文件目录.xlsx（.csv）"
    )


def _issue(office: Office, document: str, serial: int | None = None, gap_note: str = "") -> None:
    """Issue a draft that passed every step, and say what came of it."""
    if api := server(office.settings):
        given = {"document": document, "wait": False, "serial": serial, "gap_note": gap_note}
        run(api, "发文", given)
    else:
        with turning("编号印发"):
            office.issue(document, serial, gap_note)
    for line in text.issued_lines(office, document):
        click.echo(line)


def issue_and_send(office: Office, documents: Sequence[str]) -> None:
    """Issue what waits for nobody, say whom the rest waits for, and send what waits in the outbox."""
    for document in documents:
        if waits := text.waits_for(office, document):
            click.echo(waits)
        else:
            _issue(office, document)
    deliver_letters(office, samples=False)


COMMANDS = (approve, seal, deliver, outbox, issued, notice, correct, remake, archive)
