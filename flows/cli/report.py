"""Commands of reporting (报送): the plan, forms out, workbooks in, who has reported, answers noted down."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import click

from flows.cli.arguments import AS_OF, YEAR, PeriodType
from flows.cli.issue import deliver_letters
from flows.cli.login import Login, by_account
from flows.office import Office
from flows.operations.deployment_run import run, server
from flows.plan.period import Frequency, Period
from flows.progress import turning
from flows.settings import Settings, shown_path

HANDFUL = 3  # up to this many receipts are printed whole; of more, only those of refused files


@click.command(options_metavar="[选项]")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出全部任务、指标、目标和出处")
@click.option("--markdown", is_flag=True, help="输出 docs/figures.md")
def plan(as_json: bool, markdown: bool) -> None:
    """列出方案：任务、指标、目标、出处。"""
    from flows.cli import listing

    catalogue = Office().plan()
    show = listing.as_json if as_json else listing.as_markdown if markdown else listing.as_text
    click.echo(show(catalogue), nl=not markdown)


@click.command(options_metavar="[选项]")
@click.argument("month", metavar="月份", type=PeriodType(Frequency.MONTH))
@click.option(
    "--out", metavar="位置", type=click.Path(path_type=Path), help="写到哪个文件夹；默认 data/forms/月份"
)
@click.option("--send", is_flag=True, help="并按通讯录发给各报送单位，上月累计已填好；发过的不再发")
def forms(month: Period, out: Path | None, send: bool) -> None:
    """写出各报送单位这个月的空白报表。"""
    from flows.operations import data_folder

    office = Office()
    data_folder.init(office.settings, office.now())
    if send:
        letters = office.mail_forms(str(month), out)
        click.echo(f"{month.long_label}报表排队待发 {len(letters)} 封")
        deliver_letters(office, samples=False)
        return
    written = office.forms(month, out)
    click.echo(f"{month.long_label}报表 {len(written)} 份，写在 {shown_path(written[0].parent)}")


@click.command(options_metavar="[选项]")
@click.argument("year", metavar="年份", type=YEAR)
@click.option("--months", metavar="月份", default="1-12", show_default=True, help="哪几个月，如 1-6 或 6")
@click.option(
    "--seed", metavar="整数", default=2025, show_default=True, help="随机种子：同一种子，同样的文件"
)
@click.option("--out", metavar="位置", type=click.Path(path_type=Path), help="写到哪个文件夹；默认收件箱")
def sample(year: int, months: str, seed: int, out: Path | None) -> None:
    """写出示例报表（虚构数据，处处标明“示例数据”）。"""
    from flows.operations import data_folder

    office = Office()
    if out is None:
        data_folder.init(office.settings, office.now())
    count = office.sample(year, _months(months), seed, out)
    folder = shown_path(out or office.settings.inbox)
    click.echo(f"{year}年{months}月示例报表 {count} 份，写在 {folder}（虚构数据，仅供演示）")


@click.command(options_metavar="[选项]")
@click.argument(
    "files", metavar="[文件]...", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def intake(files: tuple[Path, ...]) -> None:
    """收表：读新文件（默认收件箱里的），逐份写回执。"""
    office = Office()
    if api := server(office.settings):
        received = run(api, "收表", {"files": [str(file.absolute()) for file in files]}, "received")
    else:
        with turning("收表"):
            received = [one.as_row() for one in office.ingest(files)]
    _report_received(received)
    statuses = {one["status"] for one in received}
    if statuses & {"failed", "held"} or statuses == {"refused"}:
        raise click.exceptions.Exit(1)


@click.command(options_metavar="[选项]")
@click.argument("month", metavar="月份", type=PeriodType(Frequency.MONTH))
@AS_OF
def status(month: Period, as_of: datetime | None) -> None:
    """看报送情况：谁报了、谁迟了、谁没报、哪些待核实。"""
    from flows.documents.reporting_status import status_lines
    from flows.submissions.sources import source_lines

    office = Office()
    for line in status_lines(office.status(month, as_of)):
        click.echo(line)
    if unverified := office.unverified_sources(month):
        click.echo(f"来源未核实 {len(unverified)} 份（由就业办核实：diaodu sources 编号）")
        for line in source_lines(office.plan(month.year), unverified):
            click.echo(line)
    for draft in office.words_to_review():
        click.echo(f"{draft.draft.name}：{draft.words_fault}")


@click.command(options_metavar="[选项]")
@click.argument("numbers", metavar="[编号]...", nargs=-1)
@click.option("--note", metavar="依据", default="", help="怎样核实的，如电话问过谁")
@by_account()
def sources(numbers: tuple[str, ...], note: str, login: Login) -> None:
    """报表来源：列出来源未核实的；写编号，登记已核实。

    放在单位自己的文件夹里的、经办点名收的，来源就是清楚的；直接放在收件箱里的，谁都可能放，要核实。
    """
    from flows.submissions.sources import source_lines

    office = Office()
    if not numbers:
        waiting = office.unverified_sources()
        click.echo("\n".join([f"来源未核实 {len(waiting)} 份", *source_lines(office.plan(), waiting)]))
        return
    if not note.strip():
        raise click.UsageError("要写明怎样核实的：--note")
    confirmed = office.confirm_sources(numbers, note.strip(), login.actor(office))
    click.echo("\n".join(["已登记来源核实：", *source_lines(office.plan(), confirmed)]))


@click.command(options_metavar="[选项]")
@click.argument("number", metavar="[编号]", required=False)
@click.argument("reason", metavar="[说明]", required=False)
@click.option("--by", metavar="单位", default="", help="由谁答复：单位或科室，不写个人电话；不写为填报单位")
@by_account()
def answer(number: str | None, reason: str | None, by: str, login: Login) -> None:
    """登记填报单位来函、来电作出的说明；不带参数，列出待核实事项。

    只登记说明，不改数：数只能由填报单位重新报送来更正。
    """
    from flows.submissions.answering import AnswerError, described

    office = Office()
    if number is None:
        for line in office.open_queries():
            click.echo(line)
        return
    if reason is None:
        raise click.UsageError("缺少说明，应写作 diaodu answer 编号 说明")
    who = login.actor(office)
    try:
        question = office.answer(number, reason, who, by)
    except AnswerError as fault:
        raise click.UsageError(str(fault)) from None
    click.echo("\n".join(["已登记说明：", *described(question), f"    说明：{reason}"]))


def _months(written: str) -> tuple[int, ...]:
    first, _, last = written.partition("-")
    try:
        months = tuple(range(int(first), int(last or first) + 1))
    except ValueError:
        months = ()
    if not months or months[0] < 1 or months[-1] > 12:
        raise click.UsageError(f"--months {written} 不对，应写作 1-6 或 6")
    return months


def _report_received(received: list[dict[str, str]]) -> None:
    """The receipts, all of them for a handful of files, those of refused files always; of the others each that asks
    for something, on one line; then the count."""
    shown = [
        one for one in received if one["status"] in ("refused", "failed", "held") or len(received) <= HANDFUL
    ]
    for one in shown:
        click.echo(one["receipt"])
    for one in received:
        if one not in shown and one["left"] != "0":
            click.echo(
                f"{one['name']}：有 {one['left']} 项需要处理，见 {shown_path(Path(one['receipt_path']))}"
            )
    for one in received:
        if one["remark"]:
            click.echo(f"{one['name']}：{one['remark']}")
    click.echo(_counted(received) if received else "没有新的报表：收件箱是空的，或刚由日程收过")
    if received:
        click.echo(f"回执在 {shown_path(Settings().receipts)}")


def _counted(received: list[dict[str, str]]) -> str:
    """共 12 份：接收 9 份（其中 2 份有待处理事项），不予接收 1 份，以前收过 2 份；what failed only where something did."""
    counts = Counter(one["status"] for one in received)
    asking = sum(one["status"] == "accepted" and one["left"] != "0" for one in received)
    with_items = f"（其中 {asking} 份有待处理事项）" if asking else ""
    failed = f"，未能处理 {counts['failed']} 份" if counts["failed"] else ""
    held = f"，来源与内容不符、暂未收 {counts['held']} 份" if counts["held"] else ""
    return (
        f"共 {len(received)} 份：接收 {counts['accepted']} 份{with_items}，不予接收 {counts['refused']} 份，"
        f"以前收过 {counts['unchanged']} 份{held}{failed}"
    )


COMMANDS = (plan, forms, sample, intake, status, sources, answer)
