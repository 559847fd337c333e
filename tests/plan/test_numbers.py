"""Numbers in the plan's sentences, and numbers as they are printed."""

from decimal import Decimal

import pytest

from flows.plan.units import decimals, format_number, magnitude, round_half_up
from flows.plan.verify import numbers_in


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("城镇新增就业1.35万人以上", [13500]),
        ("发放创业担保贷款1.1亿元以上", [110_000_000]),
        ("突27万户", [270_000]),
        ("每个旗县市区至少培育一个职业技能培训+劳务品牌", [1]),
        ("参保率稳定在95%以上", [95]),
        ("总面积达到1200万亩以上", [12_000_000]),
        ("建成通辽市公共实训基地", []),
    ],
)
def test_the_numbers_of_a_sentence_are_in_whole_units(sentence: str, numbers: list[int]) -> None:
    assert numbers_in(sentence) == [Decimal(n) for n in numbers]


def test_ten_thousand_yuan_is_ten_thousand_yuan() -> None:
    assert 11000 * magnitude("万元") == Decimal("1.1") * magnitude("亿元")
    assert magnitude("人") == 1


@pytest.mark.parametrize(
    ("value", "shown"), [(98.45, "98.5"), (98.44, "98.4"), (-0.05, "-0.1"), (2.675, "2.7")]
)
def test_rounding_is_half_away_from_zero_on_the_number_as_written(value: float, shown: str) -> None:
    assert str(round_half_up(value, 1)) == shown


def test_half_a_cent_is_not_lost_to_binary() -> None:
    assert str(round_half_up(2.675, 2)) == "2.68"  # binary 2.675 lies below; people see 2.675


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [(8123.0, "人", "8123"), (296.3, "万元", "296.3"), (296.305, "万元", "296.31"), (0.0, "人", "0"),
     (-0.001, "万元", "0"), (100.0, "%", "100"), (424000.0, "人", "424000")],
)  # fmt: skip
def test_a_number_is_printed_with_the_decimals_of_its_unit(value: float, unit: str, shown: str) -> None:
    assert format_number(value, unit) == shown


@pytest.mark.parametrize(
    ("unit", "places"),
    [("万元", 2), ("亿元", 2), ("%", 2), ("个百分点", 2), ("人", 0), ("亩", 0), ("个/旗县市区", 0)],
)
def test_money_and_rates_carry_two_decimals_and_all_else_none(unit: str, places: int) -> None:
    assert decimals(unit) == places
