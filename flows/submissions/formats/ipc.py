"""Opened files between two processes (传输): JSON with a length before it, so that nothing sent can be run.

The reading process handles what strangers made and may be taken over; its answers are data, never objects.
"""

import json
import struct
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from flows.submissions.formats.grid import Broken, Grid, Member, Opened, Raw

_LENGTHS = struct.Struct(">II")  # of the JSON, of the bytes after it
MAX_ANSWER = 64_000_000


def send(stream: IO[bytes], message: dict[str, Any], content: bytes = b"") -> None:
    """One message, with bytes beside it."""
    text = json.dumps(message).encode()
    stream.write(_LENGTHS.pack(len(text), len(content)) + text)
    stream.write(content)
    stream.flush()


def receive(read: Callable[[int], bytes], most: int = MAX_ANSWER) -> tuple[dict[str, Any], bytes]:
    """The next message from `read`, which gives exactly the number of bytes asked for; EOFError where there are no more, ValueError
    where it is longer than any."""
    text, content = _LENGTHS.unpack(read(_LENGTHS.size))
    if text + content > most:
        raise ValueError("message too long")
    message: dict[str, Any] = json.loads(read(text))
    return message, read(content)


def as_message(opened: Opened) -> dict[str, Any]:
    """A file's grids and what else was noticed, for sending."""
    return {
        "grids": [
            [
                g.name, [[_sent(value) for value in row] for row in g.rows], g.visible, sorted(g.formulas), g.withheld,
                g.contacts, sorted(g.hidden_rows), sorted(g.hidden_columns), [[*p, t] for p, t in g.comments.items()],
                g.notes,
            ]
            for g in opened.grids
        ],
        "macros": opened.macros,
        "hidden_persons": opened.hidden_persons,
        "is_text": opened.is_text,
    }  # fmt: skip


def as_opened(message: dict[str, Any]) -> Opened:
    """The same as received."""
    grids = tuple(
        Grid(
            str(name),
            [[_received(value) for value in row] for row in rows],
            bool(visible),
            frozenset((int(row), int(column)) for row, column in formulas),
            int(withheld),
            int(contacts),
            frozenset(map(int, hidden_rows)),
            frozenset(map(int, hidden_columns)),
            {(int(row), int(column)): str(text) for row, column, text in comments},
            tuple((str(where), str(text)) for where, text in notes),
        )
        for name, rows, visible, formulas, withheld, contacts, hidden_rows, hidden_columns, comments, notes in message[
            "grids"
        ]
    )
    return Opened(
        grids, bool(message["macros"]), bool(message["hidden_persons"]), is_text=bool(message["is_text"])
    )


def members_of(message: dict[str, Any], content: bytes) -> list[Member]:
    """The members of a package: names and lengths, their bytes one after another."""
    members, at = [], 0
    for name, length in message["members"]:
        members.append(Member(str(name), content[at : at + int(length)]))
        at += int(length)
    return members


def _sent(value: Raw) -> Any:
    match value:
        case Broken(text, struck):
            return {"broken": text, "struck": struck}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case timedelta():
            return {"seconds": value.total_seconds()}
        case _:
            return value


def _received(value: Any) -> Raw:
    match value:
        case str() | bool() | int() | float():
            return value
        case {"broken": str(text), "struck": bool(struck)}:
            return Broken(text, struck)
        case {"moment": str(text)}:
            return datetime.fromisoformat(text)
        case {"day": str(text)}:
            return date.fromisoformat(text)
        case {"time": str(text)}:
            return time.fromisoformat(text)
        case {"seconds": int(seconds) | float(seconds)}:
            return timedelta(seconds=seconds)
    raise ValueError("cell")
