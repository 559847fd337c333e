"""A file as opened (已打开的文件), and why one is not: what the reading process hands to the reader of reports."""

from dataclasses import dataclass

from flows.submissions.formats.grid import Grid


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
