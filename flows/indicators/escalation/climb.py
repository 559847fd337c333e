"""Which rung is next (梯次): one step at a time, never past an answer, never before the reply is due."""

from collections.abc import Sequence
from datetime import date
from itertools import takewhile

from flows.plan.notice import MatterStatus, NoticeKind, NoticeState

URGINGS_BEFORE_ESCALATION = 2


def unanswered(history: Sequence[MatterStatus]) -> tuple[MatterStatus, ...]:
    """The notices sent on a matter since it was last answered or closed, oldest first; drafts do not count."""
    served = [one for one in history if not one.is_unsent and one.state is not NoticeState.WITHDRAWN]
    return tuple(takewhile(lambda one: one.state is NoticeState.SENT, reversed(served)))[::-1]


def awaiting(sent: Sequence[MatterStatus], on: date) -> MatterStatus | None:
    """The last notice sent, while its reply is not due yet."""
    return sent[-1] if sent and sent[-1].notice.reply_by >= on else None


def after(sent: Sequence[MatterStatus]) -> NoticeKind | None:
    """The rung above what stands unanswered: urging, urging again, escalation, then none."""
    kinds = [one.notice.kind for one in sent]
    if NoticeKind.ESCALATION in kinds:
        return None
    if kinds.count(NoticeKind.URGING) >= URGINGS_BEFORE_ESCALATION:
        return NoticeKind.ESCALATION
    return NoticeKind.URGING
