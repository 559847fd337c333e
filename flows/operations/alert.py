"""Something wrong (异常): what the watch finds, the doctor repeats and the operator is written of."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.clock import BEIJING
from flows.settings import Settings


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong: a key that stays the same while it lasts, what it is, and what to do."""

    key: str
    sentence: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.sentence}。{self.remedy}"


Check = Callable[[Settings, datetime], Iterator[Trouble]]


def since(instant: float, now: datetime) -> timedelta:
    """How long ago a file's moment was; `now` is Beijing's, without a zone."""
    return timedelta(seconds=with_zone(now).timestamp() - instant)


def with_zone(now: datetime) -> datetime:
    """The same moment told with its zone, to be set against another machine's."""
    return now.replace(tzinfo=BEIJING)
