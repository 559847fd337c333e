"""The worker processes (工作进程) that make county reports on this machine's cores, and what is done when one dies.

A process that dies (killed, out of memory) takes all of its pool with it, and nobody says over which county it was.
So a batch that was under way is done over, county by county, in a process of its own: the county over which that
dies again is named, and all others are made.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from threading import Lock
from types import TracebackType
from typing import Self

from flows.documents.county_batches import BATCH_SIZE, Batch, CountyResult

PROCESS_DIED = "成文的进程中途没有了（被结束，或内存不够）"


class DaskMissingError(RuntimeError):
    """DIAODU_DASK is set where Dask is not installed."""

    def __init__(self) -> None:
        super().__init__('设了 DIAODU_DASK，而没有安装 Dask：pip install "diaodu[scale]"')


class WorkerPool:
    """`size` processes that each do `write` on the batches they are handed; started afresh (spawned, not forked: the
    layout engine and the caller's threads do not survive a fork). A context manager."""

    def __init__(self, size: int, write: Callable[[Batch], list[CountyResult]]) -> None:
        self._size, self._write = size, write
        self._pool, self._replacing = _started(size), Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()

    def write(self, batch: Batch) -> list[CountyResult]:
        """What came of a batch; a county whose process dies twice has failed."""
        pool = self._pool
        try:
            return pool.submit(self._write, batch).result()
        except BrokenProcessPool:
            self._replace(pool)
        return [self._write_alone(replace(batch, counties=(county,))) for county in batch.counties]

    def _write_alone(self, batch: Batch) -> CountyResult:
        with _started(1) as pool:
            try:
                return pool.submit(self._write, batch).result()[0]
            except BrokenProcessPool:
                return CountyResult(batch.counties[0], fault=PROCESS_DIED)

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        with self._replacing:
            if self._pool is broken:
                broken.shutdown()
                self._pool = _started(self._size)


def _started(size: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(size, get_context("spawn"))


def max_workers(processes: int | None) -> int:
    """How many processes work in parallel: as many as the setting DIAODU_PROCESSES says, or one a core."""
    return processes or len(os.sched_getaffinity(0))


def batch_size(counties: int, workers: int) -> int:
    """How many counties are handed out together: enough for every core to have work and for progress to be seen."""
    return max(1, min(BATCH_SIZE, -(-counties // workers)))


def run_batches(
    work: Sequence[Batch], workers: int, write: Callable[[Batch], list[CountyResult]]
) -> Iterator[list[CountyResult]]:
    """What came of each batch, as they are done, in `workers` processes."""
    with WorkerPool(workers, write) as pool, ThreadPoolExecutor(workers) as threads:
        for future in as_completed([threads.submit(pool.write, batch) for batch in work]):
            yield future.result()
