"""A workbook as Excel 5 and 95 stored it (BIFF5, code page 936), record by record: no program here still writes it."""

import struct
from collections.abc import Iterable, Sequence

Cell = str | float | None
_SECTOR, _END, _FREE, _FAT = 512, -2, -1, -3
_CODE_PAGE = "cp936"


def excel_5(sheet: str, rows: Sequence[Sequence[Cell]], more: bytes = b"", before_all: bytes = b"") -> bytes:
    """One sheet of texts and numbers, and `more` of its records; `before_all` come before everything's own."""
    name = sheet.encode(_CODE_PAGE)
    fonts = [record(0x31, struct.pack("<4HH5xB", 200, 0, 0x7FFF, 400, 0, 4) + b"Song")] * 5
    formats = [record(0x41E, struct.pack("<HB", 164, 5) + b"#,##0")]
    styles = [record(0xE0, struct.pack("<HHH10x", 0, number, 0xFFF5 if n < 15 else 1)) for n, number in
              enumerate([0] * 16 + [164])]  # fmt: skip
    before = [_bof(5), before_all, record(0x42, struct.pack("<H", 936)), *fonts, *formats, *styles]
    start = sum(map(len, before)) + len(_bound(0, name)) + len(record(0x0A, b""))
    sheets = [_bof(16), _size(rows), *_cells(rows), more, record(0x0A, b"")]
    return _compound(b"".join([*before, _bound(start, name), record(0x0A, b""), *sheets]))


def record(kind: int, body: bytes) -> bytes:
    """One record: its kind, its length, its contents."""
    return struct.pack("<HH", kind, len(body)) + body


def _bof(kind: int) -> bytes:
    return record(0x809, struct.pack("<HHHH", 0x500, kind, 0x0DBB, 0x07CC))


def _bound(start: int, name: bytes) -> bytes:
    return record(0x85, struct.pack("<IHB", start, 0, len(name)) + name)


def _size(rows: Sequence[Sequence[Cell]]) -> bytes:
    return record(0x200, struct.pack("<HHHHH", 0, len(rows), 0, max(map(len, rows)), 0))


def _cells(rows: Sequence[Sequence[Cell]]) -> Iterable[bytes]:
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str) and value:
                text = value.encode(_CODE_PAGE)
                yield record(0x204, struct.pack("<HHHH", r, c, 15, len(text)) + text)
            elif isinstance(value, int):
                yield record(0x27E, struct.pack("<HHHi", r, c, 16, value << 2 | 2))
            elif isinstance(value, float):
                yield record(0x203, struct.pack("<HHHd", r, c, 16, value))


def _compound(stream: bytes) -> bytes:
    """The stream `Book` in a compound file: header, allocation table, directory, stream."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // _SECTOR)
    chain = [_FAT, _END, *range(3, sectors + 2), _END]
    table = struct.pack("<128i", *chain, *[_FREE] * (128 - len(chain)))
    header = struct.pack(
        "<8s16sHHHHH6xiiiiiiiii", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1,
        0, 4096, _END, 0, _END, 0,
    ) + struct.pack("<109i", 0, *[_FREE] * 108)  # fmt: skip
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Book", 2, -1, 2, len(stream)) + bytes(256)
    return header + table + directory + stream.ljust(sectors * _SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return struct.pack(
        "<64sHBBiii16xI8x8xiIi", text, len(text), kind, 1, -1, -1, child, 0, start, size, 0
    )  # fmt: skip
