"""Working days of the Chinese calendar (工作日): statutory holidays out, make-up Saturdays and Sundays in."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import chinese_calendar

from flows.plan.policy import Reporting


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When a month's report is reminded of, due, urged, dispatched and answered (期限).

    `calendar_known` is false for a year whose holidays are not published yet: weekdays were used.
    """

    month: str
    remind_on: date
    due_on: date
    urge_on: date
    dispatch_on: date
    answer_by: date
    calendar_known: bool


@cache
def holidays_known(year: int) -> bool:
    """Whether the State Council's holidays of that year are in the calendar; if not, weekdays are used."""
    known = [day.year for day in chinese_calendar.holidays]
    return bool(min(known) <= year <= max(known))


@cache
def is_workday(day: date) -> bool:
    """Whether offices work on that day; Monday to Friday in a year the calendar does not know yet."""
    return bool(chinese_calendar.is_workday(day)) if holidays_known(day.year) else day.weekday() < 5


def add_workdays(day: date, workdays: int) -> date:
    """The day that many working days later (earlier if negative); 0 is the day or the next working day."""
    step = timedelta(days=-1 if workdays < 0 else 1)
    if workdays == 0:
        while not is_workday(day):
            day += step
    for _ in range(abs(workdays)):
        day += step
        while not is_workday(day):
            day += step
    return day


def closes_on(month: str, policy: Reporting) -> date:
    """The last day of what is reported for the month `YYYY-MM`: its closing day, the month's last at the latest."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, min(policy.closing_day, monthrange(year, number)[1]))


def following_month(month: str) -> str:
    """The month after `YYYY-MM`."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02d}"


@cache
def deadlines(month: str, policy: Reporting) -> Deadlines:
    """The dates of one reporting month `YYYY-MM`: due on `due_day` of the next month or the next working day."""
    following = date.fromisoformat(f"{following_month(month)}-{policy.due_day:02d}")
    due_on = add_workdays(following, 0)
    dispatch_on = add_workdays(due_on, policy.dispatch_workdays_after)
    return Deadlines(
        month=month,
        remind_on=add_workdays(due_on, -policy.reminder_workdays_before),
        due_on=due_on,
        urge_on=add_workdays(due_on, policy.urging_workdays_after),
        dispatch_on=dispatch_on,
        answer_by=add_workdays(dispatch_on, policy.answer_workdays_after),
        calendar_known=holidays_known(due_on.year) and holidays_known(dispatch_on.year),
    )
