"""Compare a sealed copy with the issued PDF (核对盖章件): the same pages but for one red seal a page.

A stamping service adds its seal as an annotation or draws it on the page; both are rendered. Raises SealError with the
first difference that is no seal, as a sentence for the user.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from flows.documents.pdf.page_text import pages
from flows.documents.pdf.signatures import Signature, signatures

MAX_BYTES = 64 * 2**20
DPI = 96
MM = DPI / 25.4  # pixels
LARGEST_MM, SMALLEST_MM = 65, 15  # an official seal is 42 or 45 mm wide; some are 50, an oval one less
_DIFFERENT = 24  # of 255, in any colour: less is what another writer of the same page makes of an edge
_RED = 20  # by so much red exceeds green and blue in ink of a seal, also over black type
_LIGHTER = 60  # by so much no seal lightens green or blue: paper where there was type
_FRINGE = 0.1  # of the ink: what the edges of a seal's picture may have of grey
_STRAY = 10  # pixels of a page that may be of another colour
_POINTS = 0.5  # pages as large as this are of one size
MAX_ADDED = 60  # characters that the words of a seal may have on a page
Pixels = NDArray[np.int16]
Mask = NDArray[np.bool_]


class SealError(RuntimeError):
    """The file is not the sealed copy of the issued document: what differs."""


@dataclass(frozen=True, slots=True)
class SealCheck:
    """A sealed copy that was accepted: the pages with a seal, from 1, and the electronic signatures in the file, which are
    shown and not judged."""

    pages: tuple[int, ...]
    signatures: tuple[Signature, ...]


def check_sealed(issued: bytes, sealed: bytes) -> SealCheck:
    """Compare pages, text, pictures and enclosed files; SealError where anything but a seal was added or changed."""
    if len(sealed) > MAX_BYTES:
        raise SealError(f"文件超过 {MAX_BYTES // 2**20} MB，不像盖章件")
    try:
        copy = pypdfium2.PdfDocument(sealed)
    except pypdfium2.PdfiumError:
        raise SealError("这个文件不是 PDF，或者已损坏、加了密码，打不开") from None
    original = pypdfium2.PdfDocument(issued)
    try:
        copy.init_forms()  # before its pages are loaded: a signature field draws its seal as part of a form
        _check_pages(original, copy)
        _check_contents(original, copy)
        _check_text(issued, sealed)
        found = tuple(number for number in range(1, len(copy) + 1) if _has_seal(original, copy, number))
        if not found:
            raise SealError("每一页都与印发件相同，没有找到印章")
        return SealCheck(found, signatures(copy, len(sealed)))
    finally:
        original.close()
        copy.close()


def _check_pages(original: Any, copy: Any) -> None:
    if len(original) != len(copy):
        raise SealError(f"印发件有 {len(original)} 页，这个文件有 {len(copy)} 页")
    for at in range(len(original)):
        sizes = zip(original.get_page_size(at), copy.get_page_size(at), strict=True)
        if any(abs(one - other) > _POINTS for one, other in sizes):
            raise SealError(f"第 {at + 1} 页的纸张大小与印发件不同")


def _check_contents(original: Any, copy: Any) -> None:
    """A sealed copy carries the issued document's enclosed files unchanged and no program."""
    if pdfium.FPDFDoc_GetJavaScriptActionCount(copy) > 0:
        raise SealError("文件里夹带了脚本，不予接收")
    enclosed = dict(_attachments(original))
    for name, content in _attachments(copy):
        if enclosed.get(name) != content:
            raise SealError(f"文件里内嵌的 {name} 与印发件内嵌的不同")


def _attachments(document: Any) -> Iterator[tuple[str, bytes]]:
    for at in range(document.count_attachments()):
        attachment = document.get_attachment(at)
        yield attachment.get_name(), bytes(attachment.get_data())


def _check_text(issued: bytes, sealed: bytes) -> None:
    """The words of a page as issued; what a seal draws as text may be added, but no digit."""
    for page, copied in zip(pages(issued), pages(sealed), strict=True):
        wanted, read = ("".join((one.text + one.outside).split()) for one in (page, copied))
        if wanted and not read:
            raise SealError(f"第 {page.number} 页没有文字（像是扫描件）：请交印章系统直接盖出来的 PDF")
        added = ""
        for tag, i, j, k, m in SequenceMatcher(None, wanted, read, autojunk=False).get_opcodes():
            if tag in ("replace", "delete"):
                raise SealError(
                    f"第 {page.number} 页的文字与印发件不同：印发件为“{_context(wanted, i, j)}”，"
                    f"这个文件为“{_context(read, k, m)}”"
                )
            added += read[k:m] if tag == "insert" else ""
        if len(added) > MAX_ADDED or any(character.isdigit() for character in added):
            raise SealError(f"第 {page.number} 页比印发件多出文字“{added[:30]}”")


def _context(text: str, start: int, end: int) -> str:
    return text[max(0, start - 6) : end + 6]


def _has_seal(original: Any, copy: Any, number: int) -> bool:
    """Whether the picture of a page has a seal that the issued page has not; SealError where it differs otherwise."""
    before, after = (_picture(document, number - 1) for document in (original, copy))
    different = (np.abs(after - before) > _DIFFERENT).any(axis=2)
    ink = different & _is_ink(before, after)
    other = different & ~ink
    fringe = other & _near(ink)
    if int(fringe.sum()) <= _FRINGE * int(ink.sum()):
        other &= ~fringe
    if int(ink.sum()) > _STRAY:
        _check_size(ink, number)
    if int(other.sum()) > _STRAY:
        raise SealError(f"第 {number} 页的画面与印发件不同，而且不是红色印章：{_where(other)}")
    return int(ink.sum()) > _STRAY


def _check_size(ink: Mask, number: int) -> None:
    left, top, right, bottom = _box(ink)
    width, height = (right - left) / MM, (bottom - top) / MM
    if max(width, height) > LARGEST_MM:
        raise SealError(
            f"第 {number} 页多出的红色部分宽 {width:.0f}、高 {height:.0f} 毫米，不是一枚印章（不超过 {LARGEST_MM} 毫米）"
        )
    if max(width, height) < SMALLEST_MM:
        raise SealError(f"第 {number} 页多出一处红色，只有 {max(width, height):.0f} 毫米，不是印章")


def _is_ink(before: Pixels, after: Pixels) -> Mask:
    """Where red was added: it covers type, but never lightens it to paper."""
    is_red = after[..., 0] - after[..., 1:].max(axis=2) >= _RED
    result: Mask = is_red & ((after[..., 1:] - before[..., 1:]).max(axis=2) <= _LIGHTER)
    return result


def _near(ink: Mask) -> Mask:
    """The edges of ink, where a picture of a seal may have a grey fringe."""
    near = ink.copy()
    for axis in (0, 1):
        near |= np.logical_or.reduce([np.roll(near, step, axis) for step in (-2, -1, 1, 2)])
    return near


def _picture(document: Any, at: int) -> Pixels:
    """The page with its annotations, a row of pixels a row; red, green, blue."""
    page = document[at]
    bitmap = page.render(scale=DPI / 72, rev_byteorder=True, prefer_bgrx=False, draw_annots=True)
    try:
        pixels: Pixels = bitmap.to_numpy()[..., :3].astype(np.int16)
        return pixels
    finally:
        bitmap.close()
        page.close()


def _box(mask: Mask) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _where(mask: Mask) -> str:
    left, top, _, _ = _box(mask)
    return f"距左边 {left / MM:.0f} 毫米、距上边 {top / MM:.0f} 毫米处起"
