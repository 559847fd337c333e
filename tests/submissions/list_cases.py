"""docs/evidence/cases.md: every phrase on what a workbook looks like, the cases that show it, and what becomes of each.

Written by `python -m tests.submissions.list_cases`; a test holds it to the cases."""

import json
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"
DOCUMENT = Path(__file__).parents[2] / "docs" / "evidence" / "cases.md"
USUAL = (
    "没有填“",
    "没有填写工作情况",
    "牵头的 ",
    "表内没有“本月”一栏",
)  # remarks that say nothing about the layout

PHRASES: dict[str, tuple[tuple[str, str], ...]] = {
    "Container": (
        (".xlsx", "saved_by_libreoffice_as_xlsx"),
        (".xls (BIFF8)", "saved_by_libreoffice_as_xls"),
        (".xls (BIFF5)", "excel_5"),
        (".et, by content", "et_by_content"),
        (".xls that is HTML", "web_page_named_xls"),
        (".xls that is CSV", "csv_named_xls"),
        (".xls that is xlsx, and the reverse", "xlsx_named_xls xls_named_xlsx"),
        (".ods", "saved_by_libreoffice_as_ods department_saved_as_ods"),
        (".csv in UTF-8", "saved_by_libreoffice_as_csv"),
        (".csv with BOM", "csv_with_bom"),
        (".csv in GB18030", "csv_in_gb18030"),
        (".csv in UTF-16", "csv_in_utf_16"),
        ("zip of one", "zip_of_one"),
        ("zip of several (the intake unpacks it first and reads each file)", "zip_of_two"),
        ("password-protected", "locked_with_a_password"),
        ("0 bytes", "empty_file"),
        ("`~$` lock file", "lock_file"),
        (".doc", "word_document"),
        (".pdf", "pdf_named_xlsx"),
        ("a photo", "photo_of_the_form"),
        ("cut off, broken", "broken_file"),
        ("科区6月(修改版)(最终).xlsx; the wrong month or county in the name", "neighbour_in_file_name"),
        ("no county in the name", "month_without_year like_the_annex"),
    ),
    "Sheets": (
        ("hidden sheets", "last_month_hidden_first"),
        ("instructions", "instructions_sheet_first"),
        ("last month's still first", "last_months_sheet_first"),
        ("a list of persons with identity numbers", "list_of_persons_first"),
        ("last year's form", "last_years_form last_years_sheet_first"),
        ("several counties in one workbook", "sheet_for_each_county gathered_with_an_empty_form county_and_a_neighbours_sheet"),
        ("several counties' rows, and who sends them", "several_counties_without_a_reporter several_counties_named_by_the_file"),
        ("the same, under the city's office's name, or turned round", "counties_by_the_city gathered_across"),
    ),
    "Layout": (
        ("title merged over the table; 附件1", "like_the_annex"),
        ("单位：人、万元 at the right", "unit_note_of_the_usual"),
        ("单位：万人 at the right", "unit_note_of_ten_thousands"),
        ("another unit in the unit's column", "units_of_another_size"),
        ("headers two rows deep", "counties_across two_years_side_by_side"),
        ("headers three rows deep", "heads_of_three_rows heads_of_three_rows_as_xls heads_of_three_rows_as_ods"),
        ("headers four rows deep, merged", "heads_of_four_rows"),
        ("turned heads", "turned_and_merged_heads"),
        ("line breaks, full-width and no-break spaces in headers", "counties_across like_the_annex"),
        ("a row of column numbers (甲 乙 1 2)", "heads_of_three_rows saved_by_libreoffice_as_xlsx"),
        ("counties down and indicators across", "like_the_annex like_the_annex_as_xls like_the_annex_as_ods"),
        ("the reverse", "counties_across counties_across_as_xls counties_across_as_ods reverse_with_deep_heads"),
        ("其中 rows", "sub_rows_and_sums two_years_side_by_side"),
        ("小计, 合计, 总计, 全市", "sub_rows_and_sums sum_row_below like_the_annex counties_across"),
        ("spacer rows and columns", "counties_across columns_fewer_and_more"),
        ("reordered, missing, extra columns", "columns_fewer_and_more rows_moved_and_a_column_more"),
        ("rows gone, rows twice", "row_taken_out row_twice"),
        ("the same header twice", "two_years_side_by_side same_head_twice"),
        ("no header that says 本月 or 累计", "nothing_says_month_or_total"),
        ("two tables on a sheet", "two_tables_on_a_sheet"),
        ("填报人, 审核人, 联系电话, 填报日期, 盖章 below; notes", "footers_and_notes"),
        ("a department's own table", "departments_own_table"),
        ("another reporter, or none that is known", "unknown_reporter"),
    ),
    "Cells": (
        ("１２３ and ，．", "digits_signs_and_brackets full_width_units_and_words"),
        ("－", "minus_in_full_width"),
        ("`1,234`, `1，234`, `1 234`", "digits_signs_and_brackets"),
        ("`1234人`, `296万元`", "digits_signs_and_brackets full_width_units_and_words"),
        ("`1.2万`, `约300`, `300+`, 同上", "units_in_the_numbers"),
        ("无 / - — ×, blank", "marks_for_nothing blanks_and_slashes blank_form"),
        ("零, 〇", "marks_for_nothing choices_and_contradictions"),
        ("`#REF!`", "broken_reference errors_and_formulas errors_and_formulas_as_xls"),
        ("a formula with no stored value", "formula_without_result"),
        ("text that is a number", "digits_signs_and_brackets"),
        ("0.602", "percentage_as_fraction"),
        ("60.2", "percentage_and_ten_thousands"),
        ("`60.2%`", "percentage_as_text"),
        ("12.5 persons", "units_in_the_numbers"),
        ("(123)", "digits_signs_and_brackets"),
        ("dates as serials", "completion_date_as_serial month_as_a_date"),
        ("`2025.6`", "month_with_a_point"),
        ("`6月`", "month_without_year"),
        ("the real number in a comment", "number_in_a_comment"),
        ("struck-through 作废", "struck_through_as_xlsx struck_through_as_xls struck_through_as_ods"),
    ),
    "Meaning": (
        ("running total typed under 本月; the two exchanged", "running_total_under_month"),
        ("the month under 累计", "month_under_running_total"),
        ("a slip of 10⁴ up", "yuan_for_wan_yuan"),
        ("a slip of 10⁴ down", "ten_thousandth_and_exact_target"),
        ("last month's file again", "last_months_numbers_again"),
        ("the wrong month's label", "title_of_last_month neighbour_in_file_name"),
        ("a neighbour's numbers", "neighbours_numbers"),
        ("the target altered", "altered_target"),
        ("the 完成率 column wrong", "rows_moved_and_a_column_more two_years_side_by_side"),
        ("running total falling; corrections with a reason", "corrections_and_slips minus_in_full_width"),
        ("a jump to exactly 100 %", "ten_thousandth_and_exact_target"),
        ("total ≠ sum", "counties_across departments_own_table"),
        ("more 6月以上 than total", "sub_rows_and_sums"),
    ),
}  # fmt: skip


def outcome(case: dict[str, Any]) -> str:
    """read; read with a note (a query, a blocked cell, or a sentence on the receipt); refused."""
    if "refused" in case:
        return "refused"
    if "parts" in case:
        return "read with a note"
    remarks = [d for d in case["decisions"] if not d.startswith(USUAL)]
    return "read with a note" if case["problems"] or remarks else "read"


def cases() -> dict[str, dict[str, Any]]:
    """Every case's own words, by name."""
    files = sorted(CASES.glob("*/case.json"))
    return {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in files}


def document() -> str:
    """The whole text."""
    known = cases()
    counted = [outcome(case) for case in known.values()]
    lines = [
        "# Workbooks as they come, and what becomes of them",
        "",
        "Written by `python -m tests.submissions.list_cases`. A case is a folder of that name below",
        "`tests/submissions/cases/`: the file, and in `case.json` every observation, problem and sentence it must give.",
        "“Read with a note” means that a query, a blocked cell or a sentence on the receipt says what was done.",
        "",
        f"{len(known)} cases: "
        + ", ".join(f"{counted.count(o)} {o}" for o in ("read", "read with a note", "refused"))
        + ".",
    ]
    for section, phrases in PHRASES.items():
        lines += ["", f"## {section}", "", "| what comes | case | outcome |", "|---|---|---|"]
        for phrase, names in phrases:
            lines += [f"| {phrase} | `{name}` | {outcome(known[name])} |" for name in names.split()]
    lines += ["", "## Every case", "", "| case | file | what it shows | outcome |", "|---|---|---|---|"]
    lines += [
        f"| `{n}` | {_file(n)} | {_cell(case['what'])} | {_result(case)} |" for n, case in known.items()
    ]
    return "\n".join(lines) + "\n"


def _file(name: str) -> str:
    return next(path.name for path in (CASES / name).iterdir() if path.name != "case.json")


def _result(case: dict[str, Any]) -> str:
    if "refused" in case:
        return f"refused: {_cell(case['refused'])}"
    if "parts" in case:
        return "; ".join(f"{who}: {_result(part)}" for who, part in case["parts"].items())
    errors = sum(problem.startswith("error") for problem in case["problems"])
    queries = len(case["problems"]) - errors
    return f"{outcome(case)}; {errors} errors, {queries} queries"


def _cell(text: str) -> str:
    return text.replace("|", "／").replace("\n", " ")


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
