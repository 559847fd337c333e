"""The operator's commands (运维): up, down, what is due, watch, doctor."""

from datetime import date, datetime

import click

from flows.office import Office
from flows.operations.deployment_run import run, server
from flows.progress import turning
from flows.settings import Settings, shown_path


@click.command(options_metavar="[选项]")
def init() -> None:
    """新建：把数据文件夹（DIAODU_DATA，不写为 data）设为本单位的；已是的不动。"""
    from flows.clock import now
    from flows.operations import data_folder

    settings = Settings()
    is_new = data_folder.init(settings, now())
    click.echo(f"{'已建立' if is_new else '已有'}数据文件夹：{shown_path(settings.data)}")


@click.command(options_metavar="[选项]")
@click.option("--stay", is_flag=True, help="留在前台，按 Ctrl-C 或收到停止信号时一并停止（容器里用）")
def up(stay: bool) -> None:
    """启动：流程服务、执行器、看护；已在运行的不动。"""
    from flows.operations.up_down import stay_up
    from flows.operations.up_down import up as start

    settings = Settings()
    start(settings, click.echo)
    if stay:
        stay_up(settings, click.echo)


@click.command(options_metavar="[选项]")
@click.option("--now", "at_once", is_flag=True, help="不等正在运行的任务做完")
def down(at_once: bool) -> None:
    """停止 up 启动的各项，别的程序不动。"""
    from flows.operations.up_down import down as stop

    stop(Settings(), click.echo, wait=not at_once)


@click.command(options_metavar="[选项]")
def desk() -> None:
    """案头：在浏览器里收表、看数、审签、发送；用账号登录，按 Ctrl-C 停止。"""
    from flows.desk.serve import serve as serve_desk

    serve_desk(Settings(), click.echo)


@click.command(hidden=True, options_metavar="[选项]")
@click.argument("name", type=click.Choice(["server", "worker", "watch", "desk"]))
def serve(name: str) -> None:
    """作为一项服务运行（由 up 或 systemd 调用）。"""
    from flows.desk.serve import serve as serve_desk
    from flows.operations import services

    start = {
        "server": services.serve_server,
        "worker": services.serve_worker,
        "watch": services.serve_watch,
        "desk": serve_desk,
    }
    start[name](Settings())


@click.command(options_metavar="[选项]")
@click.option(
    "--on", metavar="日期", type=click.DateTime(["%Y-%m-%d"]), help="哪一天，如 2025-07-08；不写为今天"
)
@click.option("--run", "at_once", is_flag=True, help="现在就办（与定时运行的“日程”相同）；做过的不再做")
def agenda(on: datetime | None, at_once: bool) -> None:
    """列出到期而还没有做的事；加 --run 现在就办。"""
    office = Office()
    day = on.date() if on else office.now().date()
    due = office.due(day)
    for one in due:
        click.echo(f"  {one}")
    click.echo(f"{day}：到期未办 {len(due)} 件")
    if at_once:
        done = _run_due(office, day)
        click.echo(
            f"已办：{'、'.join(matter for matter, outcome in done.items() if not outcome) or '没有要办的'}"
        )
        for matter, outcome in done.items():
            if outcome:
                click.echo(f"  {matter}　{outcome}")


def _run_due(office: Office, day: date) -> dict[str, str]:
    """Do what is due, at our server where that runs; each matter with what it waits for, empty where it is done.
    RuntimeError where something failed."""
    if api := server(office.settings):
        rows = run(api, "日程", {"on": day}, "agenda")
        return {row["事项"]: "" if row["结果"] == "已办" else row["结果"] for row in rows}
    from flows.due_work import raise_failures, run_due

    with turning("日程"):
        done = run_due(office, day)
    raise_failures(done)
    return done


@click.command(options_metavar="[选项]")
def watch() -> None:
    """看护一次：有没有没做成的、该做没做的、停了的；新出的事写信告知管理员，一件一封。"""
    from flows.clock import now
    from flows.operations.alerts import notify_operator
    from flows.operations.watch import run_checks

    settings, at = Settings(), now()
    lines = notify_operator(settings, run_checks(settings, at), at)
    for line in lines:
        click.echo(line)
    if lines:
        raise click.exceptions.Exit(1)
    click.echo("一切正常")


@click.command(options_metavar="[选项]")
def doctor() -> None:
    """体检：机器、方案、字体、数据库、存件、通讯录、邮件、账号、流程、磁盘、权限、备份、日历、时钟，逐项说结果和办法。"""
    from flows.clock import now
    from flows.operations.doctor import findings

    is_well = True
    for finding in findings(Settings(), now()):
        click.echo(str(finding))
        is_well = is_well and finding.is_well
    if not is_well:
        raise click.exceptions.Exit(1)


COMMANDS = (init, up, down, serve, desk, agenda, watch, doctor)
