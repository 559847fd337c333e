"""One head, one name, in the spellings of many offices."""

import pytest

from flows.plan.catalogue import Catalogue
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.form.layout import Field
from flows.submissions.reading.spelling import Spelling, is_number_or_unit, unit_in


@pytest.fixture
def spelling(form: FormSpec, catalogue: Catalogue) -> Spelling:
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


@pytest.mark.parametrize(
    ("head", "indicator", "field"),
    [
        ("城镇新增就业累计", "urban_new_jobs", Field.RUNNING_TOTAL),
        ("城镇新增就业人数（1-6月累计）", "urban_new_jobs", Field.RUNNING_TOTAL),
        ("本月二产新增就业岗位", "secondary_jobs", Field.IN_MONTH),
        ("二产新增就业岗位6月", "secondary_jobs", Field.IN_MONTH),
    ],
)
def test_a_head_may_name_the_line_and_the_column(
    spelling: Spelling, head: str, indicator: str, field: Field
) -> None:
    joined = spelling.joined(head)
    assert joined is not None and (joined[0].indicator, joined[1]) == (indicator, field)


@pytest.mark.parametrize(
    "head", ["城镇新增就业", "城镇新增就业女性", "城镇新增就业完成率", "2024年城镇新增就业累计"]
)
def test_what_is_left_of_a_head_must_be_a_column(spelling: Spelling, head: str) -> None:
    assert spelling.joined(head) is None
