"""更正: drafts of what issued documents would say otherwise now."""

from prefect import flow, get_run_logger

from flows.settings import Settings
from flows.steps import drafting


@flow(name="更正", flow_run_name="更正", timeout_seconds=1800, persist_result=False)
def corrections(periods: list[str] | None = None) -> list[str]:
    """核对已印发的文件与现在的数，有变化的拟更正说明（草稿）；没有变化的不拟。返回 PDF 的位置。

    Args:
        periods: 报告期，如 2025-06、2025-Q2；不填为全部已印发的。
    """
    log, settings = get_run_logger(), Settings()
    due = drafting.corrections_due(settings, periods or [])
    pdfs = drafting.write_corrections(settings, due)
    log.info("需要更正的：%s", "、".join(due) or "无")
    return [str(pdf) for pdf in pdfs]
