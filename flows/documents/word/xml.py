"""Parts of a .docx as elements (WordprocessingML): runs, locked numbers, paragraph and table properties."""

from collections.abc import Iterable
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

MAX_TAG = 64  # characters that Word allows a control's tag and title
NO_KEY = "-"  # in place of a number's key where the office may not word the text
FONTS = {
    "body": "仿宋_GB2312",
    "kaiti": "楷体_GB2312",
    "heiti": "黑体",
    "xiaobiaosong": "方正小标宋简体",
    "songti": "宋体",
}
POINT, MM = 20, 1440 / 25.4  # in twentieths of a point


def element(name: str, /, *children: Any, **attributes: object) -> Any:
    """`element("w:spacing", before=240)`; an attribute without a prefix is of the element's own namespace."""
    created, prefix = OxmlElement(name), name.partition(":")[0]
    for key, value in attributes.items():
        created.set(qn(f"{prefix}:{key}"), str(value))
    for child in children:
        created.append(child)
    return created


def twips(mm: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(mm * MM)


def fonts(role: str) -> Any:
    """The font of a role by its official name, for Chinese and digits alike."""
    name = FONTS[role]
    return element("w:rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=name)


def run_properties(
    role: str = "", size: float = 0, colour: str = "", shade: str = "", *, boxed: bool = False
) -> Any:
    """What a run has of its own; size in points. In the order that the schema asks for."""
    parts = [fonts(role)] if role else []
    parts += [element("w:color", val=colour)] if colour else []
    parts += [element("w:sz", val=round(size * 2)), element("w:szCs", val=round(size * 2))] if size else []
    parts += [element("w:bdr", val="single", sz=4, space=0, color=colour or "auto")] if boxed else []
    parts += [element("w:shd", val="clear", color="auto", fill=shade)] if shade else []
    return element("w:rPr", *parts)


def run(text: str, properties: Any = None) -> Any:
    """A run; a line break for every line end in it, a tab for every tab."""
    created = element("w:r", *([properties] if properties is not None and len(properties) else []))
    for number, line in enumerate(text.split("\n")):
        if number:
            created.append(element("w:br"))
        for position, part in enumerate(line.split("\t")):
            if position:
                created.append(element("w:tab"))
            if part:
                words = element("w:t")
                words.text = part
                if part != part.strip():
                    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                created.append(words)
    return created


def locked(runs: Iterable[Any], tag: str, title: str, number: int, *, is_fixed: bool) -> Any:
    """A content control whose content cannot be edited; one that `is_fixed` cannot be taken out either. One for plain text
    (w:text) would have its text doubled when LibreOffice 7.4 saves it."""
    lock = "sdtContentLocked" if is_fixed else "contentLocked"
    properties = element(
        "w:sdtPr",
        element("w:alias", val=title[:MAX_TAG]),
        element("w:tag", val=tag[:MAX_TAG]),
        element("w:id", val=number),
        element("w:lock", val=lock),
    )
    return element("w:sdt", properties, element("w:sdtContent", *runs))


def rule(side: str, kind: str, points: float, space: int, colour: str = "C8000A") -> Any:
    """A rule of a paragraph's border, at this many points from its text."""
    return element(f"w:{side}", val=kind, sz=round(points * 8), space=space, color=colour)


def field(code: str, properties: Any = None) -> list[Any]:
    """A field such as PAGE, as the runs it is made of."""
    parts = [
        element("w:fldChar", fldCharType="begin"),
        element("w:instrText"),
        element("w:fldChar", fldCharType="end"),
    ]
    parts[1].text = f" {code} "
    runs = []
    for part in parts:
        created = element("w:r")
        if properties is not None:
            created.append(properties.__copy__())
        created.append(part)
        runs.append(created)
    return runs
