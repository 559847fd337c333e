"""Numbers as an official writes them; every sentence follows the figure as printed."""

from datetime import date, datetime

import pytest

from flows.documents import filters, words
from flows.documents.provenance import Fact, Source, plain
from flows.plan.units import DisplayUnit


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (8123.0, "人", "8123人"),
        (10994.5, "万元", "10994.5万元"),
        (4183500.0, "亩", "418.35万亩"),
        (5700001.0, "头只口羽次", "5700001头只口羽次"),
        (6.0, "个/旗县市区", "6个"),
        (-12.0, "人", "-12人"),
        (5.35, "%", "5.35%"),
    ],
)
def test_a_quantity_stands_with_its_unit_and_without_grouping(value: float, unit: str, expected: str) -> None:
    assert words.amount(value, unit) == expected


WAN_PERSONS = DisplayUnit("万人")


@pytest.mark.parametrize(
    ("value", "amount", "estimate"),
    [
        (431132.0, "43.11万人", "43.11万人"),
        (11899519.0, "1189.95万人", "1190万人"),
        (12921760.0, "1292.18万人", "1292万人"),
        (424000.0, "42.4万人", "42.4万人"),
        (9999.0, "9999人", "9999人"),
    ],
)
def test_a_display_unit_prints_ten_thousands_from_one_up(value: float, amount: str, estimate: str) -> None:
    assert (words.amount(value, WAN_PERSONS), words.estimate(value, WAN_PERSONS)) == (amount, estimate)


def test_a_column_in_a_display_unit_hides_nobody() -> None:
    shown = [
        words.cell(value, WAN_PERSONS, "")
        for value in (431132.0, 34027.0, 34000.0, 7846.0, 784.0, 3.0, 0.0, None)
    ]
    assert shown == [
        "43.11",
        "3.40",
        "3.4",
        "0.78",
        "0.0784",
        "0.0003",
        "0",
        "—",
    ]  # 3.4027: a zero that was rounded to stays
    assert words.goal(424000.0, WAN_PERSONS) == "42.4"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(17946.4, 18000.0), (18000.0, 18000.0), (7846.3, 7847.0)],  # to the second decimal of 万; to a person
)
def test_what_is_still_needed_is_rounded_up_to_what_is_printed(value: float, expected: float) -> None:
    assert words.rounded_up(value, WAN_PERSONS) == expected


@pytest.mark.parametrize(
    ("done", "target", "expected"),
    [(12314, 12500, "98.5%"), (6650, 6600, "100.8%"), (5331, 5700, "93.5%"), (698, 1200, "58.2%")],
)
def test_published_pairs_print_as_published(done: int, target: int, expected: str) -> None:
    assert words.percent(done * 100 / target) == expected


def test_halves_round_away_from_zero_as_written_not_as_stored() -> None:
    assert words.percent(60.25) == "60.3%"
    assert words.one_decimal(-3.25) == "-3.3"
    assert words.percent(0.35) == "0.4%"  # binary 0.35 lies below 0.35


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (10.2, "快于时序进度10.2个百分点"),
        (-3.14, "慢于时序进度3.1个百分点"),
        (0.049, "与时序进度持平"),
        (-0.049, "与时序进度持平"),
        (0.05, "快于时序进度0.1个百分点"),
    ],
)
def test_a_gap_is_judged_as_it_prints(gap: float, expected: str) -> None:
    assert words.against(gap) == expected


def test_a_gap_in_a_table_carries_its_sign_but_zero_has_none() -> None:
    assert [words.points(gap) for gap in (10.24, -3.16, -0.04, 0.0)] == ["+10.2", "-3.2", "0.0", "0.0"]


def test_shared_ranks_say_so() -> None:
    assert words.place(1, tied=True) == "第1位（并列）"
    assert words.place(3, tied=False) == "第3位"
    assert [words.place_cell(rank, tied) for rank, tied in ((1, True), (2, False), (None, None))] == [
        "并列1",
        "2",
        "—",
    ]


def test_no_number_is_never_zero() -> None:
    assert words.cell(0.0, "人", "confirmed_zero") == "0"
    assert words.cell(None, "人", "missing") == "未报"
    assert words.cell(None, "人", "blocked") == "数据待核"
    assert words.cell(None, "人", "not_applicable") == "不适用"
    assert words.cell(None, "人", "reported") == "—"


def test_long_lists_end_with_the_full_count() -> None:
    assert filters.listed(["甲", "乙"]) == "甲、乙"
    assert plain(filters.listed(["甲", "乙", "丙"], 2, "个地区")) == "甲、乙等3个地区"


def test_changes_are_in_words_and_absolute() -> None:
    def change(now: float, then: float, unit: str) -> str:
        return plain(filters.change(Fact(now, Source()), Fact(then, Source()), unit))

    assert change(8123, 7811, "人") == "增加312人"
    assert change(100.1, 112.6, "万元") == "减少12.5万元"
    assert change(5.0, 5.0, "户") == "持平"


def test_what_is_still_needed_is_rounded_up_to_whole_people() -> None:
    assert words.rounded_up(100 / 6, "人") == 17.0  # 16.67
    assert words.rounded_up(10 / 3, "万元") == 3.34
    assert words.rounded_up(12.0, "人") == 12.0


def test_dates_carry_no_leading_zero() -> None:
    assert words.day(date(2025, 7, 8)) == "2025年7月8日"
    assert words.moment(datetime(2025, 7, 8, 9, 5)) == "2025年7月8日9时05分"
    assert words.stamp(None) == "—"


def test_money_in_a_table_keeps_two_decimals_and_a_target_is_as_the_plan_writes_it() -> None:
    assert words.cell(135.3, "万元", "reported") == "135.30"
    assert words.cell(97.0, "人", "reported") == "97"
    assert words.cell(None, "万元", "missing") == "未报"
    assert words.goal(11000.0, "万元") == "11000"
    assert words.goal(None, "%") == "—"
