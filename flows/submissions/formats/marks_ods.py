"""The marks of an .ods: its content.xml, streamed; repeated rows and cells are counted, not copied."""

import re
from io import BytesIO
from zipfile import ZipFile

from flows.submissions.formats.grid import Place
from flows.submissions.formats.marks import (
    MOST_SHEETS,
    NO_RESULT,
    Marks,
    Run,
    TooManySheetsError,
    text_of_runs,
)
from flows.submissions.formats.marks_xlsx import local, strict_parser

_FAULTS = ("#", "Err:")
_SUFFIX = re.compile(r"[\d.](\s*[\u3400-\u9fff％‰]+)$")
_MOST_HIDDEN = 16_384
_NUMBERS = frozenset({"float", "currency"})


def marks_of(content: bytes) -> dict[str, Marks]:
    """Marks by sheet name."""
    with ZipFile(BytesIO(content)) as book:
        reader = _Content()
        parser = strict_parser()
        parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
        parser.CharacterDataHandler = reader.text
        parser.Parse(book.read("content.xml"), True)
        if len(reader.sheets) > MOST_SHEETS:
            raise TooManySheetsError(len(reader.sheets))
        return reader.sheets


class _Content:
    """The spreadsheet's cells as they stream by."""

    def __init__(self) -> None:
        self.sheets: dict[str, Marks] = {}
        self.marks = Marks()
        self.row = self.column = self.declared_column = 0
        self.cell: dict[str, str] | None = None
        self.repeat_rows = 1
        self.runs: list[Run] = []
        self.spans: list[str] = []
        self.style = ""
        self.styles: dict[str, Run] = {}  # what a style makes of a text
        self.in_comment = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A style, a table, a row or a cell begins."""
        self.in_comment |= local(name) == "annotation"
        match local(name):
            case "style":
                self.style = attributes.get("style:name", "")
            case "text-properties":
                self.styles[self.style] = _look(attributes)
            case "table" if "table:name" in attributes:
                self.marks = self.sheets[attributes["table:name"]] = Marks()
                self.row = self.declared_column = 0
            case "table-column":
                self.declared_column = self._declare(
                    self.marks.hidden_columns, self.declared_column, attributes, "columns"
                )
            case "table-row":
                self.column = 0
                self.repeat_rows = int(attributes.get("table:number-rows-repeated", 1))
                self._declare(self.marks.hidden_rows, self.row, attributes, "rows")
            case "span":
                self.spans.append(attributes.get("text:style-name", ""))
            case "table-cell" | "covered-table-cell":
                self.cell, self.runs = attributes, []

    @staticmethod
    def _declare(hidden: set[int], at: int, attributes: dict[str, str], what: str) -> int:
        """Note rows or columns that are not shown (collapse, filter); where the next begin."""
        end = at + int(attributes.get(f"table:number-{what}-repeated", 1))
        if attributes.get("table:visibility", "visible") != "visible":
            hidden.update(range(at, min(end, at + _MOST_HIDDEN)))
        return end

    def text(self, text: str) -> None:
        """What a cell shows; its comment is no part of it."""
        if self.cell is not None and not self.in_comment and len(self.runs) < 64:
            look = self.styles.get(self.spans[-1], Run("")) if self.spans else Run("")
            self.runs.append(Run(text, look.struck, look.raised, look.lowered))

    def end(self, name: str) -> None:
        """A row or a cell ends."""
        match local(name):
            case "annotation":
                self.in_comment = False
            case "span" if self.spans:
                self.spans.pop()
            case "table-row":
                self.row += self.repeat_rows
            case "table-cell" | "covered-table-cell":
                self._cell(self.cell or {})
                self.cell = None

    def _cell(self, cell: dict[str, str]) -> None:
        place = self.row, self.column
        repeated = int(cell.get("table:number-columns-repeated", 1))
        self.column += repeated
        shown = "".join(run.text for run in self.runs)
        kind = cell.get("office:value-type")
        if "table:formula" in cell:
            self._computed(place, cell, shown.strip())
        if kind and self.styles.get(cell.get("table:style-name", ""), Run("")).struck:
            self.marks.struck.add(place)
        if any(run.struck or run.raised or run.lowered for run in self.runs):
            self.marks.texts[place], struck = text_of_runs(self.runs)
            self.marks.struck.update([place] if struck else [])
        if kind in _NUMBERS and (suffix := _SUFFIX.search(shown)):
            self.marks.suffixes[place] = suffix[1].strip()
        if shown or kind:
            self.marks.reach((self.row + self.repeat_rows - 1, place[1] + repeated - 1))

    def _computed(self, place: Place, cell: dict[str, str], shown: str) -> None:
        self.marks.formulas.add(place)
        if cell.get("calcext:value-type") == "error" or shown.startswith(_FAULTS):
            self.marks.errors[place] = shown or NO_RESULT
        elif not cell.get("office:value-type"):
            self.marks.errors[place] = NO_RESULT


def _look(attributes: dict[str, str]) -> Run:
    """What a style's text properties make of a text."""
    position = attributes.get("style:text-position", "").split(" ")[0]
    lines = (attributes.get(f"style:text-line-through-{kind}", "none") for kind in ("style", "type"))
    raised = position == "super" or (position.rstrip("%").isdigit() and position not in ("0", "0%"))
    return Run(
        "", any(line != "none" for line in lines), raised, position == "sub" or position.startswith("-")
    )
