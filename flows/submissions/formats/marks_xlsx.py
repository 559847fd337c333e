"""The marks of an .xlsx: its sheets' XML, streamed; entities and document types are refused outright."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from typing import NoReturn
from xml.parsers import expat
from zipfile import ZipFile

from flows.submissions.formats.grid import Place
from flows.submissions.formats.marks import (
    MOST_SHEETS,
    NO_RESULT,
    Marks,
    Run,
    TooManySheetsError,
    suffix_of_format,
    text_of_runs,
)

_ROW_OR_CELL = re.compile(
    rb"<(?:\w+:)?(?:(row)(\s[^<>]*)?>|c(\s[^<>]*?)?(?:/>|>(.*?)</(?:\w+:)?c>))", re.DOTALL
)
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^<>]*)>")
_REFERENCE = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
_ROW_NUMBER = re.compile(rb"""\sr=["'](\d{1,7})["']""")
_HIDDEN = re.compile(rb"""(?:^|\s)hidden=["'](?:1|true)["']|(?:^|\s)(?:ht|width)=["']0(?:\.0+)?["']""")
_ERROR, _TEXT = re.compile(rb"""\st=["']e["']"""), re.compile(rb"""\st=["']str["']""")
_SHARED = re.compile(rb"""\st=["']s["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)<")
_STYLE = re.compile(rb"""\ss=["'](\d{1,6})["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_STRING = re.compile(rb"<(?:\w+:)?si(?:\s[^<>]*)?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_RUN = re.compile(rb"<(?:\w+:)?r(?:\s[^<>]*)?>(.*?)</(?:\w+:)?r>", re.DOTALL)
_RUN_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^<>]*)?>([^<]*)<")
_RAISED = re.compile(rb"""<(?:\w+:)?vertAlign\s+val=["'](super|sub)script["']""")
_STRIKE = re.compile(rb"""<(?:\w+:)?strike(?:\s+val=["'](?:1|true)["'])?\s*/>""")
_FONT = re.compile(rb"<(?:\w+:)?font(?:\s[^<>]*)?(?:/>|>(.*?)</(?:\w+:)?font>)", re.DOTALL)
_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", re.DOTALL)
_FORMAT = re.compile(rb"<(?:\w+:)?xf\s([^<>]*)>")
_RELATIONS, _STYLES, _STRINGS = "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml"
_Runs = dict[int, tuple[str, bool]]  # number of a shared string → its text with its marks, whether struck


@dataclass(frozen=True, slots=True)
class _Book:
    """What all sheets share: cell formats that are struck through or add to a number, strings in several fonts."""

    struck: frozenset[int] = frozenset()
    codes: dict[int, str] = field(default_factory=dict)
    strings: _Runs = field(default_factory=dict)


def marks_of(content: bytes) -> dict[str, Marks]:
    """Marks by sheet name."""
    with ZipFile(BytesIO(content)) as book:
        parts = {r["Id"]: r["Target"] for r in _elements(book.read(_RELATIONS), "Relationship")}
        sheets = {
            s["name"]: parts.get(s.get("id", ""), "")
            for s in _elements(book.read("xl/workbook.xml"), "sheet")
        }
        if len(sheets) > MOST_SHEETS:
            raise TooManySheetsError(len(sheets))
        known = set(book.namelist())
        shared = _shared(*(book.read(part) if part in known else b"" for part in (_STYLES, _STRINGS)))
        paths = {
            name: posixpath.normpath(posixpath.join("xl", at)).lstrip("/") for name, at in sheets.items()
        }
        return {name: _sheet(book.read(path), shared) for name, path in paths.items() if path in known}


def _shared(styles: bytes, strings: bytes) -> _Book:
    for xml in filter(None, (styles, strings)):
        strict_parser().Parse(xml, True)
    struck = {n for n, inside in enumerate(_FONT.findall(styles)) if _STRIKE.search(inside)}
    codes = {int(f["numFmtId"]): f["formatCode"] for f in _elements(styles, "numFmt")} if styles else {}
    formats = _FORMATS.search(styles)
    found = [dict(_attributes(xf)) for xf in _FORMAT.findall(formats[0])] if formats else []
    return _Book(
        frozenset(n for n, xf in enumerate(found) if int(xf.get("fontId", 0)) in struck),
        {
            n: code
            for n, xf in enumerate(found)
            if (code := codes.get(int(xf.get("numFmtId", 0)), "")) and suffix_of_format(code)
        },
        {n: _runs(inside) for n, inside in enumerate(_STRING.findall(strings)) if _has_marks(inside)},
    )


def _attributes(xml: bytes) -> Iterator[tuple[str, str]]:
    for name, value in re.findall(rb"""(\w+)=["']([^"']*)["']""", xml):
        yield name.decode(), value.decode()


def _has_marks(inside: bytes) -> bool:
    return b"vertAlign" in inside or b"strike" in inside


def _runs(inside: bytes) -> tuple[str, bool]:
    runs = []
    for run in _RUN.findall(inside):
        raised = _RAISED.search(run)
        text = "".join(unescape(t.decode("utf-8", "replace")) for t in _RUN_TEXT.findall(run))
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


def _elements(xml: bytes, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == wanted:
            found.append({local(key): value for key, value in attributes.items()})

    parser = strict_parser()
    parser.StartElementHandler = start
    parser.Parse(xml, True)
    return found


def _sheet(xml: bytes, book: _Book) -> Marks:
    """One sheet's marks. It is parsed once to be sure that every cell is closed, then searched, which is
    many times faster than a call for every element. Rows and cells without a reference follow the one before."""
    strict_parser().Parse(xml, True)
    marks, place = Marks(), (-1, -1)
    for found in _COLUMN.findall(xml):
        if _HIDDEN.search(found):
            span = dict(_attributes(found))
            marks.hidden_columns.update(range(int(span["min"]) - 1, min(int(span["max"]), 16_384)))
    for match in _ROW_OR_CELL.finditer(xml):
        is_row, row, cell, inside = match.groups()
        if is_row:
            number = _ROW_NUMBER.search(row or b"")
            place = (int(number[1]) - 1 if number else place[0] + 1), -1
            if row and _HIDDEN.search(row):
                marks.hidden_rows.add(place[0])
            continue
        at = _REFERENCE.search(cell or b"")
        if not at and b" r=" in (cell or b""):
            raise ValueError("cell reference")
        place = (int(at[2]) - 1, _column(at[1])) if at else (place[0], place[1] + 1)
        _mark(marks, place, cell or b"", inside or b"", book)
    return marks


def _mark(marks: Marks, place: Place, attributes: bytes, inside: bytes, book: _Book) -> None:
    style = _STYLE.search(attributes) if book.struck or book.codes else None
    number = int(style[1]) if style else -1
    if number in book.struck:
        marks.struck.add(place)
    if not inside:
        return
    value = _VALUE.search(inside)
    if number in book.codes and value:
        marks.suffixes[place] = suffix_of_format(book.codes[number], value[1].startswith(b"-"))
    formula = _FORMULA.search(inside) is not None
    if formula:
        marks.formulas.add(place)
    if _ERROR.search(attributes):
        marks.errors[place] = value[1].decode(errors="replace")[:20] if value else NO_RESULT
    elif formula and not (value and value[1]) and not _TEXT.search(attributes):
        marks.errors[place] = NO_RESULT
    _mark_runs(marks, place, _runs_of(attributes, inside, value[1] if value else b"", book))
    marks.reach(place)


def _runs_of(attributes: bytes, inside: bytes, value: bytes, book: _Book) -> tuple[str, bool] | None:
    """A cell's text in several fonts, shared or its own; None where it has none."""
    if book.strings and value and _SHARED.search(attributes):
        return book.strings.get(int(value))
    return _runs(inside) if _has_marks(inside) else None


def _mark_runs(marks: Marks, place: Place, runs: tuple[str, bool] | None) -> None:
    if runs:
        marks.texts[place], struck = runs
        if struck:
            marks.struck.add(place)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
