"""A finished PDF read back (回读): the words of each page in the order they were set, where they stand, in what face."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

MM = 25.4 / 72
_WATERMARK_FROM = 100  # points: nothing else is set so large
# The text area (GB/T 9704-2012, 5.2.1), upright and lying: left, top, right, bottom in mm. Upright it is taken
# with the half line above and below that a table at a page's edge may use (templates/css/page.css).
UPRIGHT = (28.0, 34.58, 184.0, 264.42)
LYING = (35.0, 28.0, 260.0, 184.0)
TOLERANCE = 0.6
_A_LINE = 4.0  # points: characters this close to the lowest one stand on the last line
NUMERIC = frozenset("0123456789.+-%/*≤>")  # what numbers are written with

Box = tuple[float, float, float, float]  # left, bottom, right, top in points from the foot of the page
Set = tuple[str, Box | None]  # a character as it is set; None of white space


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `text` inside the text area, `outside` it, characters without a meaning, faces not embedded.

    Both texts are in the order of setting, a table row by row and cell by cell. The last
    `apart` characters of `text` stand apart, higher than its last line: the red head, charts, laid-over cells. `width` and `height` in mm;
    `faces` maps a face's name to whether the file carries it; `bare_tables` counts tables without a data cell.
    """

    number: int
    width: float
    height: float
    text: str
    outside: str
    unreadable: int
    faces: dict[str, bool]
    bare_tables: int
    apart: int = 0


def pages(pdf: bytes) -> list[Page]:
    """Every page of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_page(document[at], at + 1) for at in range(len(document))]
    finally:
        document.close()


def title_of(pdf: bytes) -> str:
    """The title among the properties of the file."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return str(document.get_metadata_value("Title"))
    finally:
        document.close()


def _page(page: Any, number: int) -> Page:
    width, height = page.get_width() * MM, page.get_height() * MM
    text = page.get_textpage()
    inside: list[Set] = []
    outside: list[str] = []
    unreadable = 0
    area = UPRIGHT if width < height else LYING
    for at in range(text.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(text, at))
        if pdfium.FPDFText_GetFontSize(text, at) > _WATERMARK_FROM:
            continue
        unreadable += pdfium.FPDFText_HasUnicodeMapError(text, at) == 1 or character in "\0\ufffd"
        if character.isspace():
            inside.append((character, None))
        elif _within(text, at, height, area):
            _add(inside, character, text.get_charbox(at, loose=True))
        else:
            outside.append(character)
    return Page(
        number, width, height, "".join(c for c, _ in inside), "".join(outside), unreadable, dict(_faces(page)),
        _bare(page), _apart(inside),
    )  # fmt: skip


def _add(inside: list[Set], character: str, box: Box) -> None:
    """Add a character; between two of numbers let white space be what stands between them on the page.

    A chart sets every digit for itself and one label right after another: what the reader of the file puts
    between characters there says nothing.
    """
    last, where = next(((c, b) for c, b in reversed(inside) if b is not None), ("", None))
    if where is not None and last in NUMERIC and character in NUMERIC:
        while inside[-1][1] is None:
            inside.pop()
        if not _side_by_side(where, box):
            inside.append((" ", None))
    inside.append((character, box))


def _apart(inside: list[Set]) -> int:
    """How many characters are set after the page's last line though they stand above it."""
    lowest = min((box[1] for _, box in inside if box is not None), default=0.0)
    ends = [at for at, (_, box) in enumerate(inside) if box is not None and box[1] < lowest + _A_LINE]
    return len(inside) - ends[-1] - 1 if ends else 0


def _side_by_side(one: Box, other: Box) -> bool:
    """Whether a character begins where the other ends, on its line."""
    em = one[3] - one[1]
    return abs(one[1] - other[1]) < 0.2 * em and abs(other[0] - one[2]) < 0.1 * em


def _within(text: Any, at: int, height: float, area: tuple[float, ...]) -> bool:
    left, bottom, right, top = (edge * MM for edge in text.get_charbox(at))
    return bool(
        left >= area[0] - TOLERANCE
        and height - top >= area[1] - TOLERANCE
        and right <= area[2] + TOLERANCE
        and height - bottom <= area[3] + TOLERANCE
    )


def _faces(page: Any) -> Iterator[tuple[str, bool]]:
    """Name of each face that sets text here, without its subset's prefix, and whether it is embedded."""
    for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=8):
        font = pdfium.FPDFTextObj_GetFont(one.raw)
        name = ctypes.create_string_buffer(256)
        pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
        whole = name.value.decode("utf-8", "replace")
        yield whole.partition("+")[2] or whole, pdfium.FPDFFont_GetIsEmbedded(font) == 1


def _bare(page: Any) -> int:
    """How many tables that the tags name hold no data cell (TD) on this page."""
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    try:
        roots = [
            pdfium.FPDF_StructTree_GetChildAtIndex(tree, n)
            for n in range(pdfium.FPDF_StructTree_CountChildren(tree))
        ]
        tables = [found for root in roots for found in _named(root, "Table")]
        return sum(not any(True for _ in _named(table, "TD")) for table in tables)
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _named(element: Any, kind: str) -> Iterator[Any]:
    if not element:
        return
    if _kind(element) == kind:
        yield element
        return
    for at in range(pdfium.FPDF_StructElement_CountChildren(element)):
        yield from _named(pdfium.FPDF_StructElement_GetChildAtIndex(element, at), kind)


def _kind(element: Any) -> str:
    name = ctypes.create_string_buffer(64)
    length = pdfium.FPDF_StructElement_GetType(element, name, len(name))
    return name.raw[: max(length - 2, 0)].decode("utf-16-le", "replace")
