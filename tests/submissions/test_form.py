"""The workbook a clerk opens: what is filled in, what is locked, what a cell accepts, what the check says."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from flows.plan.catalogue import Catalogue
from flows.plan.observation import KnownTotals
from flows.submissions.form import live_check
from flows.submissions.form.form_spec import Entries, Entry, FormSpec, form_spec
from flows.submissions.form.layout import BLOCK_TITLES, FOOTER, LABELS, TOTALS
from flows.submissions.form.writer import form_name, write_form
from tests.submissions.conftest import DUE_ON, KNOWN, filled, honest, total


def sheet(content: bytes, name: str = "月报") -> Worksheet:
    return openpyxl.load_workbook(BytesIO(content))[name]


@pytest.fixture(scope="module")
def blank(form: FormSpec) -> Worksheet:
    return sheet(write_form(form, DUE_ON))


def row_of(found: Worksheet, label: str) -> int:
    return next(cell.row for cell in found["B"] if cell.value == label)


def test_the_head_says_who_when_and_until_when(blank: Worksheet) -> None:
    said = [cell.value for row in blank["A1:J2"] for cell in row if cell.value]
    assert said == [
        "通辽市2025年就业促进行动旗县市区月报表", "填报单位：开鲁县", "报告期：2025年6月",
        "报送期限：2025年7月7日前", "表号：就促月报1表",
    ]  # fmt: skip


def test_a_countys_form_asks_its_annex_numbers_and_those_of_each_county(form: FormSpec) -> None:
    assert [line.label for line in form.lines] == [
        "城镇新增就业", "农村牧区劳动力转移就业", "二产新增就业岗位", "三产新增就业岗位", "新业态和灵活就业新增就业",
        "小微企业个体工商户新增就业", "创业担保贷款发放金额", "市级标准化创业孵化基地", "新增技能人才",
        "“职业技能培训+劳务品牌”",
    ]  # fmt: skip


def test_a_zone_that_is_no_county_is_not_asked_for_what_each_county_builds(catalogue: Catalogue) -> None:
    zone = form_spec(catalogue, "development_zone", "2025-06", {})
    assert len(zone.lines) == 8  # the eight annex columns


def test_target_and_last_month_are_filled_in_and_locked(blank: Worksheet) -> None:
    row = row_of(blank, "城镇新增就业")
    assert (blank.cell(row, 4).value, blank.cell(row, 5).value) == (1100, 497)
    assert [blank.cell(row, column).protection.locked for column in range(1, 11)] == [
        True, True, True, True, True, False, False, False, False, True
    ]  # fmt: skip
    assert blank.protection.sheet is True and blank.protection.password is None


def test_a_month_that_never_came_is_shown_as_such_not_as_zero(catalogue: Catalogue) -> None:
    found = sheet(write_form(form_spec(catalogue, "kailu", "2025-06", {}), DUE_ON))
    assert found.cell(row_of(found, "城镇新增就业"), 5).value == "未报"


def test_in_january_last_months_total_is_zero(catalogue: Catalogue) -> None:
    found = sheet(write_form(form_spec(catalogue, "kailu", "2025-01", KNOWN), DUE_ON))
    assert found.cell(row_of(found, "城镇新增就业"), 5).value == 0


def test_every_indicator_carries_its_definition_and_the_plans_sentence(blank: Worksheet) -> None:
    note = blank.cell(row_of(blank, "城镇新增就业"), 2).comment
    assert note is not None and "方案总体要求：“城镇新增就业1.35万人以上”" in note.text


def test_input_cells_accept_what_their_unit_allows(blank: Worksheet) -> None:
    rules = {str(v.sqref): v for v in blank.data_validations.dataValidation}
    people, money = row_of(blank, "城镇新增就业"), row_of(blank, "创业担保贷款发放金额")
    assert (rules[f"F{people}"].type, rules[f"G{people}"].type) == ("whole", "whole")
    assert (
        int(rules[f"F{people}"].formula1) < 0 and rules[f"G{people}"].formula1 == "0"
    )  # a month may be 核减
    assert rules[f"G{money}"].type == "custom" and "ROUND(G" in rules[f"G{money}"].formula1
    assert rules[f"H{people}"].formula1 == '"零,不适用"'
    assert all(v.prompt for v in rules.values())


def test_a_department_is_asked_for_levels_shares_rates_and_milestones(catalogue: Catalogue) -> None:
    office = form_spec(catalogue, "human_resources", "2025-06", {})
    found = sheet(write_form(office, DUE_ON), "指标")
    kinds = {found.cell(row_of(found, label), 7).value for label in (
        "城镇调查失业率", "常态化展示创业项目", "技工院校工学一体化专业占比：工学一体化专业数",
        "技工院校工学一体化专业占比：全部专业数",
    )}  # fmt: skip
    assert kinds == {"当月率", "期末数", "分子", "分母"}
    titles = [cell.value for cell in found["A"] if isinstance(cell.value, str) and "、" in cell.value]
    assert titles == [f"{'一二三'[n]}、{title}" for n, title in enumerate(BLOCK_TITLES)]


def test_a_department_says_something_about_every_task_it_leads(catalogue: Catalogue) -> None:
    for department in catalogue.departments:
        office = form_spec(catalogue, department.id, "2025-06", {})
        found = sheet(write_form(office, DUE_ON), "任务进展")
        numbers = [cell.value for cell in found["A"] if isinstance(cell.value, int)]
        assert numbers == [t.number for t in catalogue.tasks if t.lead == department.id]


def test_only_a_sample_says_so_on_every_sheet_and_page(form: FormSpec) -> None:
    for is_sample in (True, False):
        book = openpyxl.load_workbook(BytesIO(filled(form, is_sample=is_sample)))
        assert ("示例数据" in str(book["月报"]["F3"].value)) is is_sample
        assert [("示例数据" in (s.oddHeader.left.text or "")) for s in book] == [is_sample] * len(
            book.sheetnames
        )


def test_it_prints_on_one_page_width_of_a4_with_its_head_repeated(blank: Worksheet) -> None:
    assert (blank.page_setup.paperSize, blank.page_setup.orientation) == (9, "landscape")
    assert blank.sheet_properties.pageSetUpPr.fitToPage
    assert (blank.page_setup.fitToWidth or 1, blank.page_setup.fitToHeight) == (1, 0)
    assert blank.print_title_rows == "$1:$3"


def test_the_file_is_named_as_an_office_would_name_it(form: FormSpec) -> None:
    assert form_name(form) == "开鲁县2025年6月月报.xlsx"


def test_text_that_looks_like_a_formula_stays_text(form: FormSpec) -> None:
    entry = total("110", "617", reason='=HYPERLINK("http://x","点我")')
    found = sheet(filled(form, {"urban_new_jobs": entry}))
    assert found.cell(row_of(found, "城镇新增就业"), 9).data_type == "s"


VERDICTS = {
    ("110", "607", "", ""): live_check.FINE,
    ("110", "617", "", ""): live_check.UNEQUAL,
    ("110", "617", "", "补报4月漏统10人"): live_check.EXPLAINED,
    ("-7", "490", "", ""): live_check.FALLING,
    ("-7", "490", "", "核减重复统计7人"): live_check.EXPLAINED,
    ("", "", "", ""): live_check.EMPTY,
    ("110", "", "", ""): live_check.TOTAL_EMPTY,
    ("", "607", "", ""): live_check.MONTH_EMPTY,
    ("约110", "607", "", ""): live_check.NO_NUMBER,
    ("", "497", "零", ""): live_check.FINE,
    ("", "", "零", ""): live_check.TOTAL_EMPTY,
    ("35", "532", "零", ""): live_check.BOTH,
    ("", "", "不适用", ""): live_check.NO_REASON,
    ("", "", "不适用", "本年度没有任务"): live_check.FINE,
    ("0", "-1", "", ""): live_check.NEGATIVE,
}


@pytest.mark.parametrize("typed", VERDICTS, ids=str)
def test_the_check_shows_at_once_what_is_wrong(form: FormSpec, typed: tuple[str, str, str, str]) -> None:
    entry = total(typed[0], typed[1], typed[2], typed[3])
    content = filled(form, {"urban_new_jobs": entry})
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    assert book["月报"].cell(row_of(book["月报"], "城镇新增就业"), 10).value == VERDICTS[typed]


def test_the_summary_counts_the_rows_that_still_need_the_clerk(form: FormSpec) -> None:
    rows = {"urban_new_jobs": total("110", "617"), "secondary_jobs": Entry()}
    book = openpyxl.load_workbook(BytesIO(filled(form, rows)), data_only=True)
    assert book["月报"]["I3"].value == "校验：还有 2 行需要处理"
    every = openpyxl.load_workbook(BytesIO(filled(form)), data_only=True)
    assert every["月报"]["I3"].value == "校验：全部通过，可以报送"


def test_a_share_shows_its_percentage(catalogue: Catalogue) -> None:
    from flows.plan.terms import CITY, Measure

    office = form_spec(catalogue, "human_resources", "2025-06", {})
    entry = Entry({Measure.NUMERATOR: 28, Measure.DENOMINATOR: 56})
    content = write_form(office, DUE_ON, Entries(rows={(CITY, "integrated_major_share"): entry}))
    found = openpyxl.load_workbook(BytesIO(content), data_only=True)["指标"]
    assert found.cell(row_of(found, "技工院校工学一体化专业占比"), 6).value == 50  # 28 × 100 / 56


def test_every_label_the_form_prints_can_be_read_back() -> None:
    assert all(LABELS[field] for field in (*TOTALS, *FOOTER))


def test_another_year_fills_in_its_own_numbers(catalogue: Catalogue) -> None:
    known = {("kailu", "startup_loans"): KnownTotals(Decimal("318.50"), None)}
    found = sheet(write_form(form_spec(catalogue, "kailu", "2025-06", known), DUE_ON))
    assert found.cell(row_of(found, "创业担保贷款发放金额"), 5).value == 318.5
    assert honest()["kailu", "startup_loans"]
