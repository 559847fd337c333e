"""Reproduce every issued document in new processes and compare it byte for byte.

Pages are laid out again in the background while the year runs. At its end everything is made again from the warehouse as
it is then: figures, text, charts and workbook.
"""

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace

from flows.office import Office
from flows.settings import Settings
from flows.simulation.checks import Check
from flows.simulation.environment import SimulatedOffice
from flows.simulation.workers import BACKGROUND_NICENESS, REPRODUCTIONS, max_processes, workers
from flows.warehouse.issue_ledger import issued

BATCH_SIZE = 8  # documents reproduced from one copy of the warehouse

Numbers = Sequence[str]


class BackgroundReproduction:
    """Reproduces what was issued since it last looked, at low priority."""

    def __init__(self, environment: SimulatedOffice, pool: ProcessPoolExecutor) -> None:
        self._environment, self._pool = environment, pool
        self._submitted = 0

    def submit_new(self) -> None:
        """Submit what was issued since, once it fills a batch."""
        numbers = _numbers(self._environment)[self._submitted :]
        if len(numbers) >= BATCH_SIZE:
            copy = _copy(self._environment, f"{self._submitted}")
            self._pool.submit(_differing, copy, numbers).add_done_callback(lambda _: _clear(copy))
            self._submitted += len(numbers)


@contextmanager
def reproduce_in_background(environment: SimulatedOffice) -> Iterator[BackgroundReproduction]:
    """A background reproduction while the block lasts; what it has not reached by then is left."""
    with workers(
        environment.settings, 1, environment.settings.data / REPRODUCTIONS, BACKGROUND_NICENESS
    ) as pool:
        yield BackgroundReproduction(environment, pool)


@contextmanager
def reproduce_all(environment: SimulatedOffice) -> Iterator[Iterator[str]]:
    """Reproduce every issued document in parallel while the block runs; the iterator waits, compares and reports."""
    numbers, count = _numbers(environment), max_processes(environment.settings)
    shares = [(_copy(environment, f"end-{n}"), numbers[n::count]) for n in range(count)]
    try:
        with workers(environment.settings, count, environment.settings.data / REPRODUCTIONS) as pool:
            yield _compared(environment, [(pool.submit(_differing, copy, own), own) for copy, own in shares])
    finally:
        for copy, _ in shares:
            _clear(copy)


def _compared(
    environment: SimulatedOffice, started: Sequence[tuple[Future[list[str]], Numbers]]
) -> Iterator[str]:
    for future, numbers in started:
        differing = future.result()
        environment.checks.require(Check.REMADE, not differing, f"{'、'.join(differing)} 重做后不同")
        environment.checks.held[Check.REMADE] += max(0, len(numbers) - 1)
        yield f"重做 {len(numbers)} 份"


def _numbers(environment: SimulatedOffice) -> Numbers:
    with environment.warehouse() as warehouse:
        return [d.number for d in issued(warehouse)]


def _copy(environment: SimulatedOffice, name: str) -> Settings:
    """Copy warehouse and journal into a folder of their own, since one process at a time may open a warehouse."""
    settings = environment.settings
    folder = settings.data / f"reproduction-{name}"
    with environment.warehouse() as warehouse:
        warehouse.settle()
        for part in (settings.warehouse.parent, settings.journal.parent):
            shutil.copytree(part, folder / part.relative_to(settings.data))
    return replace(settings, data=folder)


def _clear(copy: Settings) -> None:
    with suppress(OSError):
        shutil.rmtree(copy.data)


def _differing(settings: Settings, numbers: Numbers) -> list[str]:
    """The numbers of those documents that are not reproduced byte for byte."""
    office = Office(settings)
    with office.warehouse():
        entries = [entry for entry in office.issued() if entry.number in numbers]
        return [entry.number for entry in entries if not office.remake(entry).is_equal]
