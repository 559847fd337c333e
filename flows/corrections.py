"""更正: drafts of what issued documents would say otherwise now."""

from pathlib import Path
from typing import Annotated

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from flows.office import Office
from flows.runs import is_transient


@task(
    name="更正说明成文",
    retries=2,
    retry_delay_seconds=5,
    retry_condition_fn=is_transient,
    cache_policy=NO_CACHE,
)
def draft_corrections(periods: list[str]) -> list[Path]:
    """Draft a correction of every document that no longer holds."""
    return Office().correct(periods)


@flow(name="更正", flow_run_name="更正", timeout_seconds=1800, persist_result=False)
def corrections(
    periods: Annotated[list[str] | None, Field(json_schema_extra={"title": "报告期"})] = None,
) -> list[str]:
    """核对已印发的文件与现在的数，有变化的拟更正说明（草稿）；没有变化的不拟。返回 PDF 的位置。

    Args:
        periods: 一行一个，如 2025-06、2025-Q2；不填为全部已印发的。
    """
    pdfs = [str(pdf) for pdf in draft_corrections(periods or [])]
    get_run_logger().info("已拟更正说明：%s", "、".join(pdfs) or "无")
    create_table_artifact([{"更正说明": pdf} for pdf in pdfs], key="corrections", description="更正说明")
    return pdfs
