"""Forms and prompts by mail (发报表、报送提示): a month's blank form to every reporter, and before the due day a word to
those who have not reported. Each goes to a unit once a month; a prompt that has become needless does not leave."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from flows.documents import words
from flows.files import sha256_of, write_whole
from flows.issuing.mail.contacts import Contacts
from flows.issuing.mail.letter import message_id
from flows.issuing.mail.letter_page import Block, as_page, as_text
from flows.plan.letter import Letter, LetterKind, LetterState, LetterStatus, Role
from flows.plan.period import Period
from flows.plan.workdays import deadlines
from flows.warehouse.connection import Warehouse
from flows.warehouse.letter_ledger import letter_statuses, queued_events
from flows.warehouse.questions import LONG_AFTER

_PROMPT = "报送提示 "
REPORTED = "已经报送"


def queue_forms(
    warehouse: Warehouse, contacts: Contacts, data: Path, month: Period, written: Sequence[Path], at: datetime
) -> list[Letter]:
    """Put the form of every reporter that has an address into the outbox; returns the new letters."""
    due = words.month_day(deadlines(str(month), contacts.catalogue.policy.reporting).due_on)
    name = f"{month.long_label}{contacts.catalogue.plan.short_name}报表"
    prior = "，上月累计已填好，有待核实事项的列在表里" if month.first > 1 else ""
    said = [
        f"随信发去{name}，见附件{prior}。请于{due}前填报：直接回复本邮件，附上填好的工作簿即可，收到后发回执。",
        "原有表格也收：只要写明单位、月份和指标，不必改用本表。",
    ]
    folder = f"mail/forms/{month}"
    attached: dict[str, tuple[str, str]] = {}
    for reporter in contacts.catalogue.reporters:
        path = next(p for p in written if p.name.startswith(f"{reporter.name}{month.long_label}"))
        content = path.read_bytes()
        write_whole(data / folder / path.name, content)
        attached[reporter.id] = path.name, sha256_of(content)
    return _queue(
        warehouse,
        contacts,
        LetterKind.FORM,
        f"报表 {month}",
        f"{name}（{due}前报送）",
        said,
        at,
        attached,
        folder,
    )


def queue_prompts(warehouse: Warehouse, contacts: Contacts, month: Period, at: datetime) -> list[Letter]:
    """Put a reminder to every reporter that has an address and has not reported the month into the outbox."""
    name = f"{month.long_label}{contacts.catalogue.plan.short_name}报表"
    due = words.month_day(deadlines(str(month), contacts.catalogue.policy.reporting).due_on)
    said = [f"{name}尚未收到，报送期限是{due}。请直接回复本邮件，附上填好的工作簿；已经发出的，请不必理会。"]
    done, number = reported(warehouse, month), f"{_PROMPT}{month}"
    subject = f"提示：{name}请于{due}前报送"
    wanted = {one.id: ("", "") for one in contacts.catalogue.reporters if one.id not in done}
    return _queue(warehouse, contacts, LetterKind.REMINDER, number, subject, said, at, wanted, "")


def needless_prompts(warehouse: Warehouse) -> list[tuple[LetterStatus, str]]:
    """The waiting prompts whose unit has reported meanwhile, each with the reason."""
    waiting = [
        one
        for one in letter_statuses(warehouse, states=[LetterState.QUEUED])
        if one.letter.kind is LetterKind.REMINDER
    ]
    numbers = {one.letter.number for one in waiting}
    done = {number: reported(warehouse, Period.parse(number.removeprefix(_PROMPT))) for number in numbers}
    return [(one, REPORTED) for one in waiting if one.letter.unit in done[one.letter.number]]


def reported(warehouse: Warehouse, month: Period) -> set[str]:
    """Who has reported a month."""
    rows = warehouse.select("received", first_month=str(month), last_month=str(month), as_of=LONG_AFTER)
    return set(rows["reporter"].to_list())


def _queue(  # noqa: PLR0913, PLR0917  # each is one fact about the letters
    warehouse: Warehouse, contacts: Contacts, kind: LetterKind, number: str, subject: str, said: Sequence[Block],
    at: datetime, units: dict[str, tuple[str, str]], folder: str,
) -> list[Letter]:  # fmt: skip
    """A letter to every address of these units, unless they had one of that number; `units` with their attachment."""
    known = {one.letter.unit for one in letter_statuses(warehouse, number)}
    letters = [
        Letter(
            letter_id=message_id(number, "", unit, one.address), number=number, sha256=units[unit][1] or number,
            unit=unit, unit_name=one.unit_name, role=Role.TO, address=one.address, subject=subject,
            body=as_text(f"{one.unit_name}：", said, ""), attachments=(units[unit],) if units[unit][0] else (),
            folder=folder, queued_at=at, is_sample=False, kind=kind, html=as_page(f"{one.unit_name}：", said, ""),
        )
        for unit in units
        if unit not in known
        for one in contacts.of_unit(unit, Role.TO)
        if one.address
    ]  # fmt: skip
    if letters:
        warehouse.append([event for letter in letters for event in queued_events(letter, at)])
    return letters
