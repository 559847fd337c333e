"""From a template and its facts to PDF bytes (排版): the project's own style and fonts, and nothing fetched."""

import logging
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2
import weasyprint
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from flows.documents.paragraphs import ParagraphWriter
from flows.documents.pdf.fonts import Fonts
from flows.documents.pdf.markup import Printable, environment
from flows.documents.print_record import Block, blocks, without_annotations
from flows.documents.provenance import plain
from flows.plan.terms import CITY

TEMPLATES = Path(__file__).parents[3] / "templates"
_STYLES = ("fonts", "page", "text", "tables", "charts", "letter")
_VARIANT = "pdf/a-3a"
_INTENT = "--srgb"
PICTURE_DPI = 300
_VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
# One document at a time: the layout engine's fonts and its log are shared by the whole process.
_ENGINE = threading.Lock()


class TypesetError(RuntimeError):
    """The layout engine was not content: what it said. Such a page is not issued."""

    def __init__(self, template: str, said: Sequence[str]) -> None:
        self.template, self.said = template, tuple(said)
        super().__init__(f"排版 {template} 时出现问题，文件未生成：{'；'.join(said)}")


class AddressRefusedError(ValueError):
    """A document asked for something that is neither a font nor a style of this project."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(f"公文不得引用外部内容：{address}")


@dataclass(frozen=True)
class Sheet:
    """What a document is (文件属性): its properties and whether it is a draft or made from sample data."""

    title: str
    author: str
    subject: str
    made_at: str
    draft: bool
    sample: bool


@dataclass(frozen=True)
class Enclosure:
    """A file carried inside the PDF (内嵌文件): the figures it prints, its manifest."""

    name: str
    content: bytes
    description: str


class Rendering(NamedTuple):
    """A document before layout: its HTML, and its paragraphs and rows with the facts printed in them."""

    template: str
    html: str
    blocks: tuple[Block, ...]
    annotated: str = ""  # the same with the sources of its numbers


class FontFetcher(URLFetcher):  # type: ignore[misc]
    """Gives the fonts of the document under `font:ROLE` and refuses every other address."""

    def __init__(self, fonts: Fonts) -> None:
        super().__init__(allowed_protocols=())
        self._fonts = fonts

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The bytes of a font; AddressRefusedError for anything else."""
        for role, font in self._fonts.by_role.items():
            if url == f"font:{role}":
                return URLFetcherResponse(url, font.file.read_bytes())
        raise AddressRefusedError(url)


class Typesetter:
    """Sets documents in one set of fonts. Make one and use it for many: fonts and styles are read once.

    `cache` keeps laid out PDFs by their content: a dict where one process sets the same document more than once (a
    simulation), None everywhere else.
    """

    cache: dict[bytes, bytes] | None = None
    given_pdf: bytes | None = None  # what `pdf` gives in place of a layout

    def __init__(self, fonts: Fonts, templates: Sequence[Path] = (TEMPLATES,)) -> None:
        self.fonts = fonts
        self._fetcher = FontFetcher(fonts)
        self._font_config = FontConfiguration()
        self._templates = environment(fonts, templates)
        style = "\n".join((TEMPLATES / "css" / f"{name}.css").read_text("utf-8") for name in _STYLES)
        with _ENGINE, _listening("css"):
            self._style = weasyprint.CSS(
                string=style, font_config=self._font_config, url_fetcher=self._fetcher
            )

    def render(
        self,
        template: str,
        facts: Mapping[str, Any],
        own: str = CITY,
        names: Iterable[str] = (),
        writer: ParagraphWriter | None = None,
    ) -> Rendering:
        """The document before layout with the record of what it prints; GlyphMissingError if the fonts cannot.

        `own` is the county whose document it is; `names` are the plan's names that have digits in them; `writer` gives
        the office's words in place of the program's, none if left out.
        """
        written = {**facts, "write_paragraph": (writer or ParagraphWriter((), {})).write}
        annotated = self._templates.get_template(template).render(written)
        html = without_annotations(annotated)
        Printable(self.fonts).feed(html)
        return Rendering(template, html, blocks(annotated, own, names), annotated)

    def reusing(self, pdfs: Mapping[bytes, bytes]) -> "Typesetter":
        """The same that does not lay out these again: PDFs at hand by their layout keys."""
        if self.cache is not None or not pdfs:
            return self
        other = copy(self)
        other.cache = dict(pdfs)
        return other

    def for_records(self, pdf: bytes = b"") -> "Typesetter":
        """The same that lays nothing out: a document of it has the whole record of what it would print, and this PDF, which
        the gate compares with it unless it is empty."""
        other = copy(self)
        other.given_pdf = pdf
        return other

    def pdf(self, rendering: Rendering, made_at: datetime, enclosures: Sequence[Enclosure] = ()) -> bytes:
        """The document as PDF/A-3, the same bytes for the same arguments; TypesetError if the engine warns.

        `made_at` dates the enclosures; the document's own date is in its DocumentProperties.
        """
        if self.given_pdf is not None:
            return self.given_pdf
        key = layout_key(rendering, made_at, enclosures)
        if self.cache is None:
            return self._lay_out(rendering, made_at, enclosures)
        if key not in self.cache:
            self.cache[key] = self._lay_out(rendering, made_at, enclosures)
        return self.cache[key]

    def picture(self, svg: str) -> tuple[bytes, float, float]:
        """A chart as PNG, with its width and height in mm: as wide as the text, PICTURE_DPI dots an inch."""
        from PIL import Image

        found = _VIEW_BOX.search(svg)
        if found is None:
            raise TypesetError("svg", ["no viewBox"])
        width, height = 156.0, 156.0 * float(found[2]) / float(found[1])
        page = f"@page {{ size: {width}mm {height:.3f}mm; margin: 0 }} svg {{ display: block; width: {width}mm }}"
        with _ENGINE, _listening("svg"):
            pdf = weasyprint.HTML(string=plain(svg), url_fetcher=self._fetcher).write_pdf(
                font_config=self._font_config,
                stylesheets=[self._style, weasyprint.CSS(string=page, font_config=self._font_config)],
            )
        document = pypdfium2.PdfDocument(pdf)
        drawn: Image.Image = document[0].render(scale=PICTURE_DPI / 72).to_pil()
        document.close()
        written = BytesIO()
        drawn.convert("L").save(written, "PNG", dpi=(PICTURE_DPI, PICTURE_DPI))
        return written.getvalue(), width, height

    def _lay_out(self, rendering: Rendering, made_at: datetime, enclosures: Sequence[Enclosure]) -> bytes:
        with _ENGINE, _listening(rendering.template):
            pdf: bytes = weasyprint.HTML(string=rendering.html, url_fetcher=self._fetcher).write_pdf(
                font_config=self._font_config,
                stylesheets=[self._style],
                attachments=[_attached(enclosure, made_at) for enclosure in enclosures] or None,
                pdf_variant=_VARIANT,
                output_intent=_INTENT,
                color_profiles={_INTENT: _srgb()},
            )
        return pdf


def layout_key(rendering: Rendering, made_at: datetime, enclosures: Sequence[Enclosure]) -> bytes:
    """The hash of all that a document is laid out from, but for styles, fonts and the engine."""
    return sha256(repr((rendering.html, made_at, enclosures)).encode()).digest()


def sheet(title: str, author: str, subject: str, made_at: datetime, draft: bool, sample: bool) -> Sheet:
    """The properties of a document, dated by its data cut (Beijing time)."""
    return Sheet(title, author, subject, made_at.strftime("%Y-%m-%dT%H:%M:%S+08:00"), draft, sample)


def _srgb() -> ColorProfile:
    """The colours of PDF/A, from the engine's own file: asked for by name, the engine would leave it open."""
    profile = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
    return ColorProfile(BytesIO(profile), "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


def _attached(enclosure: Enclosure, made_at: datetime) -> weasyprint.Attachment:
    return weasyprint.Attachment(
        string=enclosure.content,
        name=enclosure.name,
        description=enclosure.description,
        created=made_at,
        modified=made_at,
        relationship="Data",
    )


class _Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def _listening(template: str) -> Iterator[None]:
    """Turn whatever the engine logs as a warning or worse into one TypesetError."""
    log, heard = logging.getLogger("weasyprint"), _Heard()
    propagate, log.propagate = log.propagate, False
    log.addHandler(heard)
    try:
        yield
    finally:
        log.removeHandler(heard)
        log.propagate = propagate
    if heard.said:
        raise TypesetError(template, heard.said)
