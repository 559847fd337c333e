"""Where tasks of one run go on side by side (并行): the cores of this machine, or the machines of a Dask scheduler."""

import atexit
import os
from typing import Any

from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner

from flows.settings import Settings


class DaskMissingError(RuntimeError):
    """DIAODU_DASK is set where Dask is not installed."""

    def __init__(self) -> None:
        super().__init__('设了 DIAODU_DASK，而没有安装 Dask：pip install "diaodu[scale]"')


def task_runner(settings: Settings) -> TaskRunner[Any]:
    """Prefect's own task runner: worker processes on this machine's cores, or over machines where DIAODU_DASK
    names a scheduler. DaskMissingError where that is not installed."""
    if settings.dask is None:
        cores = settings.processes or len(os.sched_getaffinity(0))
        return ProcessPoolTaskRunner(max_workers=cores, initializer=without_last_words)
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise DaskMissingError from None
    return DaskTaskRunner(address=settings.dask)


def without_last_words() -> None:
    """For a worker process: drop what DuckDB's binding prints once the interpreter is gone; the run keeps its log."""
    atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))
