"""The outbox for people (发文信件): what waits, what needs a hand, and the operator's own decisions."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from flows.documents.words import stamp
from flows.issuing.mail.contacts import Contacts
from flows.issuing.mail.letter import carrying, message_id
from flows.plan.letter import Letter, LetterError, LetterState, LetterStatus
from flows.plan.terms import Term
from flows.warehouse.connection import Warehouse
from flows.warehouse.events import Columns
from flows.warehouse.issue_ledger import sealed_copies
from flows.warehouse.letter_ledger import letter_state_changed, letter_statuses, queued_events, state_letters

NEEDS_A_HAND = (LetterState.FAILED, LetterState.UNCERTAIN)


class Settlement(Term):
    """What the operator decides on a letter."""

    SENT = "sent", "已送达"
    RESEND = "resend", "重发"
    DROP = "drop", "作罢"


class SettlementError(RuntimeError):
    """A letter that cannot be settled so: which, and why."""

    def __init__(self, letter: str, why: str) -> None:
        super().__init__(f"信件 {letter} {why}")


def lines(found: Iterable[LetterStatus]) -> list[str]:
    """The letters as an operator reads them: state, name, document, addressee, since when; what happened; the remedy."""
    return [line for one in found for line in _lines(one)]


def counted(found: Iterable[LetterStatus]) -> dict[str, int]:
    """How many letters are in each state, by its label, in the order of the states; none left out but empty ones."""
    states = [one.state for one in found]
    return {state.label: states.count(state) for state in LetterState if state in states}


def _lines(one: LetterStatus) -> list[str]:
    letter = one.letter
    number = f"【示例】{letter.number}" if letter.is_sample else letter.number
    to = f"{letter.role.label}{letter.unit_name} <{letter.address or '没有地址'}>"
    said = [f"{one.state.label}  {one.short_id}  {number}  {to}  {stamp(one.stated_at)}"]
    said += [f"    {one.reply}"] if one.reply else []
    return said + [f"    → {line}" for line in remedies(one)]


def remedies(one: LetterStatus) -> list[str]:
    """What to do about a letter; nothing for one that is sent or dropped."""
    settle = f"diaodu outbox --settle {one.short_id}"
    match one.state:
        case LetterState.QUEUED:
            again = f"已试 {one.attempt} 次，隔一会再试；" if one.attempt else ""
            return [f"{again}发送：diaodu deliver{' --sample' if one.letter.is_sample else ''}"]
        case LetterState.SENDING:
            return ["正在发；如果没有发送在运行，下次 diaodu deliver 时列为去向不明"]
        case LetterState.FAILED:
            return [
                f"在通讯录里核对{one.letter.unit_name}的地址，再 {settle} resend --note 改了什么",
                f"已另行送达的：{settle} sent --note 怎样送达；不再发的：{settle} drop --note 原因",
            ]
        case LetterState.UNCERTAIN:
            return [
                f"先问{one.letter.unit_name}收到没有：收到了 {settle} sent --note 谁答复的",
                f"没有收到 {settle} resend --note 谁答复的（程序不会自己重发）",
            ]
    return []


def settle(
    warehouse: Warehouse,
    contacts: Callable[[], Contacts],
    name: str,
    how: Settlement,
    at: datetime,
    note: str,
    by: Columns,
) -> str:
    """Record what the operator decided on a letter, named by the beginning of its id; a sentence of what follows.

    A letter is sent again to the address it had, or, where the contacts have others for its unit now, to those.
    """
    if not note.strip():
        raise SettlementError(name, "要写明依据：--note（如向谁核实、改了什么）")
    one = _named(letter_statuses(warehouse), name)
    reason = f"经办登记：{note.strip()}"
    if how is Settlement.RESEND:
        return _resend(warehouse, contacts(), one, at, reason, by)
    state = LetterState.SENT if how is Settlement.SENT else LetterState.DROPPED
    if one.state is LetterState.SENDING:
        raise LetterError(one.short_id, state, one.state)
    state_letters(warehouse, [(one, state, one.attempt, reason)], at, by)
    return f"信件 {one.short_id}（{one.letter.unit_name}）已登记为“{state.label}”"


def _named(found: Iterable[LetterStatus], name: str) -> LetterStatus:
    wanted = name.strip().strip("<>")
    fits = [one for one in found if wanted and one.letter.letter_id[1:].startswith(wanted)]
    if len(fits) != 1:
        raise SettlementError(name, "台账里没有" if not fits else f"不止一封（{len(fits)} 封），把编号写全些")
    return fits[0]


def _resend(
    warehouse: Warehouse, contacts: Contacts, one: LetterStatus, at: datetime, reason: str, by: Columns
) -> str:
    if one.state not in NEEDS_A_HAND:
        raise LetterError(one.short_id, LetterState.QUEUED, one.state)
    unit = contacts.units.get(one.letter.unit)
    addresses = unit.addresses if unit else ()
    letter = carrying(one.letter, sealed_copies(warehouse).get(one.letter.number))
    if letter is one.letter and letter.address in addresses:
        state_letters(warehouse, [(one, LetterState.QUEUED, 0, reason)], at, by)
        return f"信件 {one.short_id}（{letter.unit_name}）重新排队，下次 diaodu deliver 时发"
    had = {p.letter.letter_id for p in letter_statuses(warehouse, one.letter.number)}
    new = [new for new in (_to(letter, a, at) for a in addresses) if new.letter_id not in had]
    if not new:
        raise SettlementError(one.short_id, f"不能重发：通讯录里没有{one.letter.unit_name}的新地址，请先补上")
    events = [event for letter in new for event in queued_events(letter, at)]
    dropped = f"{reason}；改发 {'、'.join(letter.address for letter in new)}"
    warehouse.append(
        [
            *events,
            letter_state_changed(one.letter.letter_id, LetterState.DROPPED, at, one.attempt, dropped, by),
        ]
    )
    return (
        f"{one.letter.unit_name}改发 {'、'.join(letter.address for letter in new)}，下次 diaodu deliver 时发"
    )


def _to(letter: Letter, address: str, at: datetime) -> Letter:
    """The same letter to another address of the unit."""
    named = message_id(letter.number, letter.sha256, letter.unit, address)
    return replace(letter, letter_id=named, address=address, queued_at=at)
