"""One head, one name, in the spellings of many offices."""

import pytest

from flows.plan.catalogue import Catalogue
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.form.layout import Field
from flows.submissions.reading.heading import HeadingParser, is_number_or_unit


@pytest.fixture
def parser(form: FormSpec, catalogue: Catalogue) -> HeadingParser:
    return HeadingParser(form, catalogue)


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
def test_a_column_is_known_by_its_month(parser: HeadingParser, head: str, field: Field | None) -> None:
    column = parser.column([head])
    assert (None if column.foreign or column.doubts else column.field) is field


@pytest.mark.parametrize(
    "name",
    [
        "城镇新增就业",
        "城镇新增就业人数",
        "1、城镇新增就业（人）",
        "一、城镇新增就业人员",
        "（一）城镇 新增就业",
        "①城镇新增就业人数",
        "城镇新增就业*",
        "城镇新增就业[1]",
        "城镇新增就业人员数",
        "城镇新增就业情况",
    ],
)
def test_a_line_is_known_whatever_stands_around_its_name(parser: HeadingParser, name: str) -> None:
    line = parser.line(name)
    assert line is not None and line.indicator == "urban_new_jobs"


@pytest.mark.parametrize(
    "name",
    [
        "其中：城镇新增就业",
        "城镇新增就业（上年同期）",
        "城镇新增就业（女）",
        "城镇新增就业（含补录）",
        "城镇新增就业女性",
        "其中：女性",
        "就业",
        "",
        "城镇登记失业",
    ],
)
def test_a_name_that_only_resembles_one_is_none(parser: HeadingParser, name: str) -> None:
    assert parser.line(name) is None


@pytest.mark.parametrize(
    ("head", "unit", "rest"),
    [
        ("贷款金额（万元）", "万元", ""), ("创业担保贷款发放金额（千元）", "千元", ""), ("人", "人", ""), ("本月（当月）", "", ""),
        ("累计（千美元）", "", "千美元"), ("累计（万元/人）", "", "万元"),
    ],
)  # fmt: skip
def test_a_unit_is_read_from_a_head_or_left_over(
    parser: HeadingParser, head: str, unit: str, rest: str
) -> None:
    assert (parser.parse(head).unit, parser.parse(head).rest) == (unit, rest)


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
    parser: HeadingParser, head: str, indicator: str, field: Field
) -> None:
    column = parser.column([head])
    assert column.line is not None and (column.line.indicator, column.field) == (indicator, field)


@pytest.mark.parametrize(
    ("path", "field", "foreign"),
    [
        (["完成", "累计"], Field.RUNNING_TOTAL, False), (["任务", "累计"], Field.RUNNING_TOTAL, True),
        (["计划数", "本月"], Field.IN_MONTH, True), (["完成数", "本月"], Field.IN_MONTH, False),
        (["本年", "累计"], Field.RUNNING_TOTAL, False), (["上年同期", "累计"], Field.RUNNING_TOTAL, True),
        (["本期", "累计"], Field.RUNNING_TOTAL, False), (["上期", "累计"], Field.RUNNING_TOTAL, True),
        (["今年", "本月"], Field.IN_MONTH, False), (["去年", "本月"], Field.IN_MONTH, True),
        (["合计", "累计"], Field.RUNNING_TOTAL, False), (["其中：女性", "累计"], Field.RUNNING_TOTAL, True),
        (["农村", "累计"], Field.RUNNING_TOTAL, True), (["实际", "2025年6月"], Field.IN_MONTH, False),
        (["累计（上年同期）"], Field.RUNNING_TOTAL, True), (["累计（2024年）"], Field.RUNNING_TOTAL, True),
        (["累计（计划）"], Field.RUNNING_TOTAL, True), (["累计（同比增长%）"], Field.RUNNING_TOTAL, True),
        (["截止6月底累计"], Field.RUNNING_TOTAL, False), (["全年累计"], Field.RUNNING_TOTAL, False),
        (["今年以来累计完成"], Field.RUNNING_TOTAL, False), (["累计完成情况"], Field.RUNNING_TOTAL, False),
        (["截止6月底累计数"], Field.RUNNING_TOTAL, False), (["上半年累计"], Field.RUNNING_TOTAL, False),
        (["一季度累计"], Field.RUNNING_TOTAL, True), (["年度任务数"], Field.TARGET, False),
    ],
)  # fmt: skip
def test_all_rows_of_a_head_say_together_what_a_column_holds(
    parser: HeadingParser, path: list[str], field: Field, foreign: bool
) -> None:
    column = parser.column(path)
    assert (column.field, column.foreign, column.doubts) == (field, foreign, ())


@pytest.mark.parametrize(
    ("path", "rest"),
    [
        (["累计（含补录）"], "含补录"), (["累计（含退休）"], "含退休"), (["累计", "外省籍"], "外省籍"), (["本月累计"], "本月累计"),
        (["累计（截至6月25日）"], None),
    ],
)  # fmt: skip
def test_what_no_known_word_covers_is_left_over(
    parser: HeadingParser, path: list[str], rest: str | None
) -> None:
    column = parser.column(path)
    assert column.foreign if rest is None else [left for _, left in column.doubts] == [rest]
