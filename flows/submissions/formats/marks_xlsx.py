"""The marks of an .xlsx: its sheets' XML, streamed; entities and document types are refused outright."""

import posixpath
import re
from html import unescape
from io import BytesIO
from zipfile import ZipFile

from flows.submissions.formats import marks as cell_marks
from flows.submissions.formats import styles_xlsx
from flows.submissions.formats.grid import Place

_ROW_OR_CELL = re.compile(
    rb"<(?:\w+:)?(?:(row)(\s[^<>]*)?>|c(\s[^<>]*?)?(?:/>|>(.*?)</(?:\w+:)?c>))", re.DOTALL
)
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^<>]*)>")
_REFERENCE = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
_ROW_NUMBER = re.compile(rb"""\sr=["'](\d{1,7})["']""")
_HIDDEN = re.compile(rb"""(?:^|\s)hidden=["'](?:1|true)["']""")
_SIZE = re.compile(rb"""(?:^|\s)(ht|width)=["']([\d.]+)["']""")
_MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^<>]*?ref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']"""
)
_MARGIN = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)(?:\s[^<>]*)?>([^<]+)<")
_COMMENT = re.compile(
    rb"""<(?:\w+:)?comment\s[^<>]*?ref=["']([A-Z]{1,3})(\d{1,7})["'][^<>]*>(.*?)</(?:\w+:)?comment>""",
    re.DOTALL,
)
_SHAPE = re.compile(rb"<(?:\w+:)?txBody[\s>].*?</(?:\w+:)?txBody>", re.DOTALL)
_ERROR, _TEXT = re.compile(rb"""\st=["']e["']"""), re.compile(rb"""\st=["']str["']""")
_SHARED = re.compile(rb"""\st=["']s["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)<")
_STYLE = re.compile(rb"""\ss=["'](\d{1,6})["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RELATIONS, _STYLES, _STRINGS = "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml"


def marks_of(content: bytes) -> dict[str, cell_marks.Marks]:
    """Marks by sheet name."""
    with ZipFile(BytesIO(content)) as book:
        parts = {r["Id"]: r["Target"] for r in styles_xlsx.elements(book.read(_RELATIONS), "Relationship")}
        sheets = {
            s["name"]: parts.get(s.get("id", ""), "")
            for s in styles_xlsx.elements(book.read("xl/workbook.xml"), "sheet")
        }
        if len(sheets) > cell_marks.MAX_SHEETS:
            raise cell_marks.TooManySheetsError(len(sheets))
        known = set(book.namelist())
        shared = styles_xlsx.styles_of(
            *(book.read(part) if part in known else b"" for part in (_STYLES, _STRINGS))
        )
        paths = {
            name: posixpath.normpath(posixpath.join("xl", at)).lstrip("/") for name, at in sheets.items()
        }
        found = {name: _sheet(book.read(path), shared) for name, path in paths.items() if path in known}
        for name, marks in found.items():
            _beside(book, paths[name], marks)
        return found


def _beside(book: ZipFile, path: str, marks: cell_marks.Marks) -> None:
    """The sheet's comments and text boxes, which stand in parts of their own."""
    folder, _, file = path.rpartition("/")
    relations = f"{folder}/_rels/{file}.rels"
    known = set(book.namelist())
    for relation in styles_xlsx.elements(book.read(relations), "Relationship") if relations in known else ():
        kind = relation.get("Type", "").rpartition("/")[2]
        target = posixpath.normpath(posixpath.join("/" + folder, relation["Target"])).lstrip("/")
        if target in known and kind == "comments":
            for column, row, inside in _COMMENT.findall(book.read(target)):
                marks.comment((int(row) - 1, _column(column)), _text_in(inside))
        elif target in known and kind == "drawing":
            for body in _SHAPE.findall(book.read(target)):
                marks.note(cell_marks.TEXT_BOX, _text_in(body))


def _text_in(xml: bytes) -> str:
    return "".join(unescape(t.decode("utf-8", "replace")) for t in styles_xlsx.RUN_TEXT.findall(xml))


def _is_hidden(attributes: bytes) -> bool:
    """Whether a row or column is hidden, or so small that nothing in it is seen."""
    size = _SIZE.search(attributes)
    least = cell_marks.MIN_HEIGHT if size and size[1] == b"ht" else cell_marks.MIN_WIDTH
    return _HIDDEN.search(attributes) is not None or (size is not None and float(size[2]) < least)


def _sheet(xml: bytes, book: styles_xlsx.Styles) -> cell_marks.Marks:
    """One sheet's marks. It is parsed once to be sure that every cell is closed, then searched, which is
    many times faster than a call for every element. Rows and cells without a reference follow the one before."""
    styles_xlsx.strict_parser().Parse(xml, True)
    marks, place = cell_marks.Marks(), (-1, -1)
    for column in filter(_is_hidden, _COLUMN.findall(xml)):
        span = dict(styles_xlsx.attributes_of(column))
        marks.hidden_columns.update(range(int(span["min"]) - 1, min(int(span["max"]), 16_384)))
    for match in _ROW_OR_CELL.finditer(xml):
        is_row, row, cell, inside = match.groups()
        if is_row:
            number = _ROW_NUMBER.search(row or b"")
            place = (int(number[1]) - 1 if number else place[0] + 1), -1
            marks.hidden_rows.update([place[0]] if _is_hidden(row or b"") else ())
            continue
        at = _REFERENCE.search(cell or b"")
        if not at and b" r=" in (cell or b""):
            raise ValueError("cell reference")
        place = (int(at[2]) - 1, _column(at[1])) if at else (place[0], place[1] + 1)
        _mark(marks, place, cell or b"", inside or b"", book)
    for left, top, right, bottom in _MERGED.findall(xml):
        _cover(marks, (int(top) - 1, _column(left)), (int(bottom) - 1, _column(right)))
    for text in _MARGIN.findall(xml):
        marks.note(
            cell_marks.PAGE_MARGIN, cell_marks.MARGIN_CODE.sub(" ", unescape(text.decode("utf-8", "replace")))
        )
    return marks


def _cover(marks: cell_marks.Marks, first: Place, last: Place) -> None:
    """Mark the cells with something in them that a merged range covers: all but its first."""
    inside = (
        range(first[0], min(last[0], marks.last_row) + 1),
        range(first[1], min(last[1], marks.last_column) + 1),
    )
    for row in inside[0] if len(inside[0]) * len(inside[1]) < cell_marks.MAX_COVERED else ():
        marks.suffixes |= {
            (row, column): cell_marks.COVERED for column in inside[1] if (row, column) != first
        }


def _mark(
    marks: cell_marks.Marks, place: Place, attributes: bytes, inside: bytes, book: styles_xlsx.Styles
) -> None:
    style = _STYLE.search(attributes)
    number = int(style[1]) if style else -1
    if number in book.struck:
        marks.struck.add(place)
    if not inside:
        return
    value = _VALUE.search(inside)
    if value and (number in book.codes or number in book.unseen):
        suffix = cell_marks.suffix_of_format(book.codes.get(number, ""), value[1].startswith(b"-"))
        marks.suffixes[place] = cell_marks.UNSEEN if number in book.unseen else suffix
    formula = _FORMULA.search(inside) is not None
    marks.formulas.update([place] if formula else ())
    if _ERROR.search(attributes):
        marks.errors[place] = value[1].decode(errors="replace")[:20] if value else cell_marks.NO_RESULT
    elif formula and not (value and value[1]) and not _TEXT.search(attributes):
        marks.errors[place] = cell_marks.NO_RESULT
    if runs := _runs_of(attributes, inside, value[1] if value else b"", book):
        marks.texts[place] = runs[0]
        marks.struck.update([place] if runs[1] else [])
    marks.reach(place)


def _runs_of(
    attributes: bytes, inside: bytes, value: bytes, book: styles_xlsx.Styles
) -> tuple[str, bool] | None:
    """A cell's text in several fonts, shared or its own; None where it has none."""
    if book.strings and value and _SHARED.search(attributes):
        return book.strings.get(int(value))
    return styles_xlsx.runs_in(inside) if styles_xlsx.has_marks(inside) else None


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
