"""How the files in cases/ came to be. Run by hand; needs LibreOffice, openpyxl and msoffcrypto-tool, which stand for
the clerk's programs: `python -m tests.submissions.make_cases`. What a case must give is written in its case.json."""

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import openpyxl

from flows.plan.load import load
from flows.plan.workdays import deadlines
from flows.submissions.form.form_spec import Entry, form_spec
from flows.submissions.form.writer import write_form
from flows.submissions.sample.submissions import sample
from tests.submissions import altered_cases
from tests.submissions.arranged_cases import EXPECTED, FILES
from tests.submissions.clerks_programs import locked, saved
from tests.submissions.conftest import DUE_ON, KNOWN, PLAN, filled, total, with_totals_typed
from tests.submissions.excel_5 import excel_5
from tests.submissions.marks_cases import annotated, workbook
from tests.submissions.office_cases import FILES as OFFICE
from tests.submissions.office_cases import ORDER, SAVED_AS, listed

CASES = Path(__file__).parent / "cases"
CATALOGUE = load(PLAN)
FORM = form_spec(CATALOGUE, "kailu", "2025-06", KNOWN)
UTF_8_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"  # as shown, the first sheet


def edited(content: bytes, cells: Mapping[str, object], sheet: str = "月报") -> bytes:
    """Cells of one sheet typed over, as another program saves them."""
    book = with_totals_typed(content)
    for place, value in cells.items():
        book[sheet][place] = value
    return _bytes(book)


def _bytes(book: openpyxl.Workbook) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def typed(**rows: Entry) -> bytes:
    return filled(FORM, rows)


def rearranged(content: bytes) -> bytes:
    """Two rows changed places, a column of percentages put in, a note above everything."""
    book = openpyxl.load_workbook(BytesIO(content), data_only=True)
    sheet, other = book["月报"], openpyxl.Workbook()
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    rows[5], rows[8] = rows[8], rows[5]
    moved = other.active
    moved.title = "6月"
    moved.append(["附件1"])
    for row in rows:
        percent = "完成率" if row[1] == "指标" else 0.9 if isinstance(row[0], int) else None
        moved.append([*row[:4], percent, *row[4:]])
    return _bytes(other)


def with_last_month_hidden_first(content: bytes) -> bytes:
    book = openpyxl.load_workbook(BytesIO(content))
    old = book.copy_worksheet(book["月报"])
    old.title, old.sheet_state = "5月", "hidden"
    old["D2"] = "报告期：2025年5月"
    book.move_sheet(old, -len(book.sheetnames))
    book.active = 1
    return _bytes(book)


def department() -> bytes:
    dates = {m: deadlines(m, CATALOGUE.policy.reporting) for m in ("2025-06",)}
    files = sample(CATALOGUE, ("2025-06",), 7, dates.__getitem__)
    return next(f.content for f in files if f.name.startswith("市农牧局"))


def slashes() -> bytes:
    return typed(
        urban_new_jobs=total("/", "-"),
        secondary_jobs=total("无", "—"),
        tertiary_jobs=total("236", ""),
        flexible_jobs=total("", "149"),
        skilled_talent_trained=total("", ""),
    )


def full_width() -> bytes:
    return typed(
        urban_new_jobs=total("１１０", "６０７人"),
        rural_labour_transferred=total("6，200", "58,200"),
        secondary_jobs=total("31 个", "'161"),
        startup_loans=total("１１７．６２", "436.12万元"),
        incubators_per_county=total("1", "壹"),
        skilled_talent_trained=total("约47", "217+"),
    )


def choices() -> bytes:
    return typed(
        urban_new_jobs=total("35", "607", choice="零"),
        flexible_jobs=total("", "121", choice="零"),
        small_business_jobs=total("", "", choice="零"),
        incubators_per_county=total("", "", choice="不适用", reason="本年度没有建设任务，已报市人社局"),
        training_brand_per_county=total("", "", choice="不适用"),
        skilled_talent_trained=total("", "", choice="零"),
    )


def corrections() -> bytes:
    return typed(
        urban_new_jobs=total("-7", "490", reason="与社保数据比对，核减重复统计7人"),
        secondary_jobs=total("31", "99", reason="核实无误"),
        tertiary_jobs=total("236", "1250"),
        startup_loans=total("117.625", "436.12"),
        small_business_jobs=total("66.5", "316"),
        skilled_talent_trained=total("-200", "-30"),
    )


BUILD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "saved_by_libreoffice_as_xlsx": ("开鲁县2025年6月月报.xlsx", lambda: saved(typed(), "xlsx")),
    "saved_by_libreoffice_as_xls": ("开鲁县2025年6月月报.xls", lambda: saved(typed(), "xls")),
    "saved_by_libreoffice_as_ods": ("开鲁县2025年6月月报.ods", lambda: saved(typed(), "ods")),
    "saved_by_libreoffice_as_csv": ("开鲁县2025年6月月报.csv", lambda: saved(typed(), UTF_8_CSV)),
    "csv_in_gb18030": ("开鲁6月.csv", lambda: saved(typed(), UTF_8_CSV).decode().encode("gb18030")),
    "csv_in_utf_16": ("开鲁6月.csv", lambda: saved(typed(), UTF_8_CSV).decode().encode("utf-16")),
    "xls_named_xlsx": ("开鲁6月.xlsx", lambda: saved(typed(), "xls")),
    "department_saved_as_ods": ("市农牧局2025年6月月报.ods", lambda: saved(department(), "ods")),
    "blank_form": ("开鲁县2025年6月月报.xlsx", lambda: write_form(FORM, DUE_ON)),
    "blanks_and_slashes": ("开鲁县2025年6月月报.xlsx", slashes),
    "full_width_units_and_words": ("开鲁县2025年6月月报.ods", lambda: saved(full_width(), "ods")),
    "choices_and_contradictions": ("开鲁县2025年6月月报.xls", lambda: saved(choices(), "xls")),
    "corrections_and_slips": ("开鲁县2025年6月月报.xlsx", corrections),
    "errors_and_formulas": (
        "开鲁县2025年6月月报.xlsx",
        lambda: saved(
            edited(typed(), {"F6": "=1/0", "G7": "=E7+F7", "F8": "=F30+F31", "G9": '="一千"'}), "xlsx"
        ),
    ),
    "errors_and_formulas_as_xls": (
        "开鲁县2025年6月月报.xls",
        lambda: saved(
            edited(typed(), {"F6": "=1/0", "G7": "=E7+F7", "F8": "=F30+F31", "G9": '="一千"'}), "xls"
        ),
    ),
    "formula_without_result": ("开鲁县2025年6月月报.xlsx", lambda: edited(typed(), {"G6": "=E6+F6"})),
    "rows_moved_and_a_column_more": ("开鲁县2025年6月月报.xlsx", lambda: rearranged(typed())),
    "last_month_hidden_first": (
        "开鲁县2025年6月月报.xlsx",
        lambda: with_last_month_hidden_first(typed()),
    ),
    "altered_target": ("开鲁县2025年6月月报.xlsx", lambda: edited(typed(), {"D6": 900})),
    "row_taken_out": ("开鲁县2025年6月月报.xlsx", lambda: edited(typed(), {"B8": None})),
    "row_twice": ("开鲁县2025年6月月报.xlsx", lambda: edited(typed(), {"B8": "城镇新增就业人数"})),
    "neighbour_in_file_name": ("科区5月(修改版)(最终).xlsx", typed),
    "month_without_year": ("开鲁.xlsx", lambda: edited(typed(), {"D2": "报告期：6月"})),
    "last_years_form": ("开鲁县2024年6月月报.xlsx", lambda: edited(typed(), {"D2": "报告期：2024年6月"})),
    "unknown_reporter": ("某县.xlsx", lambda: edited(typed(), {"A2": "填报单位：某某县"})),
    "broken_file": ("开鲁县2025年6月月报.xlsx", lambda: typed()[:6000]),
}


def units() -> bytes:
    return typed(
        urban_new_jobs=total("约110", "同上"),
        secondary_jobs=total("31", "1.2万"),
        tertiary_jobs=total("236", "1246+"),
        flexible_jobs=total("28.5", "149"),
        small_business_jobs=total("66", "316左右"),
    )


_NAME = altered_cases.NAME
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000154a24f5d0000000049454e44ae426082"
)  # a picture of one point
ALTERED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "marks_and_hidden_cells_as_xls": ("6月.xls", lambda: saved(workbook(), "xls")),
    "marks_and_hidden_cells_as_ods": ("6月.ods", lambda: saved(workbook(), "ods")),
    "texts_in_no_cell_as_xls": ("6月.xls", lambda: saved(annotated(), "xls")),
    "texts_in_no_cell_as_ods": ("6月.ods", lambda: saved(annotated(), "ods")),
    "text_box_of_last_year_as_xls": ("6月.xls", lambda: saved(annotated("此表为上年同期数"), "xls")),
    "margin_of_last_year_as_ods": ("6月.ods", lambda: saved(annotated(margin="注：以上为上年同期数"), "ods")),
    "web_page_named_xls": (f"{_NAME}.xls", lambda: saved(typed(), "html")),
    "et_by_content": (f"{_NAME}.et", lambda: saved(typed(), "xls")),
    "csv_named_xls": (f"{_NAME}.xls", lambda: saved(typed(), UTF_8_CSV)),
    "zip_of_one": (f"{_NAME}.zip", lambda: altered_cases.zipped(**{f"{_NAME}.xlsx": saved(typed(), "xlsx")})),
    "zip_of_two": ("各地6月.zip", lambda: altered_cases.zipped(**{"开鲁.xlsx": typed(), "库伦.xlsx": typed()})),
    "pdf_named_xlsx": (f"{_NAME}.xlsx", lambda: saved(typed(), "pdf")),
    "photo_of_the_form": (f"{_NAME}.xls", lambda: PIXEL),
    "empty_file": (f"{_NAME}.xlsx", bytes),
    "lock_file": (f"~${_NAME}.xlsx", lambda: b"\x05Excel" + bytes(160)),
    **{
        f"struck_through_as_{kind}": (
            f"{_NAME}.{kind}",
            lambda kind=kind: saved(altered_cases.changed(typed(), altered_cases.strike), kind),
        )
        for kind in ("xlsx", "xls", "ods")
    },
    "number_in_a_comment": (f"{_NAME}.ods", lambda: saved(_altered(altered_cases.comment), "ods")),
    "list_of_persons_first": (f"{_NAME}.ods", lambda: saved(_altered(altered_cases.persons), "ods")),
    "last_months_sheet_first": (f"{_NAME}.xls", lambda: saved(_altered(altered_cases.may_first), "xls")),
    "last_years_sheet_first": (f"{_NAME}.xlsx", lambda: _altered(altered_cases.last_year_first)),
    "units_in_the_numbers": (f"{_NAME}.ods", lambda: saved(units(), "ods")),
    "month_under_running_total": (
        f"{_NAME}.xls", lambda: saved(typed(urban_new_jobs=total("110", "110")), "xls"),
    ),
    "yuan_for_wan_yuan": (
        f"{_NAME}.xls", lambda: saved(typed(startup_loans=total("1176200", "4361200")), "xls"),
    ),
    "sum_row_below": (f"{_NAME}.xlsx", lambda: _altered(altered_cases.sums_and_a_space)),
}  # fmt: skip


RESAVED: dict[str, tuple[str, Callable[[], bytes]]] = {
    f"{name}_as_{kind}": (
        Path(FILES[name][0]).stem + f".{kind}",
        lambda n=name, k=kind: saved(FILES[n][1](), k),
    )
    for name in ("like_the_annex", "heads_of_three_rows", "counties_across", "two_years_side_by_side")
    for kind in ("xls", "ods")
}


CONTAINERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "excel_5": ("开鲁6月.xls", lambda: excel_5("月报", listed(indicators=ORDER))),  # type: ignore[arg-type]  # no dates
    "xlsx_named_xls": (f"{_NAME}.xls", lambda: saved(typed(), "xlsx")),
    "csv_with_bom": ("开鲁6月.csv", lambda: b"\xef\xbb\xbf" + saved(typed(), UTF_8_CSV).removeprefix(b"\xef\xbb\xbf")),
    "locked_with_a_password": (f"{_NAME}.xlsx", lambda: locked(typed())),
    "word_document": (
        "开鲁县工作情况.doc", lambda: saved("开鲁县6月工作情况\n".encode(), "doc:MS Word 97", "txt"),
    ),
    **{
        name: (str(Path(file).with_suffix(f".{SAVED_AS[name]}")), lambda n=name, b=build: saved(b(), SAVED_AS[n]))
        for name, (file, build) in OFFICE.items()
    },
}  # fmt: skip


def _altered(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    return altered_cases.changed(typed(), change)


def main(*only: str) -> None:
    """Write every file, or those named; its case.json is written by people, here or in `arranged_cases`."""
    expected = EXPECTED | altered_cases.EXPECTED
    expected |= {name: EXPECTED[name.rsplit("_as_", 1)[0]] for name in RESAVED}
    for name, (file, build) in (BUILD | FILES | ALTERED | RESAVED | CONTAINERS).items():
        if only and name not in only:
            continue
        folder = CASES / name
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            if old.name != "case.json":
                old.unlink()
        (folder / file).write_bytes(build())
        if name in expected:
            told = json.dumps(expected[name], ensure_ascii=False, indent=1)
            (folder / "case.json").write_text(told + "\n", encoding="utf-8")


if __name__ == "__main__":
    if shutil.which("soffice") is None:
        raise SystemExit("LibreOffice is not installed")
    main(*sys.argv[1:])
