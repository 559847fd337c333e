"""The command line: `diaodu …`, the same as `python -m flows …`. Each command loads only what it runs."""

import errno
import os
import sys
import traceback
from typing import NoReturn

from flows.cli import interruption  # before what takes time to load

# isort: split
import click

import flows.cli.chinese_click  # noqa: F401  # puts Click's own words into Chinese
from flows.cli import account, backup, documents, issue, mail, operate, report, simulate, words
from flows.plan.period import PeriodError
from flows.plan.plan_file import PlanError
from flows.settings import Settings, shown_path

# The commands in the order of the office's work (命令分组): what a month does first stands first in the help.
SECTIONS: tuple[tuple[str, tuple[click.Command, ...]], ...] = (
    ("报送", (*report.COMMANDS, *mail.COMMANDS)),
    ("成文", documents.COMMANDS),
    ("发文", (*words.COMMANDS, *issue.COMMANDS)),
    ("账号", account.COMMANDS),
    ("运行", operate.COMMANDS),
    ("保管", (*backup.COMMANDS, *simulate.COMMANDS)),
)
# What the operating system says of disks and files, with a remedy.
_OS_ERROR_MESSAGES = {
    errno.ENOSPC: "磁盘满了{where}。清理磁盘后再运行一次",
    errno.EDQUOT: "磁盘配额用完了{where}。清理磁盘或请管理员放宽后再运行一次",
    errno.EROFS: "磁盘是只读的{where}。检查磁盘和挂载，恢复可写后再运行一次",
    errno.EACCES: "没有权限{where}。检查文件归谁所有，用有权限的用户再运行一次",
    errno.EPERM: "没有权限{where}。检查文件归谁所有，用有权限的用户再运行一次",
    errno.ENOENT: "没有这个文件或文件夹{where}",
    errno.EIO: "磁盘读写出错{where}。检查磁盘，必要时从备份恢复",
}


class SectionedGroup(click.Group):
    """A group whose help lists its commands by section."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one block a section; hidden commands stay hidden."""
        for title, commands in SECTIONS:
            shown = [c for c in commands if not c.hidden]
            with formatter.section(title):
                formatter.write_dl([(c.name or "", c.get_short_help_str(200)) for c in shown])


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


for _, _commands in SECTIONS:
    for _command in _commands:
        backup.behind_check(_command)
        cli.add_command(_command)


def main() -> NoReturn:
    """Run a command: exit code 0, 1 with a sentence when the work failed, 2 for wrong use."""
    code: object = 0
    interruption.install(interruption.unwind)
    try:
        _run()
    except SystemExit as end:
        code = end.code
    except PlanError as fault:
        click.echo(f"没有做成：{fault}。改好这个文件后再运行一次", err=True)
        code = 1
    except OSError as fault:
        click.echo(f"没有做成：{os_error_message(fault)}", err=True)
        code = 1
    except (PeriodError, RuntimeError) as fault:
        click.echo(f"没有做成：{fault}", err=True)
        code = 1
    except KeyboardInterrupt:
        click.echo(interruption.SENTENCE, err=True)
        code = 1
    except Exception as fault:  # the last resort: nobody is shown a traceback
        click.echo(f"没有做成：程序内部出错（{type(fault).__name__}），{_noted(fault)}", err=True)
        code = 1
    _leave(code if isinstance(code, int) else 0 if code is None else 1)


def os_error_message(fault: OSError) -> str:
    """The sentence for a known errno; the text of any other error as it is."""
    where = f"（{fault.filename}）" if fault.filename else ""
    return (
        _OS_ERROR_MESSAGES[fault.errno].format(where=where)
        if fault.errno in _OS_ERROR_MESSAGES
        else str(fault)
    )


def _run() -> None:
    """The command; once more behind a rebuilding, where it met an earlier program's warehouse. What a command had
    done by then it does not do twice."""
    try:
        cli(prog_name="diaodu", obj=backup.ensure_office)
    except RuntimeError as fault:
        if not backup.brought_up_to_date(fault):
            raise
        cli(prog_name="diaodu", obj=backup.ensure_office)


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
