"""半年总结: the report on one half-year."""

from datetime import datetime

from prefect import flow

from flows.steps.documents import drafts


@flow(
    name="半年总结",
    flow_run_name="{half_year} 半年总结",
    timeout_seconds=1800,
    persist_result=False,
)
def half_year_summary(half_year: str, as_of: datetime | None = None, county: str | None = None) -> str:
    """由在库报表出半年的总结报告（草稿）、附表、数据和制作记录；返回 PDF 的位置。

    Args:
        half_year: 报告期，如 2025-H1。
        as_of: 数据截止时间；不填为收到最后一份报表之时。
        county: 不填出全市报告；填旗县市区 id（如 horqin），只出该地的反馈单。
    """
    return str(drafts(["half_year_summary"], half_year, as_of, county)[0])
