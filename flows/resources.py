"""What an office works with, opened once and only when it is asked for: plans, accounts, warehouse, clock, fonts."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from flows import clock
from flows.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from flows.accounts.accounts import Accounts
    from flows.documents.notices import Mapper
    from flows.documents.pdf.typeset import Typesetter
    from flows.plan.catalogue import Catalogue
    from flows.plan.load import Plans
    from flows.warehouse.connection import Warehouse

    Clock = Callable[[], datetime]


class Resources:
    """The base of the Office. `now` is its clock: the real one, or the simulation's. `parallel` renders notices: `map`
    one by one, or the `map` of a pool of processes.

    The DuckDB file admits one process at a time, so it is open only while a piece of work lasts: `warehouse()` opens it,
    a nested `warehouse()` of the same Office shares it, and the outermost one closes it again.
    """

    def __init__(
        self, settings: Settings | None = None, now: Clock | None = None, parallel: Mapper = map
    ) -> None:
        self.settings, self.now, self.parallel = settings or Settings(), now or clock.now, parallel
        self._warehouse: Warehouse | None = None
        self._working = threading.RLock()

    @contextmanager
    def warehouse(self) -> Iterator[Warehouse]:
        """The warehouse for as long as the block lasts, once whoever has it lets go; threads of one Office take turns."""
        with self._working:
            if self._warehouse is not None:
                yield self._warehouse
                return
            from flows.warehouse.connection import LOCK_TIMEOUT_SECONDS, Warehouse

            settings = self.settings
            with Warehouse(settings.warehouse, settings.journal, timeout=LOCK_TIMEOUT_SECONDS) as opened:
                self._warehouse = opened
                try:
                    yield opened
                finally:
                    self._warehouse = None

    @contextmanager
    def snapshot(self) -> Iterator[Warehouse]:
        """The warehouse to read from, without waiting for whoever writes: as it was last closed, or inside a piece of
        work of this Office the open one itself."""
        if self._working.acquire(blocking=False):  # else another thread is at work
            try:
                if self._warehouse is not None:
                    yield self._warehouse
                    return
            finally:
                self._working.release()
        from flows.warehouse.connection import LOCK_TIMEOUT_SECONDS, Warehouse

        path, journal = self.settings.warehouse, self.settings.journal
        with Warehouse.snapshot(path, journal, LOCK_TIMEOUT_SECONDS) as opened:
            yield opened

    @cached_property
    def plans(self) -> Plans:
        """Every plan there is; PlanError where there is none or one is wrong."""
        from flows.plan.load import plans

        return plans(self.settings)

    def plan(self, year: int | None = None) -> Catalogue:
        """The plan of a year, or the newest; PlanError where there is none."""
        return self.plans.of(year)

    def is_workday(self) -> bool:
        """Whether offices work today, by the newest plan's calendar."""
        from flows.plan.workdays import is_workday

        return is_workday(self.now().date(), self.plan().policy.reporting.holidays)

    @cached_property
    def accounts(self) -> Accounts:
        """The accounts of this office, by the newest plan's policy."""
        from flows.accounts.accounts import Accounts

        return Accounts(self.settings.data, self.plan().policy.accounts)

    @property
    def typesetter(self) -> Typesetter:
        """What turns facts into PDFs; FontMissingError where a font is missing."""
        from flows.documents.composing import load_typesetter

        return load_typesetter(self.settings.fonts)
