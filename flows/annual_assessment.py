"""年度评估: the report on one year, and the proposal of whom to commend."""

from datetime import datetime

from prefect import flow

from flows.steps.documents import drafts


@flow(name="年度评估", flow_run_name="{year} 年度评估", timeout_seconds=1800, persist_result=False)
def annual_assessment(year: str, as_of: datetime | None = None, county: str | None = None) -> str:
    """由在库报表出一年的评估报告（草稿）和建议通报表扬名单（供审定）；返回报告 PDF 的位置。

    Args:
        year: 年份，如 2025。
        as_of: 数据截止时间；不填为收到最后一份报表之时。
        county: 不填出报告和名单；填旗县市区 id（如 horqin），只出该地的得分反馈单。
    """
    kinds = ["annual_assessment", *(["commendation"] if county is None else [])]
    return str(drafts(kinds, year, as_of, county)[0])
