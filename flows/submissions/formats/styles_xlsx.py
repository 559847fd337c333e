"""What all sheets of an .xlsx share (样式、共享文字): which cell formats are struck through, add to a number or hide it,
and the strings in several fonts; and the XML reader that refuses entities and document types outright."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import NoReturn
from xml.parsers import expat

from flows.submissions.formats.marks import MIN_FONT, Run, suffix_of_format, text_of_runs

_STRING = re.compile(rb"<(?:\w+:)?si(?:\s[^<>]*)?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_RUN = re.compile(rb"<(?:\w+:)?r(?:\s[^<>]*)?>(.*?)</(?:\w+:)?r>", re.DOTALL)
RUN_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^<>]*)?>([^<]*)<")
_RAISED = re.compile(rb"""<(?:\w+:)?vertAlign\s+val=["'](super|sub)script["']""")
_STRIKE = re.compile(rb"""<(?:\w+:)?strike(?:\s+val=["'](?:1|true)["'])?\s*/>""")
_FONT = re.compile(rb"<(?:\w+:)?font(?:\s[^<>]*)?(?:/>|>(.*?)</(?:\w+:)?font>)", re.DOTALL)
_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.DOTALL)
_FORMAT = re.compile(rb"<(?:\w+:)?xf\s([^<>]*)>")
_FILL = re.compile(rb"<(?:\w+:)?fill(?:\s[^<>]*)?(?:/>|>(.*?)</(?:\w+:)?fill>)", re.DOTALL)
_SOLID = re.compile(rb"""patternType=["'](?!none)\w+["']""")
_COLOUR = re.compile(rb"""<(?:\w+:)?(?:fgC|c)olor\s([^<>]*)""")
_USUAL_COLOURS = {
    "theme": ("FFFFFF", "000000"),
    "indexed": ("000000", "FFFFFF") + ("",) * 6 + ("000000", "FFFFFF"),
}
_FONT_SIZE = re.compile(rb"""<(?:\w+:)?sz\s+val=["']([\d.]+)["']""")
_PERCENT_FORMATS = {9: "0%", 10: "0.00%"}  # built in, and written nowhere
_Runs = dict[int, tuple[str, bool]]  # number of a shared string → its text with its marks, whether struck


@dataclass(frozen=True, slots=True)
class Styles:
    """Cell formats by number: `struck` through, `codes` that add to a number, `unseen`: white on white or tiny; and
    `strings` in several fonts by their number."""

    struck: frozenset[int] = frozenset()
    codes: dict[int, str] = field(default_factory=dict)
    unseen: frozenset[int] = frozenset()
    strings: _Runs = field(default_factory=dict)


def styles_of(styles: bytes, strings: bytes) -> Styles:
    """What the two parts say, empty bytes for one that is not there; ValueError for a document type."""
    for xml in filter(None, (styles, strings)):
        strict_parser().Parse(xml, True)
    codes = {int(f["numFmtId"]): f["formatCode"] for f in elements(styles, "numFmt")} if styles else {}
    codes |= _PERCENT_FORMATS
    fonts = _FONT.findall(styles)
    grounds = [
        _colour(inside, "FFFFFF") if _SOLID.search(inside) else "FFFFFF" for inside in _FILL.findall(styles)
    ]
    struck = {n for n, inside in enumerate(fonts) if _STRIKE.search(inside)}
    inks = [_colour(inside, "000000") for inside in fonts]
    small = {
        n for n, inside in enumerate(fonts) if (s := _FONT_SIZE.search(inside)) and float(s[1]) < MIN_FONT
    }
    formats = _FORMATS.search(styles)
    found = [dict(attributes_of(xf)) for xf in _FORMAT.findall(formats[0])] if formats else []
    return Styles(
        frozenset(n for n, xf in enumerate(found) if int(xf.get("fontId", 0)) in struck),
        {
            n: code
            for n, xf in enumerate(found)
            if (code := codes.get(int(xf.get("numFmtId", 0)), "")) and suffix_of_format(code)
        },
        frozenset(
            n
            for n, xf in enumerate(found)
            if (font := int(xf.get("fontId", 0))) in small
            or inks[font : font + 1] == (grounds[int(xf.get("fillId", 0)) :] or ["FFFFFF"])[:1]
        ),
        {n: runs_in(inside) for n, inside in enumerate(_STRING.findall(strings)) if has_marks(inside)},
    )


def _colour(inside: bytes, usual: str) -> str:
    """A font's or fill's colour in six digits, or by its name where it is a shade of the workbook's theme."""
    found = _COLOUR.search(inside)
    said = dict(attributes_of(found[1])) if found else {}
    if rgb := said.get("rgb"):
        return rgb[-6:].upper()
    for kind, colours in _USUAL_COLOURS.items():
        if (number := said.get(kind, "")).isdigit():
            known = (
                colours[int(number)] if int(number) < len(colours) and float(said.get("tint", 0)) == 0 else ""
            )
            return known or f"{kind} {number} {said.get('tint')}"
    return usual


def attributes_of(xml: bytes) -> Iterator[tuple[str, str]]:
    """The attributes of one start tag."""
    for name, value in re.findall(rb"""(\w+)=["']([^"']*)["']""", xml):
        yield name.decode(), value.decode()


def has_marks(inside: bytes) -> bool:
    """Whether a text has raised, lowered or struck runs."""
    return b"vertAlign" in inside or b"strike" in inside


def runs_in(inside: bytes) -> tuple[str, bool]:
    """A text with its marks, and whether any of it is struck through."""
    runs = []
    for run in _RUN.findall(inside):
        raised = _RAISED.search(run)
        text = "".join(unescape(t.decode("utf-8", "replace")) for t in RUN_TEXT.findall(run))
        level = raised[1] if raised else b""
        runs.append(Run(text, bool(_STRIKE.search(run)), level == b"super", level == b"sub"))
    return text_of_runs(runs)


def strict_parser() -> expat.XMLParserType:
    """A parser that knows no document type, so no entity can be declared or fetched."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> NoReturn:
        raise ValueError("document type")

    parser.StartDoctypeDeclHandler = refuse
    return parser


def local(name: str) -> str:
    """A name without its namespace prefix."""
    return name.rpartition(":")[2]


def elements(xml: bytes, wanted: str) -> list[dict[str, str]]:
    """The attributes of every element of a name, prefixes left out."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == wanted:
            found.append({local(key): value for key, value in attributes.items()})

    parser = strict_parser()
    parser.StartElementHandler = start
    parser.Parse(xml, True)
    return found
