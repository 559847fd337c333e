"""What Prefect's page asks of the person who approves a draft (审核意见): the form of a waiting run."""

from typing import Literal

from prefect.input import RunInput
from pydantic import Field

from flows.plan.issued import Decision

_DECISIONS = {d.label: d for d in Decision}


class ApprovalInput(RunInput):
    """审核意见：同意或者退回，由谁、为什么。"""

    decision: Literal["同意", "退回"] = Field(title="意见", description="同意，或者退回重做")
    by: str = Field(title="审核（签发）人", description="姓名或岗位")
    note: str = Field(default="", title="说明", description="退回时写明原因")

    @property
    def decided(self) -> Decision:
        """As the ledger calls it."""
        return _DECISIONS[self.decision]
