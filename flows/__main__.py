"""The command line: `diaodu …`, the same as `python -m flows …`. Each command loads only what it runs."""

import importlib
import os
import sys
import traceback
from collections import Counter
from datetime import date, datetime, time
from pathlib import Path
from typing import NoReturn

import click

import flows.chinese_click  # noqa: F401  # puts Click's own words into Chinese
from flows import operating, rehearsing, safekeeping
from flows.catalogue.catalogue import Catalogue
from flows.catalogue.errors import PlanError
from flows.catalogue.indicator import Indicator
from flows.catalogue.period import Beat, Period, PeriodError
from flows.catalogue.terms import CITY
from flows.command_group import SectionedGroup
from flows.settings import Settings, shown_path

YEAR = click.IntRange(2000, 2099)
HANDFUL = 3  # so many receipts are printed whole; of more, only those of refused files


class PeriodType(click.ParamType[Period]):
    """A 报告期 as an argument; `beat` says which kind is meant, None any."""

    name = "报告期"

    def __init__(self, beat: Beat | None = None) -> None:
        self.beat = beat

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """Read it, or refuse it with the ways to write one (exit code 2)."""
        try:
            period = value if isinstance(value, Period) else Period.parse(str(value))
        except PeriodError as fault:
            self.fail(str(fault), param, ctx)
        if self.beat and period.beat is not self.beat:
            self.fail(f"{value} 不是这个命令要的报告期，应写作 {_EXAMPLE[self.beat]}", param, ctx)
        return period


class MomentType(click.ParamType[datetime]):
    """A 数据截止时间: `2025-07-08` (the end of that day) or `2025-07-08T17:30`."""

    name = "时间"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it, or refuse it (exit code 2)."""
        if isinstance(value, datetime):
            return value
        text = str(value)
        try:
            if len(text) == len("2025-07-08"):
                return datetime.combine(date.fromisoformat(text), time(23, 59, 59))
            return datetime.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            self.fail(f"{text} 不是时间，应写作 2025-07-08 或 2025-07-08T17:30", param, ctx)


_EXAMPLE = {Beat.MONTH: "2025-06", Beat.QUARTER: "2025-Q2", Beat.HALF_YEAR: "2025-H1", Beat.YEAR: "2025"}
ON = click.option(
    "--on", metavar="日期", type=click.DateTime(["%Y-%m-%d"]), help="办理日期，如 2025-07-08；不写为今天"
)
SEND = click.option("--send", is_flag=True, help="做好即印发、发送；方案要人审的，说明待谁，不发")
AS_OF = click.option("--as-of", type=MomentType(), help="数据截止时间；不写为最后一次收到报表或说明之时")


@click.group(
    cls=SectionedGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="[选项]",
    subcommand_metavar="命令 [参数]...",
)
@click.version_option(package_name="diaodu", message="调度 %(version)s")
def cli() -> None:
    """就业促进行动调度：收表、核对、汇总、出文件。

    月调度、季分析、半年总结、年度评估，每个印出来的数都能找到它的单元格。
    """


@cli.command(options_metavar="[选项]")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出全部任务、指标、目标和出处")
@click.option("--markdown", is_flag=True, help="输出 docs/figures.md")
def plan(as_json: bool, markdown: bool) -> None:
    """列出方案：任务、指标、目标、出处。"""
    from flows import listing

    catalogue = _catalogue(Settings())
    show = listing.as_json if as_json else listing.as_markdown if markdown else listing.as_text
    click.echo(show(catalogue), nl=not markdown)


@cli.command(options_metavar="[选项]")
@click.argument("month", metavar="月份", type=PeriodType(Beat.MONTH))
@click.option(
    "--out", metavar="位置", type=click.Path(path_type=Path), help="写到哪个文件夹；默认 data/forms/月份"
)
def forms(month: Period, out: Path | None) -> None:
    """写出各报送单位这个月的空白报表。"""
    from flows.forms import write_forms

    settings = Settings()
    written = write_forms(settings, _catalogue(settings, month.year), month, out)
    click.echo(f"{month.long_label}报表 {len(written)} 份，写在 {shown_path(written[0].parent)}")


@cli.command(options_metavar="[选项]")
@click.argument("year", metavar="年份", type=YEAR)
@click.option("--months", metavar="月份", default="1-12", show_default=True, help="哪几个月，如 1-6 或 6")
@click.option(
    "--seed", metavar="整数", default=2025, show_default=True, help="随机种子：同一种子，同样的文件"
)
@click.option("--out", metavar="位置", type=click.Path(path_type=Path), help="写到哪个文件夹；默认收件箱")
def sample(year: int, months: str, seed: int, out: Path | None) -> None:
    """写出示例报表（虚构数据，处处标明“示例数据”）。"""
    from flows.forms import write_sample

    settings = Settings()
    folder = out or settings.inbox
    count = write_sample(_catalogue(settings, year), _months(months), seed, folder)
    click.echo(f"{year}年{months}月示例报表 {count} 份，写在 {shown_path(folder)}（虚构数据，仅供演示）")


@cli.command(options_metavar="[选项]")
@click.argument(
    "files", metavar="[文件]...", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def intake(files: tuple[Path, ...]) -> None:
    """收表：读新文件（默认收件箱里的），逐份写回执。"""
    from flows import engine

    with engine.running(Settings().engine):
        from flows.intake import intake as flow

        received = flow([str(f) for f in files])
    _report_received(received)
    statuses = {one["status"] for one in received}
    if "failed" in statuses or statuses == {"refused"}:
        raise click.exceptions.Exit(1)


@cli.command(options_metavar="[选项]")
@click.argument("month", metavar="月份", type=PeriodType(Beat.MONTH))
@AS_OF
def status(month: Period, as_of: datetime | None) -> None:
    """看报送情况：谁报了、谁迟了、谁没报、哪些待核实。"""
    from flows.status import status_lines

    settings = Settings()
    for line in status_lines(settings, _catalogue(settings, month.year), month, as_of):
        click.echo(line)


@cli.command(options_metavar="[选项]")
@click.argument("number", metavar="[编号]", required=False)
@click.argument("reason", metavar="[说明]", required=False)
@click.option("--by", metavar="单位", default="", help="由谁答复：单位或科室，不写个人电话；不写为填报单位")
def answer(number: str | None, reason: str | None, by: str) -> None:
    """登记填报单位来函、来电作出的说明；不带参数，列出待核实事项。

    只登记说明，不改数：数只能由填报单位重新报送来更正。
    """
    from flows import answering
    from flows.clock import now

    settings = Settings()
    catalogue = _catalogue(settings)
    if number is None:
        for line in answering.open_lines(settings, catalogue):
            click.echo(line)
        return
    if reason is None:
        raise click.UsageError("缺少说明，应写作 diaodu answer 编号 说明")
    try:
        question = answering.answer(settings, catalogue, number, reason, by, now())
    except answering.AnswerError as fault:
        raise click.UsageError(str(fault)) from None
    click.echo("\n".join(["已登记说明：", *answering.described(question), f"    说明：{reason}"]))


@cli.command(options_metavar="[选项]")
@click.argument("months", metavar="月份...", nargs=-1, required=True, type=PeriodType(Beat.MONTH))
@AS_OF
@click.option("--county", metavar="地区", help="只出某一旗县市区的反馈单（名称或 id）")
@click.option("--all-counties", is_flag=True, help="出全部旗县市区的反馈单，并行成文；没有变化的不重做")
@SEND
def monthly(
    months: tuple[Period, ...], as_of: datetime | None, county: str | None, all_counties: bool, send: bool
) -> None:
    """月调度：出一个或几个月的通报。"""
    if not all_counties:
        _make_documents("monthly_dispatch", months, as_of, county, send)
    elif county or send:
        raise click.UsageError("--all-counties 出的是全部草稿，不能同时写 --county 或 --send")
    else:
        _make_feedback(months, as_of)


@cli.command(options_metavar="[选项]")
@click.argument("quarters", metavar="季度...", nargs=-1, required=True, type=PeriodType(Beat.QUARTER))
@AS_OF
@click.option("--county", metavar="地区", help="只出某一旗县市区的反馈单（名称或 id）")
@SEND
def quarterly(quarters: tuple[Period, ...], as_of: datetime | None, county: str | None, send: bool) -> None:
    """季分析：出一个或几个季度的分析报告。"""
    _make_documents("quarterly_analysis", quarters, as_of, county, send)


@cli.command("half-year", options_metavar="[选项]")
@click.argument("halves", metavar="半年...", nargs=-1, required=True, type=PeriodType(Beat.HALF_YEAR))
@AS_OF
@click.option("--county", metavar="地区", help="只出某一旗县市区的反馈单（名称或 id）")
@SEND
def half_year(halves: tuple[Period, ...], as_of: datetime | None, county: str | None, send: bool) -> None:
    """半年总结：出上半年或下半年的总结报告。"""
    _make_documents("half_year_summary", halves, as_of, county, send)


@cli.command(options_metavar="[选项]")
@click.argument("years", metavar="年份...", nargs=-1, required=True, type=PeriodType(Beat.YEAR))
@AS_OF
@click.option("--county", metavar="地区", help="只出某一旗县市区的得分反馈单（名称或 id）")
@SEND
def annual(years: tuple[Period, ...], as_of: datetime | None, county: str | None, send: bool) -> None:
    """年度评估：出一年的评估报告和建议通报表扬名单（供审定）。"""
    _make_documents("annual_assessment", years, as_of, county, send)


@cli.command(options_metavar="[选项]")
@click.argument("month", metavar="月份", type=PeriodType(Beat.MONTH))
@AS_OF
@ON
def notices(month: Period, as_of: datetime | None, on: datetime | None) -> None:
    """提醒催办：按台账研判、拟稿，列出办了什么、为什么不办。"""
    from flows import engine

    settings = Settings()
    with engine.running(settings.engine):
        from flows.reminders import reminders

        rows = reminders(str(month), as_of, on.date() if on else None)
    for row in rows:
        click.echo("  ".join(_padded(row[key], width) for key, width in _NOTICE_WIDTHS.items()).rstrip())
    drafted = sum(row["结果"] == "拟稿" for row in rows)
    click.echo(
        f"{month.long_label}：拟稿 {drafted} 份，文书在 {shown_path(settings.reports / str(month) / 'notices')}"
    )


@cli.command(options_metavar="[选项]")
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
    from flows.catalogue.notice import NoticeState
    from flows.clock import now
    from flows.noticing import register_state

    now_in = next(s for s in NoticeState if s == state)
    register_state(Settings(), numbers, now_in, on or now(), note)
    click.echo(f"已登记为“{now_in.label}”：{'、'.join(numbers)}")


@cli.command(options_metavar="[选项]")
@click.argument("periods", metavar="[报告期]...", nargs=-1, type=PeriodType())
def correct(periods: tuple[Period, ...]) -> None:
    """更正：核对已印发的文件与现在的数，有变化的拟更正说明；不写报告期时核对全部。"""
    from flows import engine

    settings = Settings()
    with engine.running(settings.engine):
        from flows.corrections import corrections

        pdfs = corrections([str(p) for p in periods])
    for pdf in pdfs:
        click.echo(f"已拟更正说明：{shown_path(Path(pdf))}")
    click.echo(f"需要更正 {len(pdfs)} 份" + ("；送审：diaodu approve" if pdfs else ""))


@cli.command(options_metavar="[选项]")
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
    from flows import approving

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


@cli.command(options_metavar="[选项]")
@click.argument("numbers", metavar="[发文字号]...", nargs=-1)
def remake(numbers: tuple[str, ...]) -> None:
    """重制：把已印发的文件由原数据再做一遍，逐字节比对；不写字号时全部比对。"""
    from flows import approving

    faults = 0
    for line, is_equal in approving.remake_lines(Settings(), numbers):
        click.echo(line)
        faults += not is_equal
    if faults:
        raise click.exceptions.Exit(1)


@cli.command(options_metavar="[选项]")
@click.option("--sample", "samples", is_flag=True, help="示例数据的信件也发（主题标明【示例】）；不写则不发")
def deliver(samples: bool) -> None:
    """发送：把已印发文件的待发信件逐封发出，发过的不再发。"""
    _deliver(Settings(), samples)


def _deliver(settings: Settings, samples: bool) -> None:
    from flows import engine

    with engine.running(settings.engine):
        from flows.deliver import deliver as flow
        from flows.delivery_round import FAULTS

        rows = flow(samples)
    for row in rows:
        click.echo("  ".join(_padded(row[key], width) for key, width in _LETTER_WIDTHS.items()).rstrip())
    faults = sum(row["结果"] in FAULTS for row in rows)
    click.echo(f"发出 {sum(row['结果'] == '已发出' for row in rows)} 封，需要处理 {faults} 项")
    if faults:
        click.echo("处理办法：diaodu outbox")
        raise click.exceptions.Exit(1)


@cli.command(options_metavar="[选项]")
@click.option("--all", "everything", is_flag=True, help="连已发出、已作罢的一起列出")
@click.option(
    "--settle", metavar="信件 sent|resend|drop", type=(str, click.Choice(["sent", "resend", "drop"])),
    help="登记对一封信的处理：sent 已送达，resend 重发，drop 作罢；须写 --note",
)  # fmt: skip
@click.option("--note", metavar="依据", default="", help="登记的依据，如向谁核实、改了什么")
def outbox(everything: bool, settle: tuple[str, str] | None, note: str) -> None:
    """发文信件：列出待发的和要处理的，连同处理办法；登记处理结果。"""
    from flows import outbox as letters
    from flows.clock import now

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


@cli.command(options_metavar="[选项]")
@click.argument("period", metavar="报告期", type=PeriodType())
@AS_OF
@click.option(
    "--format", "form", type=click.Choice(["json", "csv", "xlsx"]), default="json", show_default=True
)
@click.option(
    "--out",
    metavar="位置",
    type=click.Path(path_type=Path),
    help="写到哪个文件；xlsx 默认 data/reports/报告期/figures.xlsx",
)
def figures(period: Period, as_of: datetime | None, form: str, out: Path | None) -> None:
    """汇总数：月、季、半年、年，一行一个地区一项指标。"""
    from flows.export import export_figures

    settings = Settings()
    content = export_figures(settings, period, as_of, form)
    target = out or (settings.reports / str(period) / "figures.xlsx" if form == "xlsx" else None)
    if target is None:
        click.echo(content.decode(), nl=False)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    click.echo(f"{period.long_label}汇总数写在 {shown_path(target)}")


@cli.command(options_metavar="[选项]")
@click.argument("period", metavar="报告期", type=PeriodType())
@click.argument("indicator", metavar="指标")
@click.argument("county", metavar="地区")
@AS_OF
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def trace(period: Period, indicator: str, county: str, as_of: datetime | None, as_json: bool) -> None:
    """溯源：一个印出来的数，从算式、目标一直查到报表的单元格。

    指标、地区写 id 或名称；全市写 city 或 全市，列出其中各地。
    """
    from flows import trace_lines, tracing

    settings = Settings()
    catalogue = _catalogue(settings, period.year)
    whose = CITY if county in {CITY, "全市"} else _county(catalogue, county) or CITY
    try:
        found = tracing.trace(settings, period, _indicator(catalogue, indicator), whose, as_of)
    except tracing.UntraceableError as fault:
        raise click.UsageError(str(fault)) from None
    click.echo(trace_lines.as_json(found) if as_json else trace_lines.as_text(found))
    if faults := trace_lines.faults(found):
        raise trace_lines.TraceBrokenError(faults)


for _command in (*operating.COMMANDS, *safekeeping.COMMANDS, *rehearsing.COMMANDS):
    cli.add_command(_command)


def _issue(settings: Settings, document: str, serial: int | None = None, gap_note: str = "") -> None:
    """Run the flow 发文 on a draft that passed every step, and say what came of it."""
    from flows import approving, engine

    with engine.running(settings.engine):
        from flows.issue import issue

        number = issue(document, wait=False, serial=serial, gap_note=gap_note)
    for line in approving.issued_lines(settings, number):
        click.echo(line)


_NOTICE_WIDTHS = {"结果": 8, "单位": 16, "梯次": 4, "编号": 18, "说明": 0}
_LETTER_WIDTHS = {"结果": 8, "文号": 20, "单位": 16, "信件": 10, "说明": 0}


def _padded(text: str, width: int) -> str:
    """Padded for a terminal, where a Chinese character is two columns wide."""
    return text + " " * max(0, width - len(text) - sum(ord(c) > 0x2E80 for c in text))


def _make_documents(
    kind: str, periods: tuple[Period, ...], as_of: datetime | None, county: str | None, send: bool
) -> None:
    """Run the flow of this kind for each period and say where the document lies; issue and send it if asked to."""
    from flows import engine

    if send and as_of:
        raise click.UsageError("--as-of 做出的是旧时的文件，不能发送，请去掉 --send 或 --as-of")
    settings = Settings()
    chosen = _county(_catalogue(settings, periods[0].year), county)
    with engine.running(settings.engine):
        flow = getattr(importlib.import_module(f"flows.{kind}"), kind)
        for period in periods:
            click.echo(f"{period.long_label}：{shown_path(Path(flow(str(period), as_of, chosen)))}")
    if send:
        _issue_and_send(settings, kind, periods, chosen)


def _issue_and_send(settings: Settings, kind: str, periods: tuple[Period, ...], county: str | None) -> None:
    """Issue what waits for nobody, say whom the rest waits for, and send what waits in the outbox."""
    from flows import approving

    for document in approving.documents_of(kind, periods, county):
        if waits := approving.waits_for(settings, document):
            click.echo(waits)
        else:
            _issue(settings, document)
    _deliver(settings, samples=False)


def _make_feedback(months: tuple[Period, ...], as_of: datetime | None) -> None:
    """Run the flow 反馈单 for each month and say how many were made; it fails at its end if some were not."""
    from flows import engine

    settings = Settings()
    with engine.running(settings.engine):
        from flows.county_feedback import county_feedback

        for month in months:
            made = county_feedback(str(month), as_of)
            told = "，".join(f"{what} {count} 份" for what, count in made.items())
            click.echo(f"{month.long_label}反馈单：{told}，在 {shown_path(settings.reports / str(month))}")


def _catalogue(settings: Settings, year: int | None = None) -> Catalogue:
    """The plan of a year; a sentence if there is none."""
    from flows.plans import plan_of

    return plan_of(settings, year)


def _county(catalogue: Catalogue, name: str | None) -> str | None:
    if name is None:
        return None
    found = catalogue.reporter_named(name)
    if found is None or found not in catalogue.counties:
        names = "、".join(c.name for c in catalogue.counties)
        raise click.UsageError(f"没有“{name}”这个旗县市区，应为：{names}")
    return found.id


def _indicator(catalogue: Catalogue, name: str) -> Indicator:
    found = [i for i in catalogue.indicators if name in {i.id, i.name}]
    if not found:
        known = "\n".join(f"  {i.id}  {i.name}" for i in catalogue.indicators)
        raise click.UsageError(f"没有“{name}”这项指标，应为：\n{known}")
    return found[0]


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
    """The receipts, all of them for a handful of files, those of refused files always; then the count."""
    shown = [one for one in received if one["status"] in ("refused", "failed") or len(received) <= HANDFUL]
    for one in shown:
        click.echo(one["receipt"])
    click.echo(_counted(received))
    if received:
        click.echo(f"回执在 {shown_path(Settings().receipts)}")


def _counted(received: list[dict[str, str]]) -> str:
    """共 12 份：接收 9 份（其中 2 份有待处理事项），不予接收 1 份，以前收过 2 份；what failed only where something did."""
    counts = Counter(one["status"] for one in received)
    asking = sum(one["status"] == "accepted" and one["left"] != "0" for one in received)
    with_items = f"（其中 {asking} 份有待处理事项）" if asking else ""
    failed = f"，未能处理 {counts['failed']} 份" if counts["failed"] else ""
    return (
        f"共 {len(received)} 份：接收 {counts['accepted']} 份{with_items}，不予接收 {counts['refused']} 份，"
        f"以前收过 {counts['unchanged']} 份{failed}"
    )


def main() -> NoReturn:
    """Run a command: exit code 0, 1 with a sentence when the work failed, 2 for wrong use."""
    code: object = 0
    try:
        _run()
    except SystemExit as end:
        code = end.code
    except (PlanError, PeriodError, RuntimeError, OSError) as fault:
        click.echo(f"没有做成：{fault}", err=True)
        code = 1
    except Exception as fault:  # the last resort: nobody is shown a traceback
        click.echo(f"没有做成：程序内部出错（{type(fault).__name__}），{_noted(fault)}", err=True)
        code = 1
    _leave(code if isinstance(code, int) else 0 if code is None else 1)


def _run() -> None:
    """The command; once more behind a rebuilding, where it met an earlier program's warehouse. What a command had
    done by then it does not do twice."""
    try:
        cli(prog_name="diaodu", standalone_mode=True)
    except RuntimeError as fault:
        if not safekeeping.brought_up_to_date(fault):
            raise
        cli(prog_name="diaodu", standalone_mode=True)


def _noted(fault: Exception) -> str:
    """Keep the traceback for whoever mends the program, and say where; on a full disk, that there is no room."""
    log = Settings().data / "logs" / "internal-error.txt"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(traceback.format_exception(fault)), encoding="utf-8")
    except OSError as disk:
        return f"详情也记不下来（{disk.strerror}）：先检查磁盘和权限"
    return f"详情记在 {shown_path(log)}"


def _leave(code: int) -> NoReturn:
    """End without tearing the interpreter down, at which DuckDB's binding prints what Prefect still holds of it."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
