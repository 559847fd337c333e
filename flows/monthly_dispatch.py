"""月调度: the bulletin of one month."""

from datetime import datetime

from prefect import flow

from flows.steps.documents import drafts


@flow(name="月调度", flow_run_name="{month} 月调度", timeout_seconds=1800, persist_result=False)
def monthly_dispatch(month: str, as_of: datetime | None = None, county: str | None = None) -> str:
    """由在库报表出一个月的通报（草稿）、附表、数据和制作记录；返回 PDF 的位置。

    Args:
        month: 报告月，如 2025-06。
        as_of: 数据截止时间；不填为收到最后一份报表之时。
        county: 不填出通报；填旗县市区 id（如 horqin），只出该地的反馈单。
    """
    return str(drafts(["monthly_dispatch"], month, as_of, county)[0])
