"""The worker processes of a run (工作进程) on this machine's cores, and what is done when one of them is gone.

A process that dies (killed, out of memory) takes all of its pool with it, and nobody says over which county it was.
So a batch that was under way is done over, county by county, in a process of its own: the county over which that
dies again is named, and all others are made.
"""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from threading import Lock
from types import TracebackType
from typing import Self

from flows.documents.county_batches import AT_ONCE, Batch, Made, write
from flows.settings import Settings

GONE = "成文的进程中途没有了（被结束，或内存不够）"


class Crew:
    """So many processes, each started afresh (spawned, not forked: the layout engine and the run's threads do not
    survive a fork) with `at_start`. A context manager."""

    def __init__(self, size: int, at_start: Callable[[], None]) -> None:
        self._size, self._at_start = size, at_start
        self._pool, self._replacing = self._started(size), Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()

    def write(self, batch: Batch) -> list[Made]:
        """What came of a batch; a county whose process dies twice has failed."""
        pool = self._pool
        try:
            return pool.submit(write, batch).result()
        except BrokenProcessPool:
            self._replace(pool)
        return [self._alone(replace(batch, counties=(county,))) for county in batch.counties]

    def _alone(self, batch: Batch) -> Made:
        with self._started(1) as pool:
            try:
                return pool.submit(write, batch).result()[0]
            except BrokenProcessPool:
                return Made(batch.counties[0], fault=GONE)

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        with self._replacing:
            if self._pool is broken:
                broken.shutdown()
                self._pool = self._started(self._size)

    def _started(self, size: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(size, get_context("spawn"), initializer=self._at_start)


def cores(settings: Settings) -> int:
    """How many processes work side by side: as many as DIAODU_PROCESSES says, or one a core."""
    return settings.processes or len(os.sched_getaffinity(0))


def at_once(counties: int, settings: Settings) -> int:
    """How many counties are handed out together: so many that every core has work, and that progress is seen."""
    return max(1, min(AT_ONCE, -(-counties // cores(settings))))


def write_by(batch: Batch, crew: Crew | None) -> list[Made]:
    """Have a worker process make the batch; without any, it is made here."""
    return write(batch) if crew is None else crew.write(batch)
