"""The lines that report a backup, a restored backup and a rebuild (备份、恢复、重建的结果)."""

from collections.abc import Iterator

from flows.documents.program_version import READING, program
from flows.operations.backup.create import Backup
from flows.operations.backup.rebuild import DifferentRow, Rebuilt
from flows.operations.backup.restore import Restored
from flows.warehouse.fingerprint import Compared, Table

LEGITIMATE = (
    "有差别而正当的，只有一种：上次入库以后改过程序或方案，同一份存件现在读得不同。"
    "逐行核对过、认可新读数的，加 --accept 启用新库；旧库改名留着，已印发文件以台账所记为准"
)


def backup_lines(backup: Backup) -> Iterator[str]:
    """Where the backup is, what is in it, and what of its content is damaged."""
    sizes = f"{backup.content_bytes / 2**20:.1f} MB，压缩后 {backup.size / 2**20:.1f} MB"
    yield f"已备份：{backup.path}"
    if backup.damages:
        yield f"{backup.files} 个文件，{sizes}；已读回，但有 {len(backup.damages)} 个文件在备份之前就已损坏或没有了："
        yield from (f"  {one.sentence}。{one.remedy}" for one in backup.damages)
        yield "旧备份一份也没有清理，其中有完好的"
    else:
        yield f"{backup.files} 个文件，{sizes}；已读回，逐个核对无误"
    if backup.removed:
        yield f"按 policy.toml 清理过期备份 {len(backup.removed)} 份"
    yield from backup.remarks


def restored_lines(found: Restored) -> Iterator[str]:
    """What was restored, and whether the rebuilt warehouse holds the same."""
    about = found.about
    yield f"已恢复到 {found.into}：{about['made_at'].replace('T', ' ')} 的备份，{found.files} 个文件，校验码全部一致"
    if about["program"] != program(READING):
        yield "备份时的程序与现在的不同，读数可能因此有差别"
    yield from _unread_lines(found.unread)
    if found.hindered:
        yield f"文件已恢复，但不能由它们重建数据库来比对：{found.hindered}"
        return
    if found.tables is None:
        yield "备份里没有数据库，已由存件和台账重建"
        return
    yield "备份的数据库与由存件、台账重建的逐表比对："
    yield from _table_lines(found.tables, found.rows, "备份", "重建")
    if found.is_equal:
        yield f"全部一致，恢复可用。启用：把 DIAODU_DATA 设为 {found.into}"
    elif found.is_by_another_program:
        yield "只有表的结构不同：备份是另一版程序做的。第一次使用时会先备份、再重建"
    else:
        yield f"有差别。恢复的文件夹里用的是备份的数据库，重建的在旁边（rebuilt.duckdb）。{LEGITIMATE}"


def rebuilt_lines(made: Rebuilt) -> Iterator[str]:
    """How many files were read again, how the tables compare, and which warehouse is in force."""
    yield f"重读存件 {made.files} 份"
    yield from _unread_lines(made.unread)
    if made.tables is None:
        yield f"没有可比的旧库：{made.no_old}"
    else:
        yield from _table_lines(made.tables, made.rows, "旧", "新")
    if made.is_in_force:
        yield "已启用新库" + (f"；旧库在 {made.moved_to}" if made.moved_to else "")
    elif made.tables is None:
        yield "没有启用新库，因为无从比对。确认要用新库的：diaodu rebuild --accept"
    else:
        yield f"没有启用新库，旧库原样未动。{LEGITIMATE}"


def _table_lines(
    tables: tuple[Compared, ...], rows: tuple[DifferentRow, ...], before: str, after: str
) -> Iterator[str]:
    """A line a table with rows and hash on either side, and the first rows that only one side has."""
    yield "  " + _columns("表", f"{before}行数", f"{before}校验码", f"{after}行数", f"{after}校验码", "")
    for one in tables:
        verdict = "同" if one.is_equal else "结构不同" if one.is_reshaped else "不同"
        yield "  " + _columns(one.name, *_side(one.before), *_side(one.after), verdict)
    differing = sum(not one.is_equal for one in tables)
    yield f"  {len(tables)} 张表" + (f"，{differing} 张不同" if differing else "，全部相同")
    for table, is_before, row in rows:
        yield f"  {table} 只在{before if is_before else after}库：{row}"


def _side(table: Table | None) -> tuple[str, str]:
    return ("—", "—") if table is None else (str(table.rows), table.digest[:12] or "（空）")


def _columns(*cells: str) -> str:
    """In columns on a terminal, where a Chinese character is two wide."""
    return " ".join(
        cell + " " * (width - len(cell) - sum(ord(c) > 0x2E80 for c in cell))
        for cell, width in zip(cells, (14, 8, 13, 8, 13, 8), strict=True)
    ).rstrip()


def _unread_lines(unread: tuple[str, ...]) -> Iterator[str]:
    if unread:
        yield f"程序没有读完的存件 {len(unread)} 份：{'、'.join(unread)}"
