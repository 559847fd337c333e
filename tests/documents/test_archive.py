"""The archive's demands on a finished PDF (PDF/A-3a, ISO 19005-3), as far as a file's own objects tell.

No validator is among the tools; what one would look for first is looked for here, object by object.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psparser import PSLiteral

from flows.documents.document import Document
from flows.documents.pdf.page_text import pages
from flows.documents.pdf.typeset import Typesetter
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from tests.documents.conftest import CHECKOUT
from tests.documents.gate_plantings import made


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(CHECKOUT / "plan" / "2025")


@pytest.fixture(scope="module")
def bulletin(catalogue: Catalogue, typesetter: Typesetter) -> Document:
    return made("month", catalogue, typesetter)


@pytest.fixture(scope="module")
def file(bulletin: Document) -> PDFDocument:
    return PDFDocument(PDFParser(BytesIO(bulletin.pdf)))


def plain(value: Any) -> Any:
    """A name as text, everything else resolved."""
    found = resolve1(value)
    return str(found.name) if isinstance(found, PSLiteral) else found


def named(dictionary: Any, *path: str) -> Any:
    for key in path:
        dictionary = plain(plain(dictionary)[key])
    return dictionary


def elements(node: Any) -> Iterator[dict[str, Any]]:
    """Every element of the structure, in reading order."""
    found = plain(node)
    if isinstance(found, list):
        for child in found:
            yield from elements(child)
    elif isinstance(found, dict):
        if "S" in found:
            yield found
        if "K" in found:
            yield from elements(found["K"])


def test_it_says_that_it_is_pdf_a_3a(file: PDFDocument) -> None:
    metadata = named(file.catalog, "Metadata").get_data().decode("utf-8")
    assert re.search(r"pdfaid:part\W+3\b", metadata) and re.search(r"pdfaid:conformance\W+A\b", metadata)
    assert "关于2025年6月全市就业促进行动调度情况的通报" in metadata


def test_its_colours_are_defined_in_the_file(file: PDFDocument) -> None:
    (intent,) = [plain(one) for one in named(file.catalog, "OutputIntents")]
    assert plain(intent["S"]) == "GTS_PDFA1"
    profile = plain(intent["DestOutputProfile"])
    assert isinstance(profile, PDFStream) and b"acsp" in profile.get_data()[:64]  # an ICC profile's signature


def test_every_face_is_embedded_with_its_meaning(file: PDFDocument) -> None:
    fonts = [plain(obj) for obj in objects(file)]
    composite = [f for f in fonts if isinstance(f, dict) and plain(f.get("Subtype")) == "Type0"]
    assert len(composite) >= 4  # 仿宋, 黑体, 楷体, 标题
    for font in composite:
        assert isinstance(plain(font["ToUnicode"]), PDFStream), font["BaseFont"]
        descriptor = plain(plain(plain(font["DescendantFonts"])[0])["FontDescriptor"])
        assert {"FontFile", "FontFile2", "FontFile3"} & descriptor.keys(), font["BaseFont"]


def objects(file: PDFDocument) -> Iterator[Any]:
    for xref in file.xrefs:
        for number in xref.get_objids():
            yield file.getobj(number)


def test_nothing_locks_it_runs_in_it_or_reaches_outside(file: PDFDocument, bulletin: Document) -> None:
    assert file.encryption is None
    assert "OpenAction" not in file.catalog and "AA" not in file.catalog
    assert "JavaScript" not in named(file.catalog, "Names")
    for forbidden in (b"/JavaScript", b"/Launch", b"/URI", b"/RichMedia", b"/LZWDecode"):
        assert forbidden not in bulletin.pdf


def test_it_is_tagged_titled_and_in_chinese(file: PDFDocument) -> None:
    assert named(file.catalog, "MarkInfo", "Marked") is True
    assert plain(file.catalog["Lang"]).decode() in ("zh", "zh-CN", "zh-Hans")
    assert named(file.catalog, "ViewerPreferences", "DisplayDocTitle") is True
    assert plain(file.catalog["StructTreeRoot"])["Type"].name == "StructTreeRoot"


def test_its_bookmarks_are_its_headings_in_order(file: PDFDocument) -> None:
    titles = [title for _, title, *_ in file.get_outlines()]
    wanted = [
        "一、总体情况",
        "二、各地进展",
        "三、存在问题",
        "四、下一步要求",
        "附件1",
        "附件2",
        "附件3",
        "附件4",
    ]
    at = [next(n for n, title in enumerate(titles) if title.startswith(words)) for words in wanted]
    assert at == sorted(at)


def test_its_tables_have_heads_and_cells(file: PDFDocument) -> None:
    found = [plain(one["S"]) for one in elements(file.catalog["StructTreeRoot"])]
    assert found.count("Table") >= 6
    assert found.count("TH") > 50 and found.count("TD") > 500 and found.count("TR") > 100


def test_it_is_read_in_the_order_of_its_parts(bulletin: Document) -> None:
    """As set, which is as tagged: title, sections, attachments, each table after its caption."""
    words = "".join("".join(page.text.split()) for page in pages(bulletin.pdf))
    order = [
        "一、总体情况",
        "表1　分地区",
        "二、各地进展",
        "表2　各地",
        "三、存在问题",
        "四、下一步要求",
        "附件：1",
    ]
    order += ["附件1各地指标", "附件2报送情况", "附件3任务进展", "附件4口径说明", "抄送"]
    at = [words.index("".join(one.split())) for one in order]
    assert all(one < other for one, other in pairwise(at)), list(zip(order, at, strict=True))


def enclosed(file: PDFDocument) -> dict[str, dict[str, Any]]:
    tree = named(file.catalog, "Names", "EmbeddedFiles", "Names")
    found = [plain(one) for one in tree if isinstance(one, PDFObjRef | dict)]
    return {text_of(one["UF"]): one for one in found}


def text_of(raw: Any) -> str:
    value = plain(raw)
    if isinstance(value, str):
        return value
    return str(value.decode("utf-16") if value[:2] in (b"\xfe\xff", b"\xff\xfe") else value.decode("utf-8"))


def test_what_it_carries_is_what_lies_beside_it(
    file: PDFDocument, bulletin: Document, tmp_path: Path
) -> None:
    """The figures byte for byte; the manifest but for the hash of the PDF itself, which only the one beside can know."""
    import json

    carried = enclosed(file)
    assert set(carried) == {"figures.csv", "manifest.json"}
    contents = {name: named(one, "EF", "F").get_data() for name, one in carried.items()}
    assert contents["figures.csv"] == bulletin.figures_csv
    inside, beside = json.loads(contents["manifest.json"]), json.loads(bulletin.manifest)
    del beside["files"]["pdf"]
    assert inside == beside


def test_what_it_carries_is_associated_as_its_data(file: PDFDocument) -> None:
    associated = [plain(one) for one in named(file.catalog, "AF")]
    assert {text_of(one["UF"]) for one in associated} == {"figures.csv", "manifest.json"}
    for one in associated:
        assert plain(one["AFRelationship"]) == "Data" and one["Desc"]
        assert plain(named(one, "EF", "F").attrs["Subtype"])
        assert named(one, "EF", "F").attrs["Params"]
