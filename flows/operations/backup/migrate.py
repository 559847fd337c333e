"""Rebuilding as people ask for it (重建、换代): behind a backup wherever the old tables are an earlier program's."""

from datetime import datetime

from flows.clock import now
from flows.operations.backup.create import Backup, back_up
from flows.operations.backup.rebuild import Rebuilt, rebuild
from flows.settings import Settings
from flows.warehouse.connection import Warehouse, WarehouseBusyError, WarehouseError
from flows.warehouse.schema import present


def is_outdated(settings: Settings) -> bool:
    """Whether an earlier program's tables are in force; WarehouseError where it cannot be told."""
    if not settings.warehouse.exists():
        return False
    with Warehouse(settings.warehouse, settings.journal, as_found=True) as found:
        made, wanted = found.schema, present()
    return made is not None and made != wanted and made.number <= wanted.number


def rebuilt(settings: Settings, at: datetime, accept: bool = False) -> tuple[Rebuilt, Backup | None]:
    """Make the warehouse anew; of an earlier program's, a backup is made first."""
    try:
        is_old = is_outdated(settings)
    except WarehouseBusyError:
        raise
    except WarehouseError:
        is_old = False  # it does not open at all, and a backup would not hold it
    kept = back_up(settings, at) if is_old else None
    return rebuild(settings, at, accept), kept


def bring_up_to_date(settings: Settings) -> None:
    """Before runs are taken: make an earlier program's warehouse anew. Where both differ, every run will say so."""
    if is_outdated(settings):
        rebuilt(settings, now())
