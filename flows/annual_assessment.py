"""年度评估: the report on one year, and the proposal of whom to commend."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.office import Drafts, Office
from flows.parameters import AsOf, County, Early, Year
from flows.runs import is_transient, show_drafts


@task(name="成文", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient, cache_policy=NO_CACHE)
def make(year: str, as_of: datetime | None, county: str | None, early: bool) -> Drafts:
    """Draft the document, or a county's own version."""
    return Office().make("annual_assessment", year, as_of, county, early=early)


@flow(name="年度评估", flow_run_name="{year} 年度评估", timeout_seconds=1800, persist_result=False)
def annual_assessment(
    year: Year, as_of: AsOf = None, county: County | None = None, early: Early = False
) -> str:
    """由在库报表出一年的评估报告（草稿）和建议通报表扬名单（供审定）；返回报告 PDF 的位置。

    Args:
        year: 如 2025。
        as_of: 不填为收到最后一份报表之时。
        county: 不填出报告和名单；选旗县市区，只出该地的得分反馈单。
        early: 期还没有结束、报来的很少，也出一份草稿。
    """
    return show_drafts("annual_assessment", make(year, as_of, county, early))
