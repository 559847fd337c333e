"""Progress that people see: a sign or a bar on a terminal, nothing where nobody looks (a log, a pipe, a schedule)."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.live import Live

Item = TypeVar("Item")

_SIGNS: list["Live"] = []  # the sign that turns now, if any: a terminal has one last line
_BARS: list[str] = []  # the bars shown now, which leave no room for a sign


def is_seen() -> bool:
    """Whether somebody looks: standard error is a terminal."""
    return sys.stderr.isatty()


def shown(items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
    """The items one by one, with a bar on standard error while it is a terminal; `total` where they cannot be
    counted beforehand."""
    if not is_seen():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    end()
    _BARS.append(label)
    try:
        yield from track(items, description=label, total=total, console=Console(stderr=True), transient=True)
    finally:
        _BARS.remove(label)


def begin(what: str) -> None:
    """Say on the terminal's last line what is being done, with a sign that turns, until `end`."""
    if _BARS or not is_seen():
        return
    from rich.console import Console
    from rich.live import Live
    from rich.spinner import Spinner

    end()
    # What is printed meanwhile goes where it was meant to go, also into a pipe.
    sign = Live(
        Spinner("dots", text=what),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    sign.start()
    _SIGNS.append(sign)


def end() -> None:
    """Take the sign away; nothing where there is none."""
    while _SIGNS:
        _SIGNS.pop().stop()


@contextmanager
def turning(what: str) -> Iterator[None]:
    """The sign for as long as the block lasts."""
    begin(what)
    try:
        yield
    finally:
        end()
