"""The marks of an .ods: its content.xml, streamed; repeated rows and cells are counted, not copied."""

from io import BytesIO
from zipfile import ZipFile

from flows.submissions.formats.marks import NO_RESULT, Marks
from flows.submissions.formats.marks_xlsx import local, strict_parser

_FAULTS = ("#", "Err:")


def marks_of(content: bytes) -> dict[str, Marks]:
    """Marks by sheet name."""
    with ZipFile(BytesIO(content)) as book:
        reader = _Content()
        parser = strict_parser()
        parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
        parser.CharacterDataHandler = reader.text
        parser.Parse(book.read("content.xml"), True)
        return reader.sheets


class _Content:
    """The spreadsheet's cells as they stream by."""

    def __init__(self) -> None:
        self.sheets: dict[str, Marks] = {}
        self.marks = Marks()
        self.row = self.column = 0
        self.cell: dict[str, str] | None = None
        self.repeat_rows, self.shown = 1, ""
        self.style, self.struck = "", set[str]()
        self.in_comment = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A table, a row or a cell begins."""
        match local(name):
            case "style":
                self.style = attributes.get("style:name", "")
            case "text-properties" if attributes.get("style:text-line-through-style", "none") != "none":
                self.struck.add(self.style)
            case "annotation":
                self.in_comment = True
            case "table" if "table:name" in attributes:
                self.marks = self.sheets[attributes["table:name"]] = Marks()
                self.row = 0
            case "table-row":
                self.column = 0
                self.repeat_rows = int(attributes.get("table:number-rows-repeated", 1))
            case "table-cell" | "covered-table-cell":
                self.cell, self.shown = attributes, ""

    def text(self, text: str) -> None:
        """What a cell shows; its comment is no part of it."""
        if self.cell is not None and not self.in_comment and len(self.shown) < 64:
            self.shown += text

    def end(self, name: str) -> None:
        """A row or a cell ends."""
        match local(name):
            case "annotation":
                self.in_comment = False
            case "table-row":
                self.row += self.repeat_rows
            case "table-cell" | "covered-table-cell":
                self._cell(self.cell or {})
                self.cell = None

    def _cell(self, cell: dict[str, str]) -> None:
        place = self.row, self.column
        repeated = int(cell.get("table:number-columns-repeated", 1))
        self.column += repeated
        if "table:formula" in cell:
            self.marks.formulas.add(place)
            shown = self.shown.strip()
            if cell.get("calcext:value-type") == "error" or shown.startswith(_FAULTS):
                self.marks.errors[place] = shown or NO_RESULT
            elif not cell.get("office:value-type"):
                self.marks.errors[place] = NO_RESULT
        if cell.get("table:style-name") in self.struck and "office:value-type" in cell:
            self.marks.struck.add(place)
        if self.shown or "office:value-type" in cell:
            self.marks.reach((self.row + self.repeat_rows - 1, place[1] + repeated - 1))
