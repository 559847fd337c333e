"""The outcome of every notice: answered, closed, withdrawn, followed by the next notice, or proposed for 督办."""

from collections.abc import Sequence

from flows.plan.notice import MatterStatus, NoticeKind, NoticeState

_ENDED = (NoticeState.ANSWERED, NoticeState.CLOSED, NoticeState.WITHDRAWN)
ESCALATED, PROPOSED, OPEN = "已升级", "已提请督办", "未了"


def outcome(one: MatterStatus, matters: Sequence[MatterStatus]) -> str:
    """What became of one matter: its state, 已升级 where a later notice cites it, or 未了."""
    if one.state in _ENDED:
        return one.state.label
    if one.state is NoticeState.SENT and one.notice.kind is NoticeKind.ESCALATION:
        return PROPOSED
    later = [f for f in matters if f.key == one.key and f.notice.number != one.notice.number]
    if any(f.matter.cites == one.notice.number and f.state is not NoticeState.WITHDRAWN for f in later):
        return ESCALATED
    return OPEN


def open_matters(matters: Sequence[MatterStatus]) -> list[MatterStatus]:
    """The matters without an outcome."""
    return [one for one in matters if outcome(one, matters) == OPEN]
