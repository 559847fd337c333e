"""The cases a sample must show (示例情形), by a county's place in the annex: data, so that a test can name them."""

from datetime import date, datetime, time, timedelta
from random import Random

from flows.plan.workdays import Deadlines

NEVER_REPORTS = {
    (5, 6),
    (6, 3),
}  # (place, month): June is missing now; March was, and April's total made up for it
LATE = {(3, 6): 2}  # days after the due day
OPEN_QUERY = {(2, 6)}  # the total is not last month's plus the month, and no reason is given
ANSWERED_QUERY = {(8, 6)}  # the same with its reason
CORRECTS = {(7, 5)}  # sends May again in July with persons counted twice taken out
COUNTED_TWICE, LEFT_OUT, SLIP = 12, 15, 9
CORRECTION_REASON = f"经与社保数据比对，核减重复统计{COUNTED_TWICE}人"
ANSWER = f"补报4月漏统{LEFT_OUT}个，已附明细台账"


OPENS = (time(8, 40), time(14, 35))  # morning and afternoon
OPEN_MINUTES = 175


def arrival(due: Deadlines, chance: Random, late_by: int = 0) -> datetime:
    """A moment in office hours between the 1st and the due day, or `late_by` days (not on a weekend) after it."""
    before = (
        [due.remind_on] if due.remind_on >= due.due_on.replace(day=1) else []
    )  # not of the month reported
    in_time = [due.due_on, due.due_on, *before]
    day = _weekday(due.due_on + timedelta(days=late_by)) if late_by else chance.choice(in_time)
    return datetime.combine(day, chance.choice(OPENS)) + timedelta(minutes=chance.randint(0, OPEN_MINUTES))


def _weekday(day: date) -> date:
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def early(due: Deadlines, chance: Random) -> datetime:
    """The first morning on which the month's reports can arrive: before everybody else's."""
    day = _weekday(due.due_on.replace(day=1))
    return datetime.combine(day, OPENS[0]) + timedelta(minutes=chance.randint(0, 90))
