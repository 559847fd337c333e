"""反馈单: every county's own report of one month, made in parallel on this machine's cores, or by a Dask scheduler's
machines.

Prefect's own process pool is not used: every worker of it loads Prefect and talks to its server, which costs more
than a small document. Here a thread of the run waits for a plain worker process, which loads what it renders alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.documents.county_batches import Batch, CountyResult
from flows.documents.worker_pool import DaskMissingError, WorkerPool, max_workers
from flows.office import Office, write_county_batch
from flows.parameters import AsOf, County, Month
from flows.runs import is_transient
from flows.settings import Settings


def task_runner(settings: Settings) -> TaskRunner[Any]:
    """Prefect's own task runner: a thread a core, or Dask's where DIAODU_DASK names a scheduler."""
    if settings.dask is None:
        return ThreadPoolTaskRunner(max_workers=max_workers(settings.processes))
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise DaskMissingError from None
    return DaskTaskRunner(address=settings.dask)


@task(
    name="成文一批", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient, cache_policy=NO_CACHE
)
def write_batch(batch: Batch, pool: WorkerPool | None) -> list[CountyResult]:
    """Have a worker process make the batch; on a machine of Dask's, this process makes it."""
    return write_county_batch(batch) if pool is None else pool.write(batch)


def run_batches(work: Sequence[Batch]) -> Iterator[list[CountyResult]]:
    """What came of each batch, as they are done; one that could not be handed out has failed for all its counties."""
    log, settings = get_run_logger(), Settings()
    log.info("分 %d 批", len(work))
    pool: AbstractContextManager[WorkerPool | None] = (
        nullcontext() if settings.dask else WorkerPool(max_workers(settings.processes), write_county_batch)
    )
    with pool as processes:
        futures = {write_batch.submit(batch, processes): batch for batch in work}
        for future in as_completed(list(futures)):
            try:
                results = future.result()
            except Exception as fault:
                results = [CountyResult(county, fault=str(fault)) for county in futures[future].counties]
            for one in results:
                if one.fault:
                    log.error("%s：%s", one.county, one.fault)
            yield results


@flow(
    name="反馈单",
    flow_run_name="{month} 反馈单",
    task_runner=task_runner(Settings()),
    timeout_seconds=12 * 3600,
    persist_result=False,
)
def county_reports(month: Month, as_of: AsOf = None, counties: list[County] | None = None) -> dict[str, int]:
    """各旗县市区一个月的反馈单（草稿），并行成文；没有变化的不重做，做不成的不影响别处，最后列出。返回份数。

    Args:
        month: 如 2025-06。
        as_of: 不填为收到最后一份报表之时。
        counties: 不填为全部旗县市区。
    """
    counts = Office().county_reports(month, as_of, counties or [], run_batches)
    create_table_artifact([counts], key="county-reports", description=f"{month} 反馈单")
    return counts
