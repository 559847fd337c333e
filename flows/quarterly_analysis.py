"""季分析: the report on one quarter."""

from datetime import datetime

from prefect import flow

from flows.steps.documents import drafts


@flow(name="季分析", flow_run_name="{quarter} 季分析", timeout_seconds=1800, persist_result=False)
def quarterly_analysis(quarter: str, as_of: datetime | None = None, county: str | None = None) -> str:
    """由在库报表出一个季度的分析报告（草稿）、附表、数据和制作记录；返回 PDF 的位置。

    Args:
        quarter: 报告季度，如 2025-Q2。
        as_of: 数据截止时间；不填为收到最后一份报表之时。
        county: 不填出全市报告；填旗县市区 id（如 horqin），只出该地的反馈单。
    """
    return str(drafts(["quarterly_analysis"], quarter, as_of, county)[0])
