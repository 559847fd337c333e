"""发送: letters of issued documents that wait, to the mail server, each once."""

from datetime import datetime

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

from flows.issuing.delivering import sole_sender
from flows.issuing.delivery_round import FAULTS
from flows.settings import Settings
from flows.steps import posting


@flow(name="发送", flow_run_name="发送", timeout_seconds=6 * 3600, persist_result=False)
def deliver(sample: bool = False, at: datetime | None = None) -> list[dict[str, str]]:
    """把已印发文件的待发信件逐封交给邮件服务器；发过的、去向不明的不再发。返回办理情况表。

    Args:
        sample: 示例数据的信件也发（主题标明【示例】）；不填不发。
        at: 办理时间；不填为现在（演练用）。
    """
    log, settings = get_run_logger(), Settings()
    with sole_sender(settings):
        rows = posting.cut_off(settings, at)
        rows += posting.queue_missing(settings, at)
        rows += posting.take_back(settings, at)
        rows += posting.send_all(settings, at, sample)
        rows += posting.still_open(settings, rows, sample)
        rows += posting.tell_operator(settings, rows, at, sample)
    faults = [row for row in rows if row["结果"] in FAULTS]
    for row in faults:
        log.warning("%s：%s %s %s", row["结果"], row["文号"], row["单位"], row["说明"])
    log.info("处理信件 %d 封，需要人工处理 %d 项", len(rows), len(faults))
    create_table_artifact(rows, key="letters", description="发文信件发送情况")
    return rows
