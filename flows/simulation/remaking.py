"""Every issued document made again (重做), by fresh processes that had no part in its making, and compared byte for byte.

Pages are laid out again while the year goes on, since the machine has cores to spare then. When it is over everything
is made again from the warehouse as it is then: figures, words, charts, workbook, all that goes into the pages.
"""

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace

from flows.office import Office
from flows.settings import Settings
from flows.simulation.check import Check
from flows.simulation.environment import Stage
from flows.simulation.workers import AGAIN, LAST, hands, workers
from flows.warehouse.issue_ledger import issued

AT_ONCE = 8  # so many documents are laid out again from one copy of the warehouse

Numbers = Sequence[str]


class Remaking:
    """Lays out again what was issued since it last looked, behind everything else that the machine does."""

    def __init__(self, stage: Stage, pool: ProcessPoolExecutor) -> None:
        self._stage, self._pool = stage, pool
        self._begun = 0

    def go_on(self) -> None:
        """Hand out what was issued meanwhile, once there is enough of it."""
        numbers = _numbers(self._stage)[self._begun :]
        if len(numbers) >= AT_ONCE:
            copy = _copy(self._stage, f"{self._begun}")
            self._pool.submit(_differing, copy, numbers).add_done_callback(lambda _: _clear(copy))
            self._begun += len(numbers)


@contextmanager
def behind(stage: Stage) -> Iterator[Remaking]:
    """A remaking for as long as the block lasts; what it has not come to by then is left."""
    with workers(stage.settings, 1, stage.settings.data / AGAIN, LAST) as pool:
        yield Remaking(stage, pool)


@contextmanager
def remade(stage: Stage) -> Iterator[Iterator[str]]:
    """Make each again side by side, while the block goes on; the iterator waits for them, compares, and says how far
    it is."""
    numbers, count = _numbers(stage), hands(stage.settings)
    shares = [(_copy(stage, f"end-{n}"), numbers[n::count]) for n in range(count)]
    try:
        with workers(stage.settings, count, stage.settings.data / AGAIN) as pool:
            yield _compared(stage, [(pool.submit(_differing, copy, own), own) for copy, own in shares])
    finally:
        for copy, _ in shares:
            _clear(copy)


def _compared(stage: Stage, begun: Sequence[tuple[Future[list[str]], Numbers]]) -> Iterator[str]:
    for done, numbers in begun:
        differing = done.result()
        stage.checks.must(Check.REMADE, not differing, f"{'、'.join(differing)} 重做后不同")
        stage.checks.held[Check.REMADE] += max(0, len(numbers) - 1)
        yield f"重做 {len(numbers)} 份"


def _numbers(stage: Stage) -> Numbers:
    with stage.warehouse() as warehouse:
        return [d.number for d in issued(warehouse)]


def _copy(stage: Stage, name: str) -> Settings:
    """The warehouse and the ledgers in a folder of their own: one process at a time has a warehouse."""
    settings = stage.settings
    folder = settings.data / f"remaking-{name}"
    with stage.warehouse() as warehouse:
        warehouse.settle()
        for part in (settings.warehouse.parent, settings.journal.parent):
            shutil.copytree(part, folder / part.relative_to(settings.data))
    return replace(settings, data=folder)


def _clear(copy: Settings) -> None:
    with suppress(OSError):
        shutil.rmtree(copy.data)


def _differing(settings: Settings, numbers: Numbers) -> list[str]:
    """Which of these documents come out otherwise."""
    office = Office(settings)
    with office.warehouse():
        entries = [entry for entry in office.issued() if entry.number in numbers]
        return [entry.number for entry in entries if not office.remake(entry).is_equal]
