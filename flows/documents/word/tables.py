"""Tables of the page source as tables of a .docx: columns, merged cells, head rows that are set again on every page."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from flows.documents.word.page_source import Element
from flows.documents.word.text import Look, Numbering, cell_text, runs
from flows.documents.word.xml import element, twips

# By class of the table: size of type in points, height of a row in mm. The head of a grid is set smaller.
_SIZES = {"annex": (9.0, 4.85), "grid": (9.5, 5.8), "snug": (10.5, 5.8)}
_PLAIN = (10.5, 6.96)
_SHADES = {"green": "F3F3F3", "yellow": "CFCFCF", "red": "6E6E6E"}  # of the heat table
_CELL_PADDING_MM = 0.6


def table(source: Element, width_mm: float, numbering: Numbering) -> Any:
    """The table of an element, as wide as the text; each of its numbers fixed in its cell."""
    rows = [(row, row_of == "thead") for row_of, row in _rows(source)]
    cells = _placed([row for row, _ in rows])
    columns = _columns(source, cells, width_mm)
    size, height = next((_SIZES[name] for name in _SIZES if name in source.classes), _PLAIN)
    is_heat = "heat" in source.classes
    created = element(
        "w:tbl",
        _table_properties(sum(columns)),
        element("w:tblGrid", *(element("w:gridCol", w=width) for width in columns)),
    )
    for (row, is_head), placed in zip(rows, cells, strict=True):
        properties = element(
            "w:trPr", element("w:cantSplit"), element("w:trHeight", val=twips(height), hRule="atLeast")
        )
        if is_head:
            properties.append(element("w:tblHeader"))
        line = element("w:tr", properties)
        for cell, first, span, merge in placed:
            look = Look("heiti" if is_head or "total" in row.classes or "heiti" in cell.classes else "", size)
            line.append(
                _cell(
                    cell,
                    sum(columns[first : first + span]),
                    span,
                    merge,
                    _heat_look(cell, look, is_heat),
                    numbering,
                    is_head,
                )
            )
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
    rest = max(width_mm - sum(given.values()), 0) / max(count - len(given), 1)
    return [twips(given.get(at, rest)) for at in range(count)]


def _mm(source: Element) -> float:
    found = re.fullmatch(r"([\d.]+)mm", source.style("width"))
    return float(found[1]) if found else 0.0


def _table_properties(width: int) -> Any:
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
    padding = twips(_CELL_PADDING_MM)
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


def _heat_look(cell: Element, look: Look, is_heat: bool) -> Look:
    if "none" in cell.classes:
        return look._replace(colour="555555")
    return look._replace(colour="FFFFFF") if is_heat and "red" in cell.classes else look


def _cell(
    cell: Element, width: int, span: int, merge: str, look: Look, numbering: Numbering, is_head: bool
) -> Any:
    names = cell.classes
    properties = element("w:tcPr", element("w:tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(element("w:gridSpan", val=span))
    if merge:
        properties.append(element("w:vMerge", val=merge))
    shade = (
        "F2F2F2"
        if is_head
        else next((_SHADES[name] for name in _SHADES if name in names and "rated" in names), "")
    )
    if shade:
        properties.append(element("w:shd", val="clear", color="auto", fill=shade))
    properties.append(element("w:vAlign", val="center"))
    alignment = "right" if "n" in names and "none" not in names else "left" if "t" in names else "center"
    paragraph = element(
        "w:p", element("w:pPr", element("w:pStyle", val="TableText"), element("w:jc", val=alignment))
    )
    if merge != "continue":
        annotated, looks = cell_text(cell, look)
        for part in runs(annotated, looks, numbering, is_fixed=True):
            paragraph.append(part)
    return element("w:tc", properties, paragraph)
