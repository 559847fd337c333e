"""Restore a backup (恢复) into an empty folder, verify every hash, and compare its warehouse with a rebuilt one.

The result is a data folder that can be worked in at once. Its warehouse is the copy that was backed up; the one rebuilt
from the restored files shows that nothing is missing, and is removed when both hold the same.
"""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.operations.backup.archive import backups, read
from flows.operations.backup.create import PLAN, WAREHOUSE
from flows.operations.backup.rebuild import NOTE, DifferentRow, build, different
from flows.plan.plan_file import PlanError
from flows.progress import shown
from flows.settings import Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.fingerprint import Compared, Table, compared, fingerprint

REBUILT = "rebuilt.duckdb"  # beside the warehouse, where both differ
_TEMPORARY, _DRILL = ".restoring", ".drill-"


class RestoreError(RuntimeError):
    """It cannot be restored there: why."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored backup: what it says of itself, how many files, the tables backed up against those rebuilt (null where
    the backup had no warehouse, or none could be rebuilt: `hindered` says why), rows that differ, files the program
    failed on."""

    into: Path
    about: Mapping[str, Any]
    files: int
    tables: tuple[Compared, ...] | None
    rows: tuple[DifferentRow, ...]
    unread: tuple[str, ...]
    hindered: str = ""

    @property
    def is_equal(self) -> bool:
        """Whether the rebuilt warehouse holds what the backed up one does."""
        return self.tables is not None and not self.unread and all(one.is_equal for one in self.tables)

    @property
    def is_by_another_program(self) -> bool:
        """Whether only tables differ whose columns another version of the program has changed."""
        differing = [one for one in self.tables or () if not one.is_equal]
        return bool(differing) and all(one.is_reshaped or one.name == NOTE for one in differing)

    @property
    def is_usable(self) -> bool:
        """Whether the restored folder may be worked with."""
        return not self.hindered and (self.tables is None or self.is_equal or self.is_by_another_program)


def restore(archive: Path, into: Path) -> Restored:
    """Restore into an empty or new folder and compare. RestoreError where the folder is not empty, BackupError where the
    backup is damaged: then nothing is left there."""
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise RestoreError(f"{into} 不是空的，不往里恢复；请指定一个空文件夹或新文件夹")
    is_new, temporary = not into.exists(), into / _TEMPORARY
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary.mkdir(mode=0o700)
    try:
        *members, about = shown(read(archive, temporary), "恢复")
        assert isinstance(about, Mapping)
        found = _compare(temporary, into, about, len(members))
        for child in sorted(temporary.iterdir()):
            child.rename(into / child.name)
        temporary.rmdir()
    except BaseException:
        shutil.rmtree(into if is_new else temporary, ignore_errors=True)
        raise
    return found


def drill(settings: Settings) -> Restored:
    """Restore the last backup into a temporary folder, compare, and remove it again."""
    present = backups(settings.backups)
    if not present:
        raise RestoreError(f"{settings.backups} 里还没有备份，先运行 diaodu backup")
    for interrupted in settings.data.glob(f"{_DRILL}*"):
        shutil.rmtree(interrupted)
    with tempfile.TemporaryDirectory(prefix=_DRILL, dir=settings.data) as folder:
        return restore([*present.values()][-1], Path(folder) / "data")


def _compare(folder: Path, into: Path, about: Mapping[str, Any], files: int) -> Restored:
    """Rebuild the warehouse from what was restored, by the plan that was backed up, and compare."""
    plans = folder / PLAN
    plan = next(iter(sorted(plans.iterdir())), None) if about["one_plan"] else None
    settings = Settings(data=folder, plans=plans, plan=plan)
    new = settings.warehouse.with_name(REBUILT)
    try:
        _, unread = build(settings, new)
    except (PlanError, RuntimeError) as fault:  # the files are restored all the same
        new.unlink(missing_ok=True)
        return Restored(into, about, files, None, (), (), str(fault))
    if not (folder / WAREHOUSE).exists():
        new.rename(settings.warehouse)
        return Restored(into, about, files, None, (), unread)
    with (
        Warehouse(settings.warehouse, settings.journal, as_found=True) as copy,
        Warehouse(new, settings.journal, as_found=True) as rebuilt,
    ):
        before, after = fingerprint(copy), fingerprint(rebuilt)
        if before != _listed(about):
            raise RestoreError("备份里的数据库与备份清单所记的不同，不能使用")
        tables = compared(before, after)
        found = Restored(into, about, files, tables, tuple(different(tables, copy, rebuilt)), unread)
    if found.is_equal:
        new.unlink()
    return found


def _listed(about: Mapping[str, Any]) -> dict[str, Table]:
    return {
        name: Table(tuple(one["columns"]), one["rows"], one["digest"])
        for name, one in about["tables"].items()
    }
