"""A file's sheets as grids of cells (表格): what every container comes down to before anybody looks for labels; and why a
file is not opened."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from string import ascii_uppercase

from flows.plan.catalogue import normalize_name


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell without a usable value: an error value (#REF!), a formula whose result was never stored, or
    one that was struck through (作废)."""

    text: str
    struck: bool = False


Raw = str | int | float | bool | date | datetime | time | timedelta | Broken
Place = tuple[int, int]  # row, column, from zero


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet's cells, from A1 on; rows may be shorter than the widest. `formulas` holds computed cells, `withheld`
    counts the rows about persons that were emptied, `contacts` the cells; hidden rows and columns are not shown.
    `comments` are the cells' comments (批注), `notes` the texts outside all cells: (文本框 or 页眉页脚, text)."""

    name: str
    rows: list[list[Raw]]
    visible: bool = True
    formulas: frozenset[Place] = field(default_factory=frozenset)
    withheld: int = 0
    contacts: int = 0
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    comments: Mapping[Place, str] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()

    def shows(self, place: Place) -> bool:
        """Whether the sender sees the cell."""
        return place[0] not in self.hidden_rows and place[1] not in self.hidden_columns

    def raw(self, place: Place) -> Raw:
        """The cell's value; an empty text where there is none."""
        row, column = place
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""

    def text(self, place: Place) -> str:
        """The cell as a person would read it, without white space around it."""
        return written(self.raw(place))

    def texts(self) -> Iterator[tuple[Place, str]]:
        """Every cell that holds a text, in reading order."""
        for r, row in enumerate(self.rows):
            for c, value in enumerate(row):
                if isinstance(value, str) and value:
                    yield (r, c), value


def written(value: Raw) -> str:
    """A value as text: whole numbers without .0, dates as 2025-06-30."""
    match value:
        case Broken(text):
            return text
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value:.15g}"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        case str():
            return value.strip()
        case _:
            return str(value)


_NUMERAL = re.compile(r"[+-]?\d[\d,.， ]*[^\d年月日至、=(（-]{0,4}")


def is_numeric(value: Raw) -> bool:
    """Whether a number stands there, typed as one or, as in a CSV, as digits with at most a unit or a mark behind them."""
    if isinstance(value, str):
        return _NUMERAL.fullmatch(value.strip()) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def address(place: Place) -> str:
    """Row and column as a spreadsheet names them: (6, 3) is D7."""
    row, column = place
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = ascii_uppercase[letter] + letters
    return f"{letters}{row + 1}"


@lru_cache(4096)
def bare(text: str) -> str:
    """A label as compared: full-width forms folded, white space, colons and asterisks at its ends gone."""
    return normalize_name(text).strip(":：*").strip()


class UnreadableError(ValueError):
    """A file that is not opened: the reason and what the sender should do, in Chinese."""

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason, self.remedy = reason, remedy
        super().__init__(f"{reason}。{remedy}")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's sheets, hidden ones marked. `macros`: it brought programs, which nobody ran; `hidden_persons`:
    identity numbers stand outside its cells too (comments, drawings, properties); `is_text`: a CSV or a web page,
    which has no sheet names of its own."""

    grids: tuple[Grid, ...]
    macros: bool = False
    hidden_persons: bool = False
    is_text: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether the file brought personal data, of which nothing may be kept."""
        return self.hidden_persons or any(grid.withheld for grid in self.grids)


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a package (压缩包): its name there, decoded, and its bytes."""

    name: str
    content: bytes
