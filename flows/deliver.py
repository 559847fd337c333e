"""发送: letters of issued documents that wait, to the mail server, each once."""

from typing import Annotated

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from flows.issuing.delivery_round import FAULTS, Row
from flows.office import Office


@task(name="逐封发送", cache_policy=NO_CACHE)  # tries again by its own rules only
def send_letters(samples: bool) -> list[Row]:
    """One round of delivery."""
    return Office().deliver(samples)


@flow(name="发送", flow_run_name="发送", timeout_seconds=6 * 3600, persist_result=False)
def deliver(
    sample: Annotated[bool, Field(json_schema_extra={"title": "示例数据也发"})] = False,
    workdays_only: Annotated[bool, Field(json_schema_extra={"title": "只在工作日"})] = False,
) -> list[Row]:
    """把已印发文件的待发信件逐封交给邮件服务器；发过的、去向不明的不再发。返回办理情况表。

    Args:
        sample: 示例数据的信件也发（主题标明【示例】）；不勾选不发。
        workdays_only: 今天不是工作日（按国务院放假安排）就不发；定时运行时勾选。
    """
    log = get_run_logger()
    if workdays_only and not Office().is_workday():
        log.info("今天不是工作日，不发")
        return []
    rows = send_letters(sample)
    faults = [row for row in rows if row["结果"] in FAULTS]
    for row in faults:
        log.warning("%s：%s %s %s", row["结果"], row["文号"], row["单位"], row["说明"])
    log.info("处理信件 %d 封，需要人工处理 %d 项", len(rows), len(faults))
    create_table_artifact(rows, key="letters", description="发文信件发送情况")
    return rows
