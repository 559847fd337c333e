"""What is wanted against what lies unsent (核对台账): the same draft is kept, another one takes its place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flows.indicators.escalation.finding import Finding
from flows.plan.notice import MANUAL_WITHDRAWAL, Ladder, Matter, MatterStatus, Notice, NoticeKind
from flows.plan.units import round_half_up


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An unsent draft that is taken back, and why."""

    notice: Notice
    why: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One notice to be drafted: its matters are all due on the same rung of the same ladder."""

    addressee: str
    ladder: Ladder
    kind: NoticeKind
    matters: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What to draft, what to take back, and which drafts stand as they are."""

    drafts: tuple[Wanted, ...]
    withdrawals: tuple[Withdrawal, ...]
    kept: tuple[Notice, ...]


def reconcile(findings: Sequence[Finding], filed: Sequence[MatterStatus], month: str) -> Reconciled:
    """Set the findings of a month against its unsent drafts and the unsent ones of earlier months on `behind`.

    What a person took back is not drafted again while its figures are the same.
    """
    refused = {
        one.notice.number: one.notice for one in filed if one.note.startswith(MANUAL_WITHDRAWAL)
    }.values()
    wanted = tuple(
        w for w in _grouped(findings) if not any(n.month == month and _is_same(w, n) for n in refused)
    )
    unsent = {one.notice.number: one.notice for one in filed if one.is_unsent and _concerned(one, month)}
    same = {w: n for w in wanted for n in unsent.values() if n.month == month and _is_same(w, n)}
    kept = {n.number for n in same.values()}
    taken_back = (Withdrawal(n, _why(n, findings, month)) for n in unsent.values() if n.number not in kept)
    return Reconciled(
        drafts=tuple(w for w in wanted if w not in same),
        withdrawals=tuple(taken_back),
        kept=tuple(same.values()),
    )


def numbered(
    wanted: Iterable[Wanted],
    filed: Sequence[MatterStatus],
    month: str,
    as_of: datetime,
    on: date,
    reply_by: date,
    due_on: date,
) -> list[Notice]:
    """The drafts with the ledger's next numbers, kind by kind; a number once given is never given again.

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


def _concerned(one: MatterStatus, month: str) -> bool:
    """A draft left unsent from an earlier month gives way to this month's figures; a missing report stays missing."""
    return one.notice.month == month or (one.notice.ladder is Ladder.BEHIND and one.notice.month < month)


def _grouped(findings: Sequence[Finding]) -> Iterable[Wanted]:
    due = [(f.addressee, f.ladder, f.kind, f.matter) for f in findings if f.kind is not None]
    order = {addressee: at for at, (addressee, *_) in reversed(list(enumerate(due)))}
    due.sort(key=lambda one: (order[one[0]], one[1], one[2]))
    for (addressee, ladder, kind), same in groupby(due, lambda one: one[:3]):
        yield Wanted(addressee, ladder, kind, tuple(matter for *_, matter in same))


def _is_same(wanted: Wanted, notice: Notice) -> bool:
    head = (notice.addressee, notice.ladder, notice.kind) == (wanted.addressee, wanted.ladder, wanted.kind)
    return head and {_own(m) for m in notice.matters} == {_own(m) for m in wanted.matters}


def _own(matter: Matter) -> tuple[object, ...]:
    """What a draft stands or falls by: the addressee's own figures. A rank moves with what others report."""
    return matter.county, matter.indicator, matter.mark, matter.ytd, matter.target, matter.cites


def _why(notice: Notice, findings: Sequence[Finding], month: str) -> str:
    """Why an unsent draft is taken back, matter by matter."""
    if notice.month < month:
        return f"未发出，以{month}数据为准"
    now = {f.key: f for f in findings}
    said = []
    for matter in notice.matters:
        finding = now.get((notice.addressee, notice.ladder, matter.county, matter.indicator))
        if finding is not None and (words := _changed(matter, finding, notice.kind)):
            said.append(words)
    return "；".join(dict.fromkeys(said)) or "事项有增减，另行起草"


def _changed(then: Matter, finding: Finding, kind: NoticeKind) -> str:
    now = finding.matter
    if then.attainment_pct is not None and now.attainment_pct is not None and then.ytd != now.ytd:
        return (
            f"更正后完成率由{round_half_up(then.attainment_pct, 1)}%变为{round_half_up(now.attainment_pct, 1)}%，"
            f"{'另行起草' if finding.kind else finding.why}"
        )
    if finding.kind is None:
        return finding.why
    return "" if finding.kind is kind else f"已转为{finding.kind.label}"
