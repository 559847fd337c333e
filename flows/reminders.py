"""提醒催办: what is due of reminders, urgings and proposals for one month."""

from datetime import date, datetime

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from flows.clock import now
from flows.documents.notices import NoticeRun, as_rows, month_reported_on
from flows.office import Office
from flows.parameters import AsOf, Day, Month
from flows.runs import is_transient


@task(
    name="研判拟稿", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient, cache_policy=NO_CACHE
)
def draft_notices(month: str, on: date, as_of: datetime | None) -> NoticeRun:
    """Work out what is due and draft it."""
    return Office().notices(month, on, as_of)


@flow(name="提醒催办", flow_run_name="提醒催办", timeout_seconds=1800, persist_result=False)
def reminders(month: Month | None = None, as_of: AsOf = None, on: Day = None) -> list[dict[str, str]]:
    """按台账研判一个月的提醒、催办、督办建议，拟稿并登记；重复运行不重复拟稿。返回办理情况表。

    Args:
        month: 如 2025-06；不填为办理日期的上一个月。
        as_of: 不填为办理当日前收到最后一份报表之时。
        on: 不填为今天。
    """
    day = on or now().date()
    month = month or month_reported_on(day)
    done = draft_notices(month, day, as_of)
    rows = as_rows(done)
    get_run_logger().info(
        "%s：拟稿 %d 份，撤回 %d 份", month, len(done.drafted), len(done.settled.withdrawals)
    )
    create_table_artifact(rows, key="notices", description=f"{month} 提醒、催办、督办建议办理情况")
    return rows
