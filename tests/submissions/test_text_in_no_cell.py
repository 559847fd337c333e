"""What stands in no cell, or is not seen on the sheet, counts too: comments, text boxes, page margins, number formats."""

from io import BytesIO

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Reading
from flows.plan.terms import Measure, State
from flows.submissions.clean_copy import cleaned
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.formats.grid import Opened
from flows.submissions.read_form import Part, open_or_refuse, read
from tests.submissions.arranged_cases import Cells, book
from tests.submissions.conftest import cell, filled, understood
from tests.submissions.marks_cases import annotated

HEAD: list[object] = ["填报单位：开鲁县", None, None, "报告期：2025年6月"]
JOBS, TRANSFERS = "城镇新增就业", "农村牧区劳动力转移就业"
ROWS: Cells = [HEAD, ["指标", "本月", "累计"], [JOBS, 110, 607], [TRANSFERS, 6200, 58200]]
MONTH = Measure.IN_MONTH


def changed(change: object, rows: Cells = ROWS) -> bytes:
    made = openpyxl.load_workbook(BytesIO(book(rows, title="6月")))
    change(made.active)  # type: ignore[operator]  # a test's own function of the sheet
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def reading(catalogue: Catalogue, content: bytes) -> Reading:
    return understood(read("6月.xlsx", content, catalogue, lambda *_: {}))


def commented(at: str, text: str) -> bytes:
    def change(sheet: Worksheet) -> None:
        sheet[at].comment = Comment(text, "甲")

    return changed(change)


def rules(found: Reading) -> list[str]:
    return [p.rule for p in found.problems if p.rule != "row_missing"]


def blocked(found: Reading) -> set[tuple[str, Measure]]:
    return {(o.indicator, o.measure) for o in found.observations if o.state is State.BLOCKED}


U, T = "urban_new_jobs", "rural_labour_transferred"
TOTAL = Measure.RUNNING_TOTAL


@pytest.mark.parametrize(
    ("at", "text", "held"),
    [
        ("C3", "此为上年数", {(U, TOTAL)}),
        ("C3", "应为608", {(U, TOTAL)}),
        ("C3", "含补录12人", {(U, TOTAL)}),
        ("C3", "甲某:\n计划数", {(U, TOTAL)}),
        ("C3", "[线程批注]\n\n你的 Excel 版本可读取此批注。\n\n注释:\n    同比增长", {(U, TOTAL)}),
        ("A3", "女性", {(U, MONTH), (U, TOTAL)}),
        ("C2", "单位：百人", {(U, TOTAL), (T, TOTAL)}),
        ("A1", "单位：百人", {(U, MONTH), (U, TOTAL), (T, MONTH), (T, TOTAL)}),
    ],
)
def test_a_comment_that_may_change_a_number_holds_what_it_is_about(
    catalogue: Catalogue, at: str, text: str, held: set[tuple[str, Measure]]
) -> None:
    found = reading(catalogue, commented(at, text))
    assert blocked(found) == held and rules(found) == ["annotation_changes_meaning"]
    (problem,) = (p for p in found.problems if p.rule == "annotation_changes_meaning")
    assert problem.cell == at and problem.tier == "error" and "，对应的数没有采用" in problem.found


def test_a_comment_that_is_not_understood_is_asked_about(catalogue: Catalogue) -> None:
    found = reading(catalogue, commented("B3", "听乙说的"))
    assert cell(found, U, MONTH).value == 110 and rules(found) == ["annotation_not_understood"]
    assert next(p for p in found.problems if p.rule == "annotation_not_understood").description == (
        "批注：应为不改变数的含义的文字，填报为 “听乙说的”，数先采用"
    )


@pytest.mark.parametrize(
    "text", ["已核对", "数据已审核，无误。", "累计完成数", "〔回执第1项〕需要核实\n应为：607"]
)
def test_a_comment_that_changes_nothing_asks_nothing(catalogue: Catalogue, text: str) -> None:
    assert rules(reading(catalogue, commented("C3", text))) == []


def test_the_issued_forms_own_comments_ask_nothing(catalogue: Catalogue, form: FormSpec) -> None:
    opened = open_or_refuse("6月.xlsx", filled(form))
    assert isinstance(opened, Opened) and len(opened.grids[0].comments) == len(form.lines)
    assert not any("annotation" in rule for rule in rules(reading(catalogue, filled(form))))


@pytest.mark.parametrize("text", ["此表为上年同期数", "注：以上为计划数", "注：数据不含开发区"])
@pytest.mark.parametrize("where", ["box", "margin"])
def test_a_text_outside_the_cells_holds_all_numbers(catalogue: Catalogue, text: str, where: str) -> None:
    found = reading(catalogue, annotated(**{where: text}))
    assert cell(found, "skilled_talent_trained").state is State.BLOCKED
    asked = [p for p in found.problems if p.rule == "annotation_changes_meaning" and not p.cell]
    assert [p.subject for p in asked] == ["文本框" if where == "box" else "页眉页脚"]


@pytest.mark.parametrize("where", ["box", "margin"])
def test_a_unit_outside_the_cells_is_followed(catalogue: Catalogue, where: str) -> None:
    found = reading(catalogue, annotated(**{where: "单位：百人"}))
    assert cell(found, "skilled_talent_trained").value == 21700  # 217 of a hundred each
    assert "工作表“6月”写明的单位是“百人”，城镇新增就业、新增技能人才已换算成“人”读取" in "".join(
        found.decisions
    )


@pytest.mark.parametrize("text", ["盖章处", "审核：甲某", "第 &P 页，共 &N 页", "通辽市就业促进行动月报表"])
def test_a_harmless_text_outside_the_cells_asks_nothing(catalogue: Catalogue, text: str) -> None:
    found = reading(catalogue, annotated(box=text, margin=text))
    assert [p.cell for p in found.problems if p.rule == "annotation_changes_meaning"] == ["C3", "A4"]


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ('0,"千"', 607000), ("0!.0,", 607), ("0.0,", 607), ('0"百人"', 6), ("0%", 6.07), ("0.00%", 607), (";;;", 607), ("[White]0", 607),
        ('"607"', 5), ('0"0"', 60), ('0"①"', 607), ('0" 待核"', 607), ("0\\.0", 607), ('"完成"', 607),
    ],
)  # fmt: skip
def test_a_number_that_is_shown_as_another_is_held(catalogue: Catalogue, code: str, number: float) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["C3"].value, sheet["C3"].number_format = number, code

    found = reading(catalogue, changed(change))
    assert cell(found, U).state is State.BLOCKED and rules(found) == ["not_understood"]


@pytest.mark.parametrize("code", ["0", "#,##0", "0_ ", '0_ "人"', "0;[Red]-0", "[DBNum1]0", "@", "000000"])
def test_a_usual_number_format_changes_nothing(catalogue: Catalogue, code: str) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["C3"].number_format = code

    assert cell(reading(catalogue, changed(change)), U).value == 607


def test_a_percentage_is_read_as_it_is_shown(catalogue: Catalogue) -> None:
    rows: Cells = [
        ["填报单位：市人社局", None, "报告期：2025年6月"],
        ["指标", "本期数"],
        ["城镇调查失业率", 0.053],
    ]

    def change(sheet: Worksheet) -> None:
        sheet["B3"].number_format = "0.0%"

    found = reading(catalogue, changed(change, rows))
    assert [(o.value and float(o.value), o.written) for o in found.observations if o.cell == "B3"] == [
        (5.3, "5.3%")
    ]


@pytest.mark.parametrize(
    ("look", "held"),
    [
        ({"font": Font(color="FFFFFFFF")}, True),
        ({"font": Font(size=1)}, True),
        ({"font": Font(color="FFFFFFFF"), "fill": PatternFill("solid", fgColor="FF1F4E79")}, False),
        ({"font": Font(color="FF000000")}, False),
    ],
)
def test_digits_that_nobody_sees_are_held(catalogue: Catalogue, look: dict[str, object], held: bool) -> None:
    def change(sheet: Worksheet) -> None:
        for name, value in look.items():
            setattr(sheet["C3"], name, value)

    found = reading(catalogue, changed(change))
    assert (cell(found, U).state is State.BLOCKED) is held
    if held:
        (problem,) = (p for p in found.problems if p.rule == "not_understood")
        assert problem.remedy.startswith("这个数在表上看不见（白字、极小的字或隐藏的格式）")


def test_a_column_or_row_too_small_to_be_seen_is_hidden(catalogue: Catalogue) -> None:
    def narrow(sheet: Worksheet) -> None:
        sheet.column_dimensions["C"].width = 0.1

    def low(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].height = 0.5

    assert cell(reading(catalogue, changed(narrow)), U).state is State.MISSING
    found = reading(catalogue, changed(low))
    assert cell(found, U).state is State.MISSING and cell(found, T).value == 58200
    assert "工作表“6月”隐藏的第 3 行没有读取；要报的数请取消隐藏后重新报送" in found.decisions


def test_a_number_under_a_merged_range_is_held(catalogue: Catalogue) -> None:
    found = reading(catalogue, annotated())
    (problem,) = (p for p in found.problems if p.cell == "C7")
    assert cell(found, "small_business_jobs").state is State.BLOCKED
    assert (problem.found, problem.remedy[:13]) == ("316（被合并单元格遮住）", "这个数被合并单元格遮住：请")


def test_a_clean_copy_keeps_comments_and_text_boxes(catalogue: Catalogue) -> None:
    content = annotated("此表为上年同期数", "注：以上为计划数")
    opened = open_or_refuse("6月.xlsx", content)
    assert isinstance(opened, Opened)
    first = reading(catalogue, content)
    copy, suffix = cleaned(opened, [Part("", first)])
    again = reading(catalogue, copy)
    assert suffix == ".xlsx" and again.observations == first.observations
    assert [(p.rule, p.cell, p.found) for p in again.problems] == [
        (p.rule, p.cell, p.found) for p in first.problems
    ]
