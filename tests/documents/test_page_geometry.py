"""The page of GB/T 9704-2012 measured on finished PDFs: positions in mm from the top left corner."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import pdfplumber
import pytest

from flows.documents.pdf.typeset import Sheet, Typesetter
from tests.documents.conftest import CUT, MM, lines_of, pages_of, text_of

FULL = "各旗县市区认真贯彻落实就业促进行动方案压实工作责任细化措施办法确保目标任务如期完成" * 40
MIXED = (
    "截至6月底，全市城镇新增就业8123人，完成年度任务的60.2%，快于时序进度10.2个百分点；"
    "“职业技能培训＋劳务品牌”建设（市级）稳步推进，发放创业担保贷款10994.5万元，位居第1位（并列）。"
) * 30
LINE_MM = 10.447
Make = Callable[..., bytes]


def test_a_page_holds_22_lines_of_28_characters(long_document: Make) -> None:
    lines = lines_of(pages_of(long_document([FULL]))[1])
    assert [len(line) for line in lines] == [28] * 22


def test_the_text_area_runs_from_37_to_262_and_from_28_to_184_mm(long_document: Make) -> None:
    lines = lines_of(pages_of(long_document([FULL]))[1])
    assert lines[0][0]["top"] * MM == pytest.approx(37, abs=0.1)
    assert lines[-1][0]["bottom"] * MM == pytest.approx(262, abs=0.1)
    assert lines[0][0]["x0"] * MM == pytest.approx(28, abs=0.05)
    assert lines[0][-1]["x1"] * MM == pytest.approx(28 + 156, abs=0.1)


def test_every_line_of_every_page_stands_on_the_grid(long_document: Make) -> None:
    for page in pages_of(long_document([MIXED])):
        for line in lines_of([c for c in page if c["size"] > 15]):
            if line[0]["top"] * MM > 170:  # below the red head
                steps = (line[0]["top"] * MM - 37.04) / LINE_MM
                assert steps == pytest.approx(round(steps), abs=0.01)


def test_the_page_number_stands_at_269_mm_odd_right_and_even_left(long_document: Make) -> None:
    odd, even = (lines_of(page, "songti")[0] for page in pages_of(long_document([FULL]))[:2])
    assert (text_of(odd), text_of(even)) == ("— 1 —", "— 2 —")
    assert odd[0]["top"] * MM == even[0]["top"] * MM == pytest.approx(262 + 7, abs=0.1)
    one_character = 14 * MM
    assert odd[-1]["x1"] * MM == pytest.approx(184 - one_character, abs=0.1)
    assert even[0]["x0"] * MM == pytest.approx(28 + one_character, abs=0.1)


def test_the_red_head_leaves_room_for_body_text_on_the_first_page(long_document: Make) -> None:
    with pdfplumber.open(BytesIO(long_document([FULL]))) as document:
        first = document.pages[0]
        mark = max(first.chars, key=lambda character: float(character["size"]))
        rule = max(first.rects + first.lines, key=lambda shape: shape["width"])
    number, _addressee, *body = lines_of(first.chars)
    # 35 mm below the text area; the ink begins .117 em below the top of the character's box.
    assert (mark["top"] + 0.117 * mark["size"]) * MM == pytest.approx(37 + 35, abs=0.1)
    assert rule["width"] * MM == pytest.approx(156, abs=0.1)
    assert (rule["top"] - number[0]["bottom"]) * MM == pytest.approx(4, abs=0.5)
    assert text_of(number) == "通政办发〔2025〕8号"
    assert len(body) >= 7


def test_an_upward_document_names_its_signatory_in_kaiti(long_document: Make) -> None:
    page = pages_of(long_document(["正文。"], signatory="某某某"))[0]
    number = lines_of(page)[0]
    name = lines_of(page, "kaiti")[0]
    assert text_of(number) == "通政办发〔2025〕8号签发人："
    assert number[0]["x0"] * MM == pytest.approx(28 + 15.75 * MM, abs=0.2)
    assert text_of(name) == "某某某"
    assert name[-1]["x1"] * MM == pytest.approx(184 - 15.75 * MM, abs=0.2)


@pytest.mark.parametrize("count", range(3, 30))
def test_the_record_stands_on_the_last_foot_and_never_meets_the_text(long_document: Make, count: int) -> None:
    pdf = long_document(["一行正文。"] * count)
    with pdfplumber.open(BytesIO(pdf)) as document:
        last = document.pages[-1]
        rules = [
            shape for shape in last.rects + last.lines if shape["width"] * MM == pytest.approx(156, abs=0.1)
        ]
        foot, head = (
            max(r["bottom"] for r in rules) * MM,
            min(r["top"] for r in rules if r["top"] * MM > 130) * MM,
        )
    body = [line for line in lines_of(last.chars) if line[0]["size"] > 15]
    assert foot == pytest.approx(262, abs=0.05)
    assert all(line[0]["bottom"] * MM < head for line in body)


def test_the_record_moves_to_a_new_page_when_the_last_is_full(long_document: Make) -> None:
    # Below head, title and addressee page 1 holds 8 lines; 8 + 22 fill two pages exactly.
    pages = pages_of(long_document(["一行正文。"] * (8 + 22)))
    assert [len([line for line in lines_of(page) if "一行正文。" in text_of(line)]) for page in pages] == [
        8,
        22,
        0,
    ]
    assert "抄送：" in text_of(lines_of(pages[2])[0])


def test_numbers_stay_whole_and_closing_marks_never_open_a_line(long_document: Make) -> None:
    lines = [text_of(line) for page in pages_of(long_document([MIXED])) for line in lines_of(page)]
    assert not [line for line in lines if re.match(r"[，。、；：）”》〉%…]", line)]
    assert not [line for line in lines if re.search(r"[（“《〈]$", line)]
    assert "".join(lines).count("10994.5万元") == sum(line.count("10994.5万元") for line in lines)
    assert not [(a, b) for a, b in pairwise(lines) if a[-1:].isdigit() and b[:1].isdigit()]


def test_broken_lines_are_spread_to_the_full_width_but_their_numbers_are_not(long_document: Make) -> None:
    lines = lines_of(pages_of(long_document([MIXED]))[1])
    # A mark at the end may give up its blank half beyond the edge, which is half of 15.75 pt.
    ends = [line[-1]["x1"] * MM - 184 for line in lines]
    assert min(ends) == pytest.approx(0, abs=0.1)
    assert max(ends) <= 15.75 / 2 * MM + 0.1
    assert {line[-1]["text"] for line, end in zip(lines, ends, strict=True) if end > 0.1} <= set("，；）”")
    digits = [(a, b) for line in lines for a, b in pairwise(line) if (a["text"] + b["text"]).isdigit()]
    assert digits
    assert {round((b["x0"] - a["x0"]) / 15.75, 2) for a, b in digits} == {0.5}


def test_all_faces_are_embedded_and_no_glyph_is_missing(long_document: Make) -> None:
    with pdfplumber.open(BytesIO(long_document([MIXED]))) as document:
        text = "".join(page.extract_text() for page in document.pages)
        fonts = {c["fontname"].split("+")[1] for page in document.pages for c in page.chars}
    assert fonts == {"fangsong", "xiaobiaosong", "songti"}
    assert "(cid:" not in text and "\ufffd" not in text


@pytest.mark.usefixtures("fresh_layout")
def test_equal_facts_give_equal_bytes_whatever_was_set_before(
    typesetter: Typesetter, long_document: Make
) -> None:
    first = long_document([MIXED])
    long_document([FULL])
    assert long_document([MIXED]) == first


@pytest.fixture
def with_attachments(typesetter: Typesetter, blank: Sheet) -> bytes:
    return typesetter.pdf(typesetter.render("attachments.html.j2", {"sheet": blank}), CUT)


def test_a_table_across_keeps_the_page_number_where_the_upright_page_has_it(with_attachments: bytes) -> None:
    with pdfplumber.open(BytesIO(with_attachments)) as document:
        even, odd = document.pages[1:3]
    one_character = 14 * MM
    for page, number in ((even, 2), (odd, 3)):
        folio = [c for c in page.chars if c["fontname"].endswith("songti")]
        assert (round(page.width * MM), round(page.height * MM)) == (297, 210)
        assert text_of(folio) == f"— {number} —"
        # The upright page's foot is at the left: 35 mm of margin less 7 mm.
        assert folio[0]["x1"] * MM == pytest.approx(35 - 7, abs=0.1)
        assert not folio[0]["upright"]
    top, bottom = 28 + one_character, 210 - 26 - one_character
    assert min(c["top"] for c in even.chars if c["fontname"].endswith("songti")) * MM == pytest.approx(
        top, abs=0.1
    )
    assert max(c["bottom"] for c in odd.chars if c["fontname"].endswith("songti")) * MM == pytest.approx(
        bottom, abs=0.1
    )


def test_a_sealed_signature_leaves_room_for_the_seal(typesetter: Typesetter, blank: Sheet) -> None:
    """7.3.5.1: the date four characters in, the issuer centred over it; a seal of 42 mm around both begins within a line."""
    page = typesetter.pdf(typesetter.render("attachments.html.j2", {"sheet": blank, "seal": True}), CUT)
    *_, last, issuer, date = lines_of(pages_of(page)[0])
    assert (text_of(issuer), text_of(date)) == ("通辽市人民政府办公室", "2025年7月10日")
    line, character = 10.447, 156 / 28
    assert (issuer[0]["top"] - last[0]["top"]) * MM == pytest.approx(3 * line, abs=0.2)  # two blank lines
    assert (date[0]["top"] - issuer[0]["top"]) * MM == pytest.approx(line, abs=0.2)
    assert 184 - date[-1]["x1"] * MM == pytest.approx(4 * character, abs=0.3)
    centres = [(row[0]["x0"] + row[-1]["x1"]) / 2 * MM for row in (issuer, date)]
    assert centres[0] == pytest.approx(centres[1], abs=0.3)
    seal_top = (
        issuer[0]["bottom"] * MM - 21 - 0.1 * line
    )  # its centre a little above where the two lines meet
    assert 0 <= seal_top - last[0]["bottom"] * MM <= line


def test_the_head_of_a_table_is_repeated_on_every_page(with_attachments: bytes) -> None:
    heads = [text_of(line) for page in pages_of(with_attachments)[1:] for line in lines_of(page, "heiti")]
    assert [head for head in heads if head != "附件1"] == ["地区累计"] * 3 + ["附件2"]


def test_an_attachment_opens_a_page_with_its_label_on_line_1_and_its_title_on_line_3(
    with_attachments: bytes,
) -> None:
    last = pages_of(with_attachments)[-1]
    label, title = lines_of(last, "heiti")[0], lines_of(last, "xiaobiaosong")[0]
    assert (text_of(label), text_of(title)) == ("附件2", "说明")
    assert label[0]["top"] * MM == pytest.approx(37, abs=0.1)
    assert (title[0]["bottom"] - label[0]["bottom"]) * MM == pytest.approx(2 * LINE_MM, abs=1.2)


def test_the_date_begins_two_characters_after_the_issuer_that_stands_two_in(with_attachments: bytes) -> None:
    issuer, date = lines_of(pages_of(with_attachments)[0])[-2:]
    assert text_of(date) == "2025年7月10日"
    assert issuer[-1]["x1"] * MM == pytest.approx(184 - 2 * 15.75 * MM, abs=0.3)
    assert (date[0]["x0"] - issuer[0]["x0"]) / 15.75 == pytest.approx(2, abs=0.05)


def test_draft_and_sample_stand_outside_the_text_area_of_every_page(
    typesetter: Typesetter, blank: Sheet
) -> None:
    marked = replace(blank, draft=True, sample=True)
    for page in pages_of(typesetter.pdf(typesetter.render("attachments.html.j2", {"sheet": marked}), CUT)):
        head = [c for c in page if c["bottom"] * MM < 28]
        assert "草稿" in text_of(head) and "示例数据" in text_of(head)
        assert [c for c in page if c["size"] > 100 and c["text"] == "草"]


def test_neither_mark_is_printed_on_an_issued_document(with_attachments: bytes) -> None:
    text = "".join(text_of(page) for page in pages_of(with_attachments))
    assert "草稿" not in text and "示例数据" not in text


def test_the_pdf_is_tagged_archival_and_in_chinese(with_attachments: bytes) -> None:
    with pdfplumber.open(BytesIO(with_attachments)) as document:
        catalog = document.doc.catalog
        metadata = catalog["Metadata"].resolve().get_data().decode()
    assert catalog["Lang"] == b"zh-CN"
    assert catalog["MarkInfo"]["Marked"] is True
    assert 'pdfaid:part="3"' in metadata and 'pdfaid:conformance="A"' in metadata
    assert "关于版面的通报" in metadata and "通辽市人民政府办公室" in metadata
