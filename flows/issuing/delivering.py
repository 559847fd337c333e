"""Sending what waits (发送): one sender at a time, one letter after the other.

A letter found `sending` when nobody sends was cut off, and nobody knows: it becomes uncertain, which a person
settles (flows/issuing/outbox.py), never the program.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.issuing.mail.contacts import load_contacts
from flows.issuing.mail_account import contacts_file, mail_server
from flows.issuing.sending import Clock, Done, Sender
from flows.locks import only_one
from flows.plan.folders import plan_of
from flows.plan.letter import LetterState, LetterStatus
from flows.plan.policy import Delivery
from flows.settings import Settings
from flows.warehouse.connection import Warehouse
from flows.warehouse.letter_ledger import posted, state_letters
from flows.warehouse.patience import patiently

CUT_OFF = "发送中断，不知对方收到没有"


class AlreadySendingError(RuntimeError):
    """Another process is sending; both together might send the same letter."""

    def __init__(self) -> None:
        super().__init__("另一个发送正在进行，等它结束后再运行一次")


@dataclass(frozen=True, slots=True)
class Round:
    """One round of sending: the letters touched, in order; why it ended early, empty if it did not; how many were
    left because they are sample data, and because their pause is not over."""

    done: tuple[Done, ...]
    trouble: str
    samples: int
    paused: int


@contextmanager
def sole_sender(settings: Settings) -> Iterator[None]:
    """Nobody else sends while the block lasts; AlreadySendingError if somebody does. A killed sender holds nothing."""
    with only_one(settings.data / "outbox.lock") as is_sole:
        if not is_sole:
            raise AlreadySendingError
        yield


def own_up(settings: Settings, at: datetime) -> tuple[Done, ...]:
    """Letters that a killed sender left in the middle become uncertain; to be called as the sole sender."""

    def change(warehouse: Warehouse) -> list[LetterStatus]:
        cut_off = [one for one in posted(warehouse) if one.state is LetterState.SENDING]
        state_letters(warehouse, [(one, LetterState.UNCERTAIN, one.attempt, CUT_OFF) for one in cut_off], at)
        return cut_off

    return tuple(Done(one.letter, LetterState.UNCERTAIN, CUT_OFF) for one in patiently(settings, change))


def send_waiting(settings: Settings, clock: Clock, *, samples: bool = False) -> Round:
    """Send every letter that is due, sample data only when told to; to be called as the sole sender.

    The account is asked for only where there is something to send. Ends early where the server lets nobody in.
    """
    waiting = [one for one in patiently(settings, posted) if one.state is LetterState.QUEUED]
    wanted = [one for one in waiting if samples or not one.letter.is_sample]
    policy = plan_of(settings).policy.delivery
    due = [one for one in wanted if due_at(one, policy) <= clock()]
    done = tuple(_sent(sender_of(settings, clock), due)) if due else ()
    trouble = done[-1].reply if done and done[-1].is_general else ""
    return Round(done, trouble, len(waiting) - len(wanted), len(wanted) - len(due))


def _sent(sender: Sender, due: Iterable[LetterStatus]) -> Iterator[Done]:
    """Send one after the other until the server lets nobody in."""
    for one in due:
        done = sender.send(one)
        if done:
            yield done
        if done and done.is_general:
            return


def sender_of(settings: Settings, clock: Clock) -> Sender:
    """The office as a sender; MailAccountError or PlanError where account or contacts are not usable."""
    catalogue = plan_of(settings)
    server = mail_server(catalogue.policy.documents.issuer)
    operator = load_contacts(contacts_file(settings), catalogue).operator
    return Sender(settings, server, operator, catalogue.policy.delivery, clock)


def due_at(one: LetterStatus, policy: Delivery) -> datetime:
    """When a waiting letter may be tried: at once if it never was, else after a pause that grows from try to try."""
    if one.attempt == 0:
        return one.stated_at
    return one.stated_at + timedelta(minutes=policy.pauses_minutes[one.attempt - 1])
