"""Withdraw letters that are overtaken (撤下): nobody is urged by post for what he has sent or corrected since.

Between the issue of a notice and its sending data may come in. What would be withdrawn if it were worked out
now does not leave: its letters are dropped, the notice is withdrawn, its number stays explained in the ledger.
"""

from datetime import datetime

from flows.documents import notices as noticing
from flows.plan.folders import Plans
from flows.plan.issued import DocumentName
from flows.plan.letter import LetterKind, LetterState, LetterStatus
from flows.plan.notice import MatterStatus, NoticeState
from flows.plan.period import Period
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import issued
from flows.warehouse.letter_ledger import letter_statuses, state_letters
from flows.warehouse.notice_ledger import matter_statuses, notice_state_changed

WITHDRAWN = "文书已撤回"


def withdraw_stale(warehouse: Warehouse, plans: Plans, at: datetime) -> list[tuple[LetterStatus, str]]:
    """Drop the waiting letters of notices that no longer hold, and withdraw those; each letter with the reason."""
    dropped, withdrawn = find_stale(warehouse, plans, at)
    state_letters(warehouse, [(one, LetterState.DROPPED, one.attempt, said) for one, said in dropped], at)
    if withdrawn:
        warehouse.append(
            [
                notice_state_changed(number, NoticeState.WITHDRAWN, at, said)
                for number, said in withdrawn.items()
            ]
        )
    return dropped


def find_stale(
    warehouse: Warehouse, plans: Plans, at: datetime
) -> tuple[list[tuple[LetterStatus, str]], dict[str, str]]:
    """The waiting letters of notices that no longer hold, each with the reason; and which of those notices are to be
    withdrawn, with theirs. Nothing is changed."""
    waiting = _waiting_notices(warehouse)
    overtaken: dict[str, str] = {}
    for month in {name.period for _, name in waiting}:
        catalogue = plans.of(Period.parse(month).year)
        overtaken |= noticing.overtaken(warehouse, catalogue, month, at.date())
    years = {int(name.period[:4]) for _, name in waiting}
    now = {one.notice.number: one for year in years for one in matter_statuses(warehouse, year)}
    why = {number: _why(one, overtaken.get(number, ""), at) for number, one in now.items()}
    dropped = [(one, why[name.notice]) for one, name in waiting if why[name.notice]]
    withdrawn = {
        name.notice: why[name.notice]
        for _, name in waiting
        if why[name.notice] and now[name.notice].is_unsent
    }
    return dropped, withdrawn


def _why(one: MatterStatus, overtaken: str, at: datetime) -> str:
    """Why a notice does not leave; empty where it may."""
    if one.state is NoticeState.WITHDRAWN:
        return WITHDRAWN
    if one.notice.reply_by < at.date():
        return f"要求{one.notice.reply_by}前答复，发送时已过"
    return overtaken


def _waiting_notices(warehouse: Warehouse) -> list[tuple[LetterStatus, DocumentName]]:
    """The waiting letters that carry a notice, each with the notice's name."""
    names = {entry.number: DocumentName.parse(entry.document) for entry in issued(warehouse)}
    return [
        (one, names[one.letter.number])
        for one in letter_statuses(warehouse)
        if one.state is LetterState.QUEUED
        and one.letter.kind is LetterKind.DOCUMENT
        and names[one.letter.number].notice
    ]
