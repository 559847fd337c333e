"""The dates that belong to one reporting month (期限), worked out from the policy by the flows."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When a month's report is reminded of, due, urged, dispatched and answered.

    `calendar_known` is false for a year whose holidays are not published yet: weekdays were used.
    """

    month: str
    remind_on: date
    due_on: date
    urge_on: date
    dispatch_on: date
    answer_by: date
    calendar_known: bool
