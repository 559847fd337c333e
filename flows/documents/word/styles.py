"""The styles of a .docx (样式): those of WPS and Word by their own names, in the type and measure of GB/T 9704-2012."""

from collections.abc import Iterable
from typing import Any

from flows.documents.word.xml import POINT, element, fonts, twips

# The page of templates/css/page.css: the margins of the standard less half of a line's space (GB/T 33476.2-2016).
PAGE = {"top": 34.58, "bottom": 32.58, "left": 28.0, "right": 25.9}
LYING = {"top": 28.0, "bottom": 26.0, "left": 35.0, "right": 37.0}
WIDTH, HEIGHT, FOOTER, HEADER = 210.0, 297.0, 22.5, 20.0
TEXT_WIDTH, LYING_WIDTH = 156.0, 225.0
LINE = 592  # 22 lines a page, in twentieths of a point
TYPE = 16.0  # 三号, as word processors have it; the standard's 15.75 is no half point
NARROWER = -4  # twentieths of a point, so that 28 characters fill the line
CHARACTERS = round(
    (TEXT_WIDTH / 25.4 * 72 / 28 - TYPE) * 4096
)  # 28 characters a line: each so much narrower than its type


def spacing(line: int, before: int = 0, after: int = 0, rule: str = "exact") -> Any:
    """The height of a paragraph's lines and what it keeps free above and below, in twentieths of a point."""
    return element("w:spacing", before=before, after=after, line=line, lineRule=rule)


def _indent(characters: float) -> Any:
    return element(
        "w:ind", firstLineChars=round(characters * 100), firstLine=round(characters * TYPE * POINT)
    )


def _style(
    name: str,
    style_id: str,
    role: str,
    size: float,
    *properties: Any,
    based_on: str = "Normal",
    following: str = "",
) -> Any:
    """A paragraph style; `properties` in the order of the schema."""
    return element(
        "w:style",
        element("w:name", val=name),
        *([element("w:basedOn", val=based_on)] if based_on else []),
        *([element("w:next", val=following)] if following else []),
        element("w:qFormat"),
        element("w:pPr", *properties),
        element(
            "w:rPr", fonts(role), element("w:sz", val=round(size * 2)), element("w:szCs", val=round(size * 2))
        ),
        type="paragraph",
        styleId=style_id,
        **({"default": 1} if not based_on else {}),
    )


def _heading(level: int, role: str) -> Any:
    outline = element("w:outlineLvl", val=level - 1)
    keep = element("w:keepNext")
    return _style(
        f"heading {level}", f"Heading{level}", role, TYPE, keep, _indent(2), outline, following="BodyText"
    )


def styles() -> list[Any]:
    """The defaults and every style."""
    # Type and lines measure what the grid asks for, by themselves: programs fit type into the cells of a grid in ways of
    # their own, and LibreOffice sets twenty characters where there should be 28.

    language = element("w:lang", val="zh-CN", eastAsia="zh-CN", bidi="ar-SA")
    narrow = element("w:spacing", val=NARROWER)
    base = element("w:rPrDefault", element("w:rPr", fonts("body"), narrow, element("w:sz", val=32), language))
    plain = (
        element("w:widowControl", val=0),
        element("w:kinsoku"),
        element("w:autoSpaceDE", val=0),
        element("w:autoSpaceDN", val=0),
        element("w:adjustRightInd", val=0),
        element("w:snapToGrid", val=0),
        spacing(LINE),
        element("w:jc", val="both"),
    )
    return [
        element("w:docDefaults", base, element("w:pPrDefault")),
        _style("Normal", "Normal", "body", TYPE, *plain, based_on=""),
        _style("Body Text", "BodyText", "body", TYPE, _indent(2)),
        *(_heading(level, role) for level, role in enumerate(("heiti", "kaiti", "body"), 1)),
        _style("Title", "Title", "xiaobiaosong", 22, spacing(LINE, 2 * LINE, LINE), element("w:jc", val="center"), following="Addressee"),
        _style("发文机关标志", "Issuer", "xiaobiaosong", 44, element("w:jc", val="center"), following="Number"),
        _style("发文字号", "Number", "body", TYPE, element("w:jc", val="center")),
        _style("主送机关", "Addressee", "body", TYPE, element("w:keepNext"), following="BodyText"),
        _style("caption", "Caption", "heiti", 12, element("w:keepNext"), spacing(LINE), element("w:jc", val="center")),
        _style("图题", "Figure", "heiti", 12, element("w:keepNext"), spacing(twips(6.5)), element("w:jc", val="center")),
        _style("图表注", "TableNote", "body", 10.5, spacing(twips(5.2235))),
        _style("表格", "TableText", "body", 10.5, spacing(twips(4.4)), element("w:jc", val="center")),
        _style("附件标签", "AttachmentLabel", "heiti", TYPE, following="Title"),
        _style("附件说明", "Attachments", "body", TYPE, element("w:ind", left=round(5 * TYPE * POINT), hanging=round(3 * TYPE * POINT))),
        _style("署名", "Signature", "body", TYPE, element("w:keepLines"), element("w:jc", val="right")),
        _style("附注", "Note", "body", TYPE, _indent(2)),
        _style("版记", "Record", "body", 14, spacing(twips(8))),
        _style("header", "Header", "heiti", 12, spacing(twips(5.6))),
        _style("footer", "Footer", "songti", 14, spacing(twips(6))),
        element("w:style", element("w:name", val="Default Paragraph Font"), type="character", styleId="DefaultParagraphFont", default=1),
        element(
            "w:style",
            element("w:name", val="Normal Table"),
            element("w:tblPr", element("w:tblCellMar", element("w:left", w=0, type="dxa"), element("w:right", w=0, type="dxa"))),
            type="table",
            styleId="TableNormal",
            default=1,
        ),
    ]  # fmt: skip


def section(*, is_lying: bool = False, references: Iterable[Any] = (), is_letter: bool = False) -> Any:
    """The page of a section with its grid; `references` are its headers and footers."""
    margins = LYING if is_lying else PAGE
    size = (
        {"w": twips(HEIGHT), "h": twips(WIDTH), "orient": "landscape"}
        if is_lying
        else {"w": twips(WIDTH), "h": twips(HEIGHT)}
    )
    # None on a lying page, whose height is no whole number of lines: LibreOffice would centre the grid on it.
    grid = element("w:docGrid", type="linesAndChars", linePitch=LINE, charSpace=CHARACTERS)
    sides = {side: twips(margins[side]) for side in ("top", "right", "bottom", "left")}
    header, footer = (18.4, 12) if is_lying else (HEADER, 20 if is_letter else FOOTER)
    return element(
        "w:sectPr",
        *references,
        element("w:type", val="nextPage"),
        element("w:pgSz", **size),
        element("w:pgMar", **sides, header=twips(header), footer=twips(footer), gutter=0),
        *([element("w:titlePg")] if is_letter else []),
        *([] if is_lying else [grid]),
    )
