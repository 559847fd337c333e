"""提醒催办: what is due of reminders, urgings and proposals for one month."""

from datetime import date, datetime

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

from flows.clock import now
from flows.documents.notices import month_reported_on
from flows.operations.inventory import mark_done
from flows.plan.agenda import Kind
from flows.settings import Settings
from flows.steps import drafting


@flow(name="提醒催办", flow_run_name="提醒催办", timeout_seconds=1800, persist_result=False)
def reminders(
    month: str | None = None, as_of: datetime | None = None, on: date | None = None
) -> list[dict[str, str]]:
    """按台账研判一个月的提醒、催办、督办建议，拟稿并登记；重复运行不重复拟稿。返回办理情况表。

    Args:
        month: 报告月，如 2025-06；不填为办理日期的上一个月。
        as_of: 数据截止时间；不填为办理当日前收到最后一份报表之时。
        on: 办理日期；不填为今天。
    """
    log, settings = get_run_logger(), Settings()
    day = on or now().date()
    month = month or month_reported_on(day)
    done = drafting.work_out(settings, month, day, as_of)
    pdfs = drafting.write_out(settings, done)
    mark_done(settings, Kind.REMINDERS, month, day)
    rows = drafting.notice_rows(done)
    log.info(
        "%s：拟稿 %d 份，撤回 %d 份，成文 %d 份",
        month,
        len(done.drafted),
        len(done.settled.withdrawals),
        len(pdfs),
    )
    create_table_artifact(rows, key="notices", description=f"{month} 提醒、催办、督办建议办理情况")
    return rows
