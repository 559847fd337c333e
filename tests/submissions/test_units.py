"""A unit that a sheet states is followed; what could be meant two ways is not."""

from decimal import Decimal

import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Reading
from flows.submissions.formats.grid import Grid
from flows.submissions.read_form import read
from flows.submissions.reading.units import of_kind, scale, stated_units
from tests.submissions.conftest import KNOWN, cell, understood


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("单位：万人", ("万人",)), ("计量单位：人、万元", ("人", "万元")), ("（单位:户，亿元）", ("户", "亿元")),
        ("就业情况表（单位：人）", ("人",)), ("填报单位：开鲁县", ()), ("单位：开鲁县", ()), ("单位", ()),
    ],
)  # fmt: skip
def test_a_note_over_the_table_is_known_from_a_reporter(
    catalogue: Catalogue, text: str, units: tuple[str, ...]
) -> None:
    assert stated_units(Grid("Sheet1", [["", text]]), catalogue) == ((units,) if units else ())


@pytest.mark.parametrize(
    ("units", "due", "unit"),
    [
        (("万人", "元"), "人", "万人"), (("万人", "元"), "万元", "元"), (("人", "万户"), "户", "万户"),
        (("人", "万户"), "个", ""), (("万元",), "人", ""), (("万亩",), "亩", "万亩"), (("%",), "人", ""),
    ],
)  # fmt: skip
def test_a_number_is_in_the_stated_unit_of_its_kind(units: tuple[str, ...], due: str, unit: str) -> None:
    assert of_kind(units, due) == unit


@pytest.mark.parametrize(
    ("stated", "due", "times"),
    [
        ("", "人", "1"),
        ("户", "个", "1"),
        ("万人", "人", "10000"),
        ("元", "万元", "0.0001"),
        ("亿元", "万元", "10000"),
    ],
)
def test_a_unit_of_the_same_kind_is_converted_exactly(stated: str, due: str, times: str) -> None:
    assert scale(stated, due) == Decimal(times)


def test_another_kind_of_another_size_is_not() -> None:
    assert scale("万元", "人") is None


def told(
    catalogue: Catalogue, note: str, head: str, loans: str, name: str = "创业担保贷款发放金额"
) -> Reading:
    text = f"填报单位：开鲁县,,报告期：2025年6月\n,,{note}\n指标,本月,{head}\n{name},,{loans}\n城镇新增就业,,607\n"
    return understood(read("月报.csv", text.encode(), catalogue, lambda *_: KNOWN))


@pytest.mark.parametrize(
    ("note", "head", "name"),
    [
        ("单位：元", "累计", "创业担保贷款发放金额"),
        ("", "累计（元）", "创业担保贷款发放金额"),
        ("", "累计", "创业担保贷款发放金额（元）"),
        ("单位：亿元", "累计", "创业担保贷款发放金额（元）"),
    ],
)
def test_the_nearest_word_on_the_unit_counts(catalogue: Catalogue, note: str, head: str, name: str) -> None:
    """4361200 元 are 436.12 万元; the people in the same table stay people."""
    reading = told(catalogue, note, head, "4361200", name)
    assert [cell(reading, i).value for i in ("startup_loans", "urban_new_jobs")] == [Decimal("436.12"), 607]
    assert "工作表“月报”写明的单位是“元”，创业担保贷款发放金额已换算成“万元”读取" in reading.decisions


def test_what_does_not_convert_into_two_decimals_is_blocked(catalogue: Catalogue) -> None:
    reading = told(catalogue, "单位：元", "累计", "4361234")
    assert [(p.rule, p.cell) for p in reading.problems if p.tier == "error"] == [("too_many_decimals", "C4")]


def test_a_number_with_its_own_unit_behind_it_is_in_that_unit_whatever_the_note_says(
    catalogue: Catalogue,
) -> None:
    reading = told(catalogue, "单位：元", "累计", "436.12万元")
    assert cell(reading, "startup_loans").value == Decimal("436.12")
