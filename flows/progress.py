"""Progress that people see: a bar on a terminal, nothing where nobody looks (a log, a pipe, a schedule)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def shown(items: Sequence[Item], label: str) -> Iterator[Item]:
    """The items one by one, with a bar on standard error while it is a terminal."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    bar: Iterable[Item] = items
    if console.is_terminal:
        bar = track(items, description=label, console=console, transient=True)
    yield from bar
