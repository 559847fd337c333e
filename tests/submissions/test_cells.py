"""One cell as text or number: read exactly, or named as what is wrong with it."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from flows.submissions.formats.grid import Broken
from flows.submissions.reading.cells import Nothing, Number, Wrong, day, parse


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("110", "人", "110"),
        ("１１０", "人", "110"),
        ("1,234", "人", "1234"),
        ("1，234，567", "人", "1234567"),
        ("1 234", "人", "1234"),
        ("1234人", "人", "1234"),
        ("1234 人", "人", "1234"),
        ("'1234", "人", "1234"),
        ("+12", "人", "12"),
        ("-12", "人", "-12"),
        ("－12", "人", "-12"),
        ("−12", "人", "-12"),
        ("12.0", "人", "12"),
        ("零", "人", "0"),
        ("296.30万元", "万元", "296.3"),
        ("２９６．３", "万元", "296.3"),
        ("60.2%", "%", "60.2"),
        ("60.2％", "%", "60.2"),
        (5, "人", "5"),
        (5.0, "人", "5"),
        (0.1 + 0.2, "万元", "0.3"),  # as a spreadsheet shows it: fifteen digits
        (296.29999999999995, "万元", "296.3"),
    ],
)
def test_a_number_is_read_exactly(typed: object, unit: str, value: str) -> None:
    decimals = 2 if unit in ("万元", "%") else 0
    assert parse(typed, unit, decimals) == Number(Decimal(value))  # type: ignore[arg-type]  # any cell


@pytest.mark.parametrize(
    ("typed", "unit", "rule"),
    [
        ("约300", "人", "not_understood"),
        ("300+", "人", "not_understood"),
        ("(123)", "人", "not_understood"),
        ("1,23", "人", "not_understood"),
        ("1.2万", "人", "not_understood"),
        ("1.2万人", "人", "not_understood"),
        ("296元", "万元", "not_understood"),
        ("同上", "人", "not_understood"),
        ("12个", "人", "not_understood"),
        ("1e5", "人", "not_understood"),
        ("nan", "人", "not_understood"),
        ("一百", "人", "not_understood"),
        (12.5, "人", "not_whole"),
        ("12.5", "人", "not_whole"),
        (117.625, "万元", "too_many_decimals"),
        (True, "人", "not_a_number"),
        (date(2025, 6, 1), "人", "not_a_number"),
        (datetime(2025, 6, 1, 8), "人", "not_a_number"),
        (time(8), "人", "not_a_number"),
        (1e18, "人", "not_a_number"),
        (float("inf"), "人", "not_a_number"),
        (Broken("#REF!"), "人", "error_value"),
    ],
)
def test_what_is_not_understood_is_an_error_with_its_remedy(typed: object, unit: str, rule: str) -> None:
    wrong = parse(typed, unit, 2 if unit == "万元" else 0)  # type: ignore[arg-type]  # any cell
    assert isinstance(wrong, Wrong) and wrong.rule == rule and wrong.remedy


def test_a_scaled_number_is_to_be_written_out() -> None:
    wrong = parse("1.2万人", "人", 0)
    assert isinstance(wrong, Wrong) and wrong.remedy == "请换算成以“人”为单位的数再填，不写“万人”"


@pytest.mark.parametrize("typed", ["", "  ", "　", "/", "／", "-", "－", "—", "——", "无", "暂无", "×"])
def test_a_mark_for_nothing_is_nothing(typed: str) -> None:
    assert parse(typed, "人", 0) == Nothing()


@pytest.mark.parametrize(
    "typed",
    [
        date(2025, 6, 30),
        datetime(2025, 6, 30, 9),
        45838,
        "2025-6-30",
        "2025年6月30日",
        "2025.6.30",
        "２０２５/6/30",
    ],
)
def test_a_date_is_read_however_it_is_typed(typed: object) -> None:
    assert day(typed) == date(2025, 6, 30)  # type: ignore[arg-type]  # any cell


@pytest.mark.parametrize("typed", ["6月底", "2025-13-01", "", 12, "2025年6月"])
def test_what_is_no_date_is_none(typed: object) -> None:
    assert day(typed) is None  # type: ignore[arg-type]  # any cell
