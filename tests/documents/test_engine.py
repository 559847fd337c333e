"""What the engine is spared changes no byte: our trees are the HTML parser's, our files those it writes unaided."""

import gc
from datetime import date, datetime
from io import StringIO
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import tinyhtml5
import weasyprint

from flows.documents.document import Issue
from flows.documents.kinds.notice import make_notice
from flows.documents.pdf.engine import Page, uncollected, well_formed, written_once
from flows.documents.pdf.typeset import TEMPLATES, FontFetcher, Rendering, Sheet, Typesetter, _srgb
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.notice import NoticeKind
from tests.documents.conftest import CHECKOUT, CUT
from tests.documents.gate_plantings import KINDS, made
from tests.documents.sample_frames import sample_frames
from tests.documents.test_notice import JOBS, POSTS, notice

XMLNS = "{http://www.w3.org/2000/xmlns/}"
LISTED = "<p>文</p><ol><li>一</li><li>二</li></ol>"


class Kept(Typesetter):
    """Keeps the page of a document."""

    kept = ""

    def pdf(self, rendering: Rendering, *about: Any) -> bytes:
        self.kept = rendering.html
        return super().pdf(rendering, *about)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(CHECKOUT / "plan" / "2025")


@pytest.fixture
def setter(typesetter: Typesetter) -> Kept:
    return Kept(typesetter.fonts)


def alike(one: Element, other: Element) -> bool:
    """Whether two elements hold the same words in the same order under the same marks."""
    return (
        (one.tag, one.attrib, one.text or "", one.tail or "")
        == (other.tag, without_namespaces(other), other.text or "", other.tail or "")
        and len(one) == len(other)
        and all(map(alike, one, other))
    )


def without_namespaces(of: Element) -> dict[str, str]:
    """The attributes but for those that only say what a prefix of a drawing stands for; the line breaks in its
    paths as white space, which is all they are."""
    return {name: value.replace("\n", " ") for name, value in of.attrib.items() if not name.startswith(XMLNS)}


def parsed(html: str) -> Element:
    """As an HTML parser has it, but for the white space between rows and cells, which stands for nothing."""
    found: Element = tinyhtml5.parse(StringIO(html), namespace_html_elements=False)
    for part in (one for one in found.iter() if one.tag in ("table", "thead", "tbody", "tr")):
        part.text = part.text and (part.text.strip() or None)
        for child in part:
            child.tail = child.tail and (child.tail.strip() or None)
    return found


def archive() -> dict[str, Any]:
    return {"pdf_variant": "pdf/a-3a", "output_intent": "--srgb", "color_profiles": {"--srgb": _srgb()}}


def unaided(html: str, setter: Typesetter) -> bytes:
    """The file that the engine writes of it with nothing spared."""
    made: bytes = weasyprint.HTML(string=html, url_fetcher=setter._fetcher).write_pdf(
        font_config=setter._font_config, stylesheets=[setter._style], **archive()
    )
    return made


def spared(html: str, setter: Typesetter) -> bytes:
    made: bytes = Page(html, FontFetcher(setter.fonts)).write_pdf(
        finisher=written_once, font_config=setter._font_config, stylesheets=[setter._style], **archive()
    )
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_document_is_read_as_an_html_parser_reads_it(
    kind: str, catalogue: Catalogue, setter: Kept
) -> None:
    made(kind, catalogue, setter)
    tree = well_formed(setter.kept)
    assert tree is not None
    assert alike(tree, parsed(setter.kept))


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_of_notice_is_read_as_an_html_parser_reads_it(
    kind: NoticeKind, catalogue: Catalogue, setter: Kept
) -> None:
    one = notice("督办〔2025〕1", kind, JOBS, POSTS)
    issue = Issue(datetime(2025, 7, 8), date(2025, 7, 8), date(2025, 7, 15))
    make_notice(one, sample_frames(catalogue), catalogue, {}, issue, setter)
    tree = well_formed(setter.kept)
    assert tree is not None
    assert alike(tree, parsed(setter.kept))


@pytest.mark.parametrize(
    "html", ["<p>文", "<p>文</p><p>A & B</p>", "<!DOCTYPE html><html><body><p hidden>文</p></body></html>"]
)
def test_what_is_not_well_formed_is_left_to_the_html_parser(html: str) -> None:
    assert well_formed(html) is None


@pytest.mark.parametrize("asked", ["", LISTED], ids=["plain", "with a list"])
def test_a_file_has_the_bytes_that_the_engine_writes_unaided(
    asked: str, typesetter: Typesetter, blank: Sheet
) -> None:
    facts = {"sheet": blank, "signatory": None, "paragraphs": ["文，2025年6月。"]}
    html = typesetter.render("long.html.j2", facts).html.replace("</body>", f"{asked}</body>")
    assert spared(html, typesetter) == unaided(html, typesetter)


def test_no_style_of_ours_asks_for_the_notes_that_the_engine_is_spared() -> None:
    styles = "".join(style.read_text("utf-8") for style in (TEMPLATES / "css").glob("*.css"))
    assert [word for word in ("footnote", "note(", "list-item", "::marker") if word in styles] == []


def test_the_collector_of_garbage_works_again_afterwards_and_stays_off_where_it_was() -> None:
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


@pytest.mark.usefixtures("fresh_layout")
def test_a_document_leaves_no_page_behind(typesetter: Typesetter, blank: Sheet) -> None:
    typesetter.pdf(typesetter.render("asking.html.j2", {"sheet": blank, "asked": ""}), CUT)
    gc.collect()
    assert not [one for one in gc.get_objects() if isinstance(one, weasyprint.document.Page)]
