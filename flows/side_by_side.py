"""Where tasks of one run go on side by side (并行): the cores of this machine, or the machines of a Dask scheduler.

Prefect's own process pool is not used: every worker of it loads Prefect and talks to its server, which costs more
than a small document. Here a thread of the run waits for a plain worker process, which loads what it sets alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from prefect.futures import as_completed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows import last_words
from flows.documents.county_batches import Batch, Made
from flows.documents.worker_pool import Crew, cores
from flows.settings import Settings
from flows.steps import drafting


class DaskMissingError(RuntimeError):
    """DIAODU_DASK is set where Dask is not installed."""

    def __init__(self) -> None:
        super().__init__('设了 DIAODU_DASK，而没有安装 Dask：pip install "diaodu[scale]"')


def task_runner(settings: Settings) -> TaskRunner[Any]:
    """Prefect's own task runner: a thread a core, or Dask's where DIAODU_DASK names a scheduler.

    DaskMissingError where that is not installed.
    """
    if settings.dask is None:
        return ThreadPoolTaskRunner(max_workers=cores(settings))
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise DaskMissingError from None
    return DaskTaskRunner(address=settings.dask)


def processes(settings: Settings) -> AbstractContextManager[Crew | None]:
    """Worker processes on this machine's cores while the block lasts; None where Dask's machines do the work."""
    return nullcontext() if settings.dask is not None else Crew(cores(settings), last_words.drop)


def made(work: Sequence[Batch], crew: Crew | None) -> Iterator[list[Made]]:
    """What came of each batch, as they are done; one that could not be handed out has failed for all its counties."""
    futures = [drafting.write_batch.submit(batch, crew) for batch in work]
    batch_of = {future.task_run_id: batch for future, batch in zip(futures, work, strict=True)}
    for future in as_completed(futures):
        try:
            yield future.result()
        except Exception as fault:
            yield [Made(county, fault=str(fault)) for county in batch_of[future.task_run_id].counties]
