"""Events: what a line of the journal holds, and those of earlier programs (旧版台账) turned into today's.

The journal is never rewritten, since its lines name each other by their hash: old events are translated on reading.
"""

from collections.abc import Iterator, Mapping, Sequence

Row = Mapping[str, object]
Columns = Mapping[str, str | None]
Event = tuple[str, Row | Sequence[Row]]  # a statement of sql/load, with its one row or the frame it reads

# Who recorded an event by hand: the columns of what the program does by itself, and of events before there were accounts.
BY_NOBODY: Columns = {"account": None, "os_user": None, "host": None, "instructed_by": None}
# What a letter of before receipts went by mail lacks.
_OF_A_DOCUMENT: Row = {"kind": "document", "html": "", "in_reply_to": "", "reference_ids": ""}
_BY_SOMEBODY = ("answer", "approval", "letter_state", "notice_state")


def upgraded(statement: str, row: Row | Sequence[Row]) -> Iterator[Event]:
    """The same in today's statements; an event of today as it is."""
    if isinstance(row, Sequence):
        yield statement, row
    elif statement == "answer" and "problem_id" in row:
        yield statement, {"question_number": row["problem_id"], **BY_NOBODY, **_without(row, "problem_id")}
    elif statement in _BY_SOMEBODY:
        yield statement, {**BY_NOBODY, **row}
    elif statement == "letter" and "kind" not in row:
        yield from upgraded(statement, {**_OF_A_DOCUMENT, **row})
    elif statement == "letter" and "attachments" in row:
        yield statement, _without(row, "attachments")
        attached = [line.split("  ", 1) for line in str(row["attachments"]).splitlines()]
        if attached:
            yield (
                "letter_attachment",
                [
                    {"letter_id": row["letter_id"], "position": position, "file_name": name, "sha256": digest}
                    for position, (digest, name) in enumerate(attached, 1)
                ],
            )
    else:
        yield statement, row


def _without(row: Row, column: str) -> Row:
    return {name: value for name, value in row.items() if name != column}
