"""The layout engine, spared what our documents never ask of it (排版机): the same bytes for less work.

Four things, none of which changes what is set: well-formed pages are read by the XML parser of the standard
library, the engine's own style sheet leaves out notes and list marks, every object of the PDF is written down
once though it is asked for twice (for the file and for its identifier), and the collector of garbage waits.
"""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any
from xml.etree import ElementTree

import cssselect2
import pydyf
import weasyprint

# Given to every element by the engine's style sheet, and of use only to lists and notes.
_FOR_LISTS_AND_NOTES = frozenset(
    ("marker", "footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback")
)
_LISTS = frozenset(("li", "ol", "ul", "dl", "summary", "details"))
_OF_TABLES = ("table", "thead", "tbody", "tr")
_HEAD = re.compile(r"\s*<!DOCTYPE html>\s*")
_VOID = re.compile(r"<(area|br|col|hr|img|input|link|meta|wbr)\b([^<>]*?)\s*/?>")


class Page(weasyprint.HTML):  # type: ignore[misc]
    """The HTML of a document as the engine takes it."""

    def __init__(self, html: str, url_fetcher: weasyprint.urls.URLFetcher) -> None:
        root = well_formed(html)
        if root is None:
            super().__init__(string=html, url_fetcher=url_fetcher)
            return
        self.base_url, self.url_fetcher, self.media_type = None, url_fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        sheets: list[Any] = super()._ua_stylesheets(forms)
        if any(element.tag in _LISTS for element in self.etree_element.iter()):
            return sheets
        return [_without_lists_and_notes(sheet) for sheet in sheets]


def well_formed(html: str) -> ElementTree.Element | None:
    """The tree an HTML parser would make of it, where it is as well-formed as our templates are; None where not."""
    text = _VOID.sub(r"<\1\2/>", _HEAD.sub("", html, count=1))
    try:
        root = ElementTree.fromstring(text.rstrip())
    except ElementTree.ParseError:
        return None
    # As an HTML parser has it: white space before the head is nothing, after the body it is the body's.
    root.text = None
    body = root[-1]
    after = (body.tail or "") + text[len(text.rstrip()) :]
    body.tail = None
    if after and len(body):
        body[-1].tail = (body[-1].tail or "") + after
    elif after:
        body.text = (body.text or "") + after
    for part in (part for name in _OF_TABLES for part in root.iter(name)):
        _drop_white_space(part)
    return root


def _drop_white_space(of: ElementTree.Element) -> None:
    """Between the rows and cells of a table it is nothing; the engine would make a box of each to throw it away."""
    if of.text and not of.text.strip():
        of.text = None
    for child in of:
        if child.tail and not child.tail.strip():
            child.tail = None


def _without_lists_and_notes(sheet: Any) -> Any:
    lean = copy(sheet)
    lean.matcher = copy(sheet.matcher)
    lean.matcher.other_selectors = [
        entry for entry in sheet.matcher.other_selectors if entry[3] not in _FOR_LISTS_AND_NOTES
    ]
    return lean


class _Written(pydyf.Object):  # type: ignore[misc]
    """An object of a PDF that is not going to change any more."""

    def __init__(self, of: pydyf.Object) -> None:
        super().__init__()
        self.number, self.generation, self.free, self._data = of.number, of.generation, of.free, of.data

    @property
    def data(self) -> bytes:
        return self._data  # type: ignore[no-any-return]


class _WrittenStream(_Written, pydyf.Stream):  # type: ignore[misc]
    """The same of a stream, which stands by itself in the file."""


def written_once(_document: weasyprint.document.Document, pdf: pydyf.PDF) -> None:
    """A finisher: everything of the PDF as it will be written, compressed already."""
    pdf.objects[:] = [
        of if of.free == "f" else (_WrittenStream if isinstance(of, pydyf.Stream) else _Written)(of)
        for of in pdf.objects
    ]


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the collector of garbage wait: a document is built up, not thrown away, while it is set, and looking
    through everything else that the process holds is a tenth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
