"""The ledger of notices (文书台账): what was drafted, and every state it came into; append-only."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from itertools import groupby

from flows.plan import notice as notices
from flows.warehouse.connection import Warehouse
from flows.warehouse.events import BY_NOBODY, Columns, Event

_MATTER = tuple(f.name for f in fields(notices.Matter))
_KINDS = {str(kind): kind for kind in notices.NoticeKind}
_LADDERS = {str(ladder): ladder for ladder in notices.Ladder}
LAST = 2**31 - 1  # an entry no ledger reaches
_STATES = {str(state): state for state in notices.NoticeState}


def matter_statuses(
    warehouse: Warehouse, year: int, before_entry: int = LAST
) -> tuple[notices.MatterStatus, ...]:
    """Every matter of every notice of that reporting year with its present state, oldest first; or as the
    ledger stood before an entry."""
    reach = {"first_month": f"{year}-01", "last_month": f"{year}-12", "before_entry": before_entry}
    rows = warehouse.select("notices", **reach).to_dicts()
    return tuple(one for _, same in groupby(rows, lambda row: row["number"]) for one in _filed(list(same)))


def notice_numbered(
    warehouse: Warehouse, number: str, month: str
) -> tuple[notices.Notice, dict[str, notices.MatterStatus]]:
    """A notice, and by number those that had been sent when it was drafted, each with the moment; NoticeError if there
    is none."""
    entry: int | None = warehouse.select("notice_drafted", number=number)["entry"][0]
    year = int(month[:4])
    notice = next(
        (one.notice for one in matter_statuses(warehouse, year) if one.notice.number == number), None
    )
    if entry is None or notice is None:
        raise notices.NoticeError(number, notices.NoticeState.APPROVED, None)
    before = matter_statuses(warehouse, year, entry)
    return notice, {one.notice.number: one for one in before if one.state is notices.NoticeState.SENT}


def _filed(rows: list[dict[str, object]]) -> Iterable[notices.MatterStatus]:
    matters = tuple(notices.Matter(**{name: row[name] for name in _MATTER}) for row in rows)  # type: ignore[arg-type]
    head = rows[0]
    notice = notices.Notice(
        number=str(head["number"]),
        kind=_KINDS[str(head["kind"])],
        ladder=_LADDERS[str(head["ladder"])],
        addressee=str(head["addressee"]),
        month=str(head["month"]),
        as_of=head["as_of"],  # type: ignore[arg-type]
        drafted_on=head["drafted_on"],  # type: ignore[arg-type]
        reply_by=head["reply_by"],  # type: ignore[arg-type]
        matters=matters,
    )
    for row, matter in zip(rows, matters, strict=True):
        at: datetime = row["state_at"]  # type: ignore[assignment]  # as above
        yield notices.MatterStatus(notice, matter, _STATES[str(row["state"])], at, str(row["note"]))


def drafted_events(notice: notices.Notice, at: datetime) -> list[Event]:
    """The events that file a new notice as a draft."""
    head = {
        name: getattr(notice, name)
        for name in ("number", "addressee", "month", "as_of", "drafted_on", "reply_by")
    }
    return [
        ("notice", {"kind": str(notice.kind), "ladder": str(notice.ladder), **head}),
        *(("notice_matter", {"number": notice.number, **asdict(matter)}) for matter in notice.matters),
        notice_state_changed(notice.number, notices.NoticeState.DRAFTED, at),
    ]


def notice_state_changed(
    number: str,
    state: notices.NoticeState,
    at: datetime,
    note: str = "",
    matter: notices.Matter | None = None,
    by: Columns = BY_NOBODY,
) -> Event:
    """The event that a notice, or one matter of it, came into a state; `by` whom, where a person recorded it."""
    county, indicator = (matter.county, matter.indicator) if matter else ("*", "*")
    return "notice_state", {
        "number": number, "county": county, "indicator": indicator, "stated_at": at, "state": str(state), "note": note, **by
    }  # fmt: skip


def register(
    warehouse: Warehouse,
    numbers: Sequence[str],
    state: notices.NoticeState,
    at: datetime,
    note: str,
    by: Columns,
) -> None:
    """The same for whole notices by hand; NoticeError where one is unknown or not yet that far, and none is changed."""
    year = int(numbers[0].partition("〔")[2].partition("〕")[0] or 0)
    now: dict[str, set[notices.NoticeState]] = {}
    for one in matter_statuses(warehouse, year):
        now.setdefault(one.notice.number, set()).add(one.state)
    for number in numbers:
        found = now.get(number, set())
        if not found & set(notices.ALLOWED_PREDECESSORS[state]):
            raise notices.NoticeError(number, state, next(iter(found), None))
    said = f"{notices.MANUAL_WITHDRAWAL}：{note}" if state is notices.NoticeState.WITHDRAWN else note
    warehouse.append([notice_state_changed(number, state, at, said, by=by) for number in numbers])
