"""Bytes → grids (容器): by what the file is, never by what it is called. Refuses with a reason and a remedy."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from flows.submission.container import marks_ods, marks_xls, marks_xlsx
from flows.submission.container.grid import Broken, Grid, Raw, written
from flows.submission.container.html_table import is_page, read_page
from flows.submission.container.marks import Marks, TooLargeError
from flows.submission.container.persons import without_persons
from flows.submission.container.text_table import NotATableError, read_text

MOST_BYTES = 20_000_000
MOST_UNPACKED = 100_000_000  # a report is a few hundred kilobytes
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 5_000, 200, 50
Marked = dict[str, Marks] | list[Marks]
SAVE_AS = "请用表格软件打开后另存为 .xlsx，再报送。"
_FORMS = "请填写下发的报表（.xlsx、.xls、.et、.ods 或 .csv）后报送。"

_LOCKED = ("文件加了密码，打不开", "请取消密码另存后再报送。")
_SAVE_AGAIN = "请重新存盘后再报送；仍打不开的，请重新下载空表填写。"
_PANIC, _SECTOR = "PanicException", 512
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_OTHERS = (
    (b"%PDF", "这是 PDF 文件，不是表格"),
    (b"\xff\xd8\xff", "这是图片，不是表格"),
    (b"\x89PNG", "这是图片，不是表格"),
    (b"GIF8", "这是图片，不是表格"),
    (b"BM", "这是图片，不是表格"),
    (b"Rar!", "这是压缩包，不是表格"),
    (b"7z\xbc\xaf", "这是压缩包，不是表格"),
    (b"{\\rtf", "这是文字文档，不是表格"),
)


class UnreadableError(ValueError):
    """A container that is not opened: the reason and what the sender should do, in Chinese."""

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason, self.remedy = reason, remedy
        super().__init__(f"{reason}。{remedy}")


def open_grids(name: str, content: bytes) -> list[Grid]:
    """Every worksheet of the file as a grid, hidden ones marked; UnreadableError for anything else.

    A broken file makes parsers fail in more ways than can be listed, the native one by a panic that is no
    ordinary exception. Whatever it is, the file is refused and the rest of the inbox goes on.
    """
    _refuse_at_sight(name, content)
    try:
        return [without_persons(grid) for grid in _open(name, content)]
    except UnreadableError:
        raise
    except BaseException as fault:
        if not isinstance(fault, Exception) and type(fault).__name__ != _PANIC:
            raise
        raise UnreadableError("文件已损坏，打不开", _SAVE_AGAIN) from fault


def _open(name: str, content: bytes) -> list[Grid]:
    if content.startswith(_ZIP):
        return _open_zip(content)
    if content.startswith(_OLE):
        return _open_ole(content)
    read_table = read_page if is_page(content) else read_text
    try:
        return [read_table(_stem(name), content, MOST_ROWS, MOST_COLUMNS)]
    except NotATableError as fault:
        raise UnreadableError(str(fault), _FORMS) from None


def _refuse_at_sight(name: str, content: bytes) -> None:
    if not content:
        raise UnreadableError("文件是空的（0 字节）", "请重新存盘后再报送。")
    if name.startswith("~$"):
        raise UnreadableError("这是表格软件打开文件时留下的临时文件，不是报表", "请关闭表格，报送原文件。")
    if len(content) > MOST_BYTES:
        raise UnreadableError(f"文件过大（{len(content) // 1_000_000} 兆），不像月报表", _FORMS)
    for start, reason in _OTHERS:
        if content.startswith(start):
            raise UnreadableError(reason, _FORMS)
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<" and not is_page(content):
        raise UnreadableError("文件内容是 XML，不是表格", SAVE_AS)
    if content[:200].lstrip().lower().startswith(b"mime-version:"):
        raise UnreadableError("文件是单个文件网页（.mht），不是表格", SAVE_AS)


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0] or name


def _open_zip(content: bytes) -> list[Grid]:
    with ZipFile(BytesIO(content)) as packed:
        names = packed.namelist()
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise UnreadableError("文件展开后过大，不像月报表", _FORMS)
    if "word/document.xml" in names:
        raise UnreadableError("这是文字文档（.docx），不是表格", _FORMS)
    if "xl/workbook.xml" in names:
        return _open_workbook(content, marks_xlsx.marks_of)
    if "content.xml" in names:
        if _is_locked(content):
            raise UnreadableError(*_LOCKED)
        return _open_workbook(content, marks_ods.marks_of)
    return _open_packed(content)


def _is_locked(content: bytes) -> bool:
    with ZipFile(BytesIO(content)) as packed:
        manifest = "META-INF/manifest.xml"
        return manifest in packed.namelist() and b"encryption-data" in packed.read(manifest)


def _open_packed(content: bytes) -> list[Grid]:
    """A zip that holds one report is that report; of several each must come as a file of its own."""
    with ZipFile(BytesIO(content)) as packed:
        parts = [part for part in packed.infolist() if not part.is_dir() and not _is_chaff(part.filename)]
        if any(part.flag_bits & 1 for part in parts):
            raise UnreadableError("压缩包加了密码，打不开", "请解压后逐个报送报表。")
        if len(parts) != 1:
            reason = f"这是压缩包，里面有 {len(parts)} 个文件，不是一份报表"
            raise UnreadableError(reason, "请解压后把每份报表作为一个文件分别报送。")
        inside = packed.read(parts[0])
    if inside.startswith(_ZIP) and not _is_workbook(inside):
        raise UnreadableError("压缩包里还是压缩包", "请解压后逐个报送报表。")
    _refuse_at_sight(_stem(parts[0].filename), inside)
    return _open(parts[0].filename, inside)


def _is_chaff(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1] in (".DS_Store", "Thumbs.db")


def _is_workbook(content: bytes) -> bool:
    with ZipFile(BytesIO(content)) as packed:
        return bool({"xl/workbook.xml", "content.xml", "word/document.xml"} & set(packed.namelist()))


def _open_ole(content: bytes) -> list[Grid]:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableError(*_LOCKED)
    if "WordDocument".encode("utf-16-le") in content:
        raise UnreadableError("这是文字文档（.doc），不是表格", _FORMS)
    whole = content + bytes(-len(content) % _SECTOR)  # some programs cut the last sector short
    return _open_workbook(whole, marks_xls.marks_of)


def _open_workbook(content: bytes, marks_of: Callable[[bytes], Marked]) -> list[Grid]:
    try:
        marked = marks_of(content)
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            sheets = book.sheets_metadata[:MOST_SHEETS]
            return [
                _grid(book, sheet.name, sheet.visible == SheetVisibleEnum.Visible, _marks(marked, n, sheet.name))
                for n, sheet in enumerate(sheets) if sheet.typ == SheetTypeEnum.WorkSheet
            ]  # fmt: skip
    except PasswordError:
        raise UnreadableError(*_LOCKED) from None
    except TooLargeError:
        raise UnreadableError(
            "工作表的数据范围过大，不像月报表", "请删去表外的内容，另存后再报送。"
        ) from None


def _marks(marked: Marked, number: int, name: str) -> Marks:
    if isinstance(marked, list):
        return marked[number] if number < len(marked) else Marks()
    return marked.get(name, Marks())


def _grid(book: CalamineWorkbook, name: str, visible: bool, marks: Marks) -> Grid:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_width > MOST_COLUMNS:
        return Grid(name, [], visible)
    rows: list[list[Raw]] = [list(row) for row in sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS)]
    for (row, column), text in marks.errors.items():
        if row < MOST_ROWS and column < MOST_COLUMNS:
            rows += [[] for _ in range(row + 1 - len(rows))]
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = Broken(text)
    for row, column in marks.struck:
        if row < len(rows) and column < len(rows[row]) and rows[row][column] != "":
            rows[row][column] = Broken(written(rows[row][column]), struck=True)
    return Grid(name, rows, visible, frozenset(marks.formulas))
