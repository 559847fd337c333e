"""The typesetter refuses what must not be issued, in words a clerk understands."""

import logging
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from markupsafe import Markup

from flows.documents.pdf.fonts import FontMissingError, Fonts, GlyphMissingError, Role, find_fonts
from flows.documents.pdf.typeset import (
    AddressRefusedError,
    Enclosure,
    FontFetcher,
    Sheet,
    TypesetError,
    Typesetter,
)
from tests.documents.conftest import CUT, pages_of


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname", "http://example.org/", "data:text/css,p{}", "font:other"]
)
def test_the_fetcher_gives_nothing_but_the_faces(fonts: Fonts, address: str) -> None:
    with pytest.raises(AddressRefusedError, match="公文不得引用外部内容"):
        FontFetcher(fonts).fetch(address)


@pytest.mark.parametrize(
    "asked", ['<img src="file:///etc/hostname">', '<link rel="stylesheet" href="http://a.example/b.css">']
)
def test_a_document_that_asks_for_an_address_is_not_made(
    typesetter: Typesetter, blank: Sheet, asked: str
) -> None:
    with pytest.raises(TypesetError, match=r"文件未生成.*公文不得引用外部内容"):
        typesetter.pdf(typesetter.render("asking.html.j2", {"sheet": blank, "asked": Markup(asked)}), CUT)


def test_whatever_the_engine_warns_of_is_an_error_and_the_log_is_left_as_it_was(
    typesetter: Typesetter, blank: Sheet
) -> None:
    log = logging.getLogger("weasyprint")
    before = (list(log.handlers), log.propagate, log.level)
    with pytest.raises(TypesetError, match=r"排版 asking\.html\.j2 时出现问题"):
        typesetter.pdf(
            typesetter.render(
                "asking.html.j2", {"sheet": blank, "asked": Markup('<p style="colour: red">文</p>')}
            ),
            CUT,
        )
    assert (list(log.handlers), log.propagate, log.level) == before


def test_text_is_escaped(typesetter: Typesetter, blank: Sheet) -> None:
    text = "".join(
        c["text"]
        for c in pages_of(
            typesetter.pdf(typesetter.render("asking.html.j2", {"sheet": blank, "asked": "<b>A</b>"}), CUT)
        )[0]
    )
    assert "<b>A</b>" in text


def test_a_character_that_no_font_has_is_named_with_its_place(typesetter: Typesetter, blank: Sheet) -> None:
    with pytest.raises(GlyphMissingError, match="字体中没有“犇”（U\\+7287）：出现在“联系人张犇同志”"):
        typesetter.render("asking.html.j2", {"sheet": blank, "asked": "联系人张犇同志"})


def test_a_missing_font_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(FontMissingError, match=r"没有仿宋字体：应有文件 仿宋_gb2312、.* 之一.*请运行 make"):
        find_fonts(tmp_path)


def test_an_official_font_comes_before_the_free_one(fonts: Fonts, tmp_path: Path) -> None:
    for font in fonts.by_role.values():
        (tmp_path / font.file.name).symlink_to(font.file)
    (tmp_path / "仿宋_GB2312.otf").symlink_to(fonts.by_role[Role.BODY].file)
    assert find_fonts(tmp_path).by_role[Role.BODY].file.name == "仿宋_GB2312.otf"


def test_the_manifest_learns_role_family_file_and_hash_of_every_face(fonts: Fonts) -> None:
    assert [row["role"] for row in fonts.record()] == ["仿宋", "楷体", "黑体", "小标宋", "宋体"]
    assert all(len(row["sha256"]) == 64 and row["file"] and row["family"] for row in fonts.record())


def test_what_the_black_font_lacks_is_printed_in_the_next_of_its_stack(fonts: Fonts) -> None:
    assert "▼" not in fonts.by_role[Role.HEADING].widths
    assert fonts.width("▼", Role.HEADING) == fonts.by_role[Role.BODY].widths["▼"]


def test_an_enclosure_is_carried_in_the_pdf(typesetter: Typesetter, blank: Sheet) -> None:
    enclosed = Enclosure("figures.csv", b"a,b\n", "数据")
    pdf = typesetter.pdf(typesetter.render("asking.html.j2", {"sheet": blank, "asked": ""}), CUT, [enclosed])
    with pdfplumber.open(BytesIO(pdf)) as document:
        entry = document.doc.catalog["AF"][0].resolve()
    assert entry["F"] == b"figures.csv"
    assert entry["AFRelationship"].name == "Data"
    assert entry["EF"]["F"].resolve().get_data() == b"a,b\n"
