"""Send letters (发送): one sender at a time, only letters that are due; each recorded before and after the mail server answers.

A letter found `sending` while nobody sends was interrupted: it becomes uncertain, which a person settles
(flows/issuing/outbox.py), never the program. The warehouse is closed while the mail server is spoken with.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flows.files import sha256_of
from flows.issuing.mail import smtp
from flows.issuing.mail.account import MailServer
from flows.issuing.mail.letter import written
from flows.locks import only_one
from flows.plan.letter import Letter, LetterState, LetterStatus
from flows.plan.policy import Delivery
from flows.warehouse.connection import Warehouse
from flows.warehouse.letter_ledger import letter_statuses, state_letters

Clock = Callable[[], datetime]
OpenWarehouse = Callable[[], AbstractContextManager[Warehouse]]


class AttachmentError(RuntimeError):
    """A file of a letter is gone or is not the one that was queued: the letter does not leave."""

    def __init__(self, name: str) -> None:
        super().__init__(f"附件 {name} 不见了，或与排队时不是同一个文件，没有发")


@dataclass(frozen=True, slots=True)
class SendResult:
    """What was done to a letter: the state it was left in, and what the server answered. `is_general`: the server
    lets nobody in, and no other letter would fare better."""

    letter: Letter
    state: LetterState
    reply: str
    is_general: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """Whoever sends: how to open the warehouse, the data folder, the mail server, the address that answers go to, the
    policy and the clock."""

    open_warehouse: OpenWarehouse
    data: Path
    server: MailServer
    reply_to: str
    policy: Delivery
    clock: Clock

    def send_each(self, letters: Iterable[LetterStatus]) -> Iterator[SendResult]:
        """Send one after the other until the server lets nobody in."""
        for one in letters:
            result = self.send(one)
            if result:
                yield result
            if result and result.is_general:
                return

    def send(self, one: LetterStatus) -> SendResult | None:
        """Send one waiting letter; None if the operator has taken it out meanwhile."""
        try:
            message = self.message(one.letter)
        except AttachmentError as fault:
            is_ours = self._moved(one, LetterState.QUEUED, LetterState.FAILED, one.attempt, str(fault))
            return SendResult(one.letter, LetterState.FAILED, str(fault)) if is_ours else None
        if not self._moved(one, LetterState.QUEUED, LetterState.SENDING, one.attempt + 1):
            return None
        outcome = smtp.send(self.server, one.letter.address, message, self.policy)
        state, attempt, reply = became(outcome, one.attempt + 1, self.policy)
        self._moved(one, LetterState.SENDING, state, attempt, reply)
        return SendResult(one.letter, state, reply, isinstance(outcome, smtp.Later) and outcome.is_general)

    def message(self, letter: Letter) -> bytes:
        """The letter as it travels; AttachmentError where a file of it is not the one that was queued."""
        return written(letter, self.server, self.reply_to, self._attachments(letter))

    def _attachments(self, letter: Letter) -> dict[str, bytes]:
        files: dict[str, bytes] = {}
        for name, digest in letter.attachments:
            file = self.data / letter.folder / name
            content = file.read_bytes() if file.is_file() else b""
            if sha256_of(content) != digest:
                raise AttachmentError(name)
            files[name] = content
        return files

    def _moved(
        self, one: LetterStatus, before: LetterState, state: LetterState, attempt: int, reply: str = ""
    ) -> bool:
        """Book a letter's new state if it is still as it was before; whether it was."""
        with self.open_warehouse() as warehouse:
            now = {p.letter.letter_id: p for p in letter_statuses(warehouse, one.letter.number)}[
                one.letter.letter_id
            ]
            if now.state is before:
                state_letters(warehouse, [(now, state, attempt, reply)], self.clock())
            return now.state is before


def became(outcome: smtp.Outcome, attempt: int, policy: Delivery) -> tuple[LetterState, int, str]:
    """What an outcome makes of a letter: its state, the attempts made, what is noted."""
    match outcome:
        case smtp.Accepted(reply):
            return LetterState.SENT, attempt, reply
        case smtp.Refused(reply):
            return LetterState.FAILED, attempt, reply
        case smtp.Uncertain(reply):
            return LetterState.UNCERTAIN, attempt, reply
        case smtp.Later(reply, is_general=True):
            return (
                LetterState.QUEUED,
                attempt - 1,
                reply,
            )  # does not count as an attempt of the letter
        case smtp.Later(reply):
            if attempt < policy.attempts:
                return LetterState.QUEUED, attempt, reply
            return LetterState.FAILED, attempt, f"试了 {attempt} 次都没有成：{reply}"


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
    interrupted = letter_statuses(warehouse, states=[LetterState.SENDING])
    changes = [(one, LetterState.UNCERTAIN, one.attempt, CUT_OFF) for one in interrupted]
    state_letters(warehouse, changes, at)
    return tuple(SendResult(one.letter, LetterState.UNCERTAIN, CUT_OFF) for one in interrupted)


def waiting_letters(warehouse: Warehouse, policy: Delivery, at: datetime, *, samples: bool) -> Waiting:
    """The queued letters, sample data among the due ones only when asked for."""
    queued = letter_statuses(warehouse, states=[LetterState.QUEUED])
    wanted = [one for one in queued if samples or not one.letter.is_sample]
    due = tuple(one for one in wanted if due_at(one, policy) <= at)
    return Waiting(due, len(queued) - len(wanted), len(wanted) - len(due))


def due_at(one: LetterStatus, policy: Delivery) -> datetime:
    """When a waiting letter may be tried: at once if it never was, else after a pause that grows from try to try."""
    if one.attempt == 0:
        return one.stated_at
    return one.stated_at + timedelta(minutes=policy.pauses_minutes[one.attempt - 1])
