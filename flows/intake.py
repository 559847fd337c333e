"""收表: new workbooks in, receipts out."""

from pathlib import Path
from typing import Annotated

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from flows.office import Office
from flows.runs import is_transient


@task(
    name="逐份收表", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient, cache_policy=NO_CACHE
)
def ingest(files: list[Path]) -> list[dict[str, str]]:
    """Take the files in, one by one; a row a report."""
    return [one.as_row() for one in Office().ingest(files)]


@flow(name="收表", flow_run_name="收表", timeout_seconds=1800, persist_result=False)
def intake(
    files: Annotated[list[str] | None, Field(json_schema_extra={"title": "文件"})] = None,
) -> list[dict[str, str]]:
    """收表：读收件箱（或所列文件）里的新报表，核对、入库、写回执。一份读不了不影响其余。

    Args:
        files: 文件的位置，一行一个；不填为收件箱里的全部。
    """
    received = ingest([Path(file) for file in files or []])
    refused = [one["name"] for one in received if one["status"] == "refused"]
    get_run_logger().info(
        "收到 %d 份，退回 %d 份：%s", len(received), len(refused), "、".join(refused) or "无"
    )
    create_table_artifact(received, key="received", description="本次收表：每份报表的结果和回执")
    return received
