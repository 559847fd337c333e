"""The ledger of mail that came in (来信台账): messages, confirmed senders, results and answers; append-only, by the journal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from flows.plan.incoming_mail import IncomingMail, MailKind, MailResult
from flows.warehouse.connection import Warehouse
from flows.warehouse.events import Columns, Event

_COLUMNS = tuple(f.name for f in fields(IncomingMail) if f.name != "files")
_KINDS = {str(kind): kind for kind in MailKind}


@dataclass(frozen=True, slots=True)
class MailStatus:
    """A message with the decision on its answer: `letter_id` is null before there is one, and empty where it is not
    answered for the `reason`."""

    mail: IncomingMail
    letter_id: str | None
    reason: str


def mail_statuses(warehouse: Warehouse, mail_id: str = "") -> tuple[MailStatus, ...]:
    """The message of that id, or all, in the order of receipt; `reporter` by the latest confirmation."""
    return tuple(_status(row) for row in warehouse.select("mails", mail_id=mail_id).to_dicts())


def _status(row: Mapping[str, Any]) -> MailStatus:
    files = tuple(zip(row["file_names"] or (), row["file_hashes"] or (), strict=True))
    columns = {name: row[name] for name in _COLUMNS} | {"kind": _KINDS[str(row["kind"])], "files": files}
    return MailStatus(IncomingMail(**columns), row["letter_id"], row["reason"] or "")


def mails_in(warehouse: Warehouse, folder: str, uid_validity: int) -> dict[int, str]:
    """The ids of the messages of a folder that were fetched before, by their numbers there."""
    rows = warehouse.select("mail_uids", folder=folder, uid_validity=uid_validity)
    return dict(rows.select("uid", "mail_id").rows())


def confirmed_senders(warehouse: Warehouse) -> dict[str, str]:
    """The reporters by the addresses that were confirmed to be theirs."""
    return dict(warehouse.select("mail_senders").select("address", "reporter").rows())


def mail_results(warehouse: Warehouse, mail_id: str) -> tuple[MailResult, ...]:
    """What became of the reports of a message, by name."""
    return tuple(MailResult(**row) for row in warehouse.select("mail_results", mail_id=mail_id).to_dicts())


def fetched_events(mail: IncomingMail) -> list[Event]:
    """The events that put a message on record with its files."""
    files = [
        {"mail_id": mail.mail_id, "position": position, "file_name": name, "sha256": digest}
        for position, (name, digest) in enumerate(mail.files, 1)
    ]
    row = {name: getattr(mail, name) for name in _COLUMNS} | {"kind": str(mail.kind)}
    return [("mail", row), *([("mail_file", files)] if files else [])]


def confirmed_events(
    address: str, reporter: str, held: Iterable[IncomingMail], at: datetime, by: Columns
) -> list[Event]:
    """The events that an address is a reporter's, from now on and for these messages."""
    common: Columns = {"address": address, "reporter": reporter, **by}
    return [
        ("mail_sender", {"mail_id": mail_id, "confirmed_at": at, **common})
        for mail_id in ("", *(mail.mail_id for mail in held))
    ]


def record_results(warehouse: Warehouse, results: Sequence[MailResult]) -> None:
    """Record what became of reports; what is on record is left as it is."""
    known = {
        (one.mail_id, one.file_sha256, one.report_name)
        for mail_id in {one.mail_id for one in results}
        for one in mail_results(warehouse, mail_id)
    }
    new = [one for one in results if (one.mail_id, one.file_sha256, one.report_name) not in known]
    if new:
        warehouse.append([("mail_result", asdict(one)) for one in new])


def answer_decided(mail_id: str, at: datetime, letter_id: str, reason: str = "") -> Event:
    """The event that a message is answered by a letter, or, without one, is not, and why."""
    return "mail_answer", {"mail_id": mail_id, "decided_at": at, "letter_id": letter_id, "reason": reason}
