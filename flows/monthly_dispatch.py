"""月调度: the bulletin of one month."""

from datetime import datetime

from prefect import flow, get_run_logger
from prefect.artifacts import create_link_artifact, create_table_artifact

from flows.drafting.publishing import folder_of
from flows.run_log import LOGGED
from flows.settings import Settings
from flows.steps import drafting


@flow(name="月调度", flow_run_name="{month} 月调度", timeout_seconds=1800, persist_result=False, **LOGGED)
def monthly_dispatch(month: str, as_of: datetime | None = None, county: str | None = None) -> str:
    """由在库报表出一个月的通报（草稿）、附表、数据和制作记录；返回 PDF 的位置。

    Args:
        month: 报告月，如 2025-06。
        as_of: 数据截止时间；不填为收到最后一份报表之时。
        county: 不填出通报；填旗县市区 id（如 horqin），只出该地的反馈单。
    """
    log, settings = get_run_logger(), Settings()
    evidence = drafting.gather(settings, month, as_of)
    log.info("%s：数据截至 %s，未报：%s", month, evidence.cut, "、".join(evidence.missing) or "无")
    document = drafting.compose("monthly_dispatch", evidence, settings, county)
    folder = folder_of(settings, month, "monthly_dispatch", as_of, county)
    pdf = drafting.publish(document, folder)
    create_table_artifact(evidence.headline(), key="monthly-dispatch", description=document.title)
    create_link_artifact(
        pdf.as_uri(), key="monthly-dispatch-pdf", link_text=document.title, description="PDF 在本机的位置"
    )
    log.info("已成文：%s", pdf)
    return str(pdf)
