"""Commands that make documents (成文): one for each reporting frequency, notices, figures, and the way back of a number."""

from datetime import datetime
from pathlib import Path

import click

from flows.cli.approval import documents_of, next_step
from flows.cli.arguments import (
    AS_OF,
    COUNTY,
    EARLY,
    ON,
    SEND,
    PeriodType,
    complete_counties,
    complete_indicators,
    county_named,
    indicator_named,
    table,
)
from flows.cli.issue import issue_and_send
from flows.files import write_whole
from flows.office import Office
from flows.operations.deployment_run import run, server
from flows.plan.document_kinds import DOCUMENT_KINDS
from flows.plan.period import Frequency, Period
from flows.plan.terms import CITY
from flows.progress import turning
from flows.settings import shown_path


@click.command(options_metavar="[选项]")
@click.argument("months", metavar="月份...", nargs=-1, required=True, type=PeriodType(Frequency.MONTH))
@AS_OF
@COUNTY
@click.option("--all-counties", is_flag=True, help="出全部旗县市区的反馈单，并行成文；没有变化的不重做")
@EARLY
@SEND
def monthly(
    months: tuple[Period, ...],
    as_of: datetime | None,
    county: str | None,
    all_counties: bool,
    early: bool,
    send: bool,
) -> None:
    """月调度：出一个或几个月的通报。"""
    if not all_counties:
        _make_documents("monthly_dispatch", months, as_of, county, send, early=early)
    elif county or send:
        raise click.UsageError("--all-counties 出的是全部草稿，不能同时写 --county 或 --send")
    else:
        _make_county_reports(months, as_of)


@click.command(options_metavar="[选项]")
@click.argument("quarters", metavar="季度...", nargs=-1, required=True, type=PeriodType(Frequency.QUARTER))
@AS_OF
@COUNTY
@EARLY
@SEND
def quarterly(
    quarters: tuple[Period, ...], as_of: datetime | None, county: str | None, early: bool, send: bool
) -> None:
    """季分析：出一个或几个季度的分析报告。"""
    _make_documents("quarterly_analysis", quarters, as_of, county, send, early=early)


@click.command("half-year", options_metavar="[选项]")
@click.argument("halves", metavar="半年...", nargs=-1, required=True, type=PeriodType(Frequency.HALF_YEAR))
@AS_OF
@COUNTY
@EARLY
@SEND
def half_year(
    halves: tuple[Period, ...], as_of: datetime | None, county: str | None, early: bool, send: bool
) -> None:
    """半年总结：出上半年或下半年的总结报告。"""
    _make_documents("half_year_summary", halves, as_of, county, send, early=early)


@click.command(options_metavar="[选项]")
@click.argument("years", metavar="年份...", nargs=-1, required=True, type=PeriodType(Frequency.YEAR))
@AS_OF
@COUNTY
@EARLY
@SEND
def annual(
    years: tuple[Period, ...], as_of: datetime | None, county: str | None, early: bool, send: bool
) -> None:
    """年度评估：出一年的评估报告和建议通报表扬名单（供审定）。"""
    _make_documents("annual_assessment", years, as_of, county, send, early=early)


def _make_documents(
    kind: str,
    periods: tuple[Period, ...],
    as_of: datetime | None,
    county: str | None,
    send: bool,
    *,
    early: bool,
) -> None:
    """Draft the document of each period and say where it lies; issue and send it if asked to."""
    if send and as_of:
        raise click.UsageError("--as-of 做出的是旧时的文件，不能发送，请去掉 --send 或 --as-of")
    office = Office()
    chosen = county_named(office.plan(periods[0].year), county)
    for period in periods:
        click.echo(
            f"{period.long_label}：{shown_path(_make(office, kind, period, as_of, chosen, early=early))}"
        )
    if send:
        issue_and_send(office, documents_of(kind, periods, chosen))
    elif as_of is None:
        click.echo(next_step(office, documents_of(kind, periods, chosen)))


def _make(
    office: Office,
    kind: str,
    period: Period,
    as_of: datetime | None,
    county: str | None,
    *,
    early: bool,
) -> Path:
    """Draft one document, at our server where that runs; returns its PDF."""
    if (api := server(office.settings)) is None:
        with turning(f"{period.long_label} 成文"):
            return next(iter(office.make(kind, str(period), as_of, county, early=early).pdfs.values()))
    from flows.documents.publishing import draft_folder

    name = office.plan(period.year).name_of(county) if county else None
    parameters = {str(period.frequency): str(period), "as_of": as_of, "county": name, "early": early}
    run(api, DOCUMENT_KINDS[kind].label, parameters)
    return next(draft_folder(office.settings.reports, str(period), kind, as_of, county).glob("*.pdf"))


def _make_county_reports(months: tuple[Period, ...], as_of: datetime | None) -> None:
    """Draft every county's report of each month and say how many were made; it fails at its end if some were not."""
    office = Office()
    for month in months:
        office.plan(month.year)
        if api := server(office.settings):
            rows = run(api, "反馈单", {"month": str(month), "as_of": as_of}, "county-reports")
        else:
            rows = [office.county_reports(str(month), as_of)]
        text = "，".join(f"{what} {count} 份" for what, count in rows[0].items())
        click.echo(f"{month.long_label}反馈单：{text}，在 {shown_path(office.settings.reports / str(month))}")


_NOTICE_COLUMNS = ("结果", "单位", "梯次", "编号", "说明")


@click.command(options_metavar="[选项]")
@click.argument("month", metavar="月份", type=PeriodType(Frequency.MONTH))
@AS_OF
@ON
def notices(month: Period, as_of: datetime | None, on: datetime | None) -> None:
    """提醒催办：按台账研判、拟稿，列出办了什么、为什么不办。"""
    office, day = Office(), on.date() if on else None
    office.plan(month.year)
    if api := server(office.settings):
        rows = run(api, "提醒催办", {"month": str(month), "as_of": as_of, "on": day}, "notices")
    else:
        from flows.documents.notices import as_rows

        with turning("研判拟稿"):
            rows = as_rows(office.notices(str(month), day, as_of))
    for line in table(rows, _NOTICE_COLUMNS):
        click.echo(line)
    drafted = sum(row["结果"] == "拟稿" for row in rows)
    click.echo(
        f"{month.long_label}：拟稿 {drafted} 份，文书在 {shown_path(office.settings.reports / str(month) / 'notices')}"
    )


@click.command(options_metavar="[选项]")
@click.argument("period", metavar="报告期", type=PeriodType())
@AS_OF
@click.option(
    "--format", "form", type=click.Choice(["json", "csv", "xlsx"]), default="json", show_default=True,
    help="写成什么：json、csv，或工作簿 xlsx",
)  # fmt: skip
@click.option(
    "--out",
    metavar="位置",
    type=click.Path(path_type=Path),
    help="写到哪个文件；xlsx 默认 data/reports/报告期/figures.xlsx",
)
def figures(period: Period, as_of: datetime | None, form: str, out: Path | None) -> None:
    """汇总数：月、季、半年、年，一行一个地区一项指标。"""
    office = Office()
    content = office.figures(period, as_of, form)
    office.note_export(f"汇总数 {period} {form}")
    target = out or (office.settings.reports / str(period) / "figures.xlsx" if form == "xlsx" else None)
    if target is None:
        click.echo(content, nl=False)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    click.echo(f"{period.long_label}汇总数写在 {shown_path(target)}")


@click.command(options_metavar="[选项]")
@click.argument("where", metavar="报告期|文件", shell_complete=PeriodType().shell_complete)
@click.argument("what", metavar="指标|数", shell_complete=complete_indicators)
@click.argument("county", metavar="[地区]", default="", shell_complete=complete_counties)
@AS_OF
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@click.pass_context
def trace(
    context: click.Context, where: str, what: str, county: str, as_of: datetime | None, as_json: bool
) -> None:
    """溯源：一个印出来的数，从算式、目标一直查到报表的单元格。

    写文件和页上的数：2025-06/monthly_dispatch 41.7；或者写报告期、指标、地区。
    指标、地区写 id 或名称；全市写 city 或 全市，列出其中各地。
    """
    from flows.documents.tracing import lines
    from flows.documents.tracing.trace import NotPrintedError, UntraceableError

    office = Office()
    try:
        if "/" in where and not county:
            found = office.trace_printed(where, what)
        else:
            period = PeriodType().convert(where, context.command.params[0], context)
            catalogue = office.plan(period.year)
            if not county:
                raise click.UsageError("还要写明地区：id 或名称，全市写 city")
            whose = (
                CITY if county in {CITY, catalogue.plan.scope} else county_named(catalogue, county) or CITY
            )
            found = office.trace(period, indicator_named(catalogue, what), whose, as_of)
    except (UntraceableError, NotPrintedError) as fault:
        raise click.UsageError(str(fault)) from None
    click.echo(lines.as_json(found) if as_json else lines.as_text(found))
    if faults := lines.faults(found):
        raise lines.TraceBrokenError(faults)


@click.command(options_metavar="[选项]")
@click.argument("documents", metavar="文件名称|发文字号...", nargs=-1, required=True)
@click.option(
    "--out",
    metavar="文件夹",
    type=click.Path(path_type=Path),
    help="写到哪个文件夹；不写，草稿的写在 PDF 旁边，印发的写在 data/docx",
)
def docx(documents: tuple[str, ...], out: Path | None) -> None:
    """可编辑稿：由同样的事实做出 .docx，可用 WPS、Word 打开；数是锁定的，改不了。"""
    office = Office()
    for document in documents:
        with turning(f"{document} 可编辑稿"):
            name, written = office.docx(document)
        beside = (
            office.settings.reports / document
            if "/" in document
            else office.settings.data / "docx" / document
        )
        path = (out or beside) / name
        write_whole(path, written.content)
        click.echo(f"{document}：{shown_path(path)}")


@click.command(options_metavar="[选项]")
@click.argument("before", metavar="文件")
@click.argument("after", metavar="[文件]", default="")
@click.option(
    "--out", metavar="位置", type=click.Path(path_type=Path), help="写成网页（.html）或带修订的 .docx"
)
def compare(before: str, after: str, out: Path | None) -> None:
    """比较：两份文件的数和文字哪里不同；只写一份草稿的，同上一稿比；印发的同它的更正说明比，列出更正后的数。"""
    if out and out.suffix not in (".html", ".docx"):
        raise click.UsageError("--out 写成 .html 或 .docx")
    office = Office()
    with turning("比较"):
        found = office.compare(before, after)
    for line in found.lines():
        click.echo(line)
    click.echo(f"数 {len(found.numbers)} 处、文字 {len(found.changes)} 段不同")
    if out:
        write_whole(out, found.as_docx() if out.suffix == ".docx" else found.as_html())
        click.echo(f"比较稿写在 {shown_path(out)}")


COMMANDS = (monthly, quarterly, half_year, annual, notices, figures, docx, compare, trace)
