"""Choose what is sent (发送): one sender at a time, and only letters that are due.

A letter found `sending` when nobody sends was cut off, and nobody knows: it becomes uncertain, which a person
settles (flows/issuing/outbox.py), never the program.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flows.issuing.sending import SendResult
from flows.locks import only_one
from flows.plan.letter import LetterState, LetterStatus
from flows.plan.policy import Delivery
from flows.warehouse.connection import Warehouse
from flows.warehouse.letter_ledger import letter_statuses, state_letters

CUT_OFF = "发送中断，不知对方收到没有"


class AlreadySendingError(RuntimeError):
    """Another process is sending; both together might send the same letter."""

    def __init__(self) -> None:
        super().__init__("另一个发送正在进行，等它结束后再运行一次")


@dataclass(frozen=True, slots=True)
class Waiting:
    """The letters that wait: those due now, how many are left because they are sample data, and because their pause
    is not over."""

    due: tuple[LetterStatus, ...]
    samples: int
    paused: int


@contextmanager
def sole_sender(data: Path) -> Iterator[None]:
    """Nobody else sends while the block lasts; AlreadySendingError if somebody does. A killed sender holds nothing."""
    with only_one(data / "outbox.lock") as is_sole:
        if not is_sole:
            raise AlreadySendingError
        yield


def recover_interrupted(warehouse: Warehouse, at: datetime) -> tuple[SendResult, ...]:
    """Letters that a killed sender left in the middle become uncertain; to be called as the sole sender."""
    interrupted = [one for one in letter_statuses(warehouse) if one.state is LetterState.SENDING]
    changes = [(one, LetterState.UNCERTAIN, one.attempt, CUT_OFF) for one in interrupted]
    state_letters(warehouse, changes, at)
    return tuple(SendResult(one.letter, LetterState.UNCERTAIN, CUT_OFF) for one in interrupted)


def waiting_letters(warehouse: Warehouse, policy: Delivery, at: datetime, *, samples: bool) -> Waiting:
    """The queued letters, sample data among the due ones only when asked for."""
    queued = [one for one in letter_statuses(warehouse) if one.state is LetterState.QUEUED]
    wanted = [one for one in queued if samples or not one.letter.is_sample]
    due = tuple(one for one in wanted if due_at(one, policy) <= at)
    return Waiting(due, len(queued) - len(wanted), len(wanted) - len(due))


def due_at(one: LetterStatus, policy: Delivery) -> datetime:
    """When a waiting letter may be tried: at once if it never was, else after a pause that grows from try to try."""
    if one.attempt == 0:
        return one.stated_at
    return one.stated_at + timedelta(minutes=policy.pauses_minutes[one.attempt - 1])
