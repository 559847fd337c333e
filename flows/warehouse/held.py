"""What this process knows of a warehouse that it has open (已打开的库): every further opening is of the same tables.

DuckDB lets one process at a time into a file and gives all its connections the one database. So while one of them is
open nobody else alters it, its tables and macros are made, and how far they hold the journal is known.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakSet

from flows.warehouse.journal import Entry

OPENING = threading.RLock()  # one opening at a time: the first one makes the tables
_HELD: dict[tuple[Path, Path], "Held"] = {}


@dataclass
class Held:
    """A file as its openings in this process share it: who has it open, and the last line of the journal that its
    tables hold (None before the first). One that is gone without having been closed counts no longer.

    `written` has by statement of sql/load the last line that it was booked by since the first of the openings.
    """

    openings: WeakSet[object] = field(default_factory=WeakSet)
    last: Entry | None = None
    found: Entry | None = None
    written: dict[str, Entry] = field(default_factory=dict)

    def begin(self, last: Entry | None) -> None:
        """The tables were found to hold the journal up to this line."""
        self.last = self.found = last

    def book(self, entry: Entry) -> None:
        """They hold this line, too."""
        self.last = entry
        self.written |= dict.fromkeys((name for name, _ in entry.bookings), entry)

    def booked_up_to(self, names: Iterable[str]) -> str:
        """The hash of a line behind which none of these statements was booked; empty where none is known to be."""
        lines = [one for one in (self.found, *map(self.written.get, names)) if one]
        return max(lines, key=lambda one: one.number).digest if lines else ""


def held(path: Path, journal: Path) -> Held:
    """What is known of the file; nothing where no opening of it is left."""
    key = path.absolute(), journal.absolute()
    if key not in _HELD or not _HELD[key].openings:
        _HELD[key] = Held()
    return _HELD[key]
