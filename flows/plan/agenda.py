"""What is due on a day and not yet made (日程): the reporting frequencies of the plan on the working-day calendar, against what is there.

Nothing is remembered here: what was missed while the machine was off is due until it is made, so it is caught
up once, on the first day that comes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flows.plan.document_kinds import DOCUMENT_KINDS, drafted_together, periodic_kinds
from flows.plan.period import MONTHS_IN, Period
from flows.plan.policy import Reporting
from flows.plan.workdays import deadlines, following_month, holidays_known, is_workday


class Job(StrEnum):
    """What may be due besides documents; the value is the flow's module, too."""

    INTAKE = "intake"
    FORMS = "mail_forms"
    PROMPTS = "mail_prompts"
    REMINDERS = "reminders"
    BACKUP = "backup"
    DRILL = "restore_drill"


_LABELS = {
    Job.INTAKE: "收表", Job.FORMS: "发报表", Job.PROMPTS: "报送提示", Job.REMINDERS: "提醒催办", Job.BACKUP: "备份", Job.DRILL: "恢复演练",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do: a Job or the id of a document kind, for which period (empty where it has none), and since which
    day it is due.

    `calendar_known` is false where the year's holidays were not published yet and weekdays were used.
    """

    kind: str
    period: str
    due_on: date
    calendar_known: bool = True

    @property
    def label(self) -> str:
        """What the office calls it; also the flow's name at Prefect."""
        return _LABELS[Job(self.kind)] if self.kind in _LABELS else DOCUMENT_KINDS[self.kind].label

    @property
    def deadline(self) -> str:
        """7月8日到期, and whether that is sure."""
        unsure = "" if self.calendar_known else "，节假日未公布，按周一至周五推算"
        return f"{self.due_on.month}月{self.due_on.day}日到期{unsure}"

    def __str__(self) -> str:
        """How a log names it: 2025-06 月调度（7月8日到期）."""
        return f"{self.period} {self.label}（{self.deadline}）".strip()

    def parameters(self, today: date) -> dict[str, object]:
        """What the flow is run with."""
        if self.kind in (Job.FORMS, Job.PROMPTS):
            return {"month": self.period}
        if self.kind == Job.REMINDERS:
            return {"month": self.period, "on": today}
        return {str(Period.parse(self.period).frequency): self.period} if self.period else {}


@dataclass(frozen=True, slots=True)
class Present:
    """What is there: files waiting in the inbox; the first month that was asked for (None before any was); months of
    which any report was received; documents made, as (period, document); reminders worked out, as (month, day); day of
    the last backup; day of the last drill in restoring one, of the first backup before any drill; the day of the month on
    which forms are mailed (0: never), whether who has not reported is reminded by mail, and what was mailed, as (job, month).
    """

    waiting: int = 0
    begins: str | None = None
    received: frozenset[str] = frozenset()
    made: frozenset[tuple[str, str]] = frozenset()
    reminded: frozenset[tuple[str, date]] = frozenset()
    backed_up_on: date | None = None
    drilled_on: date | None = None
    forms_day: int = 0
    prompts: bool = False
    mailed: frozenset[tuple[str, str]] = frozenset()


def agenda(today: date, rules: Mapping[int, Reporting], present: Present) -> tuple[Due, ...]:
    """What is due on `today` or before and not made yet, in the order to do it; `rules` by the plans' years."""
    typed = tuple(h for policy in rules.values() for h in policy.holidays)
    known = holidays_known(today.year, typed)
    found = [Due(Job.INTAKE, "", today, known)] if present.waiting else []
    found += _mailings(today, rules, present)
    found += _reminders(today, rules, present)
    found += sorted(_documents(today, rules, present), key=lambda due: due.due_on)
    if present.backed_up_on is None or present.backed_up_on < today:
        found.append(Due(Job.BACKUP, "", today, known))
    if present.drilled_on is not None and _month(present.drilled_on) < _month(today):
        found.append(Due(Job.DRILL, "", today, known))
    return tuple(found)


def _mailings(today: date, rules: Mapping[int, Reporting], present: Present) -> Iterator[Due]:
    """Forms from the day of the month they are for, prompts from the reminder day, until the month's reports are due."""
    for year, policy in rules.items():
        for month in Period(year, 1, 12).months if is_workday(today, policy.holidays) else ():
            if not _is_asked(month, present):
                continue
            dates = deadlines(month, policy)
            begins = {Job.PROMPTS: dates.remind_on} if present.prompts else {}
            if present.forms_day:
                begins[Job.FORMS] = date.fromisoformat(f"{month}-{present.forms_day:02d}")
            for job, first in begins.items():
                if first <= today <= dates.due_on and (job, month) not in present.mailed:
                    yield Due(job, month, first, dates.calendar_known)


def _month(day: date) -> date:
    return day.replace(day=1)


def _documents(today: date, rules: Mapping[int, Reporting], present: Present) -> Iterator[Due]:
    """Documents are due on the day after their last month is in (印发日), and only where anything came in."""
    for year, policy in rules.items():
        for period in periods(year):
            last = period.months[-1]
            due = deadlines(last, policy)
            if due.dispatch_on > today or last not in present.received or not _is_asked(last, present):
                continue
            for kind in periodic_kinds():
                if kind.frequency is period.frequency and not is_made(kind.id, str(period), present):
                    yield Due(kind.id, str(period), due.dispatch_on, due.calendar_known)


def _is_asked(month: str, present: Present) -> bool:
    """Whether the office was at work when that month was reported: what it takes in of earlier ones is no arrears."""
    return present.begins is not None and present.begins <= month


def is_made(kind: str, period: str, present: Present) -> bool:
    """Whether every document of that kind and period is whole."""
    return all((period, document) in present.made for document in drafted_together(kind))


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
                yield Due(Job.REMINDERS, month, today, first.calendar_known)
