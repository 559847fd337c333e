"""The marks of an .xls (also .et): the records of its workbook stream, found through the compound file's tables."""

from collections.abc import Iterator
from struct import unpack_from

from flows.submissions.formats.grid import Place
from flows.submissions.formats.marks import Marks

_FORMULA, _BOOLERR, _BOUNDSHEET, _BOF, _EOF = (0x0006, 0x0206, 0x0406), 0x0205, 0x0085, 0x0809, 0x000A
_FONT, _FORMAT, _NUMBERS, _STRIKE = 0x0031, 0x00E0, 0x00BD, 0x0008
_CELLS = frozenset(
    {*_FORMULA, _BOOLERR, 0x0002, 0x0003, 0x0004, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x027E}
)
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_LAST_SECTOR = 0xFFFFFFFA
_NAMES, _ROOT = ("Workbook", "Book"), "Root Entry"


def marks_of(content: bytes) -> list[Marks]:
    """Marks of each sheet, in the order of the workbook's own list of sheets."""
    stream = workbook_stream(content)
    starts = [unpack_from("<I", body)[0] for kind, body in records(stream, 0) if kind == _BOUNDSHEET]
    struck = _struck_formats(stream)
    return [_sheet(stream, start, struck) for start in starts]


def _struck_formats(stream: bytes) -> frozenset[int]:
    """The numbers of the cell formats whose font is struck through; no font bears the number 4."""
    fonts = [
        unpack_from("<H", body, 2)[0] & _STRIKE != 0 for kind, body in records(stream, 0) if kind == _FONT
    ]
    fonts.insert(4, False)
    formats = [unpack_from("<H", body)[0] for kind, body in records(stream, 0) if kind == _FORMAT]
    return frozenset(n for n, font in enumerate(formats) if font < len(fonts) and fonts[font])


def _formats(kind: int, body: bytes) -> Iterator[tuple[Place, int]]:
    """The cells of a record with the number of their format: one, or a row of numbers."""
    row, column, format_number = unpack_from("<HHH", body)
    yield (row, column), format_number
    if kind == _NUMBERS:
        for n in range(1, (len(body) - 6) // 6):
            yield (row, column + n), unpack_from("<H", body, 4 + 6 * n)[0]


def _sheet(stream: bytes, start: int, struck: frozenset[int]) -> Marks:
    marks = Marks()
    for kind, body in records(stream, start):
        place: Place = unpack_from("<HH", body) if kind in _CELLS else (0, 0)
        marks.reach(place)
        if struck and kind in _CELLS:
            marks.struck.update(at for at, number in _formats(kind, body) if number in struck)
        if kind in _FORMULA:
            marks.formulas.add(place)
            if body[12:14] == b"\xff\xff" and body[6] == 2:
                marks.errors[place] = _ERRORS.get(body[8], "#ERR")
        elif kind == _BOOLERR and body[7]:
            marks.errors[place] = _ERRORS.get(body[6], "#ERR")
    return marks


def records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """One substream's records (kind, contents), from its opening to its end; charts inside are passed over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        if depth <= 0:
            return
        at += 4 + length


def workbook_stream(content: bytes) -> bytes:
    """The stream named Workbook (or Book) of a compound file; short streams lie inside the root's own."""
    size = 1 << unpack_from("<H", content, 30)[0]
    sectors = content[size:]
    table = _allocation(content, sectors, size)
    directory = _chain(sectors, size, table, unpack_from("<I", content, 48)[0])
    entries = {_name(e): unpack_from("<II", e, 116) for e in _pieces(directory, 128)}
    first, length = next((entries[name] for name in _NAMES if name in entries), (_LAST_SECTOR, 0))
    if length >= unpack_from("<I", content, 56)[0]:
        return _chain(sectors, size, table, first)[:length]
    short = _chain(sectors, size, table, unpack_from("<I", content, 60)[0])
    inside = _chain(sectors, size, table, entries.get(_ROOT, (_LAST_SECTOR, 0))[0])
    return _chain(inside, 64, _numbers(short), first)[:length]


def _name(entry: bytes) -> str:
    return entry[: max(0, unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", "ignore")


def _pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data) - size + 1, size)]


def _numbers(data: bytes) -> tuple[int, ...]:
    return unpack_from(f"<{len(data) // 4}I", data)


def _allocation(content: bytes, sectors: bytes, size: int) -> tuple[int, ...]:
    """Which sector follows which: the table's own sectors are listed in the header and in further lists."""
    listed = list(unpack_from("<109I", content, 76))
    following = unpack_from("<I", content, 68)[0]
    while following < _LAST_SECTOR and len(listed) * size < len(content):
        *more, following = _numbers(_sector(sectors, size, following))
        listed += more
    return _numbers(b"".join(_sector(sectors, size, s) for s in listed if s < _LAST_SECTOR))


def _sector(data: bytes, size: int, number: int) -> bytes:
    return data[number * size : (number + 1) * size]


def _chain(data: bytes, size: int, table: tuple[int, ...], first: int) -> bytes:
    """A stream's sectors one after another; a ring ends when every sector has been seen."""
    pieces: list[bytes] = []
    while first < len(table) and len(pieces) <= len(table):
        pieces.append(_sector(data, size, first))
        first = table[first]
    return b"".join(pieces)
