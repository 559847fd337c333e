"""The journal (台账流水): what no received file holds — answers, notices, approvals, numbers, letters —
one line a transaction, in order, each naming the line before it by its hash.

It is written before the transaction ends, and what a table lacks of it is applied when the warehouse is opened:
so a kill at any instant loses nothing, and the warehouse can be dropped and made again.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from flows.warehouse.events import Event, upgraded

STRETCH = 1 << 16  # bytes read at a time when looking for where a line begins
FIRST = ""  # what the first line names as the line before it


class JournalError(RuntimeError):
    """The journal is not what the tables were made from: where, and what to do."""

    def __init__(self, path: Path, happened: str) -> None:
        super().__init__(
            f"台账流水 {path.name} {happened}。请停用，从最近的备份恢复 {path.parent.name} 文件夹"
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: its number from 1, its events, its hash, and where in the file the next line begins."""

    number: int
    events: tuple[Event, ...]
    digest: str
    ends_at: int


class Journal:
    """The file, which may not exist yet. Whoever writes holds the warehouse, so there is one writer."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self, after: Entry | None = None) -> Iterator[Entry]:
        """The whole lines behind `after`, checked link by link; a last line torn by a crash is none.
        JournalError where a line does not follow from the one before."""
        ends_at = after.ends_at if after else 0
        if self._size() < ends_at:
            raise JournalError(self.path, f"短于已入库的部分（第 {after.number if after else 0} 条止）")
        with (self.path if self.path.exists() else Path(os.devnull)).open("rb") as file:
            if after and _digest(_line_before(file, ends_at)) != after.digest:
                raise JournalError(self.path, f"第 {after.number} 条与已入库的不同")
            file.seek(ends_at)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                after = _read(self.path, line, after)
                yield after

    def append(self, events: Sequence[Event], after: Entry | None) -> Entry:
        """Write the next line behind `after` and flush it to the disk; a torn line there is cut off first."""
        number, before = (after.number + 1, after.digest) if after else (1, FIRST)
        line = _written({"entry": number, "before": before, "bookings": events})
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            ends_at = after.ends_at if after else 0
            if file.tell() != ends_at:
                file.truncate(ends_at)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        return Entry(number, tuple(events), _digest(line), ends_at + len(line))

    def _size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0


def _line_before(file: BinaryIO, ends_at: int) -> bytes:
    """The line that ends there: no later line vouches for the last one, so it is looked at whenever it is built on."""
    read = b""
    while ends_at > len(read) and b"\n" not in read[:-1]:
        more = min(STRETCH, ends_at - len(read))
        file.seek(ends_at - len(read) - more)
        read = file.read(more) + read
    return read[read.rfind(b"\n", 0, -1) + 1 :]


def _read(path: Path, line: bytes, after: Entry | None) -> Entry:
    number, before, starts_at = (after.number + 1, after.digest, after.ends_at) if after else (1, FIRST, 0)
    try:
        record = json.loads(line)
        follows = record["entry"] == number and record["before"] == before
        events = tuple(one for name, rows in record["bookings"] for one in upgraded(name, rows))
    except (ValueError, KeyError, TypeError):
        raise JournalError(path, f"第 {number} 条读不出来") from None
    if not follows:
        raise JournalError(path, f"第 {number} 条与上一条不衔接")
    return Entry(number, events, _digest(line), starts_at + len(line))


def plain(events: Sequence[Event]) -> tuple[Event, ...]:
    """Events as the journal gives them back, so that a row is the same appended and replayed."""
    return tuple((name, rows) for name, rows in json.loads(_written(events)))


def _written(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, default=_plain, separators=(",", ":")) + "\n").encode()


def _plain(value: object) -> str:
    """Dates and moments in ISO form; enumerations as their own text. Nothing else is recorded."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be recorded")


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
