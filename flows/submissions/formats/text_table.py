"""A table saved as text (CSV): UTF-8 with or without a mark, UTF-16, GB18030; comma, tab or semicolon."""

import csv
import re
from io import StringIO
from itertools import islice

from flows.submissions.formats.grid import Grid

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LONGEST_CELL = 40_000
_DELIMITERS = ",\t;|"
_DECLARED = re.compile(
    r"""["']?sep=(.)["']?\r?\n""", re.IGNORECASE
)  # what Excel writes and reads in a first line


class NotATableError(ValueError):
    """Bytes that are not a table in any of these encodings."""


def read_text(name: str, content: bytes, most_rows: int, most_columns: int) -> Grid:
    """The table as a grid of texts; NotATableError (in Chinese) for anything else."""
    text = _decoded(content)
    if any(c < " " and c not in "\t\r\n" for c in text[:10_000]):
        raise NotATableError("文件类型不认识，不是表格")
    declared = _DECLARED.match(text)
    delimiter = declared[1] if declared else _delimiter(text)
    csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = list(islice(csv.reader(StringIO(text, newline=""), delimiter=delimiter), most_rows))
    except csv.Error:
        raise NotATableError("文件不是表格，或者表格已损坏") from None
    if declared:
        rows[0] = []
    return Grid(name, [list(row[:most_columns]) for row in rows])


def _delimiter(text: str) -> str:
    """The one that the most lines are divided by; a title may hold a comma where the table is of tabs."""
    lines = text.splitlines()[:200]
    return max(_DELIMITERS, key=lambda d: (sum(d in line for line in lines), text.count(d)))


def _decoded(content: bytes) -> str:
    """Exact where it can be: what is valid UTF-8 is UTF-8, a guess from frequencies would not do."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode(content, encoding)
    if b"\0" in content[:200]:
        return _decode(content, "utf-16-le" if content[1:2] == b"\0" else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(content, "gb18030")


def _decode(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise NotATableError("文件类型不认识，不是表格") from None
