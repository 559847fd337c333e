"""Being the only one (独占): locks that end with the process that has them, however it ends."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def reserve(lock: Path) -> bool:
    """Take a lock for as long as this process lives, also as the program it becomes (its children do not have it);
    false where another has it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    number = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    if not _taken(number):
        os.close(number)
        return False
    os.set_inheritable(number, True)  # through exec
    return True


def is_reserved(lock: Path) -> bool:
    """Whether a living process has that lock."""
    try:
        with lock.open("rb") as file:
            return not _taken(file.fileno())
    except FileNotFoundError:
        return False


@contextmanager
def only_one(lock: Path) -> Iterator[bool]:
    """Hold a lock while the block lasts, if it is free; whether it was."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("wb") as file:
        yield _taken(file.fileno())


@contextmanager
def turn(lock: Path, before_waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a lock while the block lasts; where another has it, say so and wait."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("wb") as file:
        if not _taken(file.fileno()):
            before_waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _taken(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
