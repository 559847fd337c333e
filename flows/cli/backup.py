"""The commands that keep and restore (备份、恢复、重建)."""

from collections.abc import Mapping
from functools import update_wrapper
from pathlib import Path

import click

from flows.settings import Settings


@click.command(options_metavar="[选项]")
@click.option("--to", metavar="位置", type=click.Path(file_okay=False, path_type=Path),
              help="另存到哪个文件夹，如移动硬盘；那里的旧备份不清理。不写为 data/backups 或 DIAODU_BACKUPS")  # fmt: skip
def backup(to: Path | None) -> None:
    """备份：存件、台账、数据库、已印发文件、回执、文稿、方案、通讯录，写成一个文件，读回核对。"""
    from flows.office import Office
    from flows.operations.backup.messages import backup_lines

    office = Office()
    made = office.backup(to)
    if to:
        office.note_export(f"备份 {made.path.name}")
    for line in backup_lines(made):
        click.echo(line)
    if made.damages:
        raise click.exceptions.Exit(1)


@click.command(options_metavar="[选项]")
@click.argument("archive", metavar="备份文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", metavar="位置", required=True, type=click.Path(path_type=Path),
              help="恢复到哪个空文件夹或新文件夹")  # fmt: skip
def restore(archive: Path, into: Path) -> None:
    """恢复：把备份恢复到空文件夹，逐个文件核对校验码，由存件和台账重建数据库，逐表比对。"""
    from flows.operations.backup.messages import restored_lines
    from flows.operations.backup.restore import restore as restore_into

    found = restore_into(archive, into.absolute())
    for line in restored_lines(found):
        click.echo(line)
    if not found.is_usable:
        raise click.exceptions.Exit(1)


@click.command(options_metavar="[选项]")
@click.option("--accept", is_flag=True, help="有差别也启用新库；旧库改名留着")
def rebuild(accept: bool) -> None:
    """重建：由存件、方案和台账流水重新建数据库，与现有的逐表比对，一致的启用，旧库留着。"""
    if not _rebuilt(Settings(), accept, to_stderr=False):
        raise click.exceptions.Exit(1)


# What makes an office's data folder, needs none, or says itself what is missing there.
NEED_NO_OFFICE = {
    "init",
    "sample",
    "forms",
    "plan",
    "restore",
    "rebuild",
    "rehearse",
    "doctor",
    "watch",
    "down",
}


READING = {"figures", "status", "trace"}


def ensure_office(command: str, arguments: Mapping[str, object]) -> None:
    """Before a command works on an office's data: NoOfficeError where there are none, a missing warehouse made.
    Workbooks named on the command line begin an office in an empty folder."""
    from flows.clock import now
    from flows.operations import data_folder

    data_folder.ensure(
        Settings(), now(), lambda line: click.echo(line, err=True),
        is_reading=command in READING, is_beginning=command == "intake" and bool(arguments["files"]),
    )  # fmt: skip


def behind_check(command: click.Command) -> None:
    """Have a command run what `main` gave it as its object, once its arguments are understood."""
    if isinstance(command, click.Group):
        for part in command.commands.values():
            behind_check(part)
    callback = command.callback
    if callback is None or command.name in NEED_NO_OFFICE:
        return

    @click.pass_context
    def checked(context: click.Context, /, **arguments: object) -> object:
        if callable(context.obj):
            context.obj(command.name, arguments)
        return callback(**arguments)

    command.callback = update_wrapper(checked, callback)


def brought_up_to_date(fault: RuntimeError) -> bool:
    """Where a command met an earlier program's warehouse, make it anew behind a backup: whether it is in force now."""
    from flows.warehouse.connection import OldWarehouseError

    return isinstance(fault, OldWarehouseError) and _rebuilt(Settings(), accept=False, to_stderr=True)


def _rebuilt(settings: Settings, accept: bool, to_stderr: bool) -> bool:
    """Say what is done, and whether the new warehouse is in force; on stderr where stdout is another command's."""
    from flows.clock import now
    from flows.operations.backup.messages import rebuilt_lines
    from flows.operations.backup.rebuild import rebuild_safely

    made, kept = rebuild_safely(settings, now(), accept)
    if kept is not None:
        click.echo(f"数据库是旧版程序建的，已先备份：{kept.path}", err=to_stderr)
    for line in rebuilt_lines(made):
        click.echo(line, err=to_stderr)
    return made.is_in_force


COMMANDS = (backup, restore, rebuild)
