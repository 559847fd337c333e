"""What a value reader does not tell (单元格标记): which cells are formulas, which hold an error or no result.

The reader of values gives a blank for `#REF!` and a number for a formula. Neither may pass for what a
clerk typed, so each container is also searched for them, and for how far its cells reach.
"""

from dataclasses import dataclass, field

from flows.submissions.formats.grid import Place

NO_RESULT = "没有结果的公式"
MOST_CELLS = 1_000_000  # the rectangle that a sheet's cells may span

MOST_SHEETS = 50


class TooLargeError(ValueError):
    """A sheet whose cells reach further than any report."""


@dataclass(slots=True)
class Marks:
    """The marks of one sheet."""

    errors: dict[Place, str] = field(default_factory=dict)
    formulas: set[Place] = field(default_factory=set)
    struck: set[Place] = field(default_factory=set)
    last_row: int = 0
    last_column: int = 0

    def reach(self, place: Place) -> None:
        """Take note of a cell with something in it; TooLargeError where it lies too far out."""
        self.last_row, self.last_column = max(self.last_row, place[0]), max(self.last_column, place[1])
        if (self.last_row + 1) * (self.last_column + 1) > MOST_CELLS:
            raise TooLargeError
