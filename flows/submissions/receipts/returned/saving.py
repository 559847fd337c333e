"""A workbook as bytes (存盘): the same workbook, the same bytes; computed cells keep what they showed.

openpyxl writes a formula without its result. A telephone's preview would show a blank, and whoever sends the
workbook back without opening it would be told that its formulas have no result.
"""

import re
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.utils.datetime import to_excel

from flows.submissions.formats.grid import Broken, Grid, Place, Raw, address

_PART = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_CELL = re.compile(r'<c r="([A-Z]+\d+)"([^<>]*)>(<f[^<>]*(?:/>|>[^<]*</f>))<v ?/?>(?:</v>)?</c>')
_TYPE = re.compile(r' t="[a-z]+"')
_SAVED_AT = re.compile(rb"<dcterms:(created|modified)([^<>]*)>[^<]*<")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def saved(book: Workbook, shown: Mapping[str, Grid]) -> bytes:
    """The workbook's bytes; `shown` are the grids by sheet name whose computed cells keep their results."""
    titles = [sheet.title for sheet in book.worksheets]
    plain, sealed = BytesIO(), BytesIO()
    book.save(plain)
    with ZipFile(plain) as parts, ZipFile(sealed, "w", ZIP_DEFLATED) as whole:
        for name in sorted(parts.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            content = parts.read(name)
            found = _PART.fullmatch(name)
            if found and (grid := shown.get(titles[int(found[1]) - 1])):
                content = _with_results(content.decode(), grid).encode()
            if name == "docProps/core.xml":
                content = _SAVED_AT.sub(rb"<dcterms:\1\g<2>>2000-01-01T00:00:00Z<", content)
            whole.writestr(ZipInfo(name, _EPOCH), content, ZIP_DEFLATED)
    return sealed.getvalue()


def _with_results(xml: str, grid: Grid) -> str:
    shown = {address(place): place for place in grid.formulas}

    def with_result(cell: re.Match[str]) -> str:
        kind, value = _result(grid, shown.get(cell[1]))
        attributes = _TYPE.sub("", cell[2])
        return f'<c r="{cell[1]}"{attributes}{kind}>{cell[3]}{value}</c>'

    return _CELL.sub(with_result, xml)


def _result(grid: Grid, place: Place | None) -> tuple[str, str]:
    raw: Raw = grid.raw(place) if place else ""
    match raw:
        case Broken(text):
            return (' t="e"', f"<v>{escape(text)}</v>") if text.startswith("#") else ("", "")
        case bool():
            return ' t="b"', f"<v>{int(raw)}</v>"
        case str():
            return (' t="str"', f"<v>{escape(raw)}</v>")
        case date():
            return "", f"<v>{to_excel(raw)}</v>"
        case int() | float():
            return "", f"<v>{raw!r}</v>"
    return "", ""
