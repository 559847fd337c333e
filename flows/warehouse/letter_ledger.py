"""The outbox (发文信件台账): every letter, and every state it came into; append-only, by way of the journal."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from flows.plan import letter as letters
from flows.plan.issued import DocumentName
from flows.plan.notice import NoticeState
from flows.warehouse.connection import Warehouse
from flows.warehouse.events import BY_NOBODY, Columns, Event
from flows.warehouse.issue_ledger import issued
from flows.warehouse.notice_ledger import matter_statuses, notice_state_changed

NO_ADDRESS = "通讯录里没有这个单位的地址"
_COLUMNS = tuple(f.name for f in fields(letters.Letter) if f.name != "attachments")
_ROLES = {str(role): role for role in letters.Role}
_LETTER_KINDS = {str(kind): kind for kind in letters.LetterKind}
_STATES = {str(state): state for state in letters.LetterState}


def letter_statuses(
    warehouse: Warehouse, number: str = "", states: Iterable[letters.LetterState] = ()
) -> tuple[letters.LetterStatus, ...]:
    """Every letter of a document number, or of all, with its present state: only those in one of `states` where any is
    given; in the order they were queued."""
    rows = warehouse.select("letters", number=number, states=[str(state) for state in states])
    return tuple(_posted(row) for row in rows.to_dicts())


def _posted(row: dict[str, Any]) -> letters.LetterStatus:
    values = {name: row[name] for name in _COLUMNS} | {
        "role": _ROLES[str(row["role"])],
        "kind": _LETTER_KINDS[str(row["kind"])],
        "attachments": tuple(zip(row["file_names"] or (), row["file_hashes"] or (), strict=True)),
    }
    return letters.LetterStatus(
        letter=letters.Letter(**values),
        state=_STATES[str(row["state"])],
        stated_at=row["stated_at"],
        attempt=row["attempt"],
        reply=str(row["reply"]),
    )


def queued_events(letter: letters.Letter, at: datetime) -> list[Event]:
    """The events that put a letter into the outbox: waiting, or failed where there is no address to send it to."""
    row = {name: getattr(letter, name) for name in _COLUMNS}
    attached = [
        {"letter_id": letter.letter_id, "position": position, "file_name": name, "sha256": digest}
        for position, (name, digest) in enumerate(letter.attachments, 1)
    ]
    state, reply = (
        (letters.LetterState.QUEUED, "") if letter.address else (letters.LetterState.FAILED, NO_ADDRESS)
    )
    return [
        ("letter", row),
        *([("letter_attachment", attached)] if attached else []),
        letter_state_changed(letter.letter_id, state, at, 0, reply),
    ]


def letter_state_changed(
    letter_id: str,
    state: letters.LetterState,
    at: datetime,
    attempt: int,
    reply: str = "",
    by: Columns = BY_NOBODY,
) -> Event:
    """The event that a letter came into a state; `by` whom, where a person recorded it."""
    return "letter_state", {
        "letter_id": letter_id, "stated_at": at, "state": str(state), "attempt": attempt, "reply": reply, **by
    }  # fmt: skip


def state_letters(
    warehouse: Warehouse, changes: Iterable[tuple[letters.LetterStatus, letters.LetterState, int, str]], at: datetime,
    by: Columns = BY_NOBODY,
) -> None:  # fmt: skip
    """Record new states (letter, state, attempt, reply), all or none; LetterError where one cannot follow."""
    if events := state_events(warehouse, changes, at, by):
        warehouse.append(events)


def state_events(
    warehouse: Warehouse, changes: Iterable[tuple[letters.LetterStatus, letters.LetterState, int, str]], at: datetime,
    by: Columns = BY_NOBODY,
) -> list[Event]:  # fmt: skip
    """The events of new states; a notice whose letter has reached its addressee is sent (已发出) from then on, which is
    among them. LetterError where a state cannot follow."""
    events: list[Event] = []
    for one, state, attempt, said in changes:
        if one.state not in letters.ALLOWED_PREDECESSORS[state]:
            raise letters.LetterError(one.short_id, state, one.state)
        events.append(letter_state_changed(one.letter.letter_id, state, at, attempt, said, by))
        if state is letters.LetterState.SENT and one.letter.role is letters.Role.TO:
            events += _notice_sent(warehouse, one.letter.number, at)
    return events


def _notice_sent(warehouse: Warehouse, number: str, at: datetime) -> list[Event]:
    """That the notice issued under this number is sent, if it is one and was only approved so far."""
    names = [DocumentName.parse(d.document) for d in issued(warehouse) if d.number == number]
    return [
        notice_state_changed(name.notice, NoticeState.SENT, at, number)
        for name in names
        if name.notice
        and {
            one.state
            for one in matter_statuses(warehouse, int(name.period[:4]))
            if one.notice.number == name.notice
        }
        == {NoticeState.APPROVED}
    ]
