"""The marks of an .ods: its content.xml, streamed; repeated rows and cells are counted, not copied."""

import re
from decimal import Decimal
from html import unescape
from io import BytesIO
from zipfile import ZipFile

from flows.submissions.formats import marks as cell_marks
from flows.submissions.formats.grid import Place
from flows.submissions.formats.styles_xlsx import local, strict_parser

_FAULTS = ("#", "Err:")
_SUFFIX = re.compile(r"[\d.](\s*[\u3400-\u9fff％‰]+)$")
_MARGIN = re.compile(
    r"<style:(?:header|footer)(?:-left|-first)?(?:\s[^<>]*)?>(.*?)</style:(?:header|footer)", re.DOTALL
)
_TAG = re.compile(r"<[^<>]*>")
_SHOWN = re.compile(r"-?\d+(?:\.(\d+))?")
_LENGTH = re.compile(r"([\d.]+)(cm|mm|in|pt)")
_POINTS = {"cm": 28.35, "mm": 2.835, "in": 72.0, "pt": 1.0}
_MAX_HIDDEN = 16_384
_NUMBERS = frozenset({"float", "currency", "percentage"})
_WHITE = "#ffffff"


def marks_of(content: bytes) -> dict[str, cell_marks.Marks]:
    """Marks by sheet name."""
    with ZipFile(BytesIO(content)) as book:
        reader = _Content()
        parser = strict_parser()
        parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
        parser.CharacterDataHandler = reader.text
        parser.Parse(book.read("content.xml"), True)
        if len(reader.sheets) > cell_marks.MAX_SHEETS:
            raise cell_marks.TooManySheetsError(len(reader.sheets))
        styles = book.read("styles.xml").decode(errors="replace") if "styles.xml" in book.namelist() else ""
        for text in (unescape(_TAG.sub(" ", margin)) for margin in _MARGIN.findall(styles)):
            for marks in reader.sheets.values():
                marks.note(cell_marks.PAGE_MARGIN, text)
        return reader.sheets


class _Content:
    """The spreadsheet's cells as they stream by."""

    def __init__(self) -> None:
        self.sheets: dict[str, cell_marks.Marks] = {}
        self.marks = cell_marks.Marks()
        self.row = self.column = self.declared_column = 0
        self.cell: dict[str, str] | None = None
        self.repeat_rows = 1
        self.runs: list[cell_marks.Run] = []
        self.spans: list[str] = []
        self.style = self.name = ""
        self.styles: dict[str, cell_marks.Run] = {}  # what a style makes of a text
        self.in_comment = self.in_shape = False
        self.beside: list[str] = []  # the text of a comment or a shape
        self.small: set[str] = set()  # styles of rows and columns so small that nothing is seen
        self.inks: dict[str, str] = {}  # colours of text and ground by style
        self.grounds: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A style, a table, a row or a cell begins."""
        match local(name):
            case "annotation":
                self.in_comment, self.beside = True, []
            case "frame" | "custom-shape" if not self.in_comment:
                self.in_shape, self.beside = True, []
            case "style":
                self.style = attributes.get("style:name", "")
            case "span":
                self.spans.append(attributes.get("text:style-name", ""))
            case "table" | "table-column" | "table-row" | "table-cell" | "covered-table-cell":
                self._start_in_table(name, attributes)
            case other if other.endswith("-properties"):
                self._note_style(other, attributes)

    def _note_style(self, kind: str, attributes: dict[str, str]) -> None:
        size = attributes.get("style:column-width") or attributes.get("style:row-height") or ""
        font = attributes.get("fo:font-size", "")
        if 0 <= _points(size) < cell_marks.MIN_HEIGHT or 0 <= _points(font) < cell_marks.MIN_FONT:
            self.small.add(self.style)
        if kind == "table-cell-properties" and (ground := attributes.get("fo:background-color")):
            self.grounds[self.style] = _WHITE if ground == "transparent" else ground.lower()
        if kind == "text-properties":
            self.styles[self.style] = _style_of(attributes)
            self.inks[self.style] = attributes.get("fo:color", "#000000").lower()

    def _start_in_table(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "table" if "table:name" in attributes:
                self.marks = self.sheets[attributes["table:name"]] = cell_marks.Marks()
                self.row = self.declared_column = 0
            case "table-column":
                self.declared_column = self._declare(
                    self.marks.hidden_columns, self.declared_column, attributes, "columns"
                )
            case "table-row":
                self.column = 0
                self.repeat_rows = int(attributes.get("table:number-rows-repeated", 1))
                self._declare(self.marks.hidden_rows, self.row, attributes, "rows")
            case "table-cell" | "covered-table-cell":
                self.cell, self.runs, self.name = attributes, [], name

    def _declare(self, hidden: set[int], at: int, attributes: dict[str, str], what: str) -> int:
        """Note rows or columns that are not shown (collapse, filter); where the next begin."""
        end = at + int(attributes.get(f"table:number-{what}-repeated", 1))
        is_small = attributes.get("table:style-name", "") in self.small
        if is_small or attributes.get("table:visibility", "visible") != "visible":
            hidden.update(range(at, min(end, at + _MAX_HIDDEN)))
        return end

    def text(self, text: str) -> None:
        """What a cell shows; its comment and a shape over it are no part of it."""
        if self.in_comment or self.in_shape:
            self.beside += [text] if len(self.beside) < 64 else []
        elif self.cell is not None and len(self.runs) < 64:
            look = self.styles.get(self.spans[-1], cell_marks.Run("")) if self.spans else cell_marks.Run("")
            self.runs.append(cell_marks.Run(text, look.struck, look.raised, look.lowered))

    def end(self, name: str) -> None:
        """A row or a cell ends."""
        match local(name):
            case "annotation":
                self.in_comment = False
                self.marks.comment((self.row, self.column), "".join(self.beside))
            case "date" | "creator" if self.in_comment:
                self.beside.clear()
            case "frame" | "custom-shape" if self.in_shape:
                self.in_shape = False
                self.marks.note(cell_marks.TEXT_BOX, "".join(self.beside))
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
        if kind and self.styles.get(cell.get("table:style-name", ""), cell_marks.Run("")).struck:
            self.marks.struck.add(place)
        if any(run.struck or run.raised or run.lowered for run in self.runs):
            self.marks.texts[place], struck = cell_marks.text_of_runs(self.runs)
            self.marks.struck.update([place] if struck else [])
        covered = local(self.name) == "covered-table-cell"
        if kind in _NUMBERS and (suffix := cell_marks.COVERED if covered else self._suffix(cell, shown)):
            self.marks.suffixes[place] = suffix
        if shown or kind:
            self.marks.reach((self.row + self.repeat_rows - 1, place[1] + repeated - 1))

    def _suffix(self, cell: dict[str, str], shown: str) -> str:
        """What a number's format shows besides it, or why it cannot be taken as it is stored."""
        name = cell.get("table:style-name", "")
        if name in self.small or self.inks.get(name, "") == self.grounds.get(name, _WHITE):
            return cell_marks.UNSEEN
        if cell.get("office:value-type") == "percentage":
            return cell_marks.PERCENT
        digits = _SHOWN.search(shown.replace(",", ""))
        if not digits:
            return cell_marks.UNSEEN
        step = Decimal(10) ** -len(digits[1] or "")
        if abs(Decimal(digits[0]) - Decimal(cell.get("office:value", digits[0]))) > step:
            return cell_marks.RESCALED
        suffix = _SUFFIX.search(shown)
        return suffix[1].strip() if suffix else ""

    def _computed(self, place: Place, cell: dict[str, str], shown: str) -> None:
        self.marks.formulas.add(place)
        if cell.get("calcext:value-type") == "error" or shown.startswith(_FAULTS):
            self.marks.errors[place] = shown or cell_marks.NO_RESULT
        elif not cell.get("office:value-type"):
            self.marks.errors[place] = cell_marks.NO_RESULT


def _points(length: str) -> float:
    """A length in points; -1 where it is none."""
    found = _LENGTH.fullmatch(length)
    return float(found[1]) * _POINTS[found[2]] if found else -1


def _style_of(attributes: dict[str, str]) -> cell_marks.Run:
    """What a style's text properties make of a text."""
    position = attributes.get("style:text-position", "").split(" ")[0]
    lines = (attributes.get(f"style:text-line-through-{kind}", "none") for kind in ("style", "type"))
    raised = position == "super" or (position.rstrip("%").isdigit() and position not in ("0", "0%"))
    return cell_marks.Run(
        "", any(line != "none" for line in lines), raised, position == "sub" or position.startswith("-")
    )
