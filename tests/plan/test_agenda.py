"""What is due on a day: pure, over whole years of the Chinese calendar, whatever days the machine was off."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.files import write_whole
from flows.operations.inventory import first_month_requested
from flows.plan.agenda import Due, Job, Present, agenda, periods
from flows.plan.document_kinds import drafted_together, periodic_kinds
from flows.plan.load import load
from flows.plan.period import Period
from flows.plan.workdays import deadlines, is_workday
from flows.settings import Settings
from flows.warehouse.raw import ENVELOPE

POLICY = load(Path(__file__).parents[2] / "plan" / "2025").policy.reporting
RULES = {2025: POLICY}
BEGINS = "2025-01"
ALL_MONTHS = frozenset(Period(2025, 1, 12).months)
KINDS = frozenset(kind.id for kind in periodic_kinds())
FIRST, LAST = date(2025, 1, 1), date(2026, 2, 28)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def documents(due: tuple[Due, ...]) -> set[tuple[str, str]]:
    return {(one.kind, one.period) for one in due if one.kind in KINDS}


def lived(on: list[date], received: frozenset[str] = ALL_MONTHS) -> Iterator[tuple[date, Due]]:
    """Every document a machine makes that was on for those days, each remembered as made once it was."""
    there = Present(begins=BEGINS, received=received)
    for day in on:
        for due in agenda(day, RULES, replace(there, backed_up_on=day)):
            yield day, due
            if due.kind == Job.REMINDERS:
                there = replace(there, reminded=there.reminded | {(due.period, day)})
            else:
                there = replace(
                    there, made=there.made | {(due.period, d) for d in drafted_together(due.kind)}
                )
        assert agenda(day, RULES, replace(there, backed_up_on=day)) == ()  # again on that day: nothing


@pytest.mark.parametrize(
    ("period", "kind", "due_on"),
    [
        (
            "2025-06",
            "monthly_dispatch",
            date(2025, 7, 8),
        ),  # reports due on Saturday the 5th, so Monday the 7th
        ("2025-Q2", "quarterly_analysis", date(2025, 7, 8)),
        ("2025-H1", "half_year_summary", date(2025, 7, 8)),
        ("2025-04", "monthly_dispatch", date(2025, 5, 7)),  # the 5th is in the Labour Day holiday
        (
            "2025-01",
            "monthly_dispatch",
            date(2025, 2, 6),
        ),  # the first working day after the Spring Festival is the 5th
        ("2025-09", "monthly_dispatch", date(2025, 10, 10)),  # National Day and Mid-Autumn end on the 8th
        ("2025", "annual_assessment", date(2026, 1, 6)),
    ],
)
def test_a_document_is_due_on_the_working_day_of_its_dispatch_and_not_before(
    period: str, kind: str, due_on: date
) -> None:
    there = Present(begins=BEGINS, received=ALL_MONTHS)
    assert (kind, period) in documents(agenda(due_on, RULES, there))
    assert (kind, period) not in documents(agenda(due_on - timedelta(days=1), RULES, there))


def test_a_machine_always_on_makes_every_document_once_and_on_its_day() -> None:
    made = {(due.kind, due.period): day for day, due in lived(DAYS) if due.kind in KINDS}
    assert len(made) == 12 + 4 + 2 + 1
    for (_, period), day in made.items():
        assert day == deadlines(Period.parse(period).months[-1], POLICY).dispatch_on
        assert is_workday(day)


@settings(deadline=None, max_examples=20)
@given(st.sets(st.sampled_from(DAYS), max_size=len(DAYS)))
def test_whatever_days_it_was_off_every_document_is_made_once_on_the_first_day_that_comes(
    off: set[date],
) -> None:
    on = [day for day in DAYS if day not in off]
    done = [(due.kind, due.period, day) for day, due in lived(on) if due.kind in KINDS]
    assert len({(kind, period) for kind, period, _ in done}) == len(done)  # never twice
    for period in periods(2025):
        due_on = deadlines(period.months[-1], POLICY).dispatch_on
        first = next((day for day in on if day >= due_on), None)
        made_on = [day for _, of, day in done if of == str(period)]
        assert made_on == ([] if first is None else [first])


@settings(deadline=None, max_examples=10)
@given(st.sets(st.sampled_from(DAYS), max_size=len(DAYS)))
def test_reminders_are_worked_out_once_each_working_day_it_was_on_and_for_one_month(off: set[date]) -> None:
    on = [day for day in DAYS if day not in off]
    done = [(day, due.period) for day, due in lived(on) if due.kind == Job.REMINDERS]
    begin, end = deadlines("2025-01", POLICY).remind_on, deadlines("2026-01", POLICY).remind_on
    assert [day for day, _ in done] == [day for day in on if begin <= day < end and is_workday(day)]
    assert [month for _, month in done] == sorted(month for _, month in done)


def test_the_reminder_day_of_january_lies_in_january_and_reminds_of_january() -> None:
    sunday = date(2025, 1, 26)  # a make-up working day, two working days before 5 February
    assert [
        (d.kind, d.period) for d in agenda(sunday, RULES, Present(begins=BEGINS, backed_up_on=sunday))
    ] == [(Job.REMINDERS, "2025-01")]


def test_nothing_is_written_about_a_period_whose_last_month_nobody_reported() -> None:
    june = agenda(date(2025, 7, 31), RULES, Present(begins=BEGINS, received=ALL_MONTHS - {"2025-06"}))
    assert {("monthly_dispatch", "2025-05"), ("quarterly_analysis", "2025-Q1")} <= documents(june)
    assert not {"2025-06", "2025-Q2", "2025-H1"} & {period for _, period in documents(june)}


def test_an_office_that_began_in_july_is_in_arrears_with_nothing_before_june() -> None:
    """June is what reports are due of in July; the half-year's earlier months were taken in with it."""
    begun = Present(begins="2025-06", received=frozenset(Period(2025, 1, 6).months))
    assert documents(agenda(date(2025, 7, 8), RULES, begun)) == {
        ("monthly_dispatch", "2025-06"), ("quarterly_analysis", "2025-Q2"), ("half_year_summary", "2025-H1")
    }  # fmt: skip


def test_nobody_is_reminded_before_anything_was_asked_for() -> None:
    def reminded(begins: str | None) -> list[str]:
        there = Present(begins=begins, backed_up_on=date(2025, 7, 3))
        return [due.period for due in agenda(date(2025, 7, 3), RULES, there) if due.kind == Job.REMINDERS]

    assert reminded(None) == reminded("2025-07") == []
    assert reminded("2025-06") == ["2025-06"]


def test_the_first_month_asked_for_is_that_of_the_first_file_or_of_the_first_forms(tmp_path: Path) -> None:
    office = Settings(data=tmp_path)
    assert first_month_requested(office) is None
    for month, came in (("2025-01", "2025-07-03T10:00:00"), ("2025-06", "2025-07-02T09:00:00")):
        write_whole(office.raw / month / f"ab{month}{ENVELOPE}", f'{{"received_at": "{came}"}}'.encode())
    assert first_month_requested(office) == "2025-06"  # January came in July, too
    write_whole(office.data / "forms" / "2025-05" / "开鲁县2025年5月月报.xlsx", b"")
    assert first_month_requested(office) == "2025-05"
    late = office.raw / "2025-01" / f"cd{ENVELOPE}"
    write_whole(late, b'{"received_at": "2025-02-03T09:00:00"}')
    assert first_month_requested(office) == "2025-01"


def test_a_year_counts_as_assessed_only_with_its_list_of_commendation() -> None:
    half = Present(begins=BEGINS, received=ALL_MONTHS, made=frozenset({("2025", "annual_assessment")}))
    whole = replace(half, made=half.made | {("2025", "commendation")})
    day = date(2026, 1, 6)
    assert ("annual_assessment", "2025") in documents(agenda(day, RULES, half))
    assert ("annual_assessment", "2025") not in documents(agenda(day, RULES, whole))


def test_restoring_is_drilled_once_a_month_beginning_with_the_month_after_the_first_backup() -> None:
    def is_due(today: date, drilled_on: date | None) -> bool:
        there = Present(begins=BEGINS, backed_up_on=today, drilled_on=drilled_on)
        return Job.DRILL in {due.kind for due in agenda(today, RULES, there)}

    assert not is_due(date(2025, 7, 31), None)  # nothing to restore
    assert not is_due(date(2025, 7, 31), date(2025, 7, 1))
    assert is_due(date(2025, 8, 1), date(2025, 7, 31))
    assert is_due(date(2026, 1, 1), date(2025, 12, 31))
    assert not is_due(date(2025, 7, 1), date(2025, 8, 1))  # a clock set back


def test_a_day_does_first_what_came_in_and_last_what_is_kept() -> None:
    there = Present(begins=BEGINS, waiting=1, received=ALL_MONTHS)
    kinds = [due.kind for due in agenda(date(2025, 7, 8), RULES, there)]
    assert kinds[:2] == [Job.INTAKE, Job.REMINDERS] and kinds[-1] == Job.BACKUP
    assert kinds[-4:-1] == [
        "monthly_dispatch",
        "quarterly_analysis",
        "half_year_summary",
    ]  # June, Q2, the first half


def test_a_year_the_calendar_does_not_know_yet_goes_by_weekdays_and_says_so() -> None:
    there = Present(begins="2044-09", received=frozenset({"2044-09"}), backed_up_on=date(2044, 10, 10))
    (monthly,) = [
        due for due in agenda(date(2044, 10, 10), {2044: POLICY}, there) if due.kind == "monthly_dispatch"
    ]
    assert monthly.due_on == date(
        2044, 10, 6
    )  # due on Wednesday 5 October, a Thursday later, holidays or not
    assert str(monthly) == "2044-09 月调度（10月6日到期，节假日未公布，按周一至周五推算）"


def test_two_plans_side_by_side_are_both_served() -> None:
    there = Present(begins=BEGINS, received=frozenset({"2025-12", "2026-01"}))
    due = documents(agenda(date(2026, 2, 28), RULES | {2026: POLICY}, there))
    assert {
        ("monthly_dispatch", "2025-12"),
        ("annual_assessment", "2025"),
        ("monthly_dispatch", "2026-01"),
    } <= due
