"""Rebuild the warehouse (重建) from the raw store, the plan and the journal, and compare it with the old one.

The journal comes first, then every file in its original order, checked against what was on record when it was received.
The new file lies beside the old one until both are compared, table by table; the old one stays open meanwhile, so that
nobody writes into what is about to be replaced.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from flows.clock import now as clock_now
from flows.operations.backup.create import Backup, back_up
from flows.plan.catalogue import Catalogue
from flows.plan.load import plans
from flows.plan.observation import Refusal
from flows.progress import shown
from flows.settings import Settings
from flows.submissions.formats.grid import Opened
from flows.submissions.ingest import FAULTS
from flows.submissions.read_form import open_or_refuse
from flows.submissions.recording import Source, ingest
from flows.warehouse.connection import OldWarehouseError, Warehouse, WarehouseBusyError, WarehouseError
from flows.warehouse.fingerprint import Compared, compared, different_rows, fingerprint
from flows.warehouse.schema import present
from flows.warehouse.snapshots import withdraw
from flows.warehouse.stored_files import StoredFile, stored_files

NOTE = "schema_note"  # says which program made the tables, and nothing of their content
DifferentRow = tuple[str, bool, str]  # table, whether the earlier warehouse has it, the row as JSON


class StoreError(RuntimeError):
    """A file of the raw store is not what was received: which, and what to do."""

    def __init__(self, stored: StoredFile) -> None:
        what = "没有了" if stored.path is None else "与收到时不同"
        super().__init__(f"存件 {stored.file_name}（{stored.sha256[:12]}）{what}，不能重建；请从备份取回它")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The result of a rebuild: how many files were read, those the program failed on, the tables compared (null without
    an old warehouse that opens: `no_old` says why), rows that differ, and where the old one was moved (null: it is
    still in force)."""

    files: int
    unread: tuple[str, ...]
    tables: tuple[Compared, ...] | None
    no_old: str
    rows: tuple[DifferentRow, ...]
    is_in_force: bool
    moved_to: Path | None


def is_outdated(settings: Settings) -> bool:
    """Whether the warehouse has an earlier program's tables; WarehouseError where it does not open."""
    if not settings.warehouse.exists():
        return False
    with Warehouse(settings.warehouse, settings.journal, as_found=True) as warehouse:
        made, wanted = warehouse.schema, present()
    return made is not None and made != wanted and made.number <= wanted.number


def rebuild_safely(settings: Settings, at: datetime, accept: bool = False) -> tuple[Rebuilt, Backup | None]:
    """Rebuild; an earlier program's warehouse is backed up first."""
    try:
        is_old = is_outdated(settings)
    except WarehouseBusyError:
        raise
    except WarehouseError:
        is_old = False  # it does not open at all, and a backup would not hold it
    backup = back_up(settings, at) if is_old else None
    return rebuild(settings, at, accept), backup


def bring_up_to_date(settings: Settings) -> None:
    """Rebuild an earlier program's warehouse before the worker takes runs; where both differ, every run will say so."""
    if is_outdated(settings):
        rebuild_safely(settings, clock_now())


def rebuild(settings: Settings, now: datetime, accept: bool = False) -> Rebuilt:
    """Rebuild beside the old warehouse; put the new one in force if both hold the same, or in any case if `accept`.

    An old one with an earlier program's tables is compared in what both can hold.
    """
    new = settings.warehouse.with_name(f".{settings.warehouse.name}.{os.getpid()}.new")
    try:
        with ExitStack() as closing:
            old, why, is_older = _open_old(settings, closing)
            former = old.former_problems() if old else None
            files, unread = build(settings, new, former)
            tables, rows = _compare(settings, old, new)
            is_same = tables is not None and all(_is_same(one, is_older) for one in tables)
            in_force = accept or is_same or (old is None and not settings.warehouse.exists())
            if in_force and former is not None:
                _record_former_numbers(settings, new)
            moved_to = _replace(settings.warehouse, new, now) if in_force else None
        if in_force:
            Warehouse(settings.warehouse, settings.journal).close()
        return Rebuilt(files, unread, tables, why, rows, in_force, moved_to)
    finally:
        for path in (new, new.with_name(f"{new.name}.wal")):
            path.unlink(missing_ok=True)


def build(
    settings: Settings, target: Path, former: pl.DataFrame | None = None
) -> tuple[int, tuple[str, ...]]:
    """Build a warehouse at `target` from raw store, plan and journal; returns how many files were read, and those the
    program failed on. StoreError where a stored file is not what was received.

    `former` are the problems as an earlier program numbered them: later workbooks and the journal answer them by those
    numbers.
    """
    catalogues, unread = plans(settings).catalogues, []
    files = list(stored_files(settings.raw))
    with Warehouse(target, settings.journal, publishes=False) as warehouse:
        for stored in shown(files, "重建"):
            try:
                _ingest_stored(stored, warehouse, catalogues)
                if former is not None:
                    of_file = former.filter(pl.col("file_sha256") == stored.sha256)
                    warehouse.add_rows("former_numbers_of_file", of_file)
            except FAULTS as fault:
                unread.append(f"{stored.file_name}（{type(fault).__name__}）")
        warehouse.settle()
    return len(files) - len(unread), tuple(unread)


def _record_former_numbers(settings: Settings, new: Path) -> None:
    """Append them to the journal, so that later rebuilds know them without the earlier program's tables."""
    with Warehouse(new, settings.journal, publishes=False) as warehouse:
        rows = warehouse.introspect("former_numbers").to_dicts()
        if rows:
            warehouse.append([("former_number", rows)])
        warehouse.settle()


def _ingest_stored(stored: StoredFile, warehouse: Warehouse, catalogues: tuple[Catalogue, ...]) -> None:
    opened: Opened | Refusal | None = stored.refusal
    if opened is None:
        if stored.path is None or not stored.is_unchanged:
            raise StoreError(stored)
        opened = open_or_refuse(stored.own_name, stored.path.read_bytes())
    source = Source(stored.file_name, stored.own_name, stored.sha256, stored.received_at, stored.origin)
    ingest(source, opened, warehouse, catalogues)


def _open_old(settings: Settings, closing: ExitStack) -> tuple[Warehouse | None, str, bool]:
    """The warehouse in force, kept open; or None and why there is none to compare with. And whether it is outdated."""
    if not settings.warehouse.exists():
        return None, "原来没有数据库", False
    is_older = False
    try:
        old = Warehouse(settings.warehouse, settings.journal)
    except OldWarehouseError:
        old, is_older = Warehouse(settings.warehouse, settings.journal, as_found=True), True
    except WarehouseBusyError:
        raise
    except WarehouseError as fault:
        return None, str(fault), False
    closing.enter_context(old)
    old.settle()
    return old, "", is_older


def _compare(
    settings: Settings, old: Warehouse | None, new: Path
) -> tuple[tuple[Compared, ...] | None, tuple[DifferentRow, ...]]:
    if old is None:
        return None, ()
    with Warehouse(new, settings.journal, publishes=False) as made:
        tables = compared(fingerprint(old), fingerprint(made))
        return tables, tuple(different(tables, old, made))


def different(tables: tuple[Compared, ...], before: Warehouse, after: Warehouse) -> Iterator[DifferentRow]:
    """The first rows that only one of two warehouses has."""
    for one in tables:
        if not one.is_equal and not one.is_reshaped and one.name != NOTE:
            yield from ((one.name, side, row) for side, row in different_rows(one.name, before, after))


def _is_same(one: Compared, is_older: bool) -> bool:
    """Equal; or, against an earlier program's tables, as many rows of a table whose columns changed."""
    if one.is_equal or not is_older:
        return one.is_equal
    if one.name == NOTE or one.before is None:
        return True
    return one.is_reshaped and one.after is not None and one.after.rows == one.before.rows


def _replace(path: Path, new: Path, now: datetime) -> Path | None:
    """Replace the old file by the new one atomically; the old one stays beside it under another name, returned."""
    moved_to = None
    if path.exists():
        moved_to = path.with_name(f"{path.stem}-{now:%Y%m%dT%H%M%S}{path.suffix}")
        moved_to.hardlink_to(path)
        if (log := path.with_name(f"{path.name}.wal")).exists():
            log.replace(moved_to.with_name(f"{moved_to.name}.wal"))
    withdraw(path)
    new.replace(path)
    return moved_to
