"""Tables of the page source as tables of a .docx: columns, merged cells, head rows that are set again on every page."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from flows.documents.word.page_source import Element
from flows.documents.word.styles import spacing
from flows.documents.word.text import Look, Numbering, cell_text, runs
from flows.documents.word.xml import element, twips

_SHADES = {"green": "F3F3F3", "yellow": "CFCFCF", "red": "6E6E6E"}  # of the heat table


class _Measure(NamedTuple):
    """Of a class of table: size of type in points; height of a row, of a line of it and room beside its text, in mm."""

    size: float
    row: float
    line: float
    padding: float = 0.6


_MEASURES = {
    "annex": _Measure(9, 4.85, 4),
    "grid": _Measure(9.5, 5.8, 4, 0.3),
    "snug": _Measure(10.5, 5.8, 4),
    "": _Measure(10.5, 6.96, 4.4),
}
_WORDS_ROOM, _WORDS_LINE = 0.8, 4.4  # above and below a reporter's own words, in mm
# Sizes of type by class of a cell, in points: the long name at the head of a column, names beside a chart's figures.
_LONG_HEAD, _GRID_HEAD, _SNUG_NAME = 7.5, 9, 9.5


def table(source: Element, width_mm: float, numbering: Numbering, *, is_whole: bool) -> Any:
    """The table of an element, as wide as the text; each of its numbers fixed in its cell. One that `is_whole` is not broken
    across pages."""
    rows = [(row, row_of == "thead") for row_of, row in _rows(source)]
    cells = _placed([row for row, _ in rows])
    columns = _columns(source, cells, width_mm)
    measure = next(_MEASURES[name] for name in _MEASURES if name in {*source.classes, ""})
    created = element(
        "w:tbl",
        _table_properties(sum(columns), measure.padding),
        element("w:tblGrid", *(element("w:gridCol", w=width) for width in columns)),
    )
    for number, ((row, is_head), placed) in enumerate(zip(rows, cells, strict=True), 1):
        height = element("w:trHeight", val=twips(measure.row), hRule="atLeast")
        properties = element("w:trPr", element("w:cantSplit"), height)
        if is_head:
            properties.append(element("w:tblHeader"))
        line = element("w:tr", properties)
        for cell, first, span, merge in placed:
            created_cell, paragraph = _cell(cell, sum(columns[first : first + span]), span, merge, is_head)
            paragraph.append(_paragraph_properties(cell, row, measure, stays=is_whole and number < len(rows)))
            if merge != "continue":
                annotated, looks = cell_text(cell, _text_look(cell, row, source, measure.size, is_head))
                for part in runs(annotated, looks, numbering, is_fixed=True):
                    paragraph.append(part)
            line.append(created_cell)
        created.append(line)
    return created


def _rows(source: Element) -> Iterator[tuple[str, Element]]:
    for part in source.elements():
        if part.tag in ("thead", "tbody"):
            yield from ((part.tag, row) for row in part.elements() if row.tag == "tr")


def _placed(rows: Sequence[Element]) -> list[list[tuple[Element, int, int, str]]]:
    """Of each row its cells: element, first column, columns spanned, and restart or continue where rows are merged."""
    hanging: dict[int, tuple[int, int, Element]] = {}  # by first column: rows still to go, columns, the cell
    placed = []
    for row in rows:
        line, at = [], 0
        given = [child for child in row.elements() if child.tag in ("td", "th")]
        while given or at in hanging:
            if at in hanging:
                left, span, cell = hanging.pop(at)
                line.append((cell, at, span, "continue"))
                if left > 1:
                    hanging[at] = (left - 1, span, cell)
            else:
                cell = given.pop(0)
                span, deep = int(cell.attributes.get("colspan", 1)), int(cell.attributes.get("rowspan", 1))
                line.append((cell, at, span, "restart" if deep > 1 else ""))
                if deep > 1:
                    hanging[at] = (deep - 1, span, cell)
            at += span
        placed.append(line)
    return placed


def _columns(
    source: Element, placed: Sequence[list[tuple[Element, int, int, str]]], width_mm: float
) -> list[int]:
    """The width of each column in twentieths of a point: as the page gives it, the rest shared equally."""
    count = max(first + span for line in placed for _, first, span, _ in line)
    given: dict[int, float] = {}
    at = 0
    for column in source.find("col"):
        if width := _mm(column):
            given[at] = width
        at += int(column.attributes.get("span", 1))
    for line in placed:
        given |= {
            first: _mm(cell)
            for cell, first, span, _ in line
            if span == 1 and _mm(cell) and first not in given
        }
    if len(given) == count:
        return [twips(given[at] * width_mm / sum(given.values())) for at in range(count)]
    rest = max(width_mm - sum(given.values()), 0) / (count - len(given))
    return [twips(given.get(at, rest)) for at in range(count)]


def _mm(source: Element) -> float:
    found = re.fullmatch(r"([\d.]+)mm", source.style("width"))
    return float(found[1]) if found else 0.0


def _table_properties(width: int, padding_mm: float) -> Any:
    """Heavier rules above and below, hair lines within, none at the sides."""
    lines = (
        ("top", 9, "000000"),
        ("bottom", 9, "000000"),
        ("insideH", 4, "777777"),
        ("insideV", 4, "777777"),
    )
    borders = element(
        "w:tblBorders",
        *(element(f"w:{side}", val="single", sz=size, space=0, color=colour) for side, size, colour in lines),
    )
    padding = twips(padding_mm)
    margins = element(
        "w:tblCellMar", element("w:left", w=padding, type="dxa"), element("w:right", w=padding, type="dxa")
    )
    return element(
        "w:tblPr",
        element("w:tblW", w=width, type="dxa"),
        borders,
        element("w:tblLayout", type="fixed"),
        margins,
    )


def _text_look(cell: Element, row: Element, source: Element, size: float, is_head: bool) -> Look:
    """How a cell's text is set."""
    classes = source.classes
    if is_head and "long" in cell.classes:
        size = _LONG_HEAD
    elif is_head and "grid" in classes:
        size = _GRID_HEAD
    elif "snug" in classes and "grid" not in classes and "t" in cell.classes:
        size = _SNUG_NAME
    look = Look("heiti" if is_head or "total" in row.classes or "heiti" in cell.classes else "", size)
    if "none" in cell.classes:
        return look._replace(colour="555555")
    return look._replace(colour="FFFFFF") if "heat" in classes and "red" in cell.classes else look


def _paragraph_properties(cell: Element, row: Element, measure: _Measure, *, stays: bool) -> Any:
    """Of a cell's paragraph; one that `stays` is on the page of the row below."""
    names = cell.classes
    alignment = "right" if "n" in names and "none" not in names else "left" if "t" in names else "center"
    room = twips(_WORDS_ROOM)
    is_words = "words" in row.classes
    height = spacing(twips(_WORDS_LINE), room, room) if is_words else spacing(twips(measure.line))
    style = element("w:pStyle", val="TableText")
    keep = [element("w:keepNext")] if stays else []
    return element("w:pPr", style, *keep, height, element("w:jc", val=alignment))


def _cell(cell: Element, width: int, span: int, merge: str, is_head: bool) -> tuple[Any, Any]:
    """A cell and its empty paragraph."""
    names = cell.classes
    properties = element("w:tcPr", element("w:tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(element("w:gridSpan", val=span))
    if merge:
        properties.append(element("w:vMerge", val=merge))
    is_rated = "rated" in names
    shade = "F2F2F2" if is_head else next((_SHADES[one] for one in _SHADES if one in names and is_rated), "")
    if shade:
        properties.append(element("w:shd", val="clear", color="auto", fill=shade))
    properties.append(element("w:vAlign", val="center"))
    paragraph = element("w:p")
    return element("w:tc", properties, paragraph), paragraph
