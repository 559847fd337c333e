"""What Prefect's page asks of the person who approves a draft (审核意见): the form of a waiting run.

Prefect stores what is filled in. So it asks for a one-time code of the account (flows.accounts.codes), never its password.
"""

from typing import Literal

from prefect.input import RunInput
from pydantic import Field

from flows.plan.issued import Decision

_DECISIONS = {d.label: d for d in Decision}


class ApprovalInput(RunInput):
    """审核意见：同意或者退回，由哪个账号、为什么。"""

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
