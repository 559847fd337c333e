"""反馈单: every county's own sheet of one month, made side by side."""

from datetime import datetime

from prefect import flow, get_run_logger

from flows.documents.county_batches import as_found, batches, counted
from flows.documents.worker_pool import at_once
from flows.progress import shown
from flows.settings import Settings
from flows.side_by_side import made, processes, task_runner
from flows.steps import drafting


@flow(
    name="反馈单",
    flow_run_name="{month} 反馈单",
    task_runner=task_runner(Settings()),
    timeout_seconds=12 * 3600,
    persist_result=False,
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
    evidence = drafting.gather(settings, month, as_of)
    names = {c.id: c.name for c in evidence.catalogue.counties}
    whose = counties or list(names)
    work, found = list(batches(evidence, settings, whose, as_of, at_once(len(whose), settings))), []
    log.info("%s：数据截至 %s，分 %d 批", month, evidence.cut, len(work))
    with processes(settings) as crew:
        for some in shown(made(work, crew), f"{month} 反馈单", len(work)):
            found += as_found(some, settings, evidence.period, as_of)
            log.info("%s 反馈单：已办 %d 地", month, len(found))
    for one in (one for one in found if one.fault):
        log.error("%s：%s", names[one.county], one.fault)
    return counted(found, names, evidence.period)
