"""Restoring a backup into an empty place (恢复), and showing that it is whole: every hash, and the warehouse made anew.

What is laid down is a data folder that can be worked in at once. The warehouse in it is the copy that was backed up;
the one made anew from the restored files shows that nothing is missing, and goes again when both hold the same.
"""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from flows.operations.backup.archive import read
from flows.operations.backup.create import PLAN, WAREHOUSE
from flows.operations.backup.rebuild import NOTE, make_anew, rows_apart
from flows.operations.backup.rotation import backups
from flows.plan.plan_file import PlanError
from flows.progress import shown
from flows.settings import Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.fingerprint import Compared, Table, compared, fingerprint

_ASIDE, _DRILL = ".restoring", ".drill-"
Result = TypeVar("Result")
REBUILT = "rebuilt.duckdb"  # beside the warehouse, where both differ


class RestoreError(RuntimeError):
    """It cannot be restored there: why."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup restored: what it says of itself, how many files, the tables backed up against those made anew (null
    where the backup had no warehouse, or none could be made: then why), rows that differ, files the program did not
    get through."""

    into: Path
    about: Mapping[str, Any]
    files: int
    tables: tuple[Compared, ...] | None
    rows: tuple[tuple[str, bool, str], ...]
    unread: tuple[str, ...]
    hindered: str = ""

    @property
    def is_equal(self) -> bool:
        """Whether the warehouse made anew holds what the backed up one does."""
        return self.tables is not None and not self.unread and all(one.is_equal for one in self.tables)

    @property
    def is_by_another_program(self) -> bool:
        """Whether only tables differ whose very columns another version of the program has changed."""
        apart = [one for one in self.tables or () if not one.is_equal]
        return bool(apart) and all(one.is_reshaped or one.name == NOTE for one in apart)


def restore(archive: Path, into: Path) -> Restored:
    """Lay a backup down in an empty or new folder and compare. RestoreError where something lies there already,
    BackupError where the backup is spoilt: then nothing is left there."""
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise RestoreError(f"{into} 不是空的，不往里恢复；请指定一个空文件夹或新文件夹")
    is_new, aside = not into.exists(), into / _ASIDE
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside.mkdir(mode=0o700)
    try:
        *members, about = shown(read(archive, aside), "恢复")
        assert isinstance(about, Mapping)
        found = _rebuilt(aside, into, about, len(members))
        for child in sorted(aside.iterdir()):
            child.rename(into / child.name)
        aside.rmdir()
    except BaseException:
        shutil.rmtree(into if is_new else aside, ignore_errors=True)
        raise
    return found


def restored_last(settings: Settings, look: Callable[[Restored], Result]) -> Result:
    """Restore the last backup into a folder of its own, look at what came of it, and remove it again."""
    kept = backups(settings.backups)
    if not kept:
        raise RestoreError(f"{settings.backups} 里还没有备份，先运行 diaodu backup")
    for left in settings.data.glob(f"{_DRILL}*"):  # of one that was killed
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_DRILL, dir=settings.data) as folder:
        return look(restore([*kept.values()][-1], Path(folder) / "data"))


def _rebuilt(place: Path, into: Path, about: Mapping[str, Any], files: int) -> Restored:
    """Make the warehouse anew from what was restored, by the plan that was backed up, and compare."""
    settings = _settings(place, bool(about["one_plan"]))
    new = settings.warehouse.with_name(REBUILT)
    try:
        _, unread = make_anew(settings, new)
    except (PlanError, RuntimeError) as fault:  # what was backed up is laid down all the same
        new.unlink(missing_ok=True)
        return Restored(into, about, files, None, (), (), str(fault))
    if not (place / WAREHOUSE).exists():
        new.rename(settings.warehouse)
        return Restored(into, about, files, None, (), unread)
    with (
        Warehouse(settings.warehouse, settings.journal, as_found=True) as kept,
        Warehouse(new, settings.journal, as_found=True) as made,
    ):
        before, after = fingerprint(kept), fingerprint(made)
        if before != _noted(about):
            raise RestoreError("备份里的数据库与备份清单所记的不同，不能使用")
        tables = compared(before, after)
        found = Restored(into, about, files, tables, tuple(rows_apart(tables, kept, made)), unread)
    if found.is_equal:
        new.unlink()
    return found


def _noted(about: Mapping[str, Any]) -> dict[str, Table]:
    return {
        name: Table(tuple(one["columns"]), one["rows"], one["digest"])
        for name, one in about["tables"].items()
    }


def _settings(place: Path, one_plan: bool) -> Settings:
    plans = place / PLAN
    return Settings(
        data=place, plans=plans, plan=next(iter(sorted(plans.iterdir())), None) if one_plan else None
    )
