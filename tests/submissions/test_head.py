"""Who reports which month: the sheet's labels decide, the file's name is only compared."""

from io import BytesIO

import openpyxl
import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Reading, Refusal
from flows.plan.terms import State
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.read_form import read
from tests.submissions.conftest import KNOWN, filled, understood

TABLE = "指标,年度目标,上月累计,本月,累计\n城镇新增就业,1100,497,110,607\n"


def told(catalogue: Catalogue, head: str, name: str = "月报.csv", table: str = TABLE) -> Reading | Refusal:
    return read(name, (head + "\n" + table).encode(), catalogue, lambda *_: KNOWN)


@pytest.mark.parametrize("who", ["开鲁县", "开鲁", "开 鲁 县", "kailu", "　开鲁县　"])
@pytest.mark.parametrize(
    "when", ["2025年6月", "2025.6", "2025-06", "２０２５年６月", "2025/6", "2025年6月份", "2025-06-30"]
)
def test_who_and_when_are_read_however_they_are_written(catalogue: Catalogue, who: str, when: str) -> None:
    reading = understood(told(catalogue, f"填报单位：{who},,报告期：{when}"))
    assert (reading.reporter, reading.month) == ("kailu", "2025-06")


@pytest.mark.parametrize(
    "head", ["填报单位,开鲁县\n报告期,2025年6月", "填 报 单 位:,开鲁县,报送月份,\n报告月份：,,2025年6月"]
)
def test_the_value_may_stand_in_the_next_cell(catalogue: Catalogue, head: str) -> None:
    assert understood(told(catalogue, head)).month == "2025-06"


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("填报单位：,报告期：2025年6月", "没有填“填报单位”"),
        ("填报单位：火星区,报告期：2025年6月", "填报单位“火星区”不在填报名单里"),
        ("填报单位：开鲁县,报告期：", "没有填“报告期”"),
        ("填报单位：开鲁县,报告期：六月上旬", "报告期“六月上旬”看不懂"),
        ("填报单位：开鲁县,报告期：2025年13月", "报告期“2025年13月”看不懂"),
        ("填报单位：开鲁县,报告期：2026年6月", "报告期为 2026年6月，不是 2025 年度的报表"),
        ("开鲁县六月报表", "没有找到报表：各工作表上都没有“填报单位”和“报告期”"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_reason(
    catalogue: Catalogue, head: str, reason: str
) -> None:
    outcome = told(catalogue, head)
    assert isinstance(outcome, Refusal) and outcome.reason == reason


def test_a_report_without_any_of_its_indicators_is_refused(catalogue: Catalogue) -> None:
    outcome = told(catalogue, "填报单位：开鲁县,报告期：2025年6月", table="指标,累计\n粮食产量,1\n")
    assert isinstance(outcome, Refusal) and outcome.reason == "表内没有找到应报的指标"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("开鲁县2025年6月月报.xlsx", []),
        ("开鲁6月(修改版)(最终).xlsx", []),
        ("月报.xlsx", []),
        ("20250706表.xlsx", []),
        ("开鲁5月.xlsx", ["5月"]),
        ("开鲁县202505.xlsx", ["5月"]),
        ("开鲁县2025-5.xlsx", ["5月"]),
        ("农牧局6月.xlsx", ["市农牧局"]),
        ("2026年1月5日开鲁县6月.xlsx", []),
        ("开鲁县5月、6月.xlsx", []),
    ],
)
def test_a_file_name_that_says_otherwise_is_queried(
    catalogue: Catalogue, form: FormSpec, name: str, found: list[str]
) -> None:
    reading = understood(read(name, filled(form), catalogue, lambda *_: KNOWN))
    assert reading.month == "2025-06"
    assert [(p.rule, p.found) for p in reading.problems] == [("file_name_disagrees", f) for f in found]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("科区6月.xlsx", "科尔沁区"),
        ("奈曼旗6月.xlsx", "奈曼旗"),
        ("开鲁县2024年6月.xlsx", "2024年"),
        ("开鲁202406.xlsx", "2024年"),
    ],
)
def test_a_file_named_after_another_county_or_year_holds_its_numbers(
    catalogue: Catalogue, form: FormSpec, name: str, found: str
) -> None:
    """Whoever copies a neighbour's or last year's file may have changed the name and not the head, or the reverse."""
    reading = understood(read(name, filled(form), catalogue, lambda *_: KNOWN))
    (problem,) = reading.problems
    assert (problem.rule, problem.found) == ("file_of_another_report", f"{found}，表内的数没有采用")
    assert {o.state for o in reading.observations} == {State.BLOCKED}


def test_what_is_known_is_asked_for_the_reporter_and_month_of_the_sheet(
    catalogue: Catalogue, form: FormSpec
) -> None:
    asked_for: list[tuple[str, str]] = []
    read("科区5月.xlsx", filled(form), catalogue, lambda *key: asked_for.append(key) or KNOWN)
    assert asked_for == [("kailu", "2025-06")]


@pytest.mark.parametrize(
    ("name", "title", "reporter"),
    [
        ("6月.csv", "市农牧局2025年6月进展", "agriculture"),
        ("市农牧局6月.csv", "2025年6月进展", "agriculture"),
        ("开鲁县6月.csv", "报市人社局：2025年6月就业情况", "kailu"),
        ("6月.csv", "开鲁县报市人社局2025年6月就业情况", "kailu"),
    ],
)
def test_a_department_is_the_reporter_only_where_no_county_is_named(
    catalogue: Catalogue, name: str, title: str, reporter: str
) -> None:
    county = reporter == "kailu"
    rows = "城镇新增就业,110,607\n二产新增就业岗位,31,161\n" if county else "引进培育加工销售龙头企业,2,12\n"
    text = f"{title}\n指标,本月,1-6月累计\n{rows}"
    assert understood(read(name, text.encode(), catalogue, lambda *_: KNOWN)).reporter == reporter


def test_names_and_telephones_of_clerks_are_kept_nowhere(catalogue: Catalogue, form: FormSpec) -> None:
    reading = understood(read("月报.xlsx", filled(form), catalogue, lambda *_: KNOWN))
    assert not any(secret in repr(reading) for secret in ("甲某", "乙某", "0475"))
    assert reading.decisions == ()


def test_rows_about_persons_below_the_table_are_not_repeated(catalogue: Catalogue) -> None:
    table = TABLE + "张某某 150502199001011234,,,1,1\n"
    reading = understood(told(catalogue, "填报单位：开鲁县,报告期：2025年6月", table=table))
    assert "150502" not in repr(reading)
    assert "工作表“月报”有 1 行含身份证号等个人信息" in reading.decisions[0]


def test_a_sheet_of_instructions_or_anything_else_is_passed_over(
    catalogue: Catalogue, form: FormSpec
) -> None:
    reading = understood(read("月报.xlsx", filled(form), catalogue, lambda *_: KNOWN))
    assert {o.sheet for o in reading.observations} == {"月报"}


def test_a_month_stored_as_the_number_2025_1_may_be_october(catalogue: Catalogue, form: FormSpec) -> None:
    book = openpyxl.load_workbook(BytesIO(filled(form)))
    for area in [a for a in book["月报"].merged_cells.ranges if "E2" in a]:
        book["月报"].unmerge_cells(str(area))
    book["月报"]["D2"], book["月报"]["E2"] = "报告期：", 2025.1
    buffer = BytesIO()
    book.save(buffer)
    outcome = read("月报.xlsx", buffer.getvalue(), catalogue, lambda *_: KNOWN)
    assert isinstance(outcome, Refusal) and outcome.reason == "报告期“2025.1”看不懂"
