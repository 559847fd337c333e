"""Making the warehouse anew (重建) from what was received, the plan and the journal, and comparing it with the old.

The journal comes first, then every file in the order in which it had its turn, read against what was on record as
of its own receipt. The new file lies beside the old one until both are compared, table by table; the old one is
held meanwhile, so that nobody writes into what is about to be set aside.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from flows.plan.catalogue import Catalogue
from flows.plan.folders import plans
from flows.plan.observation import Refusal
from flows.progress import shown
from flows.settings import Settings
from flows.submissions.formats.opened import Opened
from flows.submissions.ingest import FAULTS
from flows.submissions.read_form import open_or_refuse
from flows.submissions.recording import Source, ingest
from flows.warehouse.connection import OldWarehouseError, Warehouse, WarehouseBusyError, WarehouseError
from flows.warehouse.fingerprint import Compared, compared, different_rows, fingerprint
from flows.warehouse.snapshots import withdraw
from flows.warehouse.stored_files import StoredFile, stored_files

NOTE = "schema_note"  # says which program made the tables, and nothing of what is in them


class StoreError(RuntimeError):
    """A file of the raw store is not what was received: which, and what to do."""

    def __init__(self, kept: StoredFile) -> None:
        what = "没有了" if kept.path is None else "与收到时不同"
        super().__init__(f"存件 {kept.file_name}（{kept.sha256[:12]}）{what}，不能重建；请从备份取回它")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuilding came to: files read again, those the program did not get through, the tables compared (null
    where there was no old warehouse, or none that opens: then why), rows that differ, and where the old one lies now
    (null: it is still in force)."""

    files: int
    unread: tuple[str, ...]
    tables: tuple[Compared, ...] | None
    no_old: str
    rows: tuple[tuple[str, bool, str], ...]
    is_in_force: bool
    aside: Path | None


def rebuild(settings: Settings, now: datetime, accept: bool = False) -> Rebuilt:
    """Make it anew beside the old one, and put it in force if both hold the same, or whatever they hold if `accept`.

    An old one of an earlier program's tables is compared in what both can hold.
    """
    new = settings.warehouse.with_name(f".{settings.warehouse.name}.{os.getpid()}.new")
    try:
        with ExitStack() as held:
            old, why, is_older = _old(settings, held)
            former = old.former_problems() if old else None
            files, unread = make_anew(settings, new, former)
            tables, rows = _compared(settings, old, new)
            is_same = tables is not None and all(_is_same(one, is_older) for one in tables)
            in_force = accept or is_same or (old is None and not settings.warehouse.exists())
            if in_force and former is not None:
                _record_former_numbers(settings, new)
            aside = _swap(settings.warehouse, new, now) if in_force else None
        if in_force:
            Warehouse(settings.warehouse, settings.journal).close()
        return Rebuilt(files, unread, tables, why, rows, in_force, aside)
    finally:
        for left in (new, new.with_name(f"{new.name}.wal")):
            left.unlink(missing_ok=True)


def make_anew(
    settings: Settings, target: Path, former: pl.DataFrame | None = None
) -> tuple[int, tuple[str, ...]]:
    """A warehouse at `target` from raw store, plan and journal: how many files were read, and which were not, since
    the program did not get through them. `former` are the problems as an earlier program numbered them: later
    workbooks and the journal answer them by those numbers. StoreError where a stored file is not what was received."""
    catalogues, unread = plans(settings).catalogues, []
    files = list(stored_files(settings.raw))
    with Warehouse(target, settings.journal, publishes=False) as warehouse:
        for kept in shown(files, "重建"):
            try:
                _ingest_stored(kept, warehouse, catalogues)
                if former is not None:
                    own = former.filter(pl.col("file_sha256") == kept.sha256)
                    warehouse.add_rows("former_numbers_of_file", own)
            except FAULTS as fault:
                unread.append(f"{kept.file_name}（{type(fault).__name__}）")
        warehouse.settle()
    return len(files) - len(unread), tuple(unread)


def _record_former_numbers(settings: Settings, new: Path) -> None:
    """Into the journal, so that every later rebuilding knows them without the earlier program's tables."""
    with Warehouse(new, settings.journal, publishes=False) as warehouse:
        rows = warehouse.introspect("former_numbers").to_dicts()
        if rows:
            warehouse.append([("former_number", rows)])
        warehouse.settle()


def _ingest_stored(kept: StoredFile, warehouse: Warehouse, catalogues: tuple[Catalogue, ...]) -> None:
    source = Source(kept.file_name, kept.own_name, kept.sha256, kept.received_at, kept.origin)
    ingest(source, _opened(kept), warehouse, catalogues)


def _opened(kept: StoredFile) -> Opened | Refusal:
    if kept.refusal is not None:
        return kept.refusal
    if kept.path is None or not kept.is_unchanged:
        raise StoreError(kept)
    return open_or_refuse(kept.own_name, kept.path.read_bytes())


def _old(settings: Settings, held: ExitStack) -> tuple[Warehouse | None, str, bool]:
    """The warehouse in force, held open; or why there is none to compare with. And whether an earlier program's."""
    if not settings.warehouse.exists():
        return None, "原来没有数据库", False
    try:
        old = held.enter_context(Warehouse(settings.warehouse, settings.journal))
    except OldWarehouseError:
        old = held.enter_context(Warehouse(settings.warehouse, settings.journal, as_found=True))
        old.settle()
        return old, "", True
    except WarehouseBusyError:
        raise
    except WarehouseError as fault:
        return None, str(fault), False
    old.settle()
    return old, "", False


def _compared(
    settings: Settings, old: Warehouse | None, new: Path
) -> tuple[tuple[Compared, ...] | None, tuple[tuple[str, bool, str], ...]]:
    if old is None:
        return None, ()
    with Warehouse(new, settings.journal, publishes=False) as made:
        tables = compared(fingerprint(old), fingerprint(made))
        return tables, tuple(rows_apart(tables, old, made))


def rows_apart(
    tables: tuple[Compared, ...], before: Warehouse, after: Warehouse
) -> Iterator[tuple[str, bool, str]]:
    """The first rows that one of two warehouses alone has, with their table and whether it is the earlier one."""
    for one in tables:
        if not one.is_equal and not one.is_reshaped and one.name != NOTE:
            yield from ((one.name, side, row) for side, row in different_rows(one.name, before, after))


def _is_same(one: Compared, is_older: bool) -> bool:
    """Equal; or, where the tables themselves are an earlier program's, as many rows of a changed table."""
    if one.is_equal or not is_older:
        return one.is_equal
    if one.name == NOTE or one.before is None:
        return True
    return one.is_reshaped and one.after is not None and one.after.rows == one.before.rows


def _swap(path: Path, new: Path, now: datetime) -> Path | None:
    """Put the new file in the old one's place, at once; the old one stays beside it under another name."""
    aside = None
    if path.exists():
        aside = path.with_name(f"{path.stem}-{now:%Y%m%dT%H%M%S}{path.suffix}")
        aside.hardlink_to(path)
        if (log := path.with_name(f"{path.name}.wal")).exists():
            log.replace(aside.with_name(f"{aside.name}.wal"))
    withdraw(path)
    new.replace(path)
    return aside
