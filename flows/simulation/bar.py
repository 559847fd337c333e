"""The bar of a rehearsal (进度): the date and what happens, on a terminal; nothing where nobody looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

WIDTH = 60


class Bar:
    """Shows how much of the rehearsal is over (0 to 1) and what happens just now."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._task = progress.add_task("", total=1.0)

    def tell(self, share: float, happening: str) -> None:
        """So much is over, and this happens."""
        self._progress.update(self._task, completed=share, description=happening[:WIDTH])


@contextmanager
def progressing() -> Iterator[Bar]:
    """A bar for as long as the block lasts."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (BarColumn(30), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield Bar(progress)
