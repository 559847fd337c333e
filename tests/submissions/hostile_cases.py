"""Files made to harm whoever opens them (有害文件), each built here and never stored: none is larger than 20 MB, many
are a hundred times that once opened. `CASES` says what becomes of each: the beginning of a refusal, or READ."""

import struct
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO

import openpyxl

from flows.plan.load import load
from flows.submissions.form.form_spec import form_spec
from tests.submissions.conftest import KNOWN, PLAN, filled

READ = "read"
BEYOND = "读取这份文件所需的内存"
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = (
    b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
SECRET = b'<!DOCTYPE x [<!ENTITY s SYSTEM "file:///etc/passwd">]>'
Piece = bytes | tuple[bytes, int]  # bytes, or bytes so many times


@dataclass(frozen=True)
class Hostile:
    what: str
    name: str
    build: Callable[[], bytes]
    becomes: str


def report() -> bytes:
    """An honest workbook of 开鲁县's June."""
    return filled(form_spec(load(PLAN), "kailu", "2025-06", KNOWN))


def packed(parts: dict[str, Iterable[Piece]], base: bytes = b"") -> bytes:
    """A zip of these parts, written piece by piece, and those of `base` that are not among them."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        if base:
            with zipfile.ZipFile(BytesIO(base)) as before:
                for name in before.namelist():
                    if name not in parts:
                        book.writestr(name, before.read(name))
        for name, pieces in parts.items():
            with book.open(name, "w") as part:
                for piece in pieces:
                    text, times = piece if isinstance(piece, tuple) else (piece, 1)
                    at_once = 1 + 1_000_000 // (1 + len(text))
                    for done in range(0, times, at_once):
                        part.write(text * min(at_once, times - done))
    return buffer.getvalue()


def book_of(
    *cells: Piece, after: Iterable[Piece] = (), before: Iterable[Piece] = (), **parts: list[Piece]
) -> bytes:
    """A workbook whose first sheet holds these rows, with other parts by their file's name."""
    plain = BytesIO()
    openpyxl.Workbook().save(plain)
    sheet = [
        b"<worksheet " + MAIN + b">",
        *before,
        b"<sheetData>",
        *cells,
        b"</sheetData>",
        *after,
        b"</worksheet>",
    ]
    others = {f"xl/{name}.xml": pieces for name, pieces in parts.items()}
    return packed({"xl/worksheets/sheet1.xml": sheet} | others, plain.getvalue())


def rows(count: int, row: bytes) -> bytes:
    """A workbook of many numbered rows, `%d` in each replaced by its number."""
    made = b"".join(row.replace(b"%d", b"%d" % n) for n in range(1, count + 1))
    return book_of(made)


def wide(rows_: int, columns: int) -> bytes:
    """Every cell of a rectangle filled, without references."""
    return book_of((b"<row>" + b"<c><v>1</v></c>" * columns + b"</row>", rows_))


def ods_of(*table: Piece, head: bytes = b"") -> bytes:
    """An .ods of one table."""
    body = [head, OFFICE, b'<table:table table:name="6">', *table]
    return packed(
        {
            "content.xml": [
                *body,
                b"</table:table></office:spreadsheet></office:body></office:document-content>",
            ]
        }
    )


def lying_about_its_size() -> bytes:
    """A sheet of 300 MB that says it has a thousand bytes, in both of its headers."""
    real = book_of((b"<row><c><v>1</v></c></row>", 12_000_000))
    with zipfile.ZipFile(BytesIO(real)) as book:
        size = struct.pack("<I", book.getinfo("xl/worksheets/sheet1.xml").file_size)
    return real.replace(size, struct.pack("<I", 1_000))


def overlapping() -> bytes:
    """Two thousand names in the list of a zip for the same ten million bytes."""
    one = packed({"a.xml": [(b"0", 10_000_000)]})
    start = one.index(b"PK\x01\x02")
    end = one.index(b"PK\x05\x06")
    entry = one[start:end]
    entries = b"".join(entry.replace(b"a.xml", b"%05d" % n) for n in range(2_000))
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2_000, 2_000, len(entries), start, 0)
    return one[:start] + entries + tail


def nested(depth: int) -> bytes:
    """A zip in a zip in a zip; the innermost inflates a thousandfold."""
    inner = packed({"0.bin": [(b"\0", 20_000_000)]})
    for n in range(depth):
        inner = packed({f"{n}-{k}.zip": [inner] for k in range(4)})
    return inner


def with_texts(*texts: str) -> bytes:
    """The honest report with these texts as the county's own words and reasons."""
    book = openpyxl.load_workbook(BytesIO(report()))
    sheet = book["月报"]
    places = [
        c for row in sheet.iter_rows() for c in row if isinstance(c.value, str) and "百日千万" in c.value
    ]
    for place, text in zip([places[0]], ["".join(texts)], strict=True):
        place.value, place.data_type = text, "s"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_formulas() -> bytes:
    """Formulas that call out, each with the result that a program once stored."""
    formulas = (
        b'HYPERLINK("http://203.0.113.1/x","see")', b'WEBSERVICE("http://203.0.113.1/x")', b"cmd|' /C calc'!A0",
        b"[1]Sheet1!A1", b'IMPORTXML("http://203.0.113.1/x","//a")',
    )  # fmt: skip
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="str"><f>%s</f><v>1</v></c></row>' % (n, n, f.replace(b'"', b"&quot;"))
        for n, f in enumerate(formulas, 100)
    )
    with zipfile.ZipFile(BytesIO(report())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    return packed(
        {"xl/worksheets/sheet1.xml": [sheet.replace(b"</sheetData>", cells + b"</sheetData>")]}, report()
    )


def with_macros() -> bytes:
    """The honest report saved with a macro in it."""
    return packed(
        {"xl/vbaProject.bin": [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", (b"Auto_Open", 1_000)]}, report()
    )


def ring_of_sectors() -> bytes:
    """A compound file whose sectors point at one another."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HH", header, 28, 0xFFFE, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<IIII", header, 56, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    return bytes(header) + struct.pack("<128I", 0xFFFFFFFD, 1, *[0xFFFFFFFF] * 126) + b"\0" * 512


def _labels() -> bytes:
    return "\n".join(",".join(["填报单位", "报告期", "指标", "累计"] * 50) for _ in range(240)).encode()


def _package_of(count: int) -> bytes:
    return packed({f"{n}.xlsx": [b"x"] for n in range(count)})


def _cell_comment_bomb() -> bytes:
    return book_of(b"<!--", (b"<c >", 1_500_000), b"-->")


N = "开鲁县2025年6月月报"
DTD, FAR = "文件里有表格软件不会写的声明", "工作表的数据范围过大"
LARGE, LARGE_SHEET = "文件展开后过大", "工作表展开后过大"
CASES = {
    "sheet_of_300_mb": Hostile(
        "sheet of 300 MB in 1 MB",
        f"{N}.xlsx",
        lambda: book_of((b"<row><c><v>1</v></c></row>", 12_000_000)),
        LARGE_SHEET,
    ),
    "sheet_that_lies": Hostile("the same, declared as 1 KB", f"{N}.xlsx", lying_about_its_size, ""),
    "ods_of_300_mb": Hostile(
        "content.xml of 300 MB", f"{N}.ods", lambda: ods_of((b"<table:table-row/>", 17_000_000)), LARGE
    ),
    "overlapping_members": Hostile(
        "2,000 names for the same 10 MB", f"{N}.zip", overlapping, "压缩包里有 2000 个文件"
    ),
    "zip_in_a_zip": Hostile("zips in zips, five deep", f"{N}.zip", lambda: nested(5), "压缩包里还是压缩包"),
    "package_of_5000": Hostile(
        "package of 5,000 files", f"{N}.zip", lambda: _package_of(5_000), "压缩包里有 5000 个以上的文件"
    ),
    "package_of_100000": Hostile(
        "package of 100,000 files", f"{N}.zip", lambda: _package_of(100_000), "压缩包里有 65535 个以上的文件"
    ),
    "member_of_300_mb": Hostile(
        "package with a file of 300 MB",
        f"{N}.zip",
        lambda: packed({"a.csv": [(b"1,", 150_000_000)], "b": [b""]}),
        "压缩包展开后过大",
    ),
    "workbook_of_10000_parts": Hostile(
        "workbook of 10,000 parts",
        f"{N}.xlsx",
        lambda: packed({f"xl/media/{n}": [b"x"] for n in range(10_000)}, report()),
        "压缩包里有 10014 个以上",
    ),
    "strings_of_90_mb": Hostile(
        "shared strings of 90 MB",
        f"{N}.xlsx",
        lambda: book_of(
            sharedStrings=[
                b"<sst " + MAIN + b">",
                (b"<si><t>" + b"x" * 83 + b"</t></si>", 900_000),
                b"</sst>",
            ]
        ),
        "",
    ),
    "one_string_a_million_times": Hostile(
        "one string of 32 KB in 100,000 cells",
        f"{N}.xlsx",
        lambda: book_of(
            (
                b'<row><c t="inlineStr"><is><t>1</t></is></c>' + b'<c t="s"><v>0</v></c>' * 100 + b"</row>",
                1_000,
            ),
            sharedStrings=[b"<sst " + MAIN + b"><si><t>", (b"x", 32_000), b"</t></si></sst>"],
        ),
        BEYOND,
    ),
    "nested_xml": Hostile(
        "1.6 million nested elements",
        f"{N}.xlsx",
        lambda: book_of((b"<a>", 1_600_000), (b"</a>", 1_600_000)),
        "",
    ),
    "nested_xml_in_an_ods": Hostile(
        "700,000 nested elements, .ods",
        f"{N}.ods",
        lambda: ods_of((b"<text:p>", 600_000), (b"</text:p>", 600_000)),
        "",
    ),
    "nested_xml_unclosed": Hostile(
        "elements never closed", f"{N}.xlsx", lambda: book_of((b"<row>", 2_000_000)), ""
    ),
    "one_attribute_of_80_mb": Hostile(
        "one attribute of 11 MB", f"{N}.xlsx", lambda: book_of(b'<row r="', (b"1", 11_000_000), b'"/>'), ""
    ),
    "entities_in_the_sheet": Hostile(
        "entities that multiply (sheet)", f"{N}.xlsx", lambda: _with_head(LAUGHS, "worksheets/sheet1"), DTD
    ),
    "entities_in_the_strings": Hostile(
        "entities that multiply (strings)", f"{N}.xlsx", lambda: _with_head(LAUGHS, "sharedStrings"), DTD
    ),
    "entity_of_a_file": Hostile(
        "external entity: /etc/passwd", f"{N}.xlsx", lambda: _with_head(SECRET, "workbook"), DTD
    ),
    "entity_of_a_file_in_an_ods": Hostile(
        "external entity, .ods", f"{N}.ods", lambda: ods_of(b"<table:table-row/>", head=SECRET), DTD
    ),
    "macros": Hostile("macros (.xlsm)", f"{N}.xlsm", with_macros, READ),
    "formulas_that_call_out": Hostile(
        "DDE, HYPERLINK, WEBSERVICE, other workbooks", f"{N}.xlsx", with_formulas, READ
    ),
    "texts_that_look_like_code": Hostile(
        "HTML, templates and formulas as words",
        f"{N}.xlsx",
        lambda: with_texts(
            "<img src=file:///etc/passwd>", "{{ 7*7 }}", '=HYPERLINK("http://x")', "{% include 'x' %}"
        ),
        READ,
    ),
    "declared_dimension": Hostile(
        "declared dimension A1:XFD1048576, one cell",
        f"{N}.xlsx",
        lambda: book_of(b"<row><c><v>1</v></c></row>", before=[b'<dimension ref="A1:XFD1048576"/>']),
        "没有找到报表",
    ),
    "cell_at_the_end": Hostile(
        "a cell in XFD1048576",
        f"{N}.xlsx",
        lambda: book_of(
            b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        FAR,
    ),
    "a_million_rows": Hostile(
        "a million rows", f"{N}.xlsx", lambda: book_of((b"<row><c><v>1</v></c></row>", 1_048_576)), ""
    ),
    "a_million_columns": Hostile("a row of a million cells", f"{N}.xlsx", lambda: wide(1, 1_000_000), ""),
    "a_full_rectangle": Hostile("900 × 1,000 filled cells", f"{N}.xlsx", lambda: wide(900, 1_000), ""),
    "a_million_styles": Hostile(
        "a million cell styles",
        f"{N}.xlsx",
        lambda: book_of(
            b'<row><c s="999999"><v>1</v></c></row>',
            styles=[
                b"<styleSheet " + MAIN + b"><cellXfs>",
                (b'<xf numFmtId="14" fontId="0"/>', 1_000_000),
                b"</cellXfs></styleSheet>",
            ],
        ),
        "",
    ),
    "a_million_merged_ranges": Hostile(
        "a million merged ranges",
        f"{N}.xlsx",
        lambda: book_of(
            b"<row><c><v>1</v></c></row>",
            after=[b"<mergeCells>", (b'<mergeCell ref="A1:XFD1048576"/>', 1_000_000), b"</mergeCells>"],
        ),
        "",
    ),
    "sheets_by_the_thousand": Hostile(
        "20,000 sheets in the list", f"{N}.xlsx", lambda: _many_sheets(20_000), ""
    ),
    "cells_that_never_end": Hostile(
        "markup that makes a search quadratic", f"{N}.xlsx", _cell_comment_bomb, BEYOND
    ),
    "repeated_cells": Hostile(
        ".ods: a cell repeated 10¹² times",
        f"{N}.ods",
        lambda: _repeated(b'office:value-type="float" office:value="1"'),
        FAR,
    ),
    "repeated_empty_cells": Hostile(
        ".ods: an unmarked cell repeated",
        f"{N}.ods",
        lambda: _repeated(b'office:string-value="1"'),
        "",
    ),
    "ring_of_sectors": Hostile(".xls: sectors in a ring", f"{N}.xls", ring_of_sectors, "文件已损坏"),
    "broken_xls": Hostile(
        ".xls: nothing but noise",
        f"{N}.xls",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 19_000_000,
        "",
    ),
    "commas": Hostile(".csv: 3 MB of commas", f"{N}.csv", lambda: b"," * 2_900_000, ""),
    "one_line": Hostile(".csv: one cell of 3 MB", f"{N}.csv", lambda: b"x" * 2_900_000, "文件不是表格"),
    "open_quotation": Hostile(
        ".csv: a quotation never closed", f"{N}.csv", lambda: b'a,"' + b"x\n" * 1_400_000, "文件不是表格"
    ),
    "labels_everywhere": Hostile(".csv: 48,000 labels", f"{N}.csv", _labels, "没有填“填报单位”"),
    "page_of_cells": Hostile(
        "web page of 500,000 cells", f"{N}.xls", lambda: b"<table><tr>" + b"<td>1" * 500_000, ""
    ),
    "page_of_spans": Hostile(
        "web page of cells that span 5,000 × 5,000",
        f"{N}.xls",
        lambda: b"<table>" + b"<tr><td rowspan=5000 colspan=5000>1" * 80_000,
        "",
    ),
    "nested_page": Hostile("web page of nested tables", f"{N}.xls", lambda: b"<table><tr><td>" * 190_000, ""),
    "unclosed_tag": Hostile(
        "web page of one tag never closed", f"{N}.xls", lambda: b"<html><table " + b"a<" * 1_400_000, ""
    ),
    "too_large": Hostile(
        "21 MB of anything", f"{N}.xlsx", lambda: b"PK\x03\x04" + bytes(21_000_000), "文件过大"
    ),
}


def _with_head(head: bytes, part: str) -> bytes:
    """A document type put before one part's root element."""
    book = report()
    with zipfile.ZipFile(BytesIO(book)) as before:
        xml = before.read(f"xl/{part}.xml")
    at = xml.index(b"?>") + 2
    return packed({f"xl/{part}.xml": [xml[:at] + head + xml[at:]]}, book)


def _many_sheets(count: int) -> bytes:
    listed = b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(1, count + 1))
    relations = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    return book_of(
        (b"<row><c><v>1</v></c></row>", 1_000),
        workbook=[b"<workbook " + MAIN + b" " + relations + b"><sheets>" + listed + b"</sheets></workbook>"],
    )


def _repeated(cell: bytes) -> bytes:
    """A cell repeated a million times, in a row repeated a million times."""
    times = b'-repeated="1000000"'
    row = b"<table:table-row table:number-rows" + times + b">"
    return ods_of(
        row + b"<table:table-cell " + cell + b" table:number-columns" + times + b"/></table:table-row>"
    )
