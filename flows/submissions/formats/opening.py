"""Bytes → grids (容器): by what the file is, never by what it is called. Refuses with a reason and a remedy."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from flows.submissions.formats import marks_ods, marks_xlsx, package, xls
from flows.submissions.formats.grid import Broken, Grid, Opened, Raw, UnreadableError, written
from flows.submissions.formats.marks import MAX_CELLS, PERCENT, Marks, TooLargeError, TooManySheetsError
from flows.submissions.formats.persons import carries_identity, legible, without_persons
from flows.submissions.formats.text_files import NotATableError, is_page, read_page, read_text

MAX_ROWS, MAX_COLUMNS = 5_000, 200
MAX_FILLED, MAX_TEXT = (
    50_000,
    2_000_000,
)  # cells with something in them, and their characters; a form has 600
MAX_XML = 12_000_000  # bytes of one part of a workbook; a form's sheet has 40,000, a list of 5,000 persons 4,000,000
MAX_PLAIN = 3_000_000  # bytes of a text table or a web page
LONGEST_CELL = 32_767  # what a spreadsheet keeps
SAVE_AS = "请用表格软件打开后另存为 .xlsx，再报送。"
_FORMS = "请填写下发的报表（.xlsx、.xls、.et、.ods 或 .csv）后报送。"

_LOCKED = ("文件加了密码，打不开", "请取消密码另存后再报送。")
_SAVE_AGAIN = "请重新存盘后再报送；仍打不开的，请重新下载空表填写。"
_PANIC, _MANIFEST = "PanicException", "META-INF/manifest.xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML_MAIL = (
    "请在 Outlook 写信窗口的“设置文本格式”里选“HTML”或“纯文本”，附上报表重新发送；或改用网页邮箱发送。"
)
_OTHERS = (
    (b"%PDF", "这是 PDF 文件，不是表格", _FORMS),
    (b"\xff\xd8\xff", "这是图片，不是表格", _FORMS),
    (b"\x89PNG", "这是图片，不是表格", _FORMS),
    (b"GIF8", "这是图片，不是表格", _FORMS),
    (b"BM", "这是图片，不是表格", _FORMS),
    (b"Rar!", "这是压缩包，不是表格", _FORMS),
    (b"7z\xbc\xaf", "这是压缩包，不是表格", _FORMS),
    (b"{\\rtf", "这是文字文档，不是表格", _FORMS),
    (b"\x78\x9f\x3e\x22", "这是 Outlook 把附件打成的一包（winmail.dat），取不出里面的报表", _HTML_MAIL),
)


def open_file(name: str, content: bytes) -> Opened:
    """Every worksheet of the file as a grid, hidden ones marked; UnreadableError for anything else.

    A broken file makes parsers fail in more ways than can be listed, the native one by a panic that is no
    ordinary exception. Whatever it is, the file is refused and the rest of the inbox goes on. MemoryError is
    passed on: it is the reading process that must answer it.
    """
    refuse_at_sight(name, content)
    try:
        opened = _open(name, content)
        grids = tuple(legible(without_persons(grid)) for grid in opened.grids)
        hidden = carries_identity(content)
    except (UnreadableError, MemoryError):
        raise
    except TooManySheetsError as fault:
        raise UnreadableError(
            f"工作簿里有 {fault.count} 个工作表，不知哪个是本月报表", "请只留本月的报表，另存后再报送。"
        ) from None
    except TooLargeError:
        raise UnreadableError(
            "工作表的数据范围过大，不像月报表", "请删去表外的内容，另存后再报送。"
        ) from None
    except BaseException as fault:
        if not isinstance(fault, Exception) and type(fault).__name__ != _PANIC:
            raise
        raise UnreadableError("文件已损坏，打不开", _SAVE_AGAIN) from fault
    _refuse_what_no_report_holds(grids)
    return replace(opened, grids=grids, hidden_persons=hidden)


def _refuse_what_no_report_holds(grids: tuple[Grid, ...]) -> None:
    filled = [value for grid in grids for row in grid.rows for value in row if value != ""]
    text = sum(len(value) for value in filled if isinstance(value, str))
    if len(filled) > MAX_FILLED or text > MAX_TEXT:
        reason = f"表里的内容过多（{len(filled)} 个单元格、{text} 个字），不像月报表"
        raise UnreadableError(reason, "请只保留本月的报表，另存后再报送。")


def _open(name: str, content: bytes) -> Opened:
    if content.startswith(package.ZIP):
        return _open_zip(content)
    if content.startswith(_OLE):
        return _open_ole(content)
    if len(content) > MAX_PLAIN:
        raise UnreadableError(f"文件过大（{len(content) // 1_000_000} 兆），不像月报表", _FORMS)
    read_table = read_page if is_page(content) else read_text
    try:
        return Opened((read_table(_stem(name), content, MAX_ROWS, MAX_COLUMNS),), is_text=True)
    except NotATableError as fault:
        raise UnreadableError(str(fault), _FORMS) from None


def refuse_at_sight(name: str, content: bytes) -> None:
    """UnreadableError for what its first bytes, its name or its size show to be no table."""
    if not content:
        raise UnreadableError("文件是空的（0 字节）", "请重新存盘后再报送。")
    if name.startswith("~$"):
        raise UnreadableError("这是表格软件打开文件时留下的临时文件，不是报表", "请关闭表格，报送原文件。")
    if len(content) > package.MAX_BYTES:
        raise UnreadableError(f"文件过大（{len(content) // 1_000_000} 兆），不像月报表", _FORMS)
    for start, reason, remedy in _OTHERS:
        if content.startswith(start):
            raise UnreadableError(reason, remedy)
    if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<" and not is_page(content):
        raise UnreadableError("文件内容是 XML，不是表格", SAVE_AS)
    if content[:200].lstrip().lower().startswith(b"mime-version:"):
        raise UnreadableError("文件是单个文件网页（.mht），不是表格", SAVE_AS)


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0] or name


def _open_zip(content: bytes) -> Opened:
    content = package.with_usual_names(content)
    with ZipFile(BytesIO(content)) as packed:
        names = set(packed.namelist())
        _refuse_what_unpacks_too_large(packed)
    if package.BINARY_WORKBOOK in names:
        raise UnreadableError("这是二进制工作簿（.xlsb），不能直接读取", SAVE_AS)
    if "word/document.xml" in names:
        raise UnreadableError("这是文字文档（.docx），不是表格", _FORMS)
    if "xl/workbook.xml" in names:
        opened = Opened(_sheets(content, marks_xlsx.marks_of(content)))
        return replace(opened, macros="xl/vbaProject.bin" in names)
    if "content.xml" in names:
        with ZipFile(BytesIO(content)) as packed:
            manifest = packed.read(_MANIFEST) if _MANIFEST in names else b""
        if b"encryption-data" in manifest:
            raise UnreadableError(*_LOCKED)
        opened = Opened(_sheets(content, marks_ods.marks_of(content)))
        return replace(opened, macros=any(name.startswith(("Basic/", "Scripts/")) for name in names))
    if "[Content_Types].xml" in names:
        raise UnreadableError("这个文件的内部结构特殊，不能直接读取", SAVE_AS)
    member = package.only_member(content)
    refuse_at_sight(_stem(member.name), member.content)
    return _open(member.name, member.content)


def _refuse_what_unpacks_too_large(packed: ZipFile) -> None:
    xml = [part for part in packed.infolist() if part.filename.endswith((".xml", ".rels", ".vml"))]
    large = [part for part in xml if part.file_size > MAX_XML]
    if any("/worksheets/" in part.filename for part in large):
        raise UnreadableError(
            "工作表展开后过大，多半是表格下方或右侧有大量带格式的空行、空列",
            "请选中表格以外的空行、空列整行整列删除，另存后再报送。",
        )
    if large or sum(part.file_size for part in packed.infolist()) > package.MAX_UNPACKED:
        raise UnreadableError("文件展开后过大，不像月报表", _FORMS)
    if any(b"<!DOCTYPE" in packed.read(part) for part in xml):
        raise UnreadableError("文件里有表格软件不会写的声明（DTD），可能有害，没有读取", SAVE_AS)


def _open_ole(content: bytes) -> Opened:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableError(*_LOCKED)
    if "WordDocument".encode("utf-16-le") in content:
        raise UnreadableError("这是文字文档（.doc），不是表格", _FORMS)
    try:
        sheets = xls.sheets_of(content, MAX_ROWS, MAX_COLUMNS)
    except xls.LockedError:
        raise UnreadableError(*_LOCKED) from None
    grids = tuple(_marked(grid, marks) for grid, marks in sheets)
    return Opened(grids, macros="_VBA_PROJECT_CUR".encode("utf-16-le") in content)


def _sheets(content: bytes, marked: dict[str, Marks]) -> tuple[Grid, ...]:
    with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
        return tuple(
            _grid(
                book, sheet.name, sheet.visible == SheetVisibleEnum.Visible, marked.get(sheet.name, Marks())
            )
            for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet
        )  # fmt: skip


def _grid(book: CalamineWorkbook, name: str, visible: bool, marks: Marks) -> Grid:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise TooLargeError
    rows: list[list[Raw]] = [
        [value[:LONGEST_CELL] if isinstance(value, str) else value for value in row[:MAX_COLUMNS]]
        for row in sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS)
    ]
    return _marked(Grid(name, rows, visible), marks)


def _marked(grid: Grid, marks: Marks) -> Grid:
    rows = grid.rows
    for (row, column), text in marks.errors.items():
        if row < MAX_ROWS and column < MAX_COLUMNS:
            rows += [[] for _ in range(row + 1 - len(rows))]
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = Broken(text)
    suffixed = {
        place: written(float(Decimal(written(raw)) * 100)) + PERCENT
        if text == PERCENT
        else written(raw) + text
        for place, text in marks.suffixes.items()
        if text and isinstance(raw := grid.raw(place), int | float) and not isinstance(raw, bool)
    }
    for place, text in {**suffixed, **marks.texts}.items():
        if isinstance(grid.raw(place), str | int | float) and grid.raw(place) != "":
            rows[place[0]][place[1]] = text[:LONGEST_CELL]
    for row, column in marks.struck:
        if grid.raw((row, column)) != "":
            rows[row][column] = Broken(written(rows[row][column]), struck=True)
    return replace(
        grid,
        formulas=frozenset(marks.formulas),
        hidden_rows=frozenset(marks.hidden_rows),
        hidden_columns=frozenset(marks.hidden_columns),
        comments=marks.comments,
        notes=tuple(dict.fromkeys(marks.notes)),
    )
