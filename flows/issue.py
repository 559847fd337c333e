"""发文: a finished draft, through the steps the policy asks for, to a number and the outbox."""

from datetime import datetime

from prefect import flow, get_run_logger, suspend_flow_run
from prefect.artifacts import create_link_artifact

from flows.clock import now
from flows.operations.approval_input import Opinion
from flows.settings import Settings
from flows.steps import issuing, posting

WEEK = 7 * 24 * 3600


@flow(name="发文", flow_run_name="{document} 发文", timeout_seconds=1800, persist_result=False)
def issue(
    document: str,
    wait: bool = True,
    at: datetime | None = None,
    serial: int | None = None,
    gap_note: str = "",
) -> str:
    """按 policy.toml 的步骤送审、签发，通过后编号印发、排队待发；返回发文字号，还在等人时返回空。

    Args:
        document: 文件名称，即 data/reports 下的文件夹，如 2025-06/monthly_dispatch。
        wait: 未审的停在本页等意见；不勾选则不等。
        at: 办理时间；不填为现在（演练用）。
        serial: 发文序号；不填为下一个。
        gap_note: 跳号的原因，如“12至14号为局内其他文件”。
    """
    log, settings = get_run_logger(), Settings()
    found = issuing.standing(settings, document)
    create_link_artifact(
        found.draft.pdf.as_uri(), key="draft", link_text=found.draft.title, description="PDF 在本机的位置"
    )
    while found.waits_for:
        log.info("%s 等待%s", document, found.waits_for.label)
        if not wait or found.returned:
            return ""
        asked = f"{found.waits_for}-{found.draft.sha256[:12]}"
        opinion = suspend_flow_run(wait_for_input=Opinion, timeout=WEEK, key=asked)
        found = issuing.decide(settings, found, opinion.decided, opinion.by, at or now(), opinion.note)
    issued = issuing.issue_document(settings, found, at or now(), serial, gap_note)
    queued = posting.queue_missing(settings, at)
    for row in [*queued, *posting.tell_operator(settings, queued, at, samples=False)]:
        log.info("%s：%s %s", row["结果"], row["文号"], row["说明"])
    log.info("%s 印发：%s", issued.number, issued.title)
    return issued.number
