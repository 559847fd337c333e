"""One head, one name, in the spellings of many offices."""

import pytest

from flows.catalogue.catalogue import Catalogue
from flows.submission.asked import Asked
from flows.submission.layout import Field
from flows.submission.reading.spelling import Spelling, is_number_or_unit, unit_in


@pytest.fixture
def spelling(form: Asked, catalogue: Catalogue) -> Spelling:
    return Spelling(form, catalogue)


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("本月", Field.IN_MONTH), ("6月", Field.IN_MONTH), ("6月份当月", Field.IN_MONTH),
        ("1-6月累计", Field.RUNNING_TOTAL), ("１—６月", Field.RUNNING_TOTAL), ("截至6月底累计", Field.RUNNING_TOTAL),
        ("2025年1至6月累计完成", Field.RUNNING_TOTAL), ("累\n计", Field.RUNNING_TOTAL), ("累　计\u00a0", Field.RUNNING_TOTAL),
        ("1-5月累计", Field.PREVIOUS), ("截至5月底累计", Field.PREVIOUS),
        ("1-4月累计", None), ("2024年1-6月累计", None), ("5月", None), ("完成率", None),
    ],
)  # fmt: skip
def test_a_column_is_known_by_its_month(spelling: Spelling, head: str, field: Field | None) -> None:
    assert spelling.field(head) is field


@pytest.mark.parametrize(
    "name",
    [
        "城镇新增就业",
        "城镇新增就业人数",
        "1、城镇新增就业（人）",
        "一、城镇新增就业人员",
        "其中：城镇新增就业",
        "（一）城镇 新增就业",
    ],
)
def test_a_line_is_known_whatever_stands_around_its_name(spelling: Spelling, name: str) -> None:
    line = spelling.line(name)
    assert line is not None and line.indicator == "urban_new_jobs"


@pytest.mark.parametrize("name", ["城镇新增就业女性", "其中：女性", "就业", "", "城镇登记失业"])
def test_a_name_that_only_resembles_one_is_none(spelling: Spelling, name: str) -> None:
    assert spelling.line(name) is None


@pytest.mark.parametrize(
    ("head", "unit"), [("贷款金额（万元）", "万元"), ("单位：元", "元"), ("人", "人"), ("本月（当月）", "")]
)
def test_a_unit_is_read_from_a_head(head: str, unit: str) -> None:
    assert unit_in(head) == unit


@pytest.mark.parametrize("head", ["甲", "1", "4=2+3", "(人)", "12"])
def test_a_columns_number_says_nothing(head: str) -> None:
    assert is_number_or_unit(head)
