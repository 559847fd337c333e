"""Waiting for the warehouse (等候数据库): for what must be written down, however long another program has it."""

import time
from collections.abc import Callable
from typing import TypeVar

from flows.settings import Settings
from flows.warehouse.warehouse import Warehouse, WarehouseBusyError

# So long a letter's outcome waits for whoever has the warehouse: it is the only trace of what the server said.
PATIENCE_SECONDS = 900.0
_PAUSE_SECONDS = 0.1

Result = TypeVar("Result")


def patiently(settings: Settings, work: Callable[[Warehouse], Result]) -> Result:
    """Do `work` with the warehouse and close it again; WarehouseBusyError when it is not to be had for too long."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            warehouse = Warehouse(settings.warehouse, settings.journal)
        except WarehouseBusyError:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE_SECONDS)
            continue
        with warehouse:
            return work(warehouse)
