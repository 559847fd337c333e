"""Progress that people see: a bar on a terminal, nothing where nobody looks (a log, a pipe, a schedule)."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def shown(items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
    """The items one by one, with a bar on standard error while it is a terminal; `total` where they cannot be
    counted beforehand."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    bar = items
    if console.is_terminal:
        bar = track(items, description=label, total=total, console=console, transient=True)
    yield from bar
