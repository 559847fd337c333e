"""年度评估: the report on one year, and the proposal of whom to commend."""

from datetime import datetime

from prefect import flow, get_run_logger
from prefect.artifacts import create_link_artifact, create_table_artifact

from flows.drafting.publishing import folder_of
from flows.run_log import LOGGED
from flows.settings import Settings
from flows.steps import drafting


@flow(name="年度评估", flow_run_name="{year} 年度评估", timeout_seconds=1800, persist_result=False, **LOGGED)
def annual_assessment(year: str, as_of: datetime | None = None, county: str | None = None) -> str:
    """由在库报表出一年的评估报告（草稿）和建议通报表扬名单（供审定）；返回报告 PDF 的位置。

    Args:
        year: 年份，如 2025。
        as_of: 数据截止时间；不填为收到最后一份报表之时。
        county: 不填出报告和名单；填旗县市区 id（如 horqin），只出该地的得分反馈单。
    """
    log, settings = get_run_logger(), Settings()
    evidence = drafting.gather(settings, year, as_of)
    log.info("%s：数据截至 %s，12月未报：%s", year, evidence.cut, "、".join(evidence.missing) or "无")
    pdfs = []
    for kind in ("annual_assessment", *(["commendation"] if county is None else [])):
        document = drafting.compose(kind, evidence, settings, county)
        pdfs.append(drafting.publish(document, folder_of(settings, year, kind, as_of, county)))
        create_link_artifact(
            pdfs[-1].as_uri(),
            key=kind.replace("_", "-") + "-pdf",
            link_text=document.title,
            description="PDF 在本机的位置",
        )
        log.info("已成文：%s", pdfs[-1])
    create_table_artifact(evidence.headline(), key="annual-assessment", description=f"{year} 年度评估")
    return str(pdfs[0])
