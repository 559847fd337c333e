"""What this process knows of a warehouse that it has open (已打开的库): every further opening is of the same tables.

DuckDB lets one process at a time into a file and gives all its connections the one database. So while one of them is
open nobody else alters it, its tables and macros are made, and how far they hold the journal is known.
"""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakSet

from flows.warehouse.journal import Entry

OPENING = threading.RLock()  # one opening at a time: the first one makes the tables
_HELD: dict[tuple[Path, Path], "Held"] = {}


@dataclass
class Held:
    """A file as its openings in this process share it: who has it open, and the last line of the journal that its
    tables hold (None before the first). One that is gone without having been closed counts no longer."""

    openings: WeakSet[object] = field(default_factory=WeakSet)
    last: Entry | None = None


def held(path: Path, journal: Path) -> Held:
    """What is known of the file; nothing where no opening of it is left."""
    key = path.absolute(), journal.absolute()
    if key not in _HELD or not _HELD[key].openings:
        _HELD[key] = Held()
    return _HELD[key]
