"""Working days of the Chinese calendar (工作日) and the dates of a reporting month that follow from them (期限).

Statutory holidays are out, make-up Saturdays and Sundays in: by the days typed into a plan's holidays.csv, then by the
chinesecalendar package, which knows a year only after its release. `holidays` is `policy.reporting.holidays`.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar

from flows.plan.plan_file import PlanError, read_csv
from flows.plan.policy import Holiday, Reporting

_KINDS = {False: "休", True: "班"}
# 全国年节及纪念日放假办法第二条: those that fall on the same day every year.
_FIXED_HOLIDAYS = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))


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


def holidays_known(year: int, holidays: tuple[Holiday, ...] = ()) -> bool:
    """Whether the State Council's holidays of that year are known, typed or from the package; if not, weekdays count."""
    return _in_package(year) or any(h.on.year == year for h in holidays)


@cache
def _in_package(year: int) -> bool:
    years = [day.year for day in chinese_calendar.holidays]
    return bool(min(years) <= year <= max(years))


def is_workday(day: date, holidays: tuple[Holiday, ...] = ()) -> bool:
    """Whether offices work on that day; Monday to Friday in a year of which no holidays are known."""
    if day in (typed := _by_day(holidays)):
        return typed[day].is_workday
    return bool(chinese_calendar.is_workday(day)) if _in_package(day.year) else day.weekday() < 5


@cache
def _by_day(holidays: tuple[Holiday, ...]) -> Mapping[date, Holiday]:
    return {h.on: h for h in holidays}


def add_workdays(day: date, workdays: int, holidays: tuple[Holiday, ...] = ()) -> date:
    """The day that many working days later (earlier if negative); 0 is the day or the next working day."""
    step = timedelta(days=-1 if workdays < 0 else 1)
    if workdays == 0:
        while not is_workday(day, holidays):
            day += step
    for _ in range(abs(workdays)):
        day += step
        while not is_workday(day, holidays):
            day += step
    return day


def read_holidays(path: Path, plan_year: int) -> tuple[Holiday, ...]:
    """holidays.csv: date, 休 or 班, name, as in the State Council's notice; empty where the plan has no such file.

    PlanError for a day that is no date, stands twice or lies in another year than the plan's or the next; a working
    day that is no weekend day; a year without its fixed holidays; and a day that the package knows otherwise, unless
    its name says 调整 (the notice was changed afterwards).
    """
    rows = read_csv(path, ("date", "kind", "name")) if path.exists() else []
    holidays = tuple(_holiday(path, row) for row in rows)
    for on, times in Counter(h.on for h in holidays).items():
        if times > 1:
            raise PlanError(path, f"{on}", "只出现一次", f"{times} 次")
    for holiday in holidays:
        _check_holiday(path, holiday, plan_year)
    off = {h.on for h in holidays if not h.is_workday}
    for year in sorted({h.on.year for h in holidays}):
        absent = [f"{month}月{day}日" for month, day in _FIXED_HOLIDAYS if date(year, month, day) not in off]
        if absent:
            raise PlanError(
                path, f"{year}年", "全年的放假安排（国务院通知的每一天）", f"缺 {'、'.join(absent)}"
            )
    return holidays


def _holiday(path: Path, row: Mapping[str, str]) -> Holiday:
    try:
        on = date.fromisoformat(row["date"].strip())
    except ValueError:
        raise PlanError(path, "date", "日期（2026-10-01）", row["date"] or "空白") from None
    if row["kind"] not in _KINDS.values():
        raise PlanError(path, f"{on}", "休（放假）或 班（调休上班）", row["kind"] or "空白")
    return Holiday(on, row["kind"] == _KINDS[True], row["name"])


def _check_holiday(path: Path, holiday: Holiday, plan_year: int) -> None:
    on, kind = holiday.on, _KINDS[holiday.is_workday]
    if on.year not in (plan_year, plan_year + 1):
        raise PlanError(path, f"{on}", f"{plan_year}年或{plan_year + 1}年的日期", f"{on.year}年")
    if holiday.is_workday and on.weekday() < 5:
        raise PlanError(path, f"{on}", "调休上班的是星期六或星期日", f"星期{'一二三四五'[on.weekday()]}")
    if _in_package(on.year) and is_workday(on) != holiday.is_workday and not holiday.name.startswith("调整"):
        published = _KINDS[is_workday(on)]
        expected = f"与已公布的安排一致（{published}）；国务院另有调整的，名称写“调整”和文号"
        raise PlanError(path, f"{on}", expected, f"{kind} {holiday.name}".strip())


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
    due_on = add_workdays(following, 0, policy.holidays)
    dispatch_on = add_workdays(due_on, policy.dispatch_workdays_after, policy.holidays)
    return Deadlines(
        month=month,
        remind_on=add_workdays(due_on, -policy.reminder_workdays_before, policy.holidays),
        due_on=due_on,
        urge_on=add_workdays(due_on, policy.urging_workdays_after, policy.holidays),
        dispatch_on=dispatch_on,
        answer_by=add_workdays(dispatch_on, policy.answer_workdays_after, policy.holidays),
        calendar_known=all(holidays_known(day.year, policy.holidays) for day in (due_on, dispatch_on)),
    )
