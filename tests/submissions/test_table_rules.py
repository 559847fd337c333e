"""What stands beside the asked rows: a part above its line, another month in the title."""

from io import BytesIO

import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Problem
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.read_form import read
from tests.submissions.conftest import KNOWN, NAME, cell, filled, understood, with_totals_typed

HEAD = "填报单位：开鲁县,,报告期：2025年6月\n"
ROWS = "指标,本月,累计\n城镇新增就业,110,607\n其中：高校毕业生,{},{}\n农村牧区劳动力转移就业,6200,58200\n"


def problems(catalogue: Catalogue, text: str, name: str = "月报.csv") -> list[Problem]:
    found = understood(read(name, text.encode(), catalogue, lambda *_: KNOWN))
    return [p for p in found.problems if p.rule != "row_missing"]


@pytest.mark.parametrize(
    ("month", "total", "cells"), [(110, 607, []), (111, 300, ["B4"]), (50, 608, ["C4"]), ("/", "", [])]
)
def test_a_part_under_its_line_is_no_larger(
    catalogue: Catalogue, month: object, total: object, cells: list[str]
) -> None:
    found = problems(catalogue, HEAD + ROWS.format(month, total))
    assert [(p.rule, p.cell) for p in found] == [("part_above_its_line", cell) for cell in cells]


def test_the_sentence_names_the_part_and_the_whole(catalogue: Catalogue) -> None:
    (problem,) = problems(catalogue, HEAD + ROWS.format(50, 608))
    assert problem.message("月报.csv") == (
        "月报.csv · 月报!C4 · 城镇新增就业“其中：高校毕业生”（累计）：应为不大于城镇新增就业 607 的数，填报为 608"
    )


ACROSS = (
    "旗县市区,农村牧区劳动力转移就业,,,城镇新增就业,\n,本月,累计,其中：6个月以上,本月,累计\n"
    "开鲁县,6200,58200,{},110,607\n库伦旗,1,2,99999,3,4\n"
)


@pytest.mark.parametrize(("over_half_a_year", "cells"), [(58200, []), (58201, ["D4"])])
def test_a_part_beside_its_line_is_no_larger(
    catalogue: Catalogue, over_half_a_year: int, cells: list[str]
) -> None:
    """More 6月以上 than all; another county's row is not ours to judge."""
    found = problems(catalogue, HEAD + ACROSS.format(over_half_a_year))
    assert [(p.rule, p.cell) for p in found] == [("part_above_its_line", cell) for cell in cells]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("开鲁县2025年5月就业情况表", ["“开鲁县2025年5月就业情况表”"]),
        ("开鲁县2025年1-6月就业情况表", []),
        ("开鲁县就业情况月报表（7月5日前报送）", []),
    ],
)
def test_a_title_of_another_month_is_queried(catalogue: Catalogue, title: str, found: list[str]) -> None:
    told = problems(catalogue, f"{title}\n" + HEAD + ROWS.format("", ""))
    assert [p.found for p in told if p.rule == "title_disagrees"] == found


def test_the_name_of_a_csv_is_its_files_and_asked_about_once(catalogue: Catalogue) -> None:
    assert [p.rule for p in problems(catalogue, HEAD + ROWS.format("", ""), "开鲁5月.csv")] == [
        "file_name_disagrees"
    ]


def copied(form: FormSpec, change: bool) -> bytes:
    """The form with its sheet copied, and on the copy, where it is changed, one number more under 城镇新增就业."""
    book = with_totals_typed(filled(form))
    copy = book.copy_worksheet(book["月报"])
    copy.title = "月报 (2)"
    if change:
        copy["G6"] = 608
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_copied_sheet_holds_nothing(catalogue: Catalogue, form: FormSpec) -> None:
    reading = understood(read(NAME, copied(form, change=False), catalogue, lambda *_: KNOWN))
    assert not [p for p in reading.problems if p.rule == "row_twice"]
    assert cell(reading, "urban_new_jobs").value == 607
    assert any("与“月报”的完全相同，只读取一次" in said for said in reading.decisions)


def test_a_row_with_two_numbers_names_both_sheets_and_cells(catalogue: Catalogue, form: FormSpec) -> None:
    reading = understood(read(NAME, copied(form, change=True), catalogue, lambda *_: KNOWN))
    (problem,) = (p for p in reading.problems if p.rule == "row_twice")
    assert problem.found == "2 处，数不相同：月报!G6、月报 (2)!G6"
    assert problem.place == "月报 (2)!G6"
