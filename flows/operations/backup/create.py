"""Backing up (备份): everything that cannot be made again, and what makes going on quicker, in one verified file.

The warehouse could be rebuilt, and is in it nevertheless: it is what a restored place is compared with, and what
documents were made from if the program has changed since. It is held only while its file is copied and the folders
are listed, so that list, journal and tables are of one moment; what is listed never changes afterwards.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from flows.documents.program_version import READING, program
from flows.operations.backup.archive import BackupError, Item, Member, read, write
from flows.operations.backup.manifest import WAREHOUSE, listed
from flows.operations.backup.rotation import backups, expendable, name_of
from flows.plan.folders import plan_of
from flows.plan.plan_file import PlanError
from flows.progress import shown
from flows.settings import Settings
from flows.warehouse.connection import (
    NewerWarehouseError,
    OldWarehouseError,
    Warehouse,
    WarehouseBusyError,
    WarehouseError,
)
from flows.warehouse.fingerprint import fingerprint
from flows.warehouse.patience import patient_warehouse

_ASIDE = ".diaodu-"


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup made: where, how many files of how many bytes, its own size, the backups that had their time, and
    what could not be done as it should."""

    path: Path
    files: int
    content_bytes: int
    size: int
    gone: tuple[Path, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """What was there while the warehouse was held."""

    items: tuple[Item, ...]
    about: Mapping[str, object]
    remarks: tuple[str, ...]


def back_up(settings: Settings, now: datetime, to: Path | None = None) -> Kept:
    """Write a backup of this moment, read it back, and let those go that have had their time; with `to`, into that
    folder, in which nothing is ever removed. BackupError where it cannot be made."""
    folder = to or settings.backups
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / name_of(now)
    if target.exists():
        raise BackupError(target, "已经有了，不覆盖；过一秒再备份")
    _sweep(folder)
    try:
        with tempfile.TemporaryDirectory(prefix=f"{_ASIDE}{os.getpid()}-", dir=folder) as aside:
            members, remarks = _written(settings, now, Path(aside), target)
    except OSError as fault:
        why = "磁盘满了" if fault.errno in (errno.ENOSPC, errno.EDQUOT) else str(fault)
        raise BackupError(target, f"没有写成：{why}") from None
    _settle(folder)
    gone, said = _rotated(settings) if to is None else ((), ())
    content = sum(member.size for member in members.values())
    return Kept(target, len(members), content, target.stat().st_size, gone, (*remarks, *said))


def _written(
    settings: Settings, now: datetime, aside: Path, target: Path
) -> tuple[dict[str, Member], tuple[str, ...]]:
    """Written aside, read back, and only then put in its place."""
    held = _held(settings, now, aside)
    _has_room(target, held.items)
    written = aside / target.name
    members = write(written, shown(held.items, "备份"), held.about)
    for _ in shown(read(written), "读回核对"):
        pass
    written.rename(target)
    return members, held.remarks


def _held(settings: Settings, now: datetime, aside: Path) -> _Held:
    """Hold the warehouse, list everything, copy what will not hold still; the fingerprints are the copy's."""
    with ExitStack() as later, ExitStack() as closing:
        held, remarks = _opened(settings, closing)
        items = list(listed(settings, aside))
        if held is not None:
            held.settle()
            _copied(held.path, aside / "warehouse", later)
    tables, schema = {}, None
    if held is not None:
        items.append(Item(WAREHOUSE, aside / "warehouse"))
        with Warehouse(aside / "warehouse", as_found=True) as copy:
            tables = {name: asdict(table) for name, table in fingerprint(copy).items()}
            schema = asdict(copy.schema) if copy.schema else None
    about = {
        "format": 1,
        "made_at": now.isoformat(),
        "program": program(READING),
        "one_plan": settings.plan is not None,
        "schema": schema,
        "tables": tables,
    }
    return _Held(tuple(items), about, remarks)


def _opened(settings: Settings, closing: ExitStack) -> tuple[Warehouse | None, tuple[str, ...]]:
    """The warehouse, or why it is not in the backup: what cannot be made again is kept all the same."""
    if not settings.warehouse.exists():
        return None, ()
    try:
        return closing.enter_context(patient_warehouse(settings)), ()
    except (OldWarehouseError, NewerWarehouseError):
        found = Warehouse(settings.warehouse, settings.journal, as_found=True)
        return closing.enter_context(found), ()
    except WarehouseBusyError:
        raise
    except WarehouseError as fault:
        return None, (f"数据库没有备进去：{fault}",)


def _copied(path: Path, target: Path, later: ExitStack) -> None:
    """Copy the file. It is closed later than the warehouse: closing it gives up this process's lock on it."""
    file = later.enter_context(path.open("rb"))
    with target.open("xb") as copy:
        shutil.copyfileobj(file, copy, 1 << 20)


def _has_room(target: Path, items: tuple[Item, ...]) -> None:
    needed = sum(item.path.stat().st_size for item in items if item.path.exists())
    if (free := shutil.disk_usage(target.parent).free) < needed:
        raise BackupError(
            target, f"放不下：约需 {needed / 2**20:.0f} MB，{target.parent} 只剩 {free / 2**20:.0f} MB"
        )


def _settle(folder: Path) -> None:
    """Have the disk know the new name, too."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _sweep(folder: Path) -> None:
    """Remove what a backup left that was killed."""
    for left in folder.glob(f"{_ASIDE}*-*"):
        number = left.name.removeprefix(_ASIDE).partition("-")[0]
        if number.isdigit() and not Path(f"/proc/{number}").exists():
            shutil.rmtree(left)


def _rotated(settings: Settings) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Remove the backups that have had their time; none while the plan that says which cannot be read."""
    try:
        policy = plan_of(settings).policy.backup
    except PlanError as fault:
        return (), (f"旧备份没有清理，因为方案读不出来（{fault}）",)
    found = backups(settings.backups)
    gone = tuple(found[moment] for moment in sorted(expendable(found, policy)))
    for path in gone:
        path.unlink()
    return gone, ()
