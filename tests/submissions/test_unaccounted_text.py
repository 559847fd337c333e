"""Nothing on a sheet goes unaccounted for: every text that qualifies a number is understood, or the number is held."""

from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Reading, Refusal
from flows.plan.terms import Measure, State
from flows.submissions.read_form import open_or_refuse, read, understand
from tests.submissions.arranged_cases import Cells, book
from tests.submissions.conftest import KNOWN, cell, filled, understood
from tests.submissions.marks_cases import WEB_PAGE, workbook

HEAD: list[object] = ["填报单位：开鲁县", None, None, "报告期：2025年6月"]
JOBS, TRANSFERS, LOANS = "城镇新增就业", "农村牧区劳动力转移就业", "创业担保贷款发放金额"
TOTAL, MONTH = Measure.RUNNING_TOTAL, Measure.IN_MONTH


def reading(catalogue: Catalogue, cells: Cells, name: str = "6月.xlsx", sheet: str = "6月") -> Reading:
    return understood(read(name, book(cells, title=sheet), catalogue, lambda *_: {}))


def plain(*rows: list[object], title: str | None = None) -> Cells:
    return [*([[title]] if title else []), HEAD, ["指标", "本月", "累计"], *rows]


def rules(found: Reading) -> list[str]:
    return [p.rule for p in found.problems if p.rule != "row_missing"]


def sentence(found: Reading, rule: str) -> str:
    (problem,) = (p for p in found.problems if p.rule == rule)
    return f"{problem.message('')}｜{problem.remedy}"


@pytest.mark.parametrize(
    ("other", "ours"),
    [
        ("任务", "完成"), ("计划", "完成"), ("计划数", "完成数"), ("目标", "实际"), ("上年同期", "本年"), ("去年", "今年"),
        ("上期", "本期"), ("2024年", "2025年"), ("城镇", "合计"), ("男", "合计"), ("其中：女性", "合计"), ("同比增减", "本年"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ours_first", [True, False])
def test_of_two_columns_under_one_head_the_certain_one_is_read(
    catalogue: Catalogue, other: str, ours: str, ours_first: bool
) -> None:
    heads, total = ([ours, other], [607, 300]) if ours_first else ([other, ours], [300, 607])
    rows: Cells = [HEAD, ["指标", "本月", "累计", None], [None, None, *heads], [JOBS, 110, *total]]
    found = reading(catalogue, rows)
    assert cell(found, "urban_new_jobs").value == 607 and rules(found) == []


@pytest.mark.parametrize("pair", [("城镇", "农村"), ("男", "女"), ("计划", "上年同期")])
def test_where_no_column_is_certain_it_is_asked_which_is(catalogue: Catalogue, pair: tuple[str, str]) -> None:
    rows: Cells = [HEAD, ["指标", "本月", "累计", None], [None, None, *pair], [JOBS, 110, 300, 307]]
    found = reading(catalogue, rows)
    assert (
        cell(found, "urban_new_jobs").state is State.MISSING
        and cell(found, "urban_new_jobs", MONTH).value == 110
    )
    assert sentence(found, "running_total_missing") == (
        f" · 6月 · 累计栏：应为写明“累计”的一栏，填报为 C 列“累计 {pair[0]}”、D 列“累计 {pair[1]}”没有认出是本年累计"
        "｜请在填累计数的那一栏的栏头写“累计”后重新报送"
    )


@pytest.mark.parametrize("bracket", ["含补录", "含退休", "不含开发区", "初步"])
def test_a_bracket_that_is_not_known_holds_the_column_and_is_named(
    catalogue: Catalogue, bracket: str
) -> None:
    rows: Cells = [HEAD, ["指标", "本月", f"累计（{bracket}）"], [JOBS, 110, 607]]
    found = reading(catalogue, rows)
    assert cell(found, "urban_new_jobs").state is State.BLOCKED
    assert sentence(found, "heading_not_understood").startswith(
        f" · 6月!C2 · 栏头或指标名：应为能确定数的时间、口径和单位的文字，填报为 C2“累计（{bracket}）”的“{bracket}”没有认出"
    )


@pytest.mark.parametrize("bracket", ["上年同期", "2024年", "计划", "女", "同比增长%"])
def test_a_bracket_of_something_else_is_not_read(catalogue: Catalogue, bracket: str) -> None:
    rows: Cells = [HEAD, ["指标", "本月", f"累计（{bracket}）"], [JOBS, 110, 607], [TRANSFERS, 6200, 58200]]
    found = reading(catalogue, rows)
    assert cell(found, "urban_new_jobs").state is State.MISSING and rules(found) == ["running_total_missing"]
    row = reading(catalogue, plain([f"{JOBS}（{bracket}）", 110, 607], [TRANSFERS, 6200, 58200]))
    assert (
        cell(row, "urban_new_jobs").state is State.MISSING
        and cell(row, "rural_labour_transferred").value == 58200
    )


def test_a_part_is_not_taken_for_the_whole(catalogue: Catalogue) -> None:
    alone = reading(catalogue, plain([f"其中：{JOBS}", 50, 280], [TRANSFERS, 6200, 58200]))
    assert cell(alone, "urban_new_jobs").state is State.BLOCKED
    beside = reading(catalogue, plain([f"其中：{JOBS}", 50, 280], [f"{JOBS}情况", 110, 607]))
    assert cell(beside, "urban_new_jobs").value == 607


@pytest.mark.parametrize("number", ["607①", "607²", "607⒈", "①607", "607*", "607[1]", "607(注)"])
def test_a_number_with_a_mark_is_held(catalogue: Catalogue, number: str) -> None:
    found = reading(catalogue, plain([JOBS, 110, number], [TRANSFERS, 6200, 58200]))
    assert cell(found, "urban_new_jobs").state is State.BLOCKED and rules(found) == ["not_understood"]
    if "①" in number:
        assert "单元格里有注号“①”，数没有采用" in sentence(found, "not_understood")


@pytest.mark.parametrize(
    "label", [f"①{JOBS}人数", f"{JOBS}*", f"{JOBS}[1]", f"{JOBS}人员数", f"{JOBS}总数", f"★{JOBS}¹"]
)
def test_a_label_with_a_mark_is_read(catalogue: Catalogue, label: str) -> None:
    assert cell(reading(catalogue, plain([label, 110, 607])), "urban_new_jobs").value == 607


@pytest.mark.parametrize(
    ("unit", "typed", "value"),
    [
        ("千元", 4361.2, "436.12"), ("仟元", 4361.2, "436.12"), ("百元", 43612, "436.12"), ("亿元", 0.043612, "436.12"),
        ("百万元", 4.36, None), ("千美元", 4361.2, None), ("万元/人", 436.12, None), ("元/月", 436.12, None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["cell", "head", "name", "note", "label", "foot"])
def test_a_stated_unit_is_converted_or_holds_the_number(
    catalogue: Catalogue, unit: str, typed: float, value: str | None, where: str
) -> None:
    head: list[object] = [
        "指标",
        "计量单位" if where == "cell" else None,
        "累计" + (f"（{unit}）" if where == "head" else ""),
    ]
    row: list[object] = [
        LOANS + (f"（{unit}）" if where == "name" else ""),
        unit if where == "cell" else None,
        typed,
    ]
    note: Cells = {"note": [[None, None, f"单位：人、{unit}"]], "label": [[None, "单位：", unit]]}.get(
        where, []
    )
    foot: Cells = [[f"注：金额单位为{unit}"]] if where == "foot" else []
    found = reading(catalogue, [HEAD, *note, head, row, *foot])
    assert cell(found, "startup_loans").value == (Decimal(value) if value else None)
    assert value is None or any(f"写明的单位是“{unit}”" in said for said in found.decisions)


def test_each_column_has_its_own_unit(catalogue: Catalogue) -> None:
    rows: Cells = [HEAD, ["指标", "本月（人）", "累计（百人）"], [TRANSFERS, 6200, 582]]
    found = reading(catalogue, rows)
    assert [cell(found, "rural_labour_transferred", m).value for m in (MONTH, TOTAL)] == [6200, 58200]


def test_a_suffix_that_is_the_very_unit_is_no_error(catalogue: Catalogue) -> None:
    rows: Cells = [[None, "单位：人"], *plain(["二产新增就业岗位", 31, "161个"])]
    assert cell(reading(catalogue, rows), "secondary_jobs").value == 161


@pytest.mark.parametrize(
    ("name", "content"),
    [("6月.xlsx", workbook()), ("6月.xls", WEB_PAGE.encode())],
    ids=["workbook", "web_page"],
)
def test_marks_and_hidden_cells_are_seen(catalogue: Catalogue, name: str, content: bytes) -> None:
    """The same as .xls and .ods stand in cases/: marks_and_hidden_cells."""
    found = understood(read(name, content, catalogue, lambda *_: {}))
    states = {i: cell(found, i).state for i in ("urban_new_jobs", "secondary_jobs", "small_business_jobs")}
    assert set(states.values()) == {State.BLOCKED}
    assert [cell(found, i).value for i in ("tertiary_jobs", "flexible_jobs")] == [1246, 149]
    assert [p.rule for p in found.problems if p.tier == "error"] == [
        "not_understood",
        "struck_through",
        "not_understood",
    ]
    assert "工作表“6月”隐藏的第 6 行、B 列没有读取；要报的数请取消隐藏后重新报送" in found.decisions


@pytest.mark.parametrize("below", [True, False])
def test_two_reporters_on_one_sheet_are_told_apart(catalogue: Catalogue, below: bool) -> None:
    first: Cells = [
        ["填报单位：开鲁县", None, "报告期：2025年6月"],
        ["指标", "本月", "累计"],
        [JOBS, 110, 607],
    ]
    second: Cells = [
        ["填报单位：库伦旗", None, "报告期：2025年6月"],
        ["指标", "本月", "累计"],
        [JOBS, 2, 9],
        [TRANSFERS, 3, 8],
    ]
    beside = [[*a, *b] for a, b in zip(first, second, strict=False)]
    content = book([*first, [None], *second] if below else beside, title="6月")
    opened = open_or_refuse("6月.xlsx", content)
    assert not isinstance(opened, Refusal)
    parts = {
        p.reporter: understood(p.outcome) for p in understand("6月.xlsx", opened, catalogue, lambda *_: {})
    }
    assert {r: cell(found, "urban_new_jobs").value for r, found in parts.items()} == {"kailu": 607, "hure": 9}
    assert cell(parts["kailu"], "rural_labour_transferred").state is State.MISSING


@pytest.mark.parametrize(
    "title",
    [
        "开鲁县2025年6月就业统计表（上年累计）", "“十四五”以来截至2025年6月就业累计完成情况", "开鲁县2025年6月就业累计差额表",
        "开鲁县2025年6月就业对比表", "开鲁县2024年6月就业月报表", "开鲁县2025年就业目标任务分解表", "2025年6月就业情况表（不含补录）",
    ],
)  # fmt: skip
def test_a_title_of_something_else_holds_all_numbers(catalogue: Catalogue, title: str) -> None:
    found = reading(catalogue, plain([JOBS, 110, 607], [TRANSFERS, 6200, 58200], title=title))
    assert {o.state for o in found.observations} == {State.BLOCKED, State.MISSING}
    assert f"“{title[:40]}”中的" in sentence(found, "title_not_understood") and "6月!A1 · 标题" in sentence(
        found, "title_not_understood"
    )


@pytest.mark.parametrize(
    "title",
    [
        "开鲁县2025年6月就业促进行动月报表", "2025年1—6月就业主要指标完成进度表（累计）", "附件1（表2）就业情况统计表（单位：人、万元）",
        "通政发〔2024〕3号目标任务完成情况", "就业情况表（7月5日前报送）",
    ],
)  # fmt: skip
def test_an_ordinary_title_asks_nothing(catalogue: Catalogue, title: str) -> None:
    assert rules(reading(catalogue, plain([JOBS, 110, 607], title=title))) == []


@pytest.mark.parametrize(
    ("title", "sheet", "name"),
    [
        ("2024年6月月报", "6月", "6月.xlsx"),
        ("月报", "2024年6月", "6月.xlsx"),
        ("月报", "6月", "开鲁县2024年6月.xlsx"),
    ],
)
def test_last_years_sheet_is_never_booked_for_this_year(
    catalogue: Catalogue, title: str, sheet: str, name: str
) -> None:
    rows: Cells = [
        [title],
        ["填报单位：开鲁县", None, "报告期：6月"],
        ["指标", "本月", "累计"],
        [JOBS, 110, 607],
    ]
    outcome = read(name, book(rows, title=sheet), catalogue, lambda *_: {})
    assert isinstance(outcome, Refusal) and "写的是 2024 年，不是 2025 年度的报表" in outcome.reason


@pytest.mark.parametrize(
    ("note", "asked"),
    [
        ("注：以上数据不含开发区", True),
        ("注：累计为年初至今", False),
        ("注：单位为人", False),
    ],
)
def test_a_note_that_limits_the_numbers_is_asked_about(catalogue: Catalogue, note: str, asked: bool) -> None:
    found = reading(catalogue, [*plain([JOBS, 110, 607]), [note]])
    assert rules(found) == (["note_qualifies"] if asked else [])
    assert not asked or f"6月!A4 · 表注：应为按指标口径填报的本年完成数，填报为 “{note}”" in sentence(
        found, "note_qualifies"
    )


@pytest.mark.parametrize(
    ("note", "held"),
    [
        ("说明：累计为上年同期数", True),
        ("注：以上均为计划数", True),
        ("注：本表系2024年数据", True),
        ("注：任务数为全年任务", False),
        ("注：上年同期为调整后的数", False),
        ("注：累计为年初至今", False),
    ],
)
def test_a_note_that_claims_another_meaning_holds_all_numbers(
    catalogue: Catalogue, note: str, held: bool
) -> None:
    found = reading(catalogue, [*plain([JOBS, 110, 607]), [note]])
    assert (cell(found, "urban_new_jobs").state is State.BLOCKED) is held
    assert not held or "表注：应为不改变数的含义的文字" in sentence(found, "annotation_changes_meaning")


def test_a_title_of_another_county_holds_all_numbers(catalogue: Catalogue) -> None:
    found = reading(catalogue, plain([JOBS, 110, 607], title="库伦旗2025年6月就业月报表"))
    assert cell(found, "urban_new_jobs").state is State.BLOCKED
    assert "写的是库伦旗，表内的数没有采用" in sentence(found, "title_of_another_county")


@pytest.mark.parametrize(
    "who",
    [
        "开鲁县人力资源和社会保障局", "开鲁县人社局", "开鲁县就业局", "通辽市开鲁县", "开鲁县（盖章）", "开鲁县就业服务中心",
        "内蒙古自治区通辽市开鲁县人社局（公章）", "开鲁县人民政府",
    ],
)  # fmt: skip
def test_a_county_is_known_by_its_offices(catalogue: Catalogue, who: str) -> None:
    rows: Cells = [
        [f"填报单位：{who}", None, "报告期：2025年6月"],
        ["指标", "本月", "累计"],
        [JOBS, 110, 607],
    ]
    assert reading(catalogue, rows).reporter == "kailu"


@pytest.mark.parametrize("who", ["开鲁县财政局", "通辽市就业局", "火星区人社局"])
def test_another_office_is_asked_to_write_its_county(catalogue: Catalogue, who: str) -> None:
    rows: Cells = [
        [f"填报单位：{who}", None, "报告期：2025年6月"],
        ["指标", "本月", "累计"],
        [JOBS, 110, 607],
    ]
    outcome = read("6月.xlsx", book(rows), catalogue, lambda *_: {})
    assert isinstance(outcome, Refusal) and "等 9 个旗县市区的名称" in outcome.remedy


def test_rows_of_a_gathered_table_whose_name_is_not_known_are_named(catalogue: Catalogue) -> None:
    rows: Cells = [
        ["2025年6月就业累计完成情况表"],
        ["旗县", JOBS, TRANSFERS],
        ["开鲁县", 607, 58200],
        ["科左中", 4, 40],
    ]
    found = reading(catalogue, rows)
    assert (
        "6月!A4“科左中” 没有认出或不在填报范围，未读取；要报的请写成方案里的名称后重新报送" in found.decisions
    )


def test_the_sum_of_townships_is_the_countys(catalogue: Catalogue) -> None:
    rows: Cells = [["开鲁县2025年6月就业情况统计表（累计）"], ["苏木镇", JOBS, TRANSFERS]]
    rows += [["开鲁镇", 300, 20000], ["大榆树镇", 307, 38200], ["合计", 607, 58200]]
    found = reading(catalogue, rows)
    assert cell(found, "urban_new_jobs").value == 607
    assert "工作表“6月”各行是苏木乡镇（街道），开鲁县的数按合计一行读取" in found.decisions


def test_a_county_over_two_rows_and_a_name_in_two_cells_are_read(catalogue: Catalogue) -> None:
    merged: Cells = [["开鲁县2025年6月就业情况统计表"], ["旗县", "项目", JOBS, TRANSFERS]]
    merged += [["开鲁县", "本月", 110, 6200], [None, "累计", 607, 58200]]
    found = reading(catalogue, merged)
    assert [cell(found, "urban_new_jobs", m).value for m in (MONTH, TOTAL)] == [110, 607]
    split: Cells = [HEAD, ["指标", None, "本月", "累计"], ["城镇", "新增就业", 110, 607]]
    assert cell(reading(catalogue, split), "urban_new_jobs").value == 607


@pytest.mark.parametrize(
    ("other", "ours"), [("计划", "完成"), ("上年同期", "本年"), ("去年", "今年"), ("其中：女", "合计")]
)
@pytest.mark.parametrize("name_again", [True, False])
def test_what_a_column_beside_the_names_says_of_a_row_counts(
    catalogue: Catalogue, other: str, ours: str, name_again: bool
) -> None:
    rows: Cells = [HEAD, ["指标", "类别", "本月", "累计"]]
    for name, month, total in ((JOBS, 110, 607), (TRANSFERS, 6200, 58200)):
        rows += [[name, other, 1, 2], [name if name_again else None, ours, month, total]]
    found = reading(catalogue, rows)
    assert [cell(found, i).value for i in ("urban_new_jobs", "rural_labour_transferred")] == [607, 58200]
    alone = reading(catalogue, [HEAD, ["指标", "类别", "累计"], [JOBS, other, 607], [TRANSFERS, ours, 58200]])
    assert cell(alone, "urban_new_jobs").state is State.MISSING


def test_a_formulas_old_result_is_held(catalogue: Catalogue) -> None:
    made = openpyxl.load_workbook(
        BytesIO(book([HEAD, ["指标", "上月累计", "本月", "累计"], [JOBS, 497, 110, 550]]))
    )
    made.active["D3"] = "=B3+C3"
    buffer = BytesIO()
    made.save(buffer)
    source, stale = ZipFile(buffer), BytesIO()
    with ZipFile(stale, "w") as packed:
        for part in source.namelist():
            xml = source.read(part).replace(b"<v />", b"<v></v>")  # with lxml openpyxl writes the latter
            packed.writestr(part, xml.replace(b"<f>B3+C3</f><v></v>", b"<f>B3+C3</f><v>550</v>"))
    found = understood(read("6月.xlsx", stale.getvalue(), catalogue, lambda *_: KNOWN))
    assert cell(found, "urban_new_jobs").state is State.BLOCKED
    assert "表内上月累计 497 加本月 110，即 607" in sentence(found, "sheet_sum_differs")
    assert "公式的结果是旧的，请重新计算后存盘，再报送" in sentence(found, "sheet_sum_differs")


def test_a_task_that_has_an_indicator_in_its_title_is_no_row_of_figures(catalogue: Catalogue) -> None:
    rows: Cells = [
        ["填报单位：市市场监管局", None, None, "报告期：2025年6月"],
        ["指标", "本期数"],
        ["小微企业户数", 56000],
    ]
    rows += [["序号", "任务", "进展情况"], [5, "激发小微企业和个体工商户活力增就业", "已走访企业20户"]]
    assert rules(reading(catalogue, rows)) == []


@pytest.mark.parametrize("beside", [False, True])
def test_a_contact_takes_only_its_own_cells(catalogue: Catalogue, beside: bool) -> None:
    if beside:
        rows: Cells = [
            HEAD,
            ["指标", "本月", "累计", "姓名", "联系电话"],
            [JOBS, 110, 607, "甲某", "13800000000"],
        ]
    else:
        rows = [["填报单位", "开鲁县", "姓名", "甲某", "联系电话", "13800000000"], ["报告期", "2025年6月"]]
        rows += [["指标", "本月", "累计"], [JOBS, 110, 607]]
    found = reading(catalogue, rows)
    assert cell(found, "urban_new_jobs").value == 607 and "甲某" not in repr(found)
    assert "工作表“6月”表头或表旁的联系人姓名、电话没有读取，其余照收" in found.decisions


def test_an_identity_number_in_a_remark_takes_its_cell_alone(catalogue: Catalogue) -> None:
    rows: Cells = [
        HEAD,
        ["指标", "本月", "累计", "备注"],
        [JOBS, 110, 607, "补录张某110105194912310021"],
        [TRANSFERS, 6200, 58200],
    ]
    found = reading(catalogue, rows)
    assert (
        cell(found, "urban_new_jobs").value == 607
        and "110105" not in repr(found)
        and "张某" not in repr(found)
    )


def test_a_workbook_with_backslashes_or_another_main_part_is_read(catalogue: Catalogue, form: object) -> None:
    content = filled(form)  # type: ignore[arg-type]  # the fixture's own
    for rename in (
        lambda name: name.replace("/", "\\"),
        lambda name: name.replace("xl/workbook.xml", "xl/book1.xml").replace(
            "xl/_rels/workbook.xml", "xl/_rels/book1.xml"
        ),
    ):
        buffer = BytesIO()
        with ZipFile(BytesIO(content)) as before, ZipFile(buffer, "w") as after:
            for part in before.namelist():
                inside = before.read(part).replace(b"xl/workbook.xml", rename("xl/workbook.xml").encode())
                after.writestr(
                    rename(part),
                    inside if part == "_rels/.rels" and "\\" not in rename(part) else before.read(part),
                )
        assert (
            cell(
                understood(read("6月.xlsx", buffer.getvalue(), catalogue, lambda *_: {})), "urban_new_jobs"
            ).value
            == 607
        )


@pytest.mark.parametrize(
    "text",
    [
        "填报单位：开鲁县;;报告期：2025年6月\n指标;本月;累计\n城镇新增就业;110;607\n",
        "sep=;\n填报单位：开鲁县;;报告期：2025年6月\n指标;本月;累计\n城镇新增就业;110;607\n",
        "就业，行动,月报\n填报单位：开鲁县\t\t报告期：2025年6月\n指标\t本月\t累计\n城镇新增就业\t110\t607\n",
        (
            "<?xml version='1.0'?><!-- 注释 --><html><table><tr><td>填报单位：开鲁县<td><td>报告期：2025年6月</tr>"
            "<tr><td>指标<td>本月<td>累计</tr><tr><td>城镇新增就业<td>110<td>607</tr></table></html>"
        ),
    ],
)
def test_other_ways_to_write_a_table_as_text_are_read(catalogue: Catalogue, text: str) -> None:
    found = understood(read("6月.csv", text.encode("utf-8"), catalogue, lambda *_: {}))
    assert cell(found, "urban_new_jobs").value == 607


@pytest.mark.parametrize("merged", [True, False])
def test_a_column_without_a_head_beside_one_of_ours_is_asked_about(
    catalogue: Catalogue, merged: bool
) -> None:
    """累计 merged over two columns of numbers: which of them is it?"""
    cells: Cells = [HEAD, ["指标", "本月", "累计", None], [JOBS, 110, 500, 607], [TRANSFERS, 6200, 5, 58200]]
    content = book(cells, ("C2:D2",) if merged else (), title="6月")
    found = understood(read("6月.xlsx", content, catalogue, lambda *_: {}))
    assert (
        cell(found, "urban_new_jobs").state is State.BLOCKED
        and cell(found, "urban_new_jobs", MONTH).value == 110
    )
    assert "C2“累计”的“右边 D 列没有栏头”没有认出" in sentence(found, "heading_not_understood")


@pytest.mark.parametrize(
    ("unit", "where"),
    [
        ("（百人）", "title"),
        ("（单位百人）", "sheet"),
        ("（百人）", "stub"),
        ("（除注明外，单位：百人）", "title"),
    ],
)
def test_a_unit_in_a_title_a_sheets_name_or_the_head_of_names_is_followed(
    catalogue: Catalogue, unit: str, where: str
) -> None:
    def added(part: str) -> str:
        return unit if where == part else ""

    rows: Cells = [[f"开鲁县2025年6月就业情况表{added('title')}"], HEAD]
    rows += [[f"指标{added('stub')}", "本月", "累计"], [JOBS, 1, 6]]
    found = reading(catalogue, rows, sheet=f"6月{added('sheet')}")
    assert cell(found, "urban_new_jobs").value == 600  # six hundred people


def test_units_that_disagree_hold_the_number(catalogue: Catalogue) -> None:
    rows: Cells = [
        ["开鲁县2025年6月就业情况表（百人）"],
        [None, None, "单位：千人"],
        *plain([JOBS, 110, 607]),
    ]
    assert cell(reading(catalogue, rows), "urban_new_jobs").state is State.BLOCKED


@pytest.mark.parametrize(
    ("unit", "rule"), [("人次", "other_count"), ("户", "other_count"), ("%", "unit_differs")]
)
def test_another_count_than_of_people_is_asked_about(catalogue: Catalogue, unit: str, rule: str) -> None:
    assert rules(reading(catalogue, plain([f"{JOBS}（{unit}）", 110, 607]))) == [rule]


@pytest.mark.parametrize(
    ("head", "value"),
    [
        ("一至六月", 607), ("元月至六月", 607), ("六月末", 607), ("年累计", 607), ("年内累计", 607), ("期末累计", 607), ("已累计完成", 607),
        ("自年初起累计", 607), ("开年至今", 607), ("本年平均", None), ("累计增量", None), ("全年", None), ("合计", None),
    ],
)  # fmt: skip
def test_further_wordings_of_the_running_total(catalogue: Catalogue, head: str, value: int | None) -> None:
    rows: Cells = [HEAD, ["指标", "六月", head], [JOBS, 110, 607], [TRANSFERS, 6200, 58200]]
    found = reading(catalogue, rows)
    assert (cell(found, "urban_new_jobs", MONTH).value, cell(found, "urban_new_jobs").value) == (110, value)
    assert value or f"C 列“{head}”没有认出是本年累计" in sentence(found, "running_total_missing")


@pytest.mark.parametrize("years", [("2024", "2025"), (2024, 2025), ("二〇二四年", "二〇二五年")])
def test_heads_of_bare_years_are_told_apart(catalogue: Catalogue, years: tuple[object, object]) -> None:
    rows: Cells = [HEAD, ["指标", "本月", "累计", None], [None, None, *years], [JOBS, 110, 300, 607]]
    assert cell(reading(catalogue, rows), "urban_new_jobs").value == 607


@pytest.mark.parametrize(
    ("title", "sheet", "name", "rule"),
    [
        ("开鲁县二〇二四年六月就业情况表", "6月", "6月.xlsx", "title_not_understood"),
        ("开鲁县24年6月就业情况表", "6月", "6月.xlsx", "title_not_understood"),
        ("开鲁县6月就业平均值表", "6月", "6月.xlsx", "title_not_understood"),
        ("开鲁县五月份就业情况表", "6月", "6月.xlsx", "title_disagrees"),
        (None, "24年6月", "6月.xlsx", "title_not_understood"),
        (None, "库伦旗", "6月.xlsx", "title_of_another_county"),
        (None, "202406", "6月.xlsx", "title_not_understood"),
        (None, "2025.5", "6月.xlsx", "title_disagrees"),
        (None, "6月", "开鲁县五月月报.xlsx", "file_name_disagrees"),
        (None, "6月", "开鲁县202406.xlsx", "file_of_another_report"),
        (None, "6月", "开鲁县2024年6月.xlsx", "file_of_another_report"),
    ],
)
def test_every_disagreement_of_names_is_asked_about(
    catalogue: Catalogue, title: str | None, sheet: str, name: str, rule: str
) -> None:
    found = reading(catalogue, plain([JOBS, 110, 607], title=title), name=name, sheet=sheet)
    assert rules(found) == [rule]


@pytest.mark.parametrize(("first", "asked"), [(300, []), (200, ["total_not_sum"])])
def test_the_countys_sum_is_compared_with_its_townships(
    catalogue: Catalogue, first: int, asked: list[str]
) -> None:
    """300 + 307 = 607; 200 + 307 = 507. A 小计 beside 合计 is no second sum."""
    rows: Cells = [["开鲁县2025年6月就业情况统计表（累计）"], ["苏木镇", JOBS, TRANSFERS], ["小计", 1, 1]]
    rows += [["开鲁镇", first, 20000], ["大榆树镇", 307, 38200], ["合计", 607, 58200]]
    found = reading(catalogue, rows)
    assert cell(found, "urban_new_jobs").value == 607 and rules(found) == asked
    if asked:
        assert "应为各地相加的 507" in sentence(found, "total_not_sum") and "已按合计采用" in sentence(
            found, "total_not_sum"
        )


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        ("607<small>1</small>", None), ('607<span style="vertical-align:30%">1</span>', None),
        ('<font color="#FFFFFF">607</font>', None), ('607<span style="display:none">1</span>', 607),
        ('6<span style="font-size:0">9</span>07', 607),
    ],
)  # fmt: skip
def test_a_web_page_is_read_as_it_is_shown(catalogue: Catalogue, shown: str, value: int | None) -> None:
    page = WEB_PAGE.replace("607<sup>1</sup>", shown).encode()
    assert cell(understood(read("6月.xls", page, catalogue, lambda *_: {})), "urban_new_jobs").value == value


@pytest.mark.parametrize(
    "note",
    [
        "注：贷款按千元填报", "金额均以千元为单位", "以上金额单位千元", "（金额：千元）", "千元", "本表贷款金额以“千元”为单位",
        "金额单位为：千元",
    ],
)  # fmt: skip
def test_a_unit_said_in_a_sentence_is_converted(catalogue: Catalogue, note: str) -> None:
    """4,361.2 千元 are 436.12 万元."""
    found = reading(catalogue, plain([LOANS, 1176.2, 4361.2], [note]))
    assert cell(found, "startup_loans").value == Decimal("436.12")


@pytest.mark.parametrize(
    "note",
    [
        "数据截止时间：2025年5月31日", "本表数据为预计数", "以上为5月份数据", "※表中为截止5月底数据", "6月未统计，暂用去年同期数代替",
    ],
)  # fmt: skip
def test_a_sentence_under_the_table_that_denies_its_month_holds_all(catalogue: Catalogue, note: str) -> None:
    found = reading(catalogue, plain([JOBS, 110, 607], [note]))
    assert cell(found, "urban_new_jobs").state is State.BLOCKED and rules(found) == [
        "annotation_changes_meaning"
    ]


@pytest.mark.parametrize(
    "note",
    [
        "注：累计为上月累计加本月数；年度目标以方案为准",
        "任务数为全年任务，完成数为实际完成",
        "审核意见：数据已核对",
    ],
)
def test_an_explaining_sentence_holds_nothing(catalogue: Catalogue, note: str) -> None:
    found = reading(catalogue, plain([JOBS, 110, 607], [note]))
    assert cell(found, "urban_new_jobs").value == 607 and rules(found) == []


@pytest.mark.parametrize("remark", ["估算", "此为上年数", "数据截至5月底", "预计数", "单位百人"])
def test_a_remark_that_says_nothing_but_that_the_number_is_another_holds_it(
    catalogue: Catalogue, remark: str
) -> None:
    rows: Cells = [
        HEAD,
        ["指标", "本月", "累计", "备注"],
        [JOBS, 110, 607, remark],
        [TRANSFERS, 6200, 58200, None],
    ]
    found = reading(catalogue, rows)
    assert cell(found, "urban_new_jobs").state is State.BLOCKED
    assert cell(found, "rural_labour_transferred").value == 58200
    assert "请填本年本月的准确数" in sentence(found, "annotation_changes_meaning")


@pytest.mark.parametrize("reason", ["核减上月重复统计12人", "去年同期有大项目开工", "完成全年目标任务"])
def test_a_reason_that_speaks_of_other_months_holds_nothing(catalogue: Catalogue, reason: str) -> None:
    rows: Cells = [HEAD, ["指标", "本月", "累计", "原因说明"], [JOBS, 110, 607, reason]]
    assert cell(reading(catalogue, rows), "urban_new_jobs").value == 607


@pytest.mark.parametrize(
    ("section", "held"),
    [("一、2024年", True), ("女性", True), ("一、计划", True), ("一、城镇就业", False), ("二、培训", False)],
)
def test_a_heading_between_the_rows_that_changes_them_holds_those_below_it(
    catalogue: Catalogue, section: str, held: bool
) -> None:
    rows = plain([section], [JOBS, 110, 607], ["全部"], [TRANSFERS, 6200, 58200])
    found = reading(catalogue, rows)
    assert cell(found, "urban_new_jobs").value == (None if held else 607)
    assert cell(found, "rural_labour_transferred").value == 58200


def test_of_texts_too_a_number_right_of_a_headed_one_without_a_head_is_seen(catalogue: Catalogue) -> None:
    table = f"填报单位：开鲁县,,报告期：2025年6月\n指标,本月,累计,\n{JOBS},110,300,607\n"
    found = understood(read("6月.csv", table.encode(), catalogue, lambda *_: {}))
    assert cell(found, "urban_new_jobs").state is State.BLOCKED


def test_in_a_text_a_row_of_digits_is_no_head(catalogue: Catalogue) -> None:
    """The first row's name is not known: the others are read all the same."""
    table = f"填报单位：开鲁县,,报告期：2025年6月\n指标,本月,累计\n城镇失业人员再就业,9,99\n{JOBS},110,607\n"
    found = understood(read("6月.csv", table.encode(), catalogue, lambda *_: {}))
    assert cell(found, "urban_new_jobs").value == 607


@pytest.mark.parametrize(
    "shown",
    [
        '<td>607<a href="#1">1</a>', '<td>607<span style="position:relative;top:-4px">1</span>', "<td>607<ruby>1<rt>2</rt></ruby>",
        '<td style="opacity:0">607', '<td style="color:rgb(255,255,255)">607', '<td style="color:#fffffe">607',
        '<td style="font-size:1px">607', '<td style="text-indent:-9999px">607', "<td><select><option>606<option>607</select>",
    ],
)  # fmt: skip
def test_of_a_page_no_number_is_read_that_is_marked_or_not_seen(catalogue: Catalogue, shown: str) -> None:
    page = (
        "<meta charset=utf-8><table><tr><td>填报单位：开鲁县<td><td>报告期：2025年6月</tr>"
        f"<tr><td>指标<td>本月<td>累计</tr><tr><td>{JOBS}<td>110{shown}</tr></table>"
    )
    found = understood(read("6月.xls", page.encode(), catalogue, lambda *_: {}))
    assert cell(found, "urban_new_jobs").value is None and rules(found) != []


@pytest.mark.parametrize("style", ["text-decoration:line-through", "color:white"])
def test_of_a_page_the_style_of_a_row_is_its_cells(catalogue: Catalogue, style: str) -> None:
    page = (
        "<meta charset=utf-8><table><tr><td>填报单位：开鲁县<td><td>报告期：2025年6月</tr>"
        f'<tr><td>指标<td>本月<td>累计</tr><tr style="{style}"><td>{JOBS}<td>110<td>607</tr></table>'
    )
    found = understood(read("6月.xls", page.encode(), catalogue, lambda *_: {}))
    assert cell(found, "urban_new_jobs").state is State.BLOCKED


@pytest.mark.parametrize(("ground", "value"), [("FFFF0000", None), ("FF336699", 607)])
def test_digits_in_the_colour_of_their_ground_are_not_seen(
    catalogue: Catalogue, ground: str, value: int | None
) -> None:
    made = openpyxl.load_workbook(BytesIO(book(plain([JOBS, 110, 607]), title="6月")))
    made["6月"]["C3"].font = Font(color="FFFF0000")
    made["6月"]["C3"].fill = PatternFill("solid", fgColor=ground)
    buffer = BytesIO()
    made.save(buffer)
    found = understood(read("6月.xlsx", buffer.getvalue(), catalogue, lambda *_: {}))
    assert cell(found, "urban_new_jobs").value == value
