"""Notices due compared with drafts not sent yet (核对台账): an equal draft is kept, another one is replaced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flows.indicators.escalation.ladder import Finding
from flows.plan.notice import MANUAL_WITHDRAWAL, Ladder, Matter, MatterStatus, Notice, NoticeKind
from flows.plan.units import round_half_up


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An unsent draft that is withdrawn, and why."""

    notice: Notice
    why: str


@dataclass(frozen=True, slots=True)
class PlannedNotice:
    """One notice to be drafted: its matters are all due on the same rung of the same ladder."""

    addressee: str
    ladder: Ladder
    kind: NoticeKind
    matters: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What to draft, what to withdraw, and which drafts stay as they are."""

    drafts: tuple[PlannedNotice, ...]
    withdrawals: tuple[Withdrawal, ...]
    kept: tuple[Notice, ...]


def reconcile(findings: Sequence[Finding], filed: Sequence[MatterStatus], month: str) -> Reconciliation:
    """Compare the findings of a month with its unsent drafts, and with the unsent ones of earlier months on figures behind.

    What a person withdrew is not drafted again while its figures are the same.
    """
    refused = {
        one.notice.number: one.notice for one in filed if one.note.startswith(MANUAL_WITHDRAWAL)
    }.values()
    planned = tuple(
        w for w in _planned_notices(findings) if not any(n.month == month and _is_same(w, n) for n in refused)
    )
    unsent = {one.notice.number: one.notice for one in filed if one.is_unsent and _is_replaceable(one, month)}
    same = {w: n for w in planned for n in unsent.values() if n.month == month and _is_same(w, n)}
    kept = {n.number for n in same.values()}
    withdrawals = (Withdrawal(n, _why(n, findings, month)) for n in unsent.values() if n.number not in kept)
    return Reconciliation(
        drafts=tuple(w for w in planned if w not in same),
        withdrawals=tuple(withdrawals),
        kept=tuple(same.values()),
    )


def assign_numbers(
    wanted: Iterable[PlannedNotice],
    filed: Sequence[MatterStatus],
    month: str,
    as_of: datetime,
    on: date,
    reply_by: date,
    due_on: date,
) -> list[Notice]:
    """The planned notices as drafts with the ledger's next numbers, kind by kind; a number is never given twice.

    A reminder of a report is to be answered by the report's own due day.
    """
    given: dict[NoticeKind, int] = {}
    for one in filed:
        ordinal = int(one.notice.number.rpartition("〕")[2])
        given[one.notice.kind] = max(given.get(one.notice.kind, 0), ordinal)
    drafts = []
    for w in wanted:
        given[w.kind] = given.get(w.kind, 0) + 1
        before_due = w.ladder is Ladder.LATE and w.kind is NoticeKind.REMINDER
        number = f"{w.kind.label}〔{month[:4]}〕{given[w.kind]}"
        answer = due_on if before_due else reply_by
        drafts.append(Notice(number, w.kind, w.ladder, w.addressee, month, as_of, on, answer, w.matters))
    return drafts


def _is_replaceable(one: MatterStatus, month: str) -> bool:
    """Drafts of this month, and of figures in earlier months, for which this month's stand; a missing report stays missing."""
    return one.notice.month == month or (one.notice.ladder is Ladder.BEHIND and one.notice.month < month)


def _planned_notices(findings: Sequence[Finding]) -> Iterable[PlannedNotice]:
    due = [(f.addressee, f.ladder, f.kind, f.matter) for f in findings if f.kind is not None]
    order = {addressee: at for at, (addressee, *_) in reversed(list(enumerate(due)))}
    due.sort(key=lambda one: (order[one[0]], one[1], one[2]))
    for (addressee, ladder, kind), same in groupby(due, lambda one: one[:3]):
        yield PlannedNotice(addressee, ladder, kind, tuple(matter for *_, matter in same))


def _is_same(wanted: PlannedNotice, notice: Notice) -> bool:
    head = (notice.addressee, notice.ladder, notice.kind) == (wanted.addressee, wanted.ladder, wanted.kind)
    return head and {_identity(m) for m in notice.matters} == {_identity(m) for m in wanted.matters}


def _identity(matter: Matter) -> tuple[object, ...]:
    """What makes two matters the same draft: the addressee's own figures. A rank changes with what others report."""
    return matter.county, matter.indicator, matter.mark, matter.ytd, matter.target, matter.cites


def _why(notice: Notice, findings: Sequence[Finding], month: str) -> str:
    """Why an unsent draft is withdrawn, matter by matter."""
    if notice.month < month:
        return f"未发出，以{month}数据为准"
    now = {f.key: f for f in findings}
    reasons = []
    for matter in notice.matters:
        finding = now.get((notice.addressee, notice.ladder, matter.county, matter.indicator))
        if finding is not None and (reason := _reason(matter, finding, notice.kind)):
            reasons.append(reason)
    return "；".join(dict.fromkeys(reasons)) or "事项有增减，另行起草"


def _reason(then: Matter, finding: Finding, kind: NoticeKind) -> str:
    now = finding.matter
    if then.attainment_pct is not None and now.attainment_pct is not None and then.ytd != now.ytd:
        return (
            f"更正后完成率由{round_half_up(then.attainment_pct, 1)}%变为{round_half_up(now.attainment_pct, 1)}%，"
            f"{'另行起草' if finding.kind else finding.why}"
        )
    if finding.kind is None:
        return finding.why
    return "" if finding.kind is kind else f"已转为{finding.kind.label}"
