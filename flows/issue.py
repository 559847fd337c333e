"""发文: a finished draft, through the steps the policy asks for, to a number and the outbox."""

from typing import Annotated

from prefect import flow, get_run_logger, suspend_flow_run, task
from prefect.artifacts import create_link_artifact
from prefect.cache_policies import NO_CACHE
from pydantic import Field

from flows.accounts.accounts import AccountError
from flows.issuing.approval import ApprovalError, ApprovalStatus
from flows.issuing.delivery_round import Row
from flows.office import Office
from flows.plan.issued import Issued
from flows.runs import ApprovalInput, is_transient

WEEK_SECONDS = 7 * 24 * 3600


@task(
    name="查审核进度",
    retries=2,
    retry_delay_seconds=5,
    retry_condition_fn=is_transient,
    cache_policy=NO_CACHE,
)
def approval_status(document: str) -> ApprovalStatus:
    """How far the draft has come."""
    return Office().approval_status(document)


@task(
    name="登记意见", retries=2, retry_delay_seconds=5, retry_condition_fn=is_transient, cache_policy=NO_CACHE
)
def record_decision(status: ApprovalStatus, answer: ApprovalInput) -> ApprovalStatus:
    """Record what the person at the page decided; unchanged, with a warning in the log, where the code does not hold."""
    given = answer.account, answer.code, answer.note, answer.instructed_by
    try:
        return Office().decide_by_code(status, answer.decided, *given)
    except (AccountError, ApprovalError) as refused:
        get_run_logger().warning("%s", refused)
        return status


@task(name="查审批码被拒次数", cache_policy=NO_CACHE)
def refused_codes(status: ApprovalStatus) -> int:
    """How many codes were refused at the step the draft waits for: a question asked again is another question."""
    return Office().refused_codes(status)


@task(name="编号印发", cache_policy=NO_CACHE)
def issue_draft(document: str, serial: int | None, gap_note: str) -> tuple[Issued, list[Row]]:
    """Number and issue the draft, and queue its letters."""
    return Office().issue(document, serial, gap_note)


@flow(name="发文", flow_run_name="{document} 发文", timeout_seconds=1800, persist_result=False)
def issue(
    document: Annotated[str, Field(json_schema_extra={"title": "文件名称"})],
    wait: Annotated[bool, Field(json_schema_extra={"title": "等待意见"})] = True,
    serial: Annotated[int | None, Field(json_schema_extra={"title": "发文序号"})] = None,
    gap_note: Annotated[str, Field(json_schema_extra={"title": "跳号的原因"})] = "",
) -> str:
    """按 policy.toml 的步骤送审、签发，通过后编号印发、排队待发；返回发文字号，还在等人时返回空。

    Args:
        document: 即 data/reports 下的文件夹，如 2025-06/monthly_dispatch。
        wait: 未审的停在本页等意见；不勾选则不等。
        serial: 不填为下一个。
        gap_note: 如“12至14号为局内其他文件”。
    """
    log, status = get_run_logger(), approval_status(document)
    draft = status.draft
    create_link_artifact(
        draft.pdf.as_uri(), key="draft", link_text=draft.title, description="PDF 在本机的位置"
    )
    while status.waits_for:
        log.info("%s 等待%s", document, status.waits_for.label)
        if not wait or status.returned:
            return ""
        step = f"{status.waits_for}-{draft.sha256[:12]}-{refused_codes(status)}"
        answer = suspend_flow_run(wait_for_input=ApprovalInput, timeout=WEEK_SECONDS, key=step)
        status = record_decision(status, answer)
    issued, rows = issue_draft(document, serial, gap_note)
    for row in rows:
        log.info("%s：%s %s", row["结果"], row["文号"], row["说明"])
    log.info("%s 印发：%s", issued.number, issued.title)
    return issued.number
