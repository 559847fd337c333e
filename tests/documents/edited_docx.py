"""What an office does with a .docx before it sends it back: words changed, paragraphs added, tracked, commented, saved by WPS."""

import copy
import io
import zipfile
from collections.abc import Callable
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

DOCUMENT = "word/document.xml"


def edited(content: bytes, change: Callable[[Any], object], more: dict[str, bytes] | None = None) -> bytes:
    """The file with its body changed, and other parts added or replaced."""
    written, more = io.BytesIO(), more or {}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as parts,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as whole,
    ):
        root = etree.fromstring(parts.read(DOCUMENT))
        change(root)
        for name in parts.namelist():
            if name not in more and name != DOCUMENT:
                whole.writestr(name, parts.read(name))
        whole.writestr(DOCUMENT, etree.tostring(root))
        for name, part in more.items():
            whole.writestr(name, part)
    return written.getvalue()


def paragraph(root: Any, words: str) -> Any:
    """The first paragraph in which these words stand."""
    return next(p for p in root.iter(qn("w:p")) if words in "".join(t.text or "" for t in p.iter(qn("w:t"))))


def replace(root: Any, old: str, new: str) -> None:
    """Other words in the first run that holds them."""
    text = next(t for t in root.iter(qn("w:t")) if old in (t.text or ""))
    text.text = text.text.replace(old, new)


def run(text: str) -> Any:
    made = etree.SubElement(etree.Element("x"), qn("w:r"))
    etree.SubElement(made, qn("w:t")).text = text
    return made


def add_after(root: Any, words: str, text: str) -> None:
    """A paragraph of its own behind the one with these words."""
    made = etree.Element(qn("w:p"))
    made.append(run(text))
    paragraph(root, words).addnext(made)


def track(root: Any, words: str, inserted: str, deleted: str = "") -> None:
    """Words inserted at the end of a paragraph, and others deleted, with the track of them."""
    found = paragraph(root, words)
    made = etree.SubElement(found, qn("w:ins"), {qn("w:author"): "李局长", qn("w:id"): "901"})
    made.append(run(inserted))
    if deleted:
        text = next(t for t in found.iter(qn("w:t")) if deleted in (t.text or ""))
        before, _, after = text.text.partition(deleted)
        own = text.getparent()
        gone = etree.Element(qn("w:del"), {qn("w:author"): "李局长", qn("w:id"): "902"})
        removed = etree.SubElement(gone, qn("w:r"))
        etree.SubElement(removed, qn("w:delText")).text = deleted
        text.text = before
        rest = copy.deepcopy(own)
        rest.find(qn("w:t")).text = after
        own.addnext(gone)
        gone.addnext(rest)


def without_controls(root: Any) -> None:
    """As WPS saves what it does not know: controls and bookmarks gone, the styles its own, runs cut to pieces."""
    for control in list(root.iter(qn("w:sdt"))):
        parent, at = control.getparent(), control.getparent().index(control)
        for inner in reversed(control.find(qn("w:sdtContent"))):
            parent.insert(at, inner)
        parent.remove(control)
    for name in ("w:bookmarkStart", "w:bookmarkEnd"):
        for mark in list(root.iter(qn(name))):
            mark.getparent().remove(mark)
    for style in root.iter(qn("w:pStyle")):
        style.set(qn("w:val"), "a7")
    for one in list(root.iter(qn("w:r"))):
        text = one.find(qn("w:t"))
        if text is not None and len(text.text or "") > 6:
            other = copy.deepcopy(one)
            other.find(qn("w:t")).text = text.text[3:]
            text.text = text.text[:3]
            one.addnext(other)
