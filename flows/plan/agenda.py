"""What is due on a day and not yet made (日程): the reporting frequencies of the plan on the working-day calendar, against what is there.

Nothing is remembered here: what was missed while the machine was off is due until it is made, so it is caught
up once, on the first day that comes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flows.plan.period import MONTHS_IN, Frequency, Period
from flows.plan.policy import Reporting
from flows.plan.workdays import deadlines, following_month, holidays_known, is_workday


class Kind(StrEnum):
    """What may be due, in the order in which a day does it; the value is the flow's module, too."""

    INTAKE = "intake"
    REMINDERS = "reminders"
    MONTHLY = "monthly_dispatch"
    QUARTERLY = "quarterly_analysis"
    HALF_YEAR = "half_year_summary"
    ANNUAL = "annual_assessment"
    BACKUP = "backup"
    DRILL = "restore_drill"

    @property
    def label(self) -> str:
        """What the office calls it; also the flow's name at Prefect."""
        return _LABELS[self]


_LABELS = {
    Kind.INTAKE: "收表",
    Kind.REMINDERS: "提醒催办",
    Kind.MONTHLY: "月调度",
    Kind.QUARTERLY: "季分析",
    Kind.HALF_YEAR: "半年总结",
    Kind.ANNUAL: "年度评估",
    Kind.BACKUP: "备份",
    Kind.DRILL: "恢复演练",
}
KIND_OF_FREQUENCY = {
    Frequency.MONTH: Kind.MONTHLY,
    Frequency.QUARTER: Kind.QUARTERLY,
    Frequency.HALF_YEAR: Kind.HALF_YEAR,
    Frequency.YEAR: Kind.ANNUAL,
}
PARAMETER = {
    Kind.REMINDERS: "month",
    Kind.MONTHLY: "month",
    Kind.QUARTERLY: "quarter",
    Kind.HALF_YEAR: "half_year",
    Kind.ANNUAL: "year",
}
DOCUMENTS: Mapping[str, tuple[str, ...]] = {kind: (kind.value,) for kind in KIND_OF_FREQUENCY.values()} | {
    Kind.ANNUAL: (Kind.ANNUAL.value, "commendation")  # one flow makes both
}


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do: what, for which period (empty where it has none), and since which day it is due.

    `calendar_known` is false where the year's holidays were not published yet and weekdays were used.
    """

    kind: Kind
    period: str
    due_on: date
    calendar_known: bool = True

    def __str__(self) -> str:
        """How a log names it: 2025-06 月调度（7月8日到期）."""
        unsure = "" if self.calendar_known else "，节假日未公布，按周一至周五推算"
        when = f"（{self.due_on.month}月{self.due_on.day}日到期{unsure}）"
        return f"{self.period} {self.kind.label}{when}".strip()

    def parameters(self, today: date) -> dict[str, object]:
        """What the flow is run with."""
        given: dict[str, object] = {PARAMETER[self.kind]: self.period} if self.period else {}
        return given | ({"on": today} if self.kind is Kind.REMINDERS else {})


@dataclass(frozen=True, slots=True)
class Present:
    """What is there: files waiting in the inbox; the first month that was asked for (None before any was); months of
    which any report was received; documents made, as (period, document); reminders worked out, as (month, day); day of
    the last backup; day of the last drill in restoring one, of the first backup before any drill."""

    waiting: int = 0
    begins: str | None = None
    received: frozenset[str] = frozenset()
    made: frozenset[tuple[str, str]] = frozenset()
    reminded: frozenset[tuple[str, date]] = frozenset()
    backed_up_on: date | None = None
    drilled_on: date | None = None


def agenda(today: date, rules: Mapping[int, Reporting], present: Present) -> tuple[Due, ...]:
    """What is due on `today` or before and not made yet, in the order to do it; `rules` by the plans' years."""
    typed = tuple(h for policy in rules.values() for h in policy.holidays)
    known = holidays_known(today.year, typed)
    found = [Due(Kind.INTAKE, "", today, known)] if present.waiting else []
    found += _reminders(today, rules, present)
    found += sorted(_documents(today, rules, present), key=lambda due: (due.due_on, [*Kind].index(due.kind)))
    if present.backed_up_on is None or present.backed_up_on < today:
        found.append(Due(Kind.BACKUP, "", today, known))
    if present.drilled_on is not None and _month(present.drilled_on) < _month(today):
        found.append(Due(Kind.DRILL, "", today, known))
    return tuple(found)


def _month(day: date) -> date:
    return day.replace(day=1)


def _documents(today: date, rules: Mapping[int, Reporting], present: Present) -> Iterator[Due]:
    """Documents are due on the day after their last month is in (印发日), and only where anything came in."""
    for year, policy in rules.items():
        for period in periods(year):
            kind, last = KIND_OF_FREQUENCY[period.frequency], period.months[-1]
            due = deadlines(last, policy)
            made = is_made(kind, str(period), present)
            is_there = last in present.received and _is_asked(last, present)
            if due.dispatch_on <= today and is_there and not made:
                yield Due(kind, str(period), due.dispatch_on, due.calendar_known)


def _is_asked(month: str, present: Present) -> bool:
    """Whether the office was at work when that month was reported: what it takes in of earlier ones is no arrears."""
    return present.begins is not None and present.begins <= month


def is_made(kind: Kind, period: str, present: Present) -> bool:
    """Whether every document of that kind and period is whole."""
    return all((period, document) in present.made for document in DOCUMENTS[kind])


def periods(year: int) -> Iterator[Period]:
    """Every period of a year that has a document: twelve months, four quarters, two halves, the year."""
    for length in MONTHS_IN.values():
        for first in range(1, 13, length):
            yield Period(year, first, length)


def _reminders(today: date, rules: Mapping[int, Reporting], present: Present) -> Iterator[Due]:
    """Once every working day, for the month whose turn it is: from its reminder day to the next month's."""
    for year, policy in rules.items():
        for month in Period(year, 1, 12).months if is_workday(today, policy.holidays) else ():
            first = deadlines(month, policy)
            until = deadlines(following_month(month), policy).remind_on
            is_due = first.remind_on <= today < until and _is_asked(month, present)
            if is_due and (month, today) not in present.reminded:
                yield Due(Kind.REMINDERS, month, today, first.calendar_known)
