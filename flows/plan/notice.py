"""Notices (提醒、催办、督办建议): what is said to whom, on which rung of which ladder, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flows.plan.terms import Term


class Ladder(Term):
    """What a notice is about; the two are climbed separately."""

    LATE = "late", "迟报"
    BEHIND = "behind", "滞后"


class NoticeKind(Term):
    """The rung: a reminder, an urging that cites it, the proposal that the government take it up."""

    REMINDER = "reminder", "提醒"
    URGING = "urging", "催办"
    ESCALATION = "escalation", "督办建议"


class NoticeState(Term):
    """What became of a notice, or of one matter in it."""

    DRAFTED = "drafted", "草稿"
    APPROVED = "approved", "已审定"
    SENT = "sent", "已发出"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已办结"
    WITHDRAWN = "withdrawn", "已撤回"


UNSENT = (NoticeState.DRAFTED, NoticeState.APPROVED)
MANUAL_WITHDRAWAL = (
    "人工撤回"  # how the note of a withdrawal opens that a person decided: it is not drafted again
)
# From which state a notice may come into each: nothing is sent without approval, nothing withdrawn once sent.
ALLOWED_PREDECESSORS: Mapping[NoticeState, tuple[NoticeState, ...]] = {
    NoticeState.DRAFTED: (),
    NoticeState.APPROVED: (NoticeState.DRAFTED,),
    NoticeState.SENT: (NoticeState.APPROVED,),
    NoticeState.ANSWERED: (NoticeState.SENT,),
    NoticeState.CLOSED: (NoticeState.SENT, NoticeState.ANSWERED),
    NoticeState.WITHDRAWN: UNSENT,
}


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing a notice is about (事项): a county's indicator with the figures it carries, or a report not sent.

    For a report not sent `indicator` is empty and every figure null. `cites` is the number of the notice
    before it that stands unanswered. `county` is 'city' for a department's own indicator.
    """

    county: str
    indicator: str = ""
    mark: str | None = None
    ytd: float | None = None
    target: float | None = None
    attainment_pct: float | None = None
    gap_pp: float | None = None
    seasonal_gap_pp: float | None = None
    rank: int | None = None
    ranked: int | None = None
    tied: bool | None = None
    required_monthly: float | None = None
    cites: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice to one addressee (文书). `number` is the ledger's own: 提醒〔2025〕3; `month` the reporting month."""

    number: str
    kind: NoticeKind
    ladder: Ladder
    addressee: str
    month: str
    as_of: datetime
    drafted_on: date
    reply_by: date
    matters: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class MatterStatus:
    """A matter of a notice as the ledger has it now: with its state, since when, and the note made on it."""

    notice: Notice
    matter: Matter
    state: NoticeState
    state_at: datetime
    note: str

    @property
    def is_unsent(self) -> bool:
        """Whether it may still be withdrawn."""
        return self.state in UNSENT

    @property
    def key(self) -> tuple[str, Ladder, str, str]:
        """Addressee, ladder, county and indicator: what is one matter from month to month."""
        return self.notice.addressee, self.notice.ladder, self.matter.county, self.matter.indicator


class NoticeError(RuntimeError):
    """A notice that is unknown, or that cannot come into this state from where it is."""

    def __init__(self, number: str, state: NoticeState, found: NoticeState | None) -> None:
        now = "台账里没有这份文书" if found is None else f"现为“{found.label}”"
        wanted = "、".join(s.label for s in ALLOWED_PREDECESSORS[state])
        super().__init__(f"{number} 不能登记为“{state.label}”：应先为“{wanted}”，{now}")
