"""How every notice ended (着落): answered, made good, taken back, carried on by the next rung, or proposed for 督办."""

from collections.abc import Sequence

from flows.plan.notice import MatterStatus, NoticeKind, NoticeState

_OVER = (NoticeState.ANSWERED, NoticeState.CLOSED, NoticeState.WITHDRAWN)
CARRIED_ON, PROPOSED, OPEN = "已升级", "已提请督办", "未了"


def ending(one: MatterStatus, found: Sequence[MatterStatus]) -> str:
    """What became of one matter: its state, or that a higher rung cites it, or 未了."""
    if one.state in _OVER:
        return one.state.label
    if one.state is NoticeState.SENT and one.notice.kind is NoticeKind.ESCALATION:
        return PROPOSED
    later = [f for f in found if f.key == one.key and f.notice.number != one.notice.number]
    if any(f.matter.cites == one.notice.number and f.state is not NoticeState.WITHDRAWN for f in later):
        return CARRIED_ON
    return OPEN


def open_ends(found: Sequence[MatterStatus]) -> list[MatterStatus]:
    """The matters of which nothing has become yet."""
    return [one for one in found if ending(one, found) == OPEN]
