"""季分析: the report on one quarter."""

from datetime import datetime

from prefect import flow, get_run_logger
from prefect.artifacts import create_link_artifact, create_table_artifact

from flows.drafting.publishing import folder_of
from flows.run_log import LOGGED
from flows.settings import Settings
from flows.steps import drafting


@flow(name="季分析", flow_run_name="{quarter} 季分析", timeout_seconds=1800, persist_result=False, **LOGGED)
def quarterly_analysis(quarter: str, as_of: datetime | None = None, county: str | None = None) -> str:
    """由在库报表出一个季度的分析报告（草稿）、附表、数据和制作记录；返回 PDF 的位置。

    Args:
        quarter: 报告季度，如 2025-Q2。
        as_of: 数据截止时间；不填为收到最后一份报表之时。
        county: 不填出全市报告；填旗县市区 id（如 horqin），只出该地的反馈单。
    """
    log, settings = get_run_logger(), Settings()
    evidence = drafting.gather(settings, quarter, as_of)
    log.info("%s：数据截至 %s，末月未报：%s", quarter, evidence.cut, "、".join(evidence.missing) or "无")
    document = drafting.compose("quarterly_analysis", evidence, settings, county)
    pdf = drafting.publish(document, folder_of(settings, quarter, "quarterly_analysis", as_of, county))
    create_table_artifact(evidence.headline(), key="quarterly-analysis", description=document.title)
    create_link_artifact(
        pdf.as_uri(), key="quarterly-analysis-pdf", link_text=document.title, description="PDF 在本机的位置"
    )
    log.info("已成文：%s", pdf)
    return str(pdf)
