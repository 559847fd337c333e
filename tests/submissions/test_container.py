"""What is not a table is refused by what it is, whatever it is called, with a reason and a remedy."""

import struct
import zipfile
from io import BytesIO

import openpyxl
import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.observation import Refusal
from flows.submissions.form.form_spec import FormSpec
from flows.submissions.formats.opening import MAX_ROWS, open_file
from flows.submissions.read_form import read
from tests.submissions.conftest import NAME, filled

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**files: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


REFUSED = {
    "empty": ("空的.xlsx", b"", "文件是空的"),
    "lock_file": ("~$科区6月.xlsx", b"\x05Excel", "临时文件"),
    "pdf": ("6月.xlsx", b"%PDF-1.7 ...", "PDF"),
    "tnef": ("winmail.dat", b"\x78\x9f\x3e\x22\x01\x00", "winmail.dat"),
    "photo": ("6月.xls", b"\xff\xd8\xff\xe0....", "图片"),
    "web_page": ("6月.xls", b"<html><body>no table</body></html>", "网页"),
    "web_page_with_another_table": ("6月.xls", b"<table><tr><td>1</td></tr></table>", "没有找到报表"),
    "single_file_web_page": ("6月.xls", b"MIME-Version: 1.0\r\nX-Document-Type: Workbook", "单个文件网页"),
    "xml": ("6月.xls", b"<?xml version='1.0'?><Workbook/>", "XML"),
    "locked_ods": (
        "6月.ods",
        zipped(content_xml=b"??", **{"META-INF__manifest_xml": b"<m:encryption-data/>"}),
        "加了密码",
    ),
    "zip_in_a_zip": ("6月.zip", zipped(**{"6月.zip": zipped(a=b"1", b=b"2")}), "还是压缩包"),
    "zip_of_a_photo": ("6月.zip", zipped(photo=b"\xff\xd8\xff\xe0"), "图片"),
    "word_document": ("6月.docx", zipped(word__document_xml=b"<w/>"), "文字文档"),
    "old_word_document": ("6月.doc", OLE + "WordDocument".encode("utf-16-le"), "文字文档"),
    "password": ("6月.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "zip_of_files": ("6月.zip", zipped(a=b"1", b=b"2"), "压缩包，里面有 2 个文件"),
    "broken_zip": ("6月.xlsx", b"PK\x03\x04" + b"\0" * 40, "损坏"),
    "broken_xls": ("6月.xls", OLE + b"\xff" * 2000, "损坏"),
    "workbook_of_nothing": ("6月.xlsx", zipped(xl__workbook_xml=b"<workbook/>"), "损坏"),
    "random_bytes": ("6月.csv", bytes(range(256)), "不是表格"),
    "other_table": ("6月.csv", "姓名,电话\n甲,1\n".encode(), "没有找到报表"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_report_is_refused(catalogue: Catalogue, case: str) -> None:
    name, content, reason = REFUSED[case]
    outcome = read(name, content, catalogue, lambda *_: {})
    assert isinstance(outcome, Refusal)
    assert reason in outcome.reason
    assert outcome.remedy.startswith("请")


def sheet_with(cells: bytes, head: bytes = b"") -> bytes:
    """A workbook whose only sheet has exactly these cells."""
    plain, buffer = BytesIO(), BytesIO()
    openpyxl.Workbook().save(plain)
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (main, cells)
    with zipfile.ZipFile(plain) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in before.namelist():
            ours = part == "xl/worksheets/sheet1.xml"
            packed.writestr(part, head + sheet if ours else before.read(part))
    return buffer.getvalue()


def test_a_cell_at_the_end_of_the_world_is_not_loaded(catalogue: Catalogue) -> None:
    far = sheet_with(b'<row r="1048576"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>')
    outcome = read(NAME, far, catalogue, lambda *_: {})
    assert isinstance(outcome, Refusal) and "范围过大" in outcome.reason


def test_a_document_type_is_never_opened(catalogue: Catalogue) -> None:
    declared = b'<!DOCTYPE x [<!ENTITY a "b">]>'
    outcome = read(NAME, sheet_with(b"", declared), catalogue, lambda *_: {})
    assert isinstance(outcome, Refusal) and "DTD" in outcome.reason


def test_a_long_text_table_is_cut_not_swallowed() -> None:
    (grid,) = open_file("长.csv", b"1,2\n" * (MAX_ROWS + 100)).grids
    assert len(grid.rows) == MAX_ROWS


def test_errors_and_missing_results_are_told_apart_from_blanks() -> None:
    cells = (
        b'<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B1"><f>A1+1</f></c>'
        b'<c r="C1" t="str"><f>""</f><v></v></c><c r="D1"><f>1+1</f><v>2</v></c><c r="E1"><v>3</v></c></row>'
    )
    (grid,) = open_file("6月.xlsx", sheet_with(cells)).grids
    assert [grid.text((0, column)) for column in range(5)] == ["#DIV/0!", "没有结果的公式", "", "2", "3"]
    assert sorted(grid.formulas) == [(0, 0), (0, 1), (0, 2), (0, 3)]


def test_a_workbook_is_known_by_its_content_not_its_name(catalogue: Catalogue, form: FormSpec) -> None:
    content = filled(form)
    outcomes = {
        type(read(name, content, catalogue, lambda *_: {}))
        for name in ("6月.xls", "6月.et", "6月", "6月.pdf")
    }
    assert len(outcomes) == 1 and Refusal not in outcomes


def test_compound_file_marks_survive_a_ring_of_sectors() -> None:
    """A table whose sectors point at one another ends; it does not hang."""
    header = bytearray(512)
    header[:8] = OLE
    struct.pack_into("<HH", header, 28, 0xFFFE, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<IIII", header, 56, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 1, *[0xFFFFFFFF] * 126)
    assert isinstance(_refusal(bytes(header) + table + b"\0" * 512), str)


def _refusal(content: bytes) -> str:
    with pytest.raises(ValueError, match="损坏") as fault:
        open_file("6月.xls", content)
    return str(fault.value)


def test_a_zip_of_one_report_is_that_report(catalogue: Catalogue, form: FormSpec) -> None:
    content = filled(form)
    alone = read(NAME, content, catalogue, lambda *_: {})
    packed = zipped(**{"开鲁县2025年6月月报.xlsx": content, ".DS_Store": b"chaff"})
    assert read("开鲁6月.zip", packed, catalogue, lambda *_: {}) == alone


def test_cells_that_span_others_keep_their_places_on_a_page() -> None:
    page = (
        "<html><meta charset=gb2312><table><tr><td rowspan=2>指标<td colspan=2>完成</tr>"
        "<tr><td>本月<td>累<br>计</tr><tr><td>甲<td>1&nbsp;<td>2</tr></table></html>"
    )
    (grid,) = open_file("6月.xls", page.encode("gb18030")).grids
    assert grid.rows == [["指标", "完成", ""], ["", "本月", "累\n计"], ["甲", "1", "2"]]
