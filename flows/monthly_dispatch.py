"""月调度: one month's bulletin."""

from datetime import datetime

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.office import Drafts, Office
from flows.parameters import AsOf, County, Early, Month
from flows.runs import is_transient, show_drafts


@task(name="成文", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient, cache_policy=NO_CACHE)
def make(month: str, as_of: datetime | None, county: str | None, early: bool) -> Drafts:
    """Draft the document, or a county's own version."""
    return Office().make("monthly_dispatch", month, as_of, county, early=early)


@flow(name="月调度", flow_run_name="{month} 月调度", timeout_seconds=1800, persist_result=False)
def monthly_dispatch(
    month: Month, as_of: AsOf = None, county: County | None = None, early: Early = False
) -> str:
    """由在库报表出一个月的通报（草稿）、附表、数据和制作记录；返回 PDF 的位置。

    Args:
        month: 如 2025-06。
        as_of: 不填为收到最后一份报表之时。
        county: 不填出全市通报；选旗县市区，只出该地的反馈单。
        early: 期还没有结束、报来的很少，也出一份草稿。
    """
    return show_drafts("monthly_dispatch", make(month, as_of, county, early))
