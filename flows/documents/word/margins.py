"""What stands in the margins of a .docx's pages: marks of a draft, page numbers, the rule at the foot of a letter."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from flows.documents.word.package import Package
from flows.documents.word.styles import LYING, LYING_WIDTH, TEXT_WIDTH, WIDTH, spacing
from flows.documents.word.xml import element, field, rule, run, run_properties, twips

DOUBLE_RULE = 2.5  # points of the thick one; with the gap and the thin one 1.8 mm
_FOLIO_INDENT = 280  # one character of 四号


def margins(package: Package, marks: Sequence[str], is_lying: bool, is_letter: bool) -> Iterator[Any]:
    """The marks of a draft above, the page number at the foot of the upright page: odd pages right, even pages left."""
    if any(marks):
        parts = [run(marks[0], run_properties(boxed=True))] if marks[0] else []
        parts += [run("\t"), run(marks[1], run_properties(boxed=True))] if marks[1] else []
        tab = element("w:tab", val="right", pos=twips(LYING_WIDTH if is_lying else TEXT_WIDTH))
        properties = element("w:pPr", element("w:pStyle", val="Header"), element("w:tabs", tab))
        header = element("w:p", properties, *parts)
        for which in ("default", "even", "first"):
            yield package.margin("header", which, [deepcopy(header)])
    folio = _lying_folio if is_lying else _folio
    for which in ("default", "even"):
        yield package.margin("footer", which, folio(which))
    if is_letter:
        yield package.margin("footer", "first", [_foot_rule()])


def _folio(which: str, *properties: Any) -> list[Any]:
    """— 1 —, in the half-width type of the standard, one character in."""
    side = "left" if which == "even" else "right"
    style, indent = element("w:pStyle", val="Footer"), element("w:ind", **{side: _FOLIO_INDENT})
    placed = element("w:pPr", style, *properties, indent, element("w:jc", val=side))
    return [element("w:p", placed, run("— "), *field("PAGE"), run(" —"))]


def _lying_folio(which: str) -> list[Any]:
    """The same at the left of a lying page, which is the foot of the upright one: a table in the margin, its text sideways."""
    height, width = twips(35), twips(12)
    top = twips(LYING["top"]) if which == "even" else twips(WIDTH - LYING["bottom"]) - height
    place = {"horzAnchor": "page", "vertAnchor": "page", "tblpX": twips(LYING["left"] - 19), "tblpY": top}
    properties = element(
        "w:tblPr",
        element("w:tblpPr", leftFromText=0, rightFromText=0, **place),
        element("w:tblW", w=width, type="dxa"),
        element("w:tblLayout", type="fixed"),
    )
    sideways = element(
        "w:tcPr", element("w:tcW", w=width, type="dxa"), element("w:textDirection", val="tbRl")
    )
    row = element("w:trPr", element("w:trHeight", val=height, hRule="exact"))
    cell = element("w:tc", sideways, *_folio(which, spacing(240, rule="auto")))
    table = element(
        "w:tbl", properties, element("w:tblGrid", element("w:gridCol", w=width)), element("w:tr", row, cell)
    )
    return [table, element("w:p", element("w:pPr", element("w:pStyle", val="Footer")))]


def _foot_rule() -> Any:
    """The double rule at the foot of a letter's first page, in place of the number."""
    above = element("w:pBdr", rule("bottom", "thinThickMediumGap", DOUBLE_RULE, 1))
    wide = element("w:ind", left=-twips(8), right=-twips(6))
    return element("w:p", element("w:pPr", element("w:pStyle", val="Footer"), above, wide))
