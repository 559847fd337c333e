"""The sheet 回执 before the sender's own: what to do, what was read, every item with a link to its cell."""

from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from flows.submissions.form.layout import RECEIPT_SHEET
from flows.submissions.form.page import BAD, BAD_TINT, GOOD, GOOD_TINT, RULE
from flows.submissions.receipts.receipt import REFUSED, Item, Kind, Receipt
from flows.submissions.receipts.returned import marking

_COLUMNS = (
    ("序号", 6), ("事项", 11), ("单元格", 13), ("指标", 25), ("应为", 31), ("填报为", 18), ("怎么办", 35), ("编号", 18)
)  # fmt: skip
_LAST, LOOK_COLUMN = (
    len(_COLUMNS),
    len(_COLUMNS) + 1,
)  # behind the table, hidden: the look that a marked cell had
_WIDTH = sum(width for _, width in _COLUMNS)
_LINE = 15.5  # points
_PROTECTED_FROM = ("formatCells", "formatColumns", "formatRows")


def add_receipt_sheet(
    book: Workbook, receipt: Receipt, sheets: Mapping[str, str], looks: Mapping[int, StyleArray]
) -> None:
    """Write the receipt as the first sheet. `sheets` are the workbook's own by the name they came under;
    `looks` what the cell of an item looked like, by the item's number, and is kept for when it comes back."""
    names = (RECEIPT_SHEET, *(f"{RECEIPT_SHEET}{number}" for number in range(2, 99)))
    sheet = book.create_sheet(next(name for name in names if name not in book.sheetnames), 0)
    for column, (_, width) in enumerate(_COLUMNS, 1):
        sheet.column_dimensions[_letter(column)].width = width
    row = _head(sheet, receipt)
    if receipt.items:
        row = _table(sheet, row, receipt, sheets, looks)
    _closing(sheet, row, receipt)
    _paper(sheet)
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet


def _letter(column: int) -> str:
    return "ABCDEFGHIJ"[column - 1]


def _line(sheet: Worksheet, row: int, text: str, first: int = 1, **look: object) -> int:
    """A text over the rest of the row, as tall as it needs. Gives the next row."""
    cell = sheet.cell(row, first)
    _text(cell, text)
    cell.alignment, cell.font = marking.WRAPPED, marking.font()
    for name, value in look.items():
        setattr(cell, name, value)
    sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=_LAST)
    width = _WIDTH - sum(w for _, w in _COLUMNS[: first - 1])
    size = float(cell.font.sz or 10.5)
    lines = 1 + int(_columns(text) * size / 10.5 / (width * 0.98))
    sheet.row_dimensions[row].height = _LINE * max(lines, size / 10.5) + 4
    return row + 1


def _text(cell: Cell, text: str) -> None:
    """A text as text, whatever it begins with."""
    cell.value, cell.data_type = marking.legible(text), "s"


def _columns(text: str) -> int:
    return sum(1 + (ord(c) > 0x2E80) for c in text)


def _head(sheet: Worksheet, receipt: Receipt) -> int:
    refused = receipt.title.endswith("不予接收")
    row = _line(sheet, 1, receipt.title, font=marking.TITLE, alignment=marking.CENTRED)
    sheet.row_dimensions[1].height = 36
    ink, tint = (BAD, BAD_TINT) if refused or receipt.asks else (GOOD, GOOD_TINT)
    row = _line(
        sheet,
        row,
        f"下一步：{receipt.next_step}",
        font=marking.font(12, ink, bold=True),
        fill=marking.fill(tint),
    )
    sheet.row_dimensions[row - 1].height = (sheet.row_dimensions[row - 1].height or 20) + 6
    for name, value in receipt.facts:
        _text(sheet.cell(row, 1), name)
        sheet.cell(row, 1).font, sheet.cell(row, 1).alignment = marking.HEAD, marking.WRAPPED
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        row = _line(sheet, row, value, first=3)
    for sentence in receipt.summary:
        row = _line(sheet, row, sentence)
    return row


def _table(
    sheet: Worksheet, row: int, receipt: Receipt, sheets: Mapping[str, str], looks: Mapping[int, StyleArray]
) -> int:
    row = _legend(sheet, row + 1, {item.kind for item in receipt.items})
    for column, (head, _) in enumerate(_COLUMNS, 1):
        cell = sheet.cell(row, column)
        _text(cell, head)
        cell.font, cell.fill, cell.border, cell.alignment = (
            marking.HEAD,
            marking.HEAD_FILL,
            marking.TABLE_LINE,
            marking.CENTRED,
        )
    sheet.print_title_rows = f"{row}:{row}"
    sheet.row_dimensions[row].height = 22
    for item in receipt.items:
        row += 1
        _item(sheet, row, item, sheets)
        if item.number in looks:
            sheet.cell(row, LOOK_COLUMN)._style = looks[item.number]  # noqa: SLF001  # see marking.mark
    sheet.column_dimensions[_letter(LOOK_COLUMN)].hidden = True
    return row + 2


def _legend(sheet: Worksheet, row: int, kinds: set[Kind]) -> int:
    words = {
        Kind.CORRECT: "改正前这些数不采用，按“数据待核”处理",
        Kind.CONFIRM: "已填的数先采用，核实前列入待核实事项",
        Kind.NOT_TAKEN: "说明没有采用，原来的事项仍列为待核实",
        Kind.EXPLAINED: "请留存依据，不需要再处理",
    }
    for kind in (k for k in Kind if k in kinds):
        marked = marking.MARKED.get(kind)
        for column in (1, 2):
            cell = sheet.cell(row, column)
            cell.fill, cell.border = (
                (marked.fill, marked.border) if marked else (marking.fill("#FFFFFF"), marking.TABLE_LINE)
            )
        _text(sheet.cell(row, 1), kind)
        sheet.cell(row, 1).font, sheet.cell(row, 1).alignment = marking.HEAD, marking.CENTRED
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        where = f"表内标{marked.line}：" if marked else ""
        row = _line(sheet, row, f"{where}{words[kind]}。", first=3)
        sheet.row_dimensions[row - 1].height = 22
    sheet.row_dimensions[row].height = 8
    return row + 1


def _item(sheet: Worksheet, row: int, item: Item, sheets: Mapping[str, str]) -> None:
    problem = item.problem
    done = f"已说明：{problem.answer}" if item.kind is Kind.EXPLAINED else f"{problem.remedy}。"
    texts = (
        str(item.number), item.kind, problem.place, problem.subject, problem.expected, problem.found, done, item.question_number
    )  # fmt: skip
    for column, text in enumerate(texts, 1):
        cell = sheet.cell(row, column)
        _text(cell, text)
        cell.font, cell.border = marking.font(9.5 if column == _LAST else 10.5), marking.TABLE_LINE
        cell.alignment = marking.CENTRED if column <= 3 or column == _LAST else marking.WRAPPED
    if item.kind in marking.MARKED:
        sheet.cell(row, 2).fill, sheet.cell(row, 2).border = (
            marking.MARKED[item.kind].fill,
            marking.MARKED[item.kind].border,
        )
        sheet.cell(row, 2).font = marking.HEAD
    if sheets.get(problem.sheet) in sheet.parent.sheetnames:
        link, quoted = sheet.cell(row, 3), sheets[problem.sheet].replace("'", "''")
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{quoted}'!{problem.cell or 'A1'}")
        link.font = marking.LINKED
    lines = max(1 + int(_columns(t) / (w * 0.98)) for t, (_, w) in zip(texts, _COLUMNS, strict=True))
    sheet.row_dimensions[row].height = max(_LINE * lines + 6, 24)


def _closing(sheet: Worksheet, row: int, receipt: Receipt) -> None:
    if receipt.taken:
        row = _line(
            sheet, row, f"对以前月份待核实事项的说明，已登记 {len(receipt.taken)} 项：", font=marking.STRONG
        )
        for answer in receipt.taken:
            row = _line(sheet, row, f"· {answer.number}：{answer.text}")
    if receipt.notes:
        row = _line(sheet, row, "其他", font=marking.STRONG)
        for note in receipt.notes:
            row = _line(sheet, row, f"· {note}")
    where = "填写、改正" if receipt.status == REFUSED else "改正标出的单元格"
    said = f"请直接在本工作簿里{where}，存盘后报送，不必另做新表；本工作表（回执）和回执加的标注、批注在报送时不读取。"
    if len(sheet.parent.worksheets) > 1:
        _line(sheet, row, said, font=marking.font(9.5, RULE), border=marking.box("thin", "#FFFFFF"))


def _paper(sheet: Worksheet) -> None:
    """A4 landscape, one page wide; nobody writes here what nobody would read."""
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.sheet_properties.tabColor = BAD.removeprefix("#")
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = sheet.page_margins.bottom = 0.7
    sheet.page_margins.footer = 0.3
    sheet.print_options.horizontalCentered = True
    sheet.sheet_view.showGridLines = False
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.protection.sheet = True
    for name in _PROTECTED_FROM:
        setattr(sheet.protection, name, False)  # widths and heights stay the reader's to change
