"""One typesetter for all page tests: reading the fonts and the style takes longer than setting a page."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from flows.documents.pdf.fonts import Fonts, find_fonts
from flows.documents.pdf.typeset import TEMPLATES, Sheet, Typesetter, sheet

CHECKOUT = Path(__file__).parents[2]
PAGES = Path(__file__).parent / "pages"
CUT = datetime(2025, 7, 8, 17, 30)
MM = 25.4 / 72

Characters = list[dict[str, Any]]
Pages = list[Characters]


@pytest.fixture(scope="session")
def fonts() -> Fonts:
    return find_fonts(Path(os.environ.get("DIAODU_FONTS", CHECKOUT / "build" / "faces")))


@pytest.fixture(scope="session")
def typesetter(fonts: Fonts) -> Typesetter:
    return Typesetter(fonts, (TEMPLATES, PAGES))


@pytest.fixture
def blank() -> Sheet:
    return sheet("关于版面的通报", "通辽市人民政府办公室", "月调度", CUT, draft=False, sample=False)


@pytest.fixture
def long_document(typesetter: Typesetter, blank: Sheet) -> Callable[[Sequence[str]], bytes]:
    """A document of these paragraphs, with red head and record."""

    def make(paragraphs: Sequence[str], **facts: Any) -> bytes:
        return typesetter.pdf(
            typesetter.render(
                "long.html.j2", {"sheet": blank, "signatory": None, "paragraphs": paragraphs, **facts}
            ),
            CUT,
        )

    return make


def pages_of(pdf: bytes) -> Pages:
    with pdfplumber.open(BytesIO(pdf)) as document:
        return [page.chars for page in document.pages]


def lines_of(characters: Characters, font: str = "fangsong") -> list[Characters]:
    """The characters of one font grouped into lines, from the top down."""
    lines: dict[float, Characters] = {}
    for character in characters:
        if character["fontname"].endswith(font):
            lines.setdefault(round(character["top"], 1), []).append(character)
    return [lines[top] for top in sorted(lines)]


def text_of(line: Characters) -> str:
    return "".join(character["text"] for character in line)
