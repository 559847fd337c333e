"""The honest June form as other programs save it, or with something done to it; what each must give is the honest
case's own words (saved_by_libreoffice_as_xlsx) with the difference written here by hand."""

import json
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font

from tests.submissions.conftest import with_totals_typed

CASES = Path(__file__).parent / "cases"
IDENTITY = "110105194912310021"  # made up: nobody's
NAME = "开鲁县2025年6月月报"
_FORMS = "请填写下发的报表（.xlsx、.xls、.et、.ods 或 .csv）后报送。"


def changed(content: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = with_totals_typed(content)
    change(book)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def strike(book: openpyxl.Workbook) -> None:
    book["月报"]["G6"].font = Font(strike=True)


def comment(book: openpyxl.Workbook) -> None:
    book["月报"]["G6"] = None
    book["月报"]["G6"].comment = Comment("607", "甲某")


def persons(book: openpyxl.Workbook) -> None:
    sheet = book.create_sheet("花名册", 0)
    for row in (
        ["姓名", "身份证号", "电话"],
        ["甲某", IDENTITY, 13800000000],
        ["乙某", "1101****0022", None],
    ):
        sheet.append(row)


def may_first(book: openpyxl.Workbook) -> None:
    old = book.copy_worksheet(book["月报"])
    old.title, old["D2"] = "5月", "报告期：2025年5月"
    book.move_sheet(old, -len(book.sheetnames) + 1)


def last_year_first(book: openpyxl.Workbook) -> None:
    may_first(book)
    book["5月"]["D2"] = "报告期：2024年12月"
    book["5月"].title = "2024"


def sums_and_a_space(book: openpyxl.Workbook) -> None:
    """A sum row and a blank row put between the rows, line breaks in the head."""
    sheet = book["月报"]
    sheet.insert_rows(16)
    sheet["B16"], sheet["G16"] = "合　计", 99999


def zipped(**files: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def honest(
    what: str, sheet: str = "月报", cells: Mapping[str, str] | None = None,
    problems: tuple[str, ...] = (), decisions: tuple[str, ...] = (),
) -> dict[str, Any]:  # fmt: skip
    """The honest case with some observations replaced (by what stands before their `=`)."""
    told: dict[str, Any] = json.loads(
        (CASES / "saved_by_libreoffice_as_xlsx" / "case.json").read_text("utf-8")
    )
    lines = []
    for line in told["observations"]:
        key, _, rest = line.partition(" = ")
        new = (cells or {}).get(key.removeprefix("kailu "))
        lines.append(f"{key} = {new} @{rest.partition('@')[2]}" if new else line)
    told["observations"] = [line.replace("@月报!", f"@{sheet}!") for line in lines]
    told["problems"], told["decisions"] = list(problems), [*decisions, *told["decisions"]]
    return told | {"what": what}


def refused(what: str, reason: str, remedy: str) -> dict[str, Any]:
    return {"what": what, "refused": reason, "remedy": remedy}


STRUCK = {"urban_new_jobs running_total": "blocked"}
LOANS = "startup_loans"
EXPECTED: dict[str, dict[str, Any]] = {
    "web_page_named_xls": honest("An .xls that is a web page.", sheet=NAME),
    "et_by_content": honest("WPS's own ending; the bytes are an .xls."),
    "csv_named_xls": honest("An .xls that is text.", sheet=NAME),
    "zip_of_one": honest("A zip with one report in it is that report."),
    "zip_of_two": refused(
        "A zip of two reports: each is a submission of its own.",
        "这是压缩包，里面有 2 个文件，不是一份报表",
        "请解压后把每份报表作为一个文件分别报送。",
    ),
    "pdf_named_xlsx": refused("A printed report.", "这是 PDF 文件，不是表格", _FORMS),
    "photo_of_the_form": refused("A photo.", "这是图片，不是表格", _FORMS),
    "empty_file": refused("0 bytes.", "文件是空的（0 字节）", "请重新存盘后再报送。"),
    "lock_file": refused(
        "What a program leaves while the file is open.",
        "这是表格软件打开文件时留下的临时文件，不是报表",
        "请关闭表格，报送原文件。",
    ),
    **{
        f"struck_through_as_{kind}": honest(
            "作废 by a line through the number: not taken.",
            cells=STRUCK,
            problems=("error struck_through urban_new_jobs @月报!G6",),
        )
        for kind in ("xlsx", "xls", "ods")
    },
    "number_in_a_comment": honest(
        "The cell is blank and the number stands in its comment: not read, but asked for.",
        cells={"urban_new_jobs running_total": "missing"},
        problems=("query not_filled_in urban_new_jobs @月报!G6 open",),
    ),
    "list_of_persons_first": honest(
        "A list of persons before the report: nothing of it is read, and the receipt asks to leave it out.",
        decisions=(
            "工作表“花名册”有 2 行含身份证号等个人信息，这些信息没有读取、没有入库，原文件也没有留存；以后请不要附人员名单",
            "工作表“花名册”不是本单位本月的报表，未读取",
        ),
    ),
    "last_months_sheet_first": honest(
        "Last month's sheet still stands first; the file's name says which is meant.",
        decisions=(
            "工作表“5月”不是本单位本月的报表，未读取",
            "工作簿里有 5月、6月 的报表，按文件名只读取 6月的",
        ),
    ),
    "last_years_sheet_first": honest(
        "Last year's form stands beside this year's.", decisions=("工作表“2024”不是本单位本月的报表，未读取",)
    ),
    "units_in_the_numbers": honest(
        "1.2万, 约300, 300+, 同上, a half person: none is guessed.",
        cells={
            "urban_new_jobs in_month": "blocked",
            "urban_new_jobs running_total": "blocked",
            "secondary_jobs running_total": "blocked",
            "tertiary_jobs running_total": "blocked",
            "flexible_jobs in_month": "blocked",
            "small_business_jobs running_total": "blocked",
        },
        problems=(
            "error not_understood urban_new_jobs @月报!F6",
            "error not_understood urban_new_jobs @月报!G6",
            "error not_understood secondary_jobs @月报!G8",
            "error not_understood tertiary_jobs @月报!G9",
            "error not_whole flexible_jobs @月报!F10",
            "error not_understood small_business_jobs @月报!G11",
        ),
    ),
    "month_under_running_total": honest(
        "The month stands under 累计 too.",
        cells={"urban_new_jobs running_total": "110 reported"},
        problems=("query month_typed_for_running_total urban_new_jobs @月报!G6 open",),
    ),
    "yuan_for_wan_yuan": honest(
        "Loans in 元: 4361200 where the year's target is 900.",
        cells={f"{LOANS} in_month": "blocked", f"{LOANS} running_total": "blocked"},
        problems=(
            f"error slip_of_ten_thousand {LOANS} @月报!F12",
            f"error slip_of_ten_thousand {LOANS} @月报!G12",
        ),
    ),
    "sum_row_below": honest("A sum of things that cannot be added: not loaded."),
}
