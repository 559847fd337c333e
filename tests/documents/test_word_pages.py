"""The page of a .docx as a word processor sets it: lying pages, tables, charts, the record, the room for a seal; and what an
office's own template gives it."""

import base64
import io
from pathlib import Path
from typing import Any

import docx
import docx.enum.style
import docx.shared
import pytest
from docx.oxml.ns import qn

from flows.documents.word.office_template import TemplateError
from flows.documents.word.writer import write

HEAD = (
    '<html><head><title>通报</title><meta name="author" content="市人社局"><meta name="description" content="月调度">'
    '<meta name="dcterms.created" content="2025-07-08T17:30:00+08:00"></head><body>'
    '<div class="draft-mark"><span>草稿　未经审定</span></div><div class="sample-mark"><span>示例数据　并非真实</span></div>'
)
RED_HEAD = (
    '<header class="red-head"><div class="issuer" style="font-size: 44pt">市人社局</div>'
    '<div class="number upward"><span>通人社发〔2025〕1号</span><span>签发人：<span class="signatory">李局长</span></span></div></header>'
)
TABLE = (
    '<table class="annex"><thead><tr><th style="width: 30mm">任务</th><th style="width: 30mm">指标</th></tr></thead>'
    "<tbody><tr><td>1</td><td><div>新增就业：慢于时序</div>\n <div>转移就业：<span class='behind'>未报</span></div>"
    "</td></tr></tbody></table>"
)
LYING = f'<section class="attachment landscape"><div class="label">附件1</div>{TABLE}</section>'
RECORD = (
    '<div class="record-room"><div class="record" aria-hidden="true"></div><div class="record">'
    '<div class="copied">抄送：市委办公室。</div><div class="printed"><span>办公室</span><span>2025年7月8日印发</span></div></div></div>'
)
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


def written(*parts: str) -> Any:
    content = write(f"{HEAD}{''.join(parts)}</body></html>", lambda _: (DOT, 156, 50), str, {}).content
    return docx.Document(io.BytesIO(content))


def values(root: Any, path: str, name: str) -> list[str]:
    """An attribute of every element at a path of tags."""
    found = [root]
    for tag in path.split("/"):
        found = [child for one in found for child in one.iter(qn(tag))]
    return [one.get(qn(name)) for one in found]


def test_a_lying_page_has_its_own_margins_and_the_page_number_at_the_foot_of_the_upright_one() -> None:
    document = written("<p>上文</p>", LYING, RECORD)
    upright, lying, last = document.sections
    # A height that is no whole number of lines would have LibreOffice begin the text 5 mm lower.
    assert lying._sectPr.find(qn("w:docGrid")) is None
    assert upright._sectPr.find(qn("w:docGrid")) is not None
    tab = {one: values(one.header._element, "w:tab", "w:pos")[0] for one in (upright, lying)}
    # 156 and 225 mm of text in twentieths of a point: 156 / 25.4 * 1440 = 8844.1, 225 / 25.4 * 1440 = 12755.9
    assert (tab[upright], tab[lying]) == ("8844", "12756")
    assert values(lying.footer._element, "w:tbl/w:textDirection", "w:val") == ["tbRl"]
    # Odd pages from the foot upwards, 210 - 26 - 35 = 149 mm; even pages from the head, 28 mm.
    assert values(lying.footer._element, "w:tblpPr", "w:tblpY") == ["8447"]
    assert values(lying.even_page_footer._element, "w:tblpPr", "w:tblpY") == ["1587"]
    assert not values(last.footer._element, "w:textDirection", "w:val")


def test_lines_of_a_cell_stay_lines_and_a_verdict_keeps_its_type() -> None:
    (table,) = written(TABLE).tables
    assert table.cell(1, 1).text == "新增就业：慢于时序\n转移就业：未报"
    assert values(table.cell(1, 1)._tc, "w:rFonts", "w:eastAsia") == ["黑体"]


def test_columns_that_are_all_given_fill_the_width_of_the_text() -> None:
    (table,) = written(TABLE).tables
    assert values(table._tbl, "w:gridCol", "w:w") == ["4422", "4422"]  # 8844 / 2


@pytest.mark.parametrize(("around", "kept"), [("{}", 0), ('<div class="together">{}</div>', 2)])
def test_a_table_that_is_set_together_is_kept_on_one_page(around: str, kept: int) -> None:
    (table,) = written(around.format(TABLE)).tables
    assert len(list(table._tbl.iter(qn("w:keepNext")))) == kept  # two cells of the row above the last


def test_a_picture_is_as_wide_as_the_text_with_nothing_beside_it() -> None:
    figure = '<figure class="chart"><svg viewBox="0 0 1 1"></svg><figcaption>图1</figcaption></figure>'
    (inline,) = written(figure).element.body.iter(qn("wp:inline"))
    assert [inline.get(side) for side in ("distT", "distB", "distL", "distR")] == ["0"] * 4
    assert int(inline.extent.cx) == 156 * 36000


def test_the_record_stands_at_the_foot_of_the_text_area_between_rules() -> None:
    body = written(RECORD).element.body
    assert set(values(body, "w:framePr", "w:yAlign")) == {"bottom"}
    framed = [one.getparent().getparent() for one in body.iter(qn("w:framePr"))]
    texts = ["".join(text.text for text in one.iter(qn("w:t"))) for one in framed]
    assert texts == ["抄送：市委办公室。", "", "办公室2025年7月8日印发"]
    borders = {tuple(side.tag for side in one.pPr.find(qn("w:pBdr"))) for one in framed}
    assert borders == {
        (qn("w:top"), qn("w:bottom"))
    }  # the same for all, else LibreOffice leaves the frame out


@pytest.mark.parametrize(("classes", "lines"), [("signature", (1, 0)), ("signature sealed", (2, 1))])
def test_a_document_to_be_sealed_keeps_room_around_its_date(classes: str, lines: tuple[int, int]) -> None:
    signature = f'<div class="{classes}"><p style="padding-right: 2em">市人社局</p><p>2025年7月8日</p></div>'
    issuer, date = (one for one in written(signature).paragraphs if one.style.style_id == "Signature")
    spacing = [one._p.pPr.find(qn("w:spacing")) for one in (issuer, date)]
    assert (spacing[0].get(qn("w:before")), spacing[1].get(qn("w:after"))) == tuple(
        str(592 * n) for n in lines
    )


def test_the_red_rule_is_as_wide_as_the_text_where_a_signatory_is_named() -> None:
    (number,) = (one for one in written(RED_HEAD).paragraphs if one.style.style_id == "Number")
    assert number.text == "\t通人社发〔2025〕1号\t签发人：李局长"
    assert number._p.pPr.find(qn("w:ind")) is None


def template(path: Path, *words: str) -> Path:
    """An office's own, with its red head in these paragraphs, the issuer's type in blue and headings in 宋体."""
    own = docx.Document()
    own.styles["Heading 1"].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    style = own.styles.add_style("发文机关标志", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    style.font.color.rgb = docx.shared.RGBColor(0, 0, 0xC0)
    for text in words:
        paragraph = own.add_paragraph(style=style)
        for part in (text[:6], text[6:]):  # WPS cuts text into several runs
            paragraph.add_run(part)
    path.parent.mkdir(exist_ok=True)
    own.save(str(path))
    return path


def written_with(folder: Path, *parts: str) -> Any:
    html = f"{HEAD}{''.join(parts)}</body></html>"
    return docx.Document(io.BytesIO(write(html, lambda _: (DOT, 156, 50), str, {}, folder).content))


def test_a_document_takes_the_office_s_own_head_and_styles(tmp_path: Path) -> None:
    template(tmp_path / "document.docx", "通辽市就业工作专班文件", "编号：〔文号〕　签发：〔签发人〕")
    document = written_with(tmp_path, RED_HEAD, "<p>正文</p>")
    texts = [one.text for one in document.paragraphs]
    assert texts[:2] == ["通辽市就业工作专班文件", "编号：通人社发〔2025〕1号　签发：李局长"]
    assert document.styles["Heading 1"].element.rPr.rFonts.get(qn("w:eastAsia")) == "宋体"
    assert str(document.styles["发文机关标志"].font.color.rgb) == "0000C0"
    # The page keeps its measure: 22 lines of 29.6 points in the default style.
    assert document.styles["Normal"].paragraph_format.line_spacing.pt == pytest.approx(29.6)
    body = next(one for one in document.paragraphs if one.text == "正文")
    assert body.style.name == "Body Text" and body.style.font.size.pt == 16
    assert next(one.text for one in written_with(tmp_path / "none", RED_HEAD).paragraphs) == "市人社局"


@pytest.mark.parametrize(
    ("words", "content", "why"),
    [
        (["通辽市就业工作专班文件"], b"", "红头里没有写〔文号〕"),
        ([], b"not a zip", "不是 .docx"),
        ([], b"", "不是 .docx"),
    ],
    ids=["no place for the number", "no zip", "empty"],
)
def test_a_template_that_cannot_be_used_is_refused_in_words(
    tmp_path: Path, words: list[str], content: bytes, why: str
) -> None:
    file = tmp_path / "document.docx"
    if words:
        template(file, *words)
    else:
        file.write_bytes(content)
    with pytest.raises(TemplateError, match=f"templates/docx/document.docx 不能用：.*{why}.*PDF 不受影响"):
        written_with(tmp_path, RED_HEAD)


def test_the_word_in_a_dark_cell_of_the_heat_table_is_white() -> None:
    cell = '<td class="rated red">39.2<span class="word">红</span></td>'
    (table,) = written(f'<table class="grid heat"><tbody><tr>{cell}</tr></tbody></table>').tables
    assert values(table._tbl, "w:rPr/w:color", "w:val") == ["FFFFFF", "FFFFFF"]


def test_a_place_where_a_cell_may_be_broken_ends_no_cell() -> None:
    (table,) = written(
        "<table><tbody><tr><td>1400→<wbr>1388</td><td>红</td></tr></tbody></table>", "<p>下文</p>"
    ).tables
    assert [cell.text for cell in table.rows[0].cells] == ["1400→1388", "红"]
