"""Which rung of a ladder is next (梯次): one step at a time, never past an answer, never before the reply is due."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from flows.plan.notice import Ladder, Matter, MatterStatus, NoticeKind, NoticeState
from flows.plan.policy import NoticeKinds

URGINGS_BEFORE_ESCALATION = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one matter today (研判). `kind` is the rung that is due, None where nothing is; `why` says why.

    `matter` carries today's figures, also where they are good again.
    """

    addressee: str
    ladder: Ladder
    matter: Matter
    kind: NoticeKind | None
    why: str

    @property
    def key(self) -> tuple[str, Ladder, str, str]:
        """Addressee, ladder, county and indicator, as of a matter in the ledger."""
        return self.addressee, self.ladder, self.matter.county, self.matter.indicator


@dataclass(frozen=True, slots=True)
class Resolution:
    """A matter sent and since resolved by itself (已补报、已赶上): `how` is recorded with it."""

    filed: MatterStatus
    how: str


def without_switched_off(findings: Sequence[Finding], kinds: NoticeKinds) -> list[Finding]:
    """The findings, those of a kind that the policy has switched off without it and saying so."""
    return [
        f
        if f.kind is None or f.kind in kinds.of(f.ladder)
        else replace(
            f, kind=None, matter=replace(f.matter, cites=None), why=f"{f.why}；工作口径不发{f.kind.label}"
        )
        for f in findings
    ]


def without_own(findings: Sequence[Finding], issuer: str | None) -> list[Finding]:
    """The findings, those of the issuing department without a notice: nobody writes a letter to himself."""
    return [
        replace(
            f,
            kind=None,
            matter=replace(f.matter, cites=None),
            why=f"{f.why}；本单位的事项，不发函，由本单位督促",
        )
        if f.kind and f.addressee == issuer
        else f
        for f in findings
    ]


def served(history: Sequence[MatterStatus]) -> list[MatterStatus]:
    """The notices of a history that were sent; drafts and withdrawn ones do not count."""
    return [one for one in history if not one.is_unsent and one.state is not NoticeState.WITHDRAWN]


def unanswered(history: Sequence[MatterStatus]) -> tuple[MatterStatus, ...]:
    """The notices sent on a matter since it was last answered or closed, oldest first."""
    return tuple(takewhile(lambda one: one.state is NoticeState.SENT, reversed(served(history))))[::-1]


def awaiting_reply(sent: Sequence[MatterStatus], on: date) -> MatterStatus | None:
    """The last notice sent, while its reply is not overdue yet; the day of the reply itself belongs to the sender."""
    return sent[-1] if sent and sent[-1].notice.reply_by >= on else None


def next_rung(sent: Sequence[MatterStatus]) -> NoticeKind | None:
    """The rung above what stands unanswered: urging, urging again, escalation, then none."""
    kinds = [one.notice.kind for one in sent]
    if NoticeKind.ESCALATION in kinds:
        return None
    if kinds.count(NoticeKind.URGING) >= URGINGS_BEFORE_ESCALATION:
        return NoticeKind.ESCALATION
    return NoticeKind.URGING
