"""Create a backup (备份): everything that cannot be made again, in one archive, read back before it counts.

The warehouse could be rebuilt and is included nevertheless: a restored folder is compared with it. It is open only while
its file is copied and the folders are listed, so that list, journal and tables are of one moment. Not included: blank
forms, Prefect's own database, the services' logs, `.env` and other files with a password.
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
from flows.issuing.mail.account import contacts_file
from flows.operations.backup.archive import (
    BackupError,
    Item,
    Member,
    backups,
    expendable,
    name_of,
    read,
    write,
)
from flows.operations.content import Damage, altered, expected_hashes, missing, update_checksums
from flows.plan.load import plan_of
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
FOLDERS = ("raw", "ledgers", "issued", "receipts", "reports", "mail")
INBOX, LEDGERS, PLAN, WAREHOUSE = "raw/inbox/", "ledgers/", "plan", "warehouse/diaodu.duckdb"
README = "raw/README.md"  # belongs to the checkout
MAY_VANISH = (INBOX, "receipts/", "reports/")  # ingested or made again while the backup is written
_TEMPORARY = ".diaodu-"


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup: its path, number and size of the files, its own size, the damage found in its content, the
    older backups removed, and remarks on what could not be done."""

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


def back_up(settings: Settings, now: datetime, to: Path | None = None) -> Backup:
    """Write a backup of this moment, read it back, and remove those that the policy no longer retains.

    With `to` it is written into that folder, where nothing is removed. Damaged content is backed up as it is, and then
    no older backup is removed: one of them holds it whole. BackupError where no backup can be made.
    """
    folder = to or settings.backups
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / name_of(now)
    if target.exists():
        raise BackupError(target, "已经有了，不覆盖；过一秒再备份")
    _remove_interrupted(folder)
    try:
        with tempfile.TemporaryDirectory(prefix=f"{_TEMPORARY}{os.getpid()}-", dir=folder) as temporary:
            members, remarks = _write(settings, now, Path(temporary), target)
    except OSError as error:
        why = "磁盘满了" if error.errno in (errno.ENOSPC, errno.EDQUOT) else str(error)
        raise BackupError(target, f"没有写成：{why}") from None
    _flush(folder)
    hashes = {name: member.sha256 for name, member in members.items()}
    damages = tuple(_damages(settings, hashes))
    for damage in damages:
        hashes.pop(damage.name, None)
    update_checksums(settings, hashes, now)
    removed, unremoved = ((), ()) if to or damages else _rotate(settings)
    content = sum(member.size for member in members.values())
    size = target.stat().st_size
    return Backup(target, len(members), content, size, damages, removed, (*remarks, *unremoved))


def _damages(settings: Settings, packed: Mapping[str, str]) -> Iterator[Damage]:
    """What was packed, against the hashes on record."""
    for name, digest in sorted(expected_hashes(settings).items()):
        if name not in packed:
            yield missing(name)
        elif packed[name] != digest:
            yield altered(name)


def _write(
    settings: Settings, now: datetime, temporary: Path, target: Path
) -> tuple[dict[str, Member], tuple[str, ...]]:
    """Write a temporary file, read it back, and only then rename it."""
    items, about, remarks = _snapshot(settings, now, temporary)
    _require_room(target, items)
    written = temporary / target.name
    members = write(written, shown(items, "备份"), about)
    for _ in shown(read(written), "读回核对"):
        pass
    written.rename(target)
    return members, remarks


def _snapshot(
    settings: Settings, now: datetime, temporary: Path
) -> tuple[list[Item], dict[str, object], tuple[str, ...]]:
    """With the warehouse open: list every file, copy those that change; then fingerprint the copy."""
    with ExitStack() as later, ExitStack() as closing:
        warehouse, remarks = _open_warehouse(settings, closing)
        items = [*_data_files(settings, temporary), *_plans_and_contacts(settings)]
        if warehouse is not None:
            warehouse.settle()
            _copy(warehouse.path, temporary / "warehouse", later)
    tables, schema = {}, None
    if warehouse is not None:
        items.append(Item(WAREHOUSE, temporary / "warehouse"))
        with Warehouse(temporary / "warehouse", as_found=True) as copy:
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
    return items, about, remarks


def _data_files(settings: Settings, temporary: Path) -> Iterator[Item]:
    """Every file but the warehouse. Inbox files are copied to `temporary`, since they may be ingested meanwhile; and so is
    the access record's head, which must not be ahead of the record."""
    for folder in FOLDERS:
        for path in sorted((settings.data / folder).rglob("*")):
            name = path.relative_to(settings.data).as_posix()
            if not path.is_file() or path.is_symlink() or path.name.endswith(".part") or name == README:
                continue
            source = path
            if name.startswith(INBOX) or name == HEAD:
                source = temporary / name
                source.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, source)
            max_bytes = source.stat().st_size if name.startswith(LEDGERS) else None
            yield Item(name, source, max_bytes, may_vanish=name.startswith(MAY_VANISH))


def _plans_and_contacts(settings: Settings) -> Iterator[Item]:
    for folder in settings.plan_folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
            yield Item(f"{PLAN}/{folder.name}/{path.relative_to(folder).as_posix()}", path)
    if (contacts := contacts_file(settings)).is_file():
        yield Item("contacts.toml", contacts)


def _open_warehouse(settings: Settings, closing: ExitStack) -> tuple[Warehouse | None, tuple[str, ...]]:
    """The warehouse; or None and why it is not in the backup, which is made all the same."""
    if not settings.warehouse.exists():
        return None, ()
    try:
        opened = Warehouse(settings.warehouse, settings.journal, timeout=LOCK_TIMEOUT_SECONDS)
    except (OldWarehouseError, NewerWarehouseError):
        opened = Warehouse(settings.warehouse, settings.journal, as_found=True)
    except WarehouseBusyError:
        raise
    except WarehouseError as error:
        return None, (f"数据库没有备进去：{error}",)
    return closing.enter_context(opened), ()


def _copy(path: Path, target: Path, later: ExitStack) -> None:
    """Copy the file, and close it later than the warehouse: closing it gives up this process's lock on it."""
    file = later.enter_context(path.open("rb"))
    with target.open("xb") as copy:
        shutil.copyfileobj(file, copy, 1 << 20)


def _require_room(target: Path, items: list[Item]) -> None:
    needed = sum(item.path.stat().st_size for item in items if item.path.exists())
    if (free := shutil.disk_usage(target.parent).free) < needed:
        raise BackupError(
            target, f"放不下：约需 {needed / 2**20:.0f} MB，{target.parent} 只剩 {free / 2**20:.0f} MB"
        )


def _flush(folder: Path) -> None:
    """Flush the folder itself, so that the new name survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_interrupted(folder: Path) -> None:
    """Remove the temporary folders of backups whose process was killed."""
    for path in folder.glob(f"{_TEMPORARY}*-*"):
        pid = path.name.removeprefix(_TEMPORARY).partition("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(path)


def _rotate(settings: Settings) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Remove the backups that the policy no longer retains; none where the plan cannot be read."""
    try:
        policy = plan_of(settings).policy.backup
    except PlanError as error:
        return (), (f"旧备份没有清理，因为方案读不出来（{error}）",)
    present = backups(settings.backups)
    removed = tuple(present[moment] for moment in sorted(expendable(present, policy)))
    for path in removed:
        path.unlink()
    return removed, ()
