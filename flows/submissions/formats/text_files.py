"""Tables saved as text (CSV) or as a web page (.xls that is HTML): each as one grid; NotATableError for anything else.

CSV in UTF-8 with or without a mark, UTF-16, GB18030; comma, tab, semicolon or bar. Of a page the tables stand one below
the other, merged cells at their first place, what is not shown left out."""

import csv
import re
from html.parser import HTMLParser
from io import StringIO
from itertools import islice

from flows.submissions.formats.grid import Broken, Grid, Raw
from flows.submissions.formats.marks import UNSEEN, Run, text_of_runs

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_LONGEST_CELL = 40_000
_DELIMITERS = ",\t;|"
_DECLARED = re.compile(
    r"""["']?sep=(.)["']?\r?\n""", re.IGNORECASE
)  # what Excel writes and reads in a first line


class NotATableError(ValueError):
    """Bytes that are not a table in any of these encodings."""


def read_text(name: str, content: bytes, max_rows: int, max_columns: int) -> Grid:
    """The table as a grid of texts; NotATableError (in Chinese) for anything else."""
    text = _decoded(content)
    if any(c < " " and c not in "\t\r\n" for c in text[:10_000]):
        raise NotATableError("文件类型不认识，不是表格")
    declared = _DECLARED.match(text)
    lines = text.splitlines()[:200]  # the one that the most lines are divided by: a title may hold a comma
    usual = max(_DELIMITERS, key=lambda d: (sum(d in line for line in lines), text.count(d)))
    delimiter = declared[1] if declared else usual
    csv.field_size_limit(_LONGEST_CELL)
    try:
        rows = list(islice(csv.reader(StringIO(text, newline=""), delimiter=delimiter), max_rows))
    except csv.Error:
        raise NotATableError("文件不是表格，或者表格已损坏") from None
    if declared:
        rows[0] = []
    return Grid(name, [list(row[:max_columns]) for row in rows])


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


_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_STARTS = re.compile(
    rb"(?:\s|<\?xml[^>]*\?>|<!--.*?-->)*<(?:!doctype\s+html|html|head|meta|body|table|style|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_CLASS = re.compile(r"\.([\w-]+)\s*\{([^}]*)\}")
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "x-gbk"})
_SILENT = frozenset(
    {"script", "style", "title", "comment", "select", "textarea"}
)  # a cell's comment is no value
_STRUCK, _RAISED, _LOWERED = frozenset({"s", "strike", "del"}), frozenset({"sup", "small", "a", "rt"}), "sub"
_INLINE = frozenset(
    {"span", "font", "b", "i", "u", "em", "strong", "p", "ruby", *_STRUCK, *_RAISED, _LOWERED}
)
_NOT_SHOWN = re.compile(
    r"display:\s*none|visibility:\s*hidden|font-size:\s*[012](?:\.\d+)?(?:p[tx]|\s*[;}]|\s*$)"
    r"|opacity:\s*0*\.?0*(?![.\d])|(?:left|top|text-indent):\s*-\d{3}"
)
_LIGHT = r"(?:2[45]\d|9[5-9]%|100%)"  # of 255
_WHITE = re.compile(
    rf"(?:^|[;\s])color:\s*(?:white|transparent|#f[\da-f]{{2}}\b(?<=#fff)|#(?:f[\da-f]){{3}}\b|rgba?\({_LIGHT}[\s,]+{_LIGHT}[\s,]+{_LIGHT}"
    r"|rgba\([^)]*,\s*0(?:\.0+)?\))"
)
_MOVED_UP = re.compile(
    r"vertical-align:\s*(?:super|text-top|[\d.]*[1-9][\d.]*(?:%|p[tx]|em))|position:\s*relative"
)
_FIRST_BYTES = 10_000


def is_page(content: bytes) -> bool:
    """Whether the bytes begin like a web page, after a declaration or comments."""
    return _STARTS.match(content.removeprefix(b"\xef\xbb\xbf")[:_FIRST_BYTES]) is not None


def read_page(name: str, content: bytes, max_rows: int, max_columns: int) -> Grid:
    """All tables of the page, one below the other; NotATableError (in Chinese) where it has none."""
    text = _decoded_page(content)
    reader = _Tables(max_rows, max_columns, dict(_CLASS.findall(text)))
    reader.feed(text)
    reader.close()
    if not reader.rows:
        raise NotATableError("文件内容是网页（HTML），里面没有表格")
    return Grid(
        name,
        reader.rows,
        hidden_rows=frozenset(reader.hidden_rows),
        hidden_columns=frozenset(reader.hidden_columns),
    )


def _decoded_page(content: bytes) -> str:
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

    def __init__(self, max_rows: int, max_columns: int, classes: dict[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[Raw]] = []
        self.hidden_rows, self.hidden_columns = set[int](), set[int]()
        self._max_rows, self._max_columns, self._classes = max_rows, max_columns, classes
        self._taken: dict[int, int] = {}  # column → how many rows below are covered from above
        self._cell: list[Run] | None = None
        self._looks: list[tuple[str, Run | None]] = []  # open tags, what they make of a text; None: not shown
        self._row_look = Run("")
        self._span = (1, 1)
        self._column = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, row or cell begins, whether or not the one before was closed."""
        css = self._css(attrs)
        if tag in _SILENT:
            self._silent += 1
        elif tag in ("table", "col", "tr"):
            self._start_row_or_column(tag, attrs, _is_hidden(css, attrs))
        elif tag in ("td", "th"):
            self._close_cell()
            hidden = _is_hidden(css, attrs)
            self._cell, self._span = (
                None if hidden else [],
                (_number(attrs, "rowspan"), _number(attrs, "colspan")),
            )
            self._looks = [("tr", self._row_look), (tag, _style_of(tag, css))]
        elif tag == "br" and self._cell is not None:
            self._cell.append(Run("\n"))
        elif tag in _INLINE and self._cell is not None and len(self._looks) < 100:
            colour = (dict(attrs).get("color") or "").lower()
            self._looks.append((tag, _style_of(tag, f"{css};color:{colour}" if colour else css)))

    def _start_row_or_column(self, tag: str, attrs: list[tuple[str, str | None]], hidden: bool) -> None:
        if tag == "table":
            self._taken, self._column = {}, 0
        elif tag == "col":
            end = min(self._column + _number(attrs, "span"), self._max_columns)
            self.hidden_columns.update(range(self._column, end) if hidden else ())
            self._column = end
        else:
            self._close_cell()
            look = _style_of(tag, self._css(attrs))
            self._row_look, hidden = look or Run(""), hidden or look is None
            if len(self.rows) < self._max_rows:
                self.rows.append([])
                self.hidden_rows.update([len(self.rows) - 1] if hidden else ())

    def handle_endtag(self, tag: str) -> None:
        """A cell ends with itself, its row or its table."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag in ("td", "th", "tr", "table"):
            self._close_cell()
        elif tag in (name for name, _ in self._looks):
            while self._looks.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Text, if it stands in a cell."""
        if self._cell is not None and not self._silent:
            looks = [look for _, look in self._looks if look]
            text = re.sub(r"[\t\r\n]+", " ", data) if len(looks) == len(self._looks) else ""
            struck, raised, lowered, white = (
                any(getattr(look, kind) for look in looks)
                for kind in ("struck", "raised", "lowered", "white")
            )
            self._cell.append(Run(text, struck, raised, lowered, white))

    def _css(self, attrs: list[tuple[str, str | None]]) -> str:
        named = dict(attrs)
        classes = (self._classes.get(name, "") for name in (named.get("class") or "").split())
        return ";".join([named.get("style") or "", *classes]).lower()

    def _close_cell(self) -> None:
        if self._cell is None or not self.rows:
            return
        row = self.rows[-1]
        text, struck = text_of_runs(self._cell)
        text = text[:_LONGEST_CELL].strip()
        if text[:1].isdigit() and any(run.white and run.text.strip() for run in self._cell):
            text += UNSEEN
        while self._taken.get(len(row), 0) > 0:
            self._taken[len(row)] -= 1
            row.append("")
        down, right = self._span
        for n in range(min(right, self._max_columns - len(row))):
            if down > 1:
                self._taken[len(row)] = down - 1
            row.append("" if n else Broken(text, struck=True) if struck else text)
        self._cell, self._looks = None, []


def _style_of(tag: str, css: str) -> Run | None:
    """What a tag makes of its text; None where it is not shown."""
    if _NOT_SHOWN.search(css):
        return None
    return Run(
        "", tag in _STRUCK or "line-through" in css,
        tag in _RAISED or _MOVED_UP.search(css) is not None,
        tag == _LOWERED or re.search(r"vertical-align:\s*sub\b", css) is not None,
        _WHITE.search(css) is not None and "background" not in css,
    )  # fmt: skip


def _is_hidden(css: str, attributes: list[tuple[str, str | None]]) -> bool:
    shown = re.search(
        r"display:\s*none|visibility:\s*(?:hidden|collapse)|(?:^|[;\s])(?:height|width):\s*0(?:p[tx])?\s*(?:;|$)",
        css,
    )
    return shown is not None or "hidden" in dict(attributes)


def _number(attributes: list[tuple[str, str | None]], name: str) -> int:
    text = dict(attributes).get(name) or "1"
    return min(max(int(text), 1), 5_000) if text.isdigit() and len(text) < 6 else 1
