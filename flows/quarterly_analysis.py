"""季分析: the report on one quarter."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.office import Drafts, Office
from flows.parameters import AsOf, County, Early, Quarter
from flows.runs import is_transient, show_drafts


@task(name="成文", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient, cache_policy=NO_CACHE)
def make(quarter: str, as_of: datetime | None, county: str | None, early: bool) -> Drafts:
    """Draft the document, or a county's own version."""
    return Office().make("quarterly_analysis", quarter, as_of, county, early=early)


@flow(name="季分析", flow_run_name="{quarter} 季分析", timeout_seconds=1800, persist_result=False)
def quarterly_analysis(
    quarter: Quarter, as_of: AsOf = None, county: County | None = None, early: Early = False
) -> str:
    """由在库报表出一个季度的分析报告（草稿）、附表、数据和制作记录；返回 PDF 的位置。

    Args:
        quarter: 如 2025-Q2。
        as_of: 不填为收到最后一份报表之时。
        county: 不填出全市报告；选旗县市区，只出该地的反馈单。
        early: 期还没有结束、报来的很少，也出一份草稿。
    """
    return show_drafts("quarterly_analysis", make(quarter, as_of, county, early))
