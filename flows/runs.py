"""What the flow files share: when a task is tried again, why a run failed, how drafts are shown on Prefect's page, and
what a waiting run asks there of the person who approves.
"""

from typing import Any, Literal

from prefect import State, Task, get_run_logger
from prefect.artifacts import create_link_artifact, create_table_artifact
from prefect.client.schemas.objects import TaskRun
from prefect.input import RunInput
from pydantic import Field

from flows.office import Drafts
from flows.plan.issued import Decision
from flows.warehouse.connection import WarehouseError

_DECISIONS = {d.label: d for d in Decision}


def is_transient(_task: Task[..., object], _run: TaskRun, state: State[object]) -> bool:
    """Whether waiting may help: a disk or another writer, but not a plan or a period that is wrong."""
    return isinstance(state.data, OSError | WarehouseError)


def fault_of(state: State[Any]) -> str:
    """Why a run did not do its work; empty where it did."""
    return "" if state.is_completed() else str(state.message)


def show_drafts(kind: str, drafts: Drafts) -> str:
    """The headline figures and the places of the PDFs as artifacts of the run; returns the place of the first PDF."""
    evidence, key = drafts.evidence, kind.replace("_", "-")
    log = get_run_logger()
    month = "末月" if evidence.period.length > 1 else ""
    log.info(
        "%s：数据截至 %s，%s未报：%s",
        evidence.period,
        evidence.cut,
        month,
        "、".join(evidence.missing) or "无",
    )
    title, first = next(iter(drafts.pdfs.items()))
    create_table_artifact(evidence.headline(drafts.county), key=key, description=title)
    for number, (title, pdf) in enumerate(drafts.pdfs.items(), 1):
        link = f"{key}-pdf" if number == 1 else f"{key}-pdf-{number}"
        create_link_artifact(pdf.as_uri(), key=link, link_text=title, description="PDF 在本机的位置")
        log.info("已成文：%s", pdf)
    return str(first)


class ApprovalInput(RunInput):
    """审核意见：同意或者退回，由哪个账号、为什么。"""

    # Prefect stores what is filled in: hence a one-time code of the account (flows.accounts.codes), never its password.
    decision: Literal["同意", "退回"] = Field(title="意见", description="同意，或者退回重做")
    account: str = Field(title="账号", description="审核（签发）人的账号")
    code: str = Field(
        title="审批码", description="先在终端上领：diaodu account code 文件名称；不要填口令，这里填的会被保存"
    )
    note: str = Field(default="", title="说明", description="退回时写明原因")
    instructed_by: str = Field(default="", title="奉谁的指示", description="没有就不填")

    @property
    def decided(self) -> Decision:
        """As the ledger calls it."""
        return _DECISIONS[self.decision]
