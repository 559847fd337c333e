"""Deadlines fall on working days of the Chinese calendar."""

from datetime import date
from pathlib import Path

import pytest

from flows.plan.load import load
from flows.plan.workdays import add_workdays, deadlines, holidays_known, is_workday

REPORTING = load(Path(__file__).parents[2] / "plan" / "2025").policy.reporting


@pytest.mark.parametrize(
    ("month", "due_on"),
    [
        ("2025-05", date(2025, 6, 5)),  # a Thursday
        ("2025-06", date(2025, 7, 7)),  # 5 July is a Saturday
        ("2025-04", date(2025, 5, 6)),  # 5 May belongs to the Labour Day holiday
        ("2025-01", date(2025, 2, 5)),  # the first working day after the Spring Festival
        ("2025-09", date(2025, 10, 9)),  # National Day and Mid-Autumn end on 8 October
        ("2025-12", date(2026, 1, 5)),  # the year after
    ],
)
def test_a_report_is_due_on_the_fifth_or_the_next_working_day(month: str, due_on: date) -> None:
    assert deadlines(month, REPORTING).due_on == due_on


def test_a_make_up_sunday_is_a_working_day() -> None:
    assert date(2025, 1, 26).weekday() == 6
    assert is_workday(date(2025, 1, 26))
    assert deadlines("2025-01", REPORTING).remind_on == date(
        2025, 1, 26
    )  # two working days before 5 February


def test_the_dates_of_a_month_stand_in_order() -> None:
    june = deadlines("2025-06", REPORTING)
    assert (june.remind_on, june.due_on) == (date(2025, 7, 3), date(2025, 7, 7))
    assert june.urge_on == june.dispatch_on == date(2025, 7, 8)
    assert june.answer_by == date(2025, 7, 15)  # five working days after the 8th: 9 10 11 14 15
    assert june.calendar_known


def test_a_year_the_calendar_does_not_know_is_weekdays_and_says_so() -> None:
    assert not holidays_known(2044)
    assert is_workday(date(2044, 10, 3))  # a Monday inside National Day
    assert not deadlines("2044-05", REPORTING).calendar_known


def test_shifting_by_nothing_moves_only_off_a_day_of_rest() -> None:
    assert add_workdays(date(2025, 7, 4), 0) == date(2025, 7, 4)
    assert add_workdays(date(2025, 7, 5), 0) == date(2025, 7, 7)
