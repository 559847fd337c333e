"""Backing up (备份): everything that cannot be made again, and what makes going on quicker, in one verified file.

The warehouse could be rebuilt, and is included nevertheless: a restored folder is compared with it. It is held only while
its file is copied and the folders are listed, so that list, journal and tables are of one moment. Not included: blank
forms, Prefect's own database and the services' logs, which are made again, and `.env` and whatever holds a password.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from flows.documents.program_version import READING, program
from flows.issuing.mail_account import contacts_file
from flows.operations.backup.archive import BackupError, Item, Member, read, write
from flows.operations.backup.rotation import backups, expendable, name_of
from flows.operations.content import Damage, altered, expected_hashes, missing, update_checksums
from flows.plan.folders import plan_of
from flows.plan.plan_file import PlanError
from flows.progress import shown
from flows.settings import Settings
from flows.warehouse.connection import (
    LOCK_TIMEOUT_SECONDS,
    NewerWarehouseError,
    OldWarehouseError,
    Warehouse,
    WarehouseBusyError,
    WarehouseError,
)
from flows.warehouse.fingerprint import fingerprint

HEAD = "ledgers/accounts.head"  # of the access record; as it was before the record is measured
FOLDERS = ("raw", "ledgers", "issued", "receipts", "reports")
INBOX, LEDGERS, PLAN, WAREHOUSE = "raw/inbox/", "ledgers/", "plan", "warehouse/diaodu.duckdb"
MAY_VANISH = (INBOX, "receipts/", "reports/")  # taken in, or made again, while the backup is written
_ASIDE = ".diaodu-"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup made: where, how many files of how many bytes, its own size, what of its content is not what was put
    there, the older backups removed, and what could not be done as it should."""

    path: Path
    files: int
    content_bytes: int
    size: int
    damages: tuple[Damage, ...]
    removed: tuple[Path, ...]
    remarks: tuple[str, ...]

    def require_whole_content(self) -> None:
        """RuntimeError where damaged content was backed up: the run that did it counts as failed."""
        if self.damages:
            raise RuntimeError(f"已备份，但有文件损坏：{'；'.join(one.sentence for one in self.damages)}")


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """What was there while the warehouse was held."""

    items: tuple[Item, ...]
    about: Mapping[str, object]
    remarks: tuple[str, ...]


def back_up(settings: Settings, now: datetime, to: Path | None = None) -> Backup:
    """Write a backup of this moment, read it back, and remove those that the policy no longer keeps; with `to`, into
    that folder, in which nothing is ever removed. Damaged content is backed up as it is, and then no older backup is
    removed: one of them holds it whole. BackupError where it cannot be made."""
    folder = to or settings.backups
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / name_of(now)
    if target.exists():
        raise BackupError(target, "已经有了，不覆盖；过一秒再备份")
    _sweep(folder)
    try:
        with tempfile.TemporaryDirectory(prefix=f"{_ASIDE}{os.getpid()}-", dir=folder) as aside:
            members, remarks = _write(settings, now, Path(aside), target)
    except OSError as error:
        why = "磁盘满了" if error.errno in (errno.ENOSPC, errno.EDQUOT) else str(error)
        raise BackupError(target, f"没有写成：{why}") from None
    _flush(folder)
    hashes = {name: member.sha256 for name, member in members.items()}
    damages = tuple(_damages(settings, hashes))
    damaged = {one.name for one in damages}
    update_checksums(settings, {n: digest for n, digest in hashes.items() if n not in damaged}, now)
    removed, unremoved = ((), ()) if to or damages else _rotate(settings)
    content = sum(member.size for member in members.values())
    size = target.stat().st_size
    return Backup(target, len(members), content, size, damages, removed, (*remarks, *unremoved))


def _damages(settings: Settings, found: Mapping[str, str]) -> Iterator[Damage]:
    """What was packed, against the hashes on record."""
    for name, digest in sorted(expected_hashes(settings).items()):
        if name not in found:
            yield missing(name)
        elif found[name] != digest:
            yield altered(name)


def _write(
    settings: Settings, now: datetime, aside: Path, target: Path
) -> tuple[dict[str, Member], tuple[str, ...]]:
    """Written aside, read back, and only then put in its place."""
    snapshot = _snapshot(settings, now, aside)
    _require_room(target, snapshot.items)
    written = aside / target.name
    members = write(written, shown(snapshot.items, "备份"), snapshot.about)
    for _ in shown(read(written), "读回核对"):
        pass
    written.rename(target)
    return members, snapshot.remarks


def _snapshot(settings: Settings, now: datetime, aside: Path) -> _Snapshot:
    """Hold the warehouse, list everything, copy what changes; the fingerprints are the copy's."""
    with ExitStack() as later, ExitStack() as closing:
        held, remarks = _open_warehouse(settings, closing)
        items = [*_data_files(settings, aside), *_plans_and_contacts(settings)]
        if held is not None:
            held.settle()
            _copy(held.path, aside / "warehouse", later)
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
    return _Snapshot(tuple(items), about, remarks)


def _data_files(settings: Settings, aside: Path) -> Iterator[Item]:
    """Every file but the warehouse. Those in the inbox are copied to `aside`: they may be taken in meanwhile; and so is
    the access record's head: it must not be ahead of the record."""
    for folder in FOLDERS:
        for path in sorted((settings.data / folder).rglob("*")):
            name = path.relative_to(settings.data).as_posix()
            if not path.is_file() or path.is_symlink() or path.name.endswith(".part"):
                continue
            source = path
            if name.startswith(INBOX) or name == HEAD:
                source = aside / name
                source.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, source)
            at_most = source.stat().st_size if name.startswith(LEDGERS) else None
            yield Item(name, source, at_most, may_vanish=name.startswith(MAY_VANISH))


def _plans_and_contacts(settings: Settings) -> Iterator[Item]:
    for folder in settings.plan_folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
            yield Item(f"{PLAN}/{folder.name}/{path.relative_to(folder).as_posix()}", path)
    if (contacts := contacts_file(settings)).is_file():
        yield Item("contacts.toml", contacts)


def _open_warehouse(settings: Settings, closing: ExitStack) -> tuple[Warehouse | None, tuple[str, ...]]:
    """The warehouse, or why it is not in the backup: what cannot be made again is kept all the same."""
    if not settings.warehouse.exists():
        return None, ()
    try:
        opened = Warehouse(settings.warehouse, settings.journal, timeout=LOCK_TIMEOUT_SECONDS)
        return closing.enter_context(opened), ()
    except (OldWarehouseError, NewerWarehouseError):
        other = Warehouse(settings.warehouse, settings.journal, as_found=True)
        return closing.enter_context(other), ()
    except WarehouseBusyError:
        raise
    except WarehouseError as error:
        return None, (f"数据库没有备进去：{error}",)


def _copy(path: Path, target: Path, later: ExitStack) -> None:
    """Copy the file. It is closed later than the warehouse: closing it gives up this process's lock on it."""
    file = later.enter_context(path.open("rb"))
    with target.open("xb") as copy:
        shutil.copyfileobj(file, copy, 1 << 20)


def _require_room(target: Path, items: tuple[Item, ...]) -> None:
    needed = sum(item.path.stat().st_size for item in items if item.path.exists())
    if (free := shutil.disk_usage(target.parent).free) < needed:
        raise BackupError(
            target, f"放不下：约需 {needed / 2**20:.0f} MB，{target.parent} 只剩 {free / 2**20:.0f} MB"
        )


def _flush(folder: Path) -> None:
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


def _rotate(settings: Settings) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Remove the backups that have had their time; none while the plan that says which cannot be read."""
    try:
        policy = plan_of(settings).policy.backup
    except PlanError as error:
        return (), (f"旧备份没有清理，因为方案读不出来（{error}）",)
    present = backups(settings.backups)
    removed = tuple(present[moment] for moment in sorted(expendable(present, policy)))
    for path in removed:
        path.unlink()
    return removed, ()
