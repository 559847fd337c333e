"""Deadlines fall on working days of the Chinese calendar."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from flows.plan.load import load
from flows.plan.plan_file import PlanError
from flows.plan.policy import Holiday
from flows.plan.workdays import add_workdays, deadlines, holidays_known, is_workday, read_holidays

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


HEAD = "date,kind,name\n"
YEAR_2027 = HEAD + "".join(f"2027-{day},休,{name}\n" for day, name in (
    ("01-01", "元旦"), ("02-05", "春节"), ("02-08", "春节"), ("05-01", "劳动节"), ("10-01", "国庆节"),
    ("10-02", "国庆节"), ("10-03", "国庆节"), ("10-04", "国庆节"),
)) + "2027-02-20,班,春节\n"  # fmt: skip


def typed(folder: Path, text: str, year: int = 2026) -> tuple[Holiday, ...]:
    path = folder / "holidays.csv"
    path.write_text(text, encoding="utf-8")
    return read_holidays(path, year)


def test_the_next_years_holidays_can_be_typed_before_the_package_knows_them(tmp_path: Path) -> None:
    holidays = typed(tmp_path, YEAR_2027)
    assert not holidays_known(2027)
    assert holidays_known(2027, holidays)
    assert not is_workday(date(2027, 2, 5), holidays)  # a Friday off
    assert is_workday(date(2027, 2, 20), holidays)  # a Saturday worked in exchange
    assert [is_workday(date(2027, 2, day), holidays) for day in (4, 6, 9, 21)] == [True, False, True, False]
    january = replace(REPORTING, holidays=holidays)
    assert deadlines("2027-01", january).due_on == date(
        2027, 2, 9
    )  # 5 February is off, then a weekend, then the 8th
    assert deadlines("2027-01", january).calendar_known
    assert not deadlines("2027-01", REPORTING).calendar_known


def test_letters_go_out_on_working_days_also_on_a_make_up_sunday() -> None:
    assert is_workday(date(2025, 9, 28))  # a Sunday worked in exchange for National Day
    assert not is_workday(date(2025, 10, 1))
    assert [is_workday(date(2025, 10, day)) for day in (8, 9, 11)] == [False, True, True]


def test_a_change_to_a_published_year_is_taken_where_its_name_says_so(tmp_path: Path) -> None:
    fixed = "".join(f"2025-{day},休,节日\n" for day in ("01-01", "05-01", "10-01", "10-02", "10-03"))
    changed = typed(tmp_path, f"{HEAD}{fixed}2025-09-01,休,调整：国办发明电〔2025〕1号\n", 2025)
    assert is_workday(date(2025, 9, 1))
    assert not is_workday(date(2025, 9, 1), changed)


@pytest.mark.parametrize(("text", "year", "says"), [
    ("日期,kind,name\n", 2026, "holidays.csv · 表头：应为date、kind、name，实为 日期、kind、name"),
    (HEAD + "2027年1月1日,休,元旦\n", 2026, "holidays.csv · date：应为日期（2026-10-01），实为 2027年1月1日"),
    (HEAD + "2027-01-01,假,元旦\n", 2026, "holidays.csv · 2027-01-01：应为休（放假）或 班（调休上班），实为 假"),
    (YEAR_2027 + "2027-01-01,休,元旦\n", 2026, "holidays.csv · 2027-01-01：应为只出现一次，实为 2 次"),
    (YEAR_2027 + "2028-01-01,休,元旦\n", 2026, "holidays.csv · 2028-01-01：应为2026年或2027年的日期，实为 2028年"),
    (YEAR_2027 + "2027-02-22,班,春节\n", 2026, "2027-02-22：应为调休上班的是星期六或星期日，实为 星期一"),
    (YEAR_2027.replace("2027-10-02,休,国庆节\n", ""), 2026, "2027年：应为全年的放假安排（国务院通知的每一天），实为 缺 10月2日"),
    (HEAD + "2025-10-11,休,国庆节\n", 2025,
     "2025-10-11：应为与已公布的安排一致（班）；国务院另有调整的，名称写“调整”和文号，实为 休 国庆节"),
])  # fmt: skip
def test_what_cannot_be_right_is_refused_with_its_day(
    tmp_path: Path, text: str, year: int, says: str
) -> None:
    with pytest.raises(PlanError) as refusal:
        typed(tmp_path, text, year)
    assert says in str(refusal.value)


def test_a_typed_year_before_and_after_the_plans_own_is_the_edge(tmp_path: Path) -> None:
    fixed = ("01-01", "05-01", "10-01", "10-02", "10-03")
    for year in (2026, 2027):
        assert len(typed(tmp_path, HEAD + "".join(f"{year}-{day},休,节日\n" for day in fixed))) == 5
    with pytest.raises(PlanError, match="2025年"):
        typed(tmp_path, f"{HEAD}2025-01-01,休,元旦\n")


def test_without_the_file_nothing_is_typed(tmp_path: Path) -> None:
    assert read_holidays(tmp_path / "holidays.csv", 2025) == ()
