"""Periods: written, read, named and counted."""

import pytest

from flows.plan.period import Frequency, Period, PeriodError


@pytest.mark.parametrize(
    ("written", "frequency", "label", "long_label", "months"),
    [
        ("2025-06", Frequency.MONTH, "6月", "2025年6月", ("2025-06",)),
        ("2025-Q2", Frequency.QUARTER, "二季度", "2025年第二季度", ("2025-04", "2025-05", "2025-06")),
        ("2025-H1", Frequency.HALF_YEAR, "上半年", "2025年上半年", tuple(f"2025-0{m}" for m in range(1, 7))),
        (
            "2025-H2",
            Frequency.HALF_YEAR,
            "下半年",
            "2025年下半年",
            tuple(f"2025-{m:02d}" for m in range(7, 13)),
        ),
        ("2025", Frequency.YEAR, "全年", "2025年度", tuple(f"2025-{m:02d}" for m in range(1, 13))),
    ],
)
def test_a_period_reads_and_names_itself(
    written: str, frequency: Frequency, label: str, long_label: str, months: tuple[str, ...]
) -> None:
    period = Period.parse(written)
    assert (str(period), period.frequency, period.label, period.long_label) == (
        written,
        frequency,
        label,
        long_label,
    )
    assert period.months == months


@pytest.mark.parametrize(
    "written", ["2025-13", "2025-6", "2025-Q5", "2025-H3", "25-06", "2025年6月", "", "1999-01"]
)
def test_what_is_no_period_is_refused_with_the_four_ways(written: str) -> None:
    with pytest.raises(PeriodError, match="2025-06（月）、2025-Q2（季）、2025-H1（半年）或 2025（年）"):
        Period.parse(written)


def test_the_period_before_january_lies_in_the_year_before() -> None:
    assert str(Period.parse("2025-01").previous) == "2024-12"
    assert str(Period.parse("2025-Q1").previous) == "2024-Q4"
    assert str(Period.parse("2025-H1").previous) == "2024-H2"
    assert str(Period.parse("2025").previous) == "2024"


def test_pace_is_months_gone_over_twelve() -> None:
    assert Period.parse("2025-06").pace_pct == 6 * 100 / 12
    assert Period.parse("2025-Q3").pace_pct == 9 * 100 / 12
    assert Period.parse("2025").pace_pct == 100


def test_a_period_knows_its_last_month_and_the_year_to_date() -> None:
    quarter = Period.parse("2025-Q2")
    assert str(quarter.last_month) == "2025-06"
    assert quarter.months_to_date == tuple(f"2025-0{m}" for m in range(1, 7))
    assert str(quarter.year_ago) == "2024-Q2"


@pytest.mark.parametrize(("written", "previous", "year_ago", "last_month", "to_date"), [
    ("2025-02", "2025-01", "2024-02", "2025-02", 2), ("2025-12", "2025-11", "2024-12", "2025-12", 12),
    ("2025-Q2", "2025-Q1", "2024-Q2", "2025-06", 6), ("2025-Q4", "2025-Q3", "2024-Q4", "2025-12", 12),
    ("2025-H2", "2025-H1", "2024-H2", "2025-12", 12), ("2025", "2024", "2024", "2025-12", 12),
])  # fmt: skip
def test_a_period_knows_its_neighbours(
    written: str, previous: str, year_ago: str, last_month: str, to_date: int
) -> None:
    period = Period.parse(written)
    assert (str(period.previous), str(period.year_ago), str(period.last_month)) == (
        previous,
        year_ago,
        last_month,
    )
    assert period.months_to_date == tuple(f"2025-{m:02d}" for m in range(1, to_date + 1))


@pytest.mark.parametrize(("written", "label"), [
    ("2025-Q1", "一季度"), ("2025-Q3", "三季度"), ("2025-Q4", "四季度"), ("2025-01", "1月"), ("2025-12", "12月"),
])  # fmt: skip
def test_every_quarter_has_its_own_name(written: str, label: str) -> None:
    assert Period.parse(written).label == label
    assert str(Period.parse(written)) == written


def test_a_month_by_its_numbers_is_the_month_as_written() -> None:
    assert Period.month(2025, 6) == Period.parse("2025-06")
