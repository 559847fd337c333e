"""A web page saved as a workbook (.xls that is HTML): its tables as one grid, merged cells at their first place."""

import re
from html.parser import HTMLParser

from flows.submissions.formats.grid import Grid, Raw
from flows.submissions.formats.text_table import NotATableError

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_STARTS = re.compile(rb"\s*<(?:!doctype\s+html|html|head|meta|body|table|style|div)\b", re.IGNORECASE)
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "x-gbk"})
_SILENT = frozenset({"script", "style", "title", "comment"})  # a cell's comment is no value
_LONGEST_CELL = 40_000


def is_page(content: bytes) -> bool:
    """Whether the bytes begin like a web page."""
    return _STARTS.match(content.removeprefix(b"\xef\xbb\xbf")[:400]) is not None


def read_page(name: str, content: bytes, most_rows: int, most_columns: int) -> Grid:
    """All tables of the page, one below the other; NotATableError (in Chinese) where it has none."""
    reader = _Tables(most_rows, most_columns)
    reader.feed(_decoded(content))
    reader.close()
    if not reader.rows:
        raise NotATableError("文件内容是网页（HTML），里面没有表格")
    return Grid(name, [list[Raw](row) for row in reader.rows])


def _decoded(content: bytes) -> str:
    named = _CHARSET.search(content[:2_000])
    encoding = named[1].decode().lower() if named else "utf-8"
    for one in ("gb18030" if encoding in _CHINESE else encoding, "utf-8-sig", "gb18030"):
        try:
            return content.decode(one)
        except (UnicodeDecodeError, LookupError):
            continue
    raise NotATableError("文件内容是网页，文字编码不认识")


class _Tables(HTMLParser):
    """Rows of texts as the page streams by. A cell that spans others keeps their places free."""

    def __init__(self, most_rows: int, most_columns: int) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._most_rows, self._most_columns = most_rows, most_columns
        self._taken: dict[int, int] = {}  # column → how many rows below are covered from above
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, row or cell begins, whether or not the one before was closed."""
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._taken = {}
        elif tag == "tr":
            self._close_cell()
            if len(self.rows) < self._most_rows:
                self.rows.append([])
        elif tag in ("td", "th"):
            self._close_cell()
            self._cell, self._span = [], (_span(attrs, "rowspan"), _span(attrs, "colspan"))
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A cell ends with itself, its row or its table."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag in ("td", "th", "tr", "table"):
            self._close_cell()

    def handle_data(self, data: str) -> None:
        """Text, if it stands in a cell."""
        if self._cell is not None and not self._silent:
            self._cell.append(re.sub(r"[\t\r\n]+", " ", data))

    def _close_cell(self) -> None:
        if self._cell is None or not self.rows:
            return
        row, text = self.rows[-1], "".join(self._cell)[:_LONGEST_CELL].strip()
        self._pass_covered(row)
        down, right = self._span
        for n in range(min(right, self._most_columns - len(row))):
            if down > 1:
                self._taken[len(row)] = down - 1
            row.append("" if n else text)
        self._cell = None

    def _pass_covered(self, row: list[str]) -> None:
        while self._taken.get(len(row), 0) > 0:
            self._taken[len(row)] -= 1
            row.append("")


def _span(attributes: list[tuple[str, str | None]], name: str) -> int:
    text = dict(attributes).get(name) or "1"
    return min(max(int(text), 1), 5_000) if text.isdigit() and len(text) < 6 else 1
