"""The marks of an .xlsx: its sheets' XML, streamed; entities and document types are refused outright."""

import posixpath
import re
from io import BytesIO
from typing import NoReturn
from xml.parsers import expat
from zipfile import ZipFile

from flows.submissions.formats.grid import Place
from flows.submissions.formats.marks import MOST_SHEETS, NO_RESULT, Marks, TooLargeError

_CELL = re.compile(rb"<(?:\w+:)?c(\s[^<>]*?)?(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_REFERENCE = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
_ERROR, _TEXT = re.compile(rb"""\st=["']e["']"""), re.compile(rb"""\st=["']str["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)<")
_STYLE = re.compile(rb"""\ss=["'](\d{1,6})["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


def marks_of(content: bytes) -> dict[str, Marks]:
    """Marks by sheet name."""
    with ZipFile(BytesIO(content)) as book:
        parts = {r["Id"]: r["Target"] for r in _elements(book.read(_RELATIONS), "Relationship")}
        sheets = [
            (s["name"], parts.get(s.get("id", ""), ""))
            for s in _elements(book.read("xl/workbook.xml"), "sheet")
        ]
        if len(sheets) > MOST_SHEETS:
            raise TooLargeError
        known = set(book.namelist())
        struck = _struck_styles(book.read(_STYLES)) if _STYLES in known else frozenset()
        paths = {
            name: posixpath.normpath(posixpath.join("xl", target)).removeprefix("/")
            for name, target in sheets
        }
        return {name: _sheet(book.read(path), struck) for name, path in paths.items() if path in known}


_RELATIONS, _STYLES = "xl/_rels/workbook.xml.rels", "xl/styles.xml"
_STRIKE = re.compile(rb"""<(?:\w+:)?strike(?:\s+val=["'](?:1|true)["'])?\s*/>""")
_FONT = re.compile(rb"<(?:\w+:)?font(?:\s[^<>]*)?(?:/>|>(.*?)</(?:\w+:)?font>)", re.DOTALL)
_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.DOTALL)
_FORMAT_FONT = re.compile(rb"""<(?:\w+:)?xf\s[^<>]*?fontId=["'](\d{1,5})["']""")


def _struck_styles(xml: bytes) -> frozenset[int]:
    """The numbers of the cell formats whose font is struck through."""
    strict_parser().Parse(xml, True)
    struck = {n for n, inside in enumerate(_FONT.findall(xml)) if _STRIKE.search(inside)}
    formats = _FORMATS.search(xml)
    fonts = _FORMAT_FONT.findall(formats[0]) if formats else []
    return frozenset(n for n, font in enumerate(fonts) if int(font) in struck)


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


def _elements(xml: bytes, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == wanted:
            found.append({local(key): value for key, value in attributes.items()})

    parser = strict_parser()
    parser.StartElementHandler = start
    parser.Parse(xml, True)
    return found


def _sheet(xml: bytes, struck: frozenset[int]) -> Marks:
    """One sheet's marks. It is parsed once to be sure that every cell is closed, then searched, which is
    many times faster than a call for every element."""
    strict_parser().Parse(xml, True)
    marks, place = Marks(), (0, -1)
    for attributes, inside in _CELL.findall(xml):
        found = _REFERENCE.search(attributes)
        if not found and b" r=" in attributes:
            raise ValueError("cell reference")
        place = (int(found[2]) - 1, _column(found[1])) if found else (place[0], place[1] + 1)
        style = _STYLE.search(attributes) if struck else None
        if style and int(style[1]) in struck:
            marks.struck.add(place)
        if inside:
            _mark(marks, place, attributes, inside)
    return marks


def _mark(marks: Marks, place: Place, attributes: bytes, inside: bytes) -> None:
    value = _VALUE.search(inside)
    formula = _FORMULA.search(inside) is not None
    if formula:
        marks.formulas.add(place)
    if _ERROR.search(attributes):
        marks.errors[place] = value[1].decode(errors="replace")[:20] if value else NO_RESULT
    elif formula and not (value and value[1]) and not _TEXT.search(attributes):
        marks.errors[place] = NO_RESULT
    marks.reach(place)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
