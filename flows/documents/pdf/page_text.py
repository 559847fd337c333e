"""A finished PDF read back (回读): the words of each page in the order they were set, where they stand, in what font."""

import ctypes
from collections.abc import Iterator, Sequence
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
_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `text` inside the text area, `outside` it, characters without a meaning, fonts not embedded.

    Both texts are in the order of setting, a table row by row and cell by cell. The last `overlaid` characters of
    `text` stand higher than its last line: the red head, charts, cells laid over the page. `width` and `height` in mm;
    `fonts` maps a font's name to whether the file carries it; `bare_tables` counts tables without a data cell.
    """

    number: int
    width: float
    height: float
    text: str
    outside: str
    unreadable: int
    fonts: dict[str, bool]
    bare_tables: int
    overlaid: int = 0


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
    inside: list[Set] = []
    outside: list[str] = []
    unreadable = 0
    text, items = page.get_textpage(), list(_texts(page.raw))
    least, lowest, most, highest = _area(page.get_height(), UPRIGHT if width < height else LYING)
    for character, is_unreadable, box, loose in _characters(text.raw, _as_set(items, text)):
        unreadable += is_unreadable
        if box is None:
            inside.append((character, None))
        elif box[0] >= least and box[1] >= lowest and box[2] <= most and box[3] <= highest:
            _add(inside, character, loose)
        else:
            outside.append(character)
    return Page(
        number, width, height, "".join(c for c, _ in inside), "".join(outside), unreadable, dict(_fonts(items)),
        _bare(page), _overlaid(inside),
    )  # fmt: skip


def _as_set(items: Sequence[Any], text: Any) -> list[int]:
    """The characters of a page, by their numbers, in the order their objects are set: the library sorts what stands
    on one line by place, so that a chart's labels would change their order with the height of a curve."""
    turns = {_address(item): turn for turn, item in enumerate(items)}
    keys, turn = [], 0
    for at in range(text.count_chars()):
        item = pdfium.FPDFText_GetTextObject(text.raw, at)
        turn = turns[_address(item)] if item else turn  # none: white space put in by the library
        keys.append((turn, at))
    return [at for _, at in sorted(keys)]


def _address(handle: Any) -> int:
    return ctypes.addressof(handle.contents)


def _characters(text: Any, places: Sequence[int]) -> Iterator[tuple[str, bool, Box | None, Box]]:
    """Each character but the watermark's, whether it has no meaning, its own box (None of white space) and its
    line's; asked of the library directly, since a page has a thousand of them."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    loose = pdfium.FS_RECTF()
    for at in places:
        if pdfium.FPDFText_GetFontSize(text, at) > _WATERMARK_FROM:
            continue
        character = chr(pdfium.FPDFText_GetUnicode(text, at))
        is_unreadable = pdfium.FPDFText_HasUnicodeMapError(text, at) == 1 or character in "\0\ufffd"
        if character.isspace():
            yield character, is_unreadable, None, _NOWHERE
            continue
        found = pdfium.FPDFText_GetCharBox(text, at, left, right, bottom, top)
        if not (found and pdfium.FPDFText_GetLooseCharBox(text, at, loose)):
            raise pypdfium2.PdfiumError(f"no place for character {at}")
        box = left.value, bottom.value, right.value, top.value
        yield character, is_unreadable, box, (loose.left, loose.bottom, loose.right, loose.top)


def _add(inside: list[Set], character: str, box: Box) -> None:
    """Add a character; between two of numbers let white space be what stands between them on the page.

    A chart sets every digit for itself and one label right after another: what the reader of the file puts
    between characters there says nothing.
    """
    if character in NUMERIC:
        last, where = next(((c, b) for c, b in reversed(inside) if b is not None), ("", None))
        if where is not None and last in NUMERIC:
            while inside[-1][1] is None:
                inside.pop()
            if not _are_adjacent(where, box):
                inside.append((" ", None))
    inside.append((character, box))


def _overlaid(inside: list[Set]) -> int:
    """How many characters are set after the page's last line though they stand above it."""
    lowest = min((box[1] for _, box in inside if box is not None), default=0.0)
    ends = [at for at, (_, box) in enumerate(inside) if box is not None and box[1] < lowest + _A_LINE]
    return len(inside) - ends[-1] - 1 if ends else 0


def _are_adjacent(one: Box, other: Box) -> bool:
    """Whether a character begins where the other ends, on its line."""
    em = one[3] - one[1]
    return abs(one[1] - other[1]) < 0.2 * em and abs(other[0] - one[2]) < 0.1 * em


def _area(height: float, area: Box) -> Box:
    """The text area, given from the page's top left in mm, as a box: in points from its foot."""
    left, top, right, bottom = area
    return (
        (left - TOLERANCE) / MM,
        height - (bottom + TOLERANCE) / MM,
        (right + TOLERANCE) / MM,
        height - (top - TOLERANCE) / MM,
    )


def _fonts(items: Sequence[Any]) -> Iterator[tuple[str, bool]]:
    """Name of each font that sets text here, without its subset's prefix, and whether it is embedded."""
    fonts = [pdfium.FPDFTextObj_GetFont(text) for text in items]
    for font in {_address(font): font for font in fonts}.values():
        name = ctypes.create_string_buffer(256)
        pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
        whole = name.value.decode("utf-8", "replace")
        yield whole.partition("+")[2] or whole, pdfium.FPDFFont_GetIsEmbedded(font) == 1


def _texts(page: Any, form: Any = None) -> Iterator[Any]:
    """The objects that set text, those within a form too."""
    count, get = pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject
    if form is not None:
        count, get = pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject
    holder = page if form is None else form
    for at in range(count(holder)):
        found = get(holder, at)
        kind = pdfium.FPDFPageObj_GetType(found)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield found
        elif kind == pdfium.FPDF_PAGEOBJ_FORM:
            yield from _texts(page, found)


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
