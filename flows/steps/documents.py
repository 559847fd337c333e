"""The one way to the documents of a period (成文), whatever its frequency: gather, set, keep, and show on Prefect's page."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from prefect import get_run_logger
from prefect.artifacts import create_link_artifact, create_table_artifact

from flows.documents.publishing import folder_of
from flows.settings import Settings
from flows.steps import drafting


def drafts(kinds: Sequence[str], period: str, as_of: datetime | None, county: str | None) -> list[Path]:
    """A draft of each kind from the same evidence, in their order; the PDFs. `as_of` and `county` as a flow has them."""
    log, settings = get_run_logger(), Settings()
    evidence = drafting.gather(settings, period, as_of)
    month = "末月" if evidence.period.length > 1 else ""
    log.info("%s：数据截至 %s，%s未报：%s", period, evidence.cut, month, "、".join(evidence.missing) or "无")
    pdfs = []
    for kind in kinds:
        document, key = drafting.compose(kind, evidence, settings, county), kind.replace("_", "-")
        pdf = drafting.publish(document, folder_of(settings, period, kind, as_of, county))
        if kind == kinds[0]:
            create_table_artifact(evidence.headline(), key=key, description=document.title)
        create_link_artifact(
            pdf.as_uri(), key=f"{key}-pdf", link_text=document.title, description="PDF 在本机的位置"
        )
        log.info("已成文：%s", pdf)
        pdfs.append(pdf)
    return pdfs
