"""Excel 5 and 95 (BIFF5), as the oldest offices still send it: the reader of values garbles its Chinese texts.

Texts are in the file's own code page, numbers as in later formats; what is not a cell with a value is left aside.
"""

from collections.abc import Iterator
from struct import unpack_from

from flows.submissions.formats.grid import Grid, Place, Raw
from flows.submissions.formats.marks_xls import records, workbook_stream

_BOF, _VERSION_5 = 0x0809, 0x0500
_CODE_PAGE, _FILEPASS, _BOUNDSHEET = 0x0042, 0x002F, 0x0085
_LABEL, _NUMBER, _RK, _MULRK, _BOOLEAN = (0x0204, 0x00D6), 0x0203, 0x027E, 0x00BD, 0x0205
_FORMULA, _RESULT = (0x0006, 0x0206, 0x0406), 0x0207
_CHINESE = 936


def is_excel_5(content: bytes) -> bool:
    """Whether the compound file holds a workbook of that version."""
    stream = workbook_stream(content)
    return len(stream) > 8 and unpack_from("<HHH", stream)[::2] == (_BOF, _VERSION_5)


def is_locked(content: bytes) -> bool:
    """Whether its records are encrypted."""
    return any(kind == _FILEPASS for kind, _ in records(workbook_stream(content), 0))


def grids_of(content: bytes, most_rows: int, most_columns: int) -> list[tuple[int, Grid]]:
    """Its worksheets, each with its number in the workbook's own list."""
    stream = workbook_stream(content)
    globals_ = list(records(stream, 0))
    page = next((unpack_from("<H", body)[0] for kind, body in globals_ if kind == _CODE_PAGE), _CHINESE)
    sheets = [body for kind, body in globals_ if kind == _BOUNDSHEET]
    found = []
    for number, body in enumerate(sheets):
        start, hidden, sort, length = unpack_from("<IBBB", body)
        if sort == 0:
            name = _text(body[7 : 7 + length], page)
            cells = list(_cells(stream, start, page))
            inside = [(at, v) for at, v in cells if at[0] < most_rows and at[1] < most_columns]
            found.append((number, Grid(name, _rows(inside), hidden == 0)))
    return found


def _cells(stream: bytes, start: int, page: int) -> Iterator[tuple[Place, Raw]]:
    place: Place = (0, 0)
    for kind, body in records(stream, start):
        if kind == _RESULT:
            yield place, _text(body[2 : 2 + unpack_from("<H", body)[0]], page)
        elif kind == _MULRK:
            row, column = unpack_from("<HH", body)
            for n in range((len(body) - 6) // 6):
                yield (row, column + n), _packed(unpack_from("<I", body, 6 + 6 * n)[0])
        elif kind in (*_LABEL, _NUMBER, _RK, _BOOLEAN, *_FORMULA):
            place = unpack_from("<HH", body)
            value = _value(kind, body, page)
            if value is not None:
                yield place, value


def _value(kind: int, body: bytes, page: int) -> Raw | None:
    if kind in _LABEL:
        return _text(body[8 : 8 + unpack_from("<H", body, 6)[0]], page)
    if kind == _RK:
        return _packed(unpack_from("<I", body, 6)[0])
    if kind == _BOOLEAN:
        return None if body[7] else bool(body[6])
    if kind in _FORMULA and body[12:14] == b"\xff\xff":
        return None  # a text follows in a record of its own; an error is a mark
    number: float = unpack_from("<d", body, 6)[0]
    return number


def _packed(number: int) -> float:
    """A number in thirty bits: an integer or the upper half of a float, perhaps a hundredfold."""
    if number & 2:
        value = float((number - (1 << 32) if number >> 31 else number) >> 2)
    else:
        value = unpack_from("<d", bytes(4) + (number & ~3).to_bytes(4, "little"))[0]
    return value / 100 if number & 1 else value


def _text(raw: bytes, page: int) -> str:
    return raw.decode("gb18030" if page == _CHINESE else "cp1252", "replace")


def _rows(cells: list[tuple[Place, Raw]]) -> list[list[Raw]]:
    height = 1 + max((row for (row, _), _ in cells), default=-1)
    rows: list[list[Raw]] = [[] for _ in range(height)]
    for (row, column), value in cells:
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = value
    return rows
