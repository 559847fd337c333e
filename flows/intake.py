"""收表: new workbooks in, receipts out."""

from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

from flows.clock import now
from flows.settings import Settings
from flows.steps import receiving


@flow(name="收表", flow_run_name="收表", timeout_seconds=1800, persist_result=False)
def intake(files: list[str] | None = None) -> list[dict[str, str]]:
    """收表：读收件箱（或所列文件）里的新报表，核对、入库、写回执。一份读不了不影响其余。

    Args:
        files: 文件的位置，一行一个；不填为收件箱里的全部。
    """
    settings = Settings()
    arrivals = receiving.scan_inbox(settings, [Path(f) for f in files or []], now())
    received = [one.as_row() for one in receiving.ingest_all(arrivals, settings)]
    refused = [one["name"] for one in received if one["status"] == "refused"]
    get_run_logger().info(
        "收到 %d 份，退回 %d 份：%s", len(received), len(refused), "、".join(refused) or "无"
    )
    create_table_artifact(received, key="received", description="本次收表：每份报表的结果和回执")
    return received
