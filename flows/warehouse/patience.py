"""Waiting for the warehouse (等候数据库): for what must be written down, however long another program has it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from flows.settings import Settings
from flows.warehouse.connection import Warehouse, WarehouseBusyError

# So long a letter's outcome waits for whoever has the warehouse: it is the only trace of what the server said.
PATIENCE_SECONDS = 900.0
_PAUSE_SECONDS = 0.1

Result = TypeVar("Result")


@contextmanager
def patient_warehouse(settings: Settings) -> Iterator[Warehouse]:
    """The warehouse, once whoever has it lets go; WarehouseBusyError when it is not to be had for too long."""
    with _opened(settings) as warehouse:
        yield warehouse


def patiently(settings: Settings, work: Callable[[Warehouse], Result]) -> Result:
    """Do `work` with the warehouse and close it again."""
    with patient_warehouse(settings) as warehouse:
        return work(warehouse)


def _opened(settings: Settings) -> Warehouse:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return Warehouse(settings.warehouse, settings.journal)
        except WarehouseBusyError:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE_SECONDS)
