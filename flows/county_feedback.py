"""反馈单: every county's own sheet of one month, made side by side."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from datetime import datetime

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact
from prefect.futures import as_completed

from flows import steps
from flows.county_batches import Batch, FeedbackError, Made, as_found, batches
from flows.progress import shown
from flows.run_log import LOGGED
from flows.settings import Settings
from flows.side_by_side import processes, task_runner


@flow(
    name="反馈单",
    flow_run_name="{month} 反馈单",
    task_runner=task_runner(Settings()),
    timeout_seconds=12 * 3600,
    persist_result=False,
    **LOGGED,
)
def county_feedback(
    month: str, as_of: datetime | None = None, counties: list[str] | None = None
) -> dict[str, int]:
    """各旗县市区一个月的反馈单（草稿），并行成文；没有变化的不重做，做不成的不影响别处，最后列出。返回份数。

    Args:
        month: 报告月，如 2025-06。
        as_of: 数据截止时间；不填为收到最后一份报表之时。
        counties: 不填为全部旗县市区；或填几个的 id，如 ["horqin", "kailu"]。
    """
    log, settings = get_run_logger(), Settings()
    evidence = steps.gather(settings, month, as_of)
    names = {c.id: c.name for c in evidence.catalogue.counties}
    work = list(batches(evidence, settings, counties or list(names), as_of))
    log.info("%s：数据截至 %s，%d 地分 %d 批", month, evidence.cut, len(counties or names), len(work))
    found: list[Made] = []
    with processes(settings) as pool:
        for some in shown(_made(work, pool), f"{month} 反馈单", len(work)):
            found += as_found(some, settings, evidence.period, as_of)
            log.info("%s 反馈单：%d / %d", month, len(found), len(counties or names))
    failed = [(names[one.county], one.fault) for one in found if one.fault]
    for name, why in failed:
        log.error("%s：%s", name, why)
    kept = sum(one.kept for one in found if not one.fault)
    counted = {"成文": len(found) - len(failed) - kept, "未变": kept}
    create_table_artifact(
        [counted | {"没有做成": "、".join(name for name, _ in failed) or "无"}], key="county-feedback"
    )
    if failed:
        raise FeedbackError(evidence.period, len(found) - len(failed), failed)
    return counted


def _made(work: Sequence[Batch], pool: Executor | None) -> Iterator[list[Made]]:
    """What came of each batch, as they are done; one whose worker died has failed for all its counties."""
    futures = [steps.write_batch.submit(batch, pool) for batch in work]
    batch_of = {future.task_run_id: batch for future, batch in zip(futures, work, strict=True)}
    for future in as_completed(futures):
        try:
            yield future.result()
        except Exception as fault:
            yield [Made(county, fault=str(fault)) for county in batch_of[future.task_run_id].counties]
