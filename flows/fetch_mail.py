"""收信: mail out of the office's mailbox, its workbooks in, receipts back."""

from typing import Annotated

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from flows.issuing.delivery_round import FAULTS as LETTER_FAULTS
from flows.issuing.fetching import FAULTS
from flows.office import Office


@task(name="收信回执", cache_policy=NO_CACHE)  # the next run is ten minutes later
def fetch_and_answer() -> list[dict[str, str]]:
    """Fetch, take in, answer; a row a message or matter."""
    return Office().fetch()


@flow(name="收信", flow_run_name="收信", timeout_seconds=3600, persist_result=False)
def fetch_mail(
    workdays_only: Annotated[bool, Field(json_schema_extra={"title": "只在工作日"})] = False,
) -> list[dict[str, str]]:
    """收信：取邮箱里的来信，报表入库，回执按原信回复；退信登记为未发成，不认得的发件人先放着待确认。

    Args:
        workdays_only: 今天不是工作日（按国务院放假安排），或没有设收信账户，就不收；定时运行时勾选。
    """
    log, office = get_run_logger(), Office()
    if workdays_only and not (office.is_workday() and office.has_mailbox()):
        log.info("今天不是工作日，或没有设收信账户（DIAODU_IMAP_HOST），不收")
        return []
    rows = fetch_and_answer()
    faults = [row for row in rows if row["结果"] in (*FAULTS, *LETTER_FAULTS)]
    for row in faults:
        log.warning("%s：%s %s %s", row["结果"], row["单位"], row["地址"], row["说明"])
    log.info("来信和信件 %d 件，需要人工处理 %d 项", len(rows), len(faults))
    create_table_artifact(rows, key="mail", description="来信和回执情况")
    return rows
