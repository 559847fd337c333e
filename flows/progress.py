"""Progress on a terminal for whatever takes longer than two seconds; nothing where nobody looks (a log, a pipe, a run of
the schedule)."""

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.live import Live

Item = TypeVar("Item")
DELAY_SECONDS = 2.0

_SPINNERS: list["_Spinner"] = []  # those that may show: a terminal has one last line, which a bar takes


def is_seen() -> bool:
    """Whether somebody looks: standard error is a terminal."""
    return sys.stderr.isatty()


def shown(items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
    """The items one by one, with a bar on standard error while it is a terminal; `total` where they cannot be
    counted beforehand."""
    began, done, rest = time.monotonic(), 0, iter(items)
    for item in rest:
        yield item
        done += 1
        if is_seen() and time.monotonic() - began > DELAY_SECONDS:
            break
    else:
        return
    from rich.console import Console
    from rich.progress import Progress

    for spinner in _SPINNERS:
        spinner.hide()
    total = len(items) if total is None and isinstance(items, Sized) else total
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total, completed=done)
        for item in rest:
            yield item
            bar.advance(task)


@contextmanager
def turning(text: str) -> Iterator[Callable[[str], None]]:
    """A spinner with a text on the terminal's last line while the block lasts, from two seconds after its beginning;
    yields what changes the text."""
    spinner = _Spinner(text)
    timer = threading.Timer(DELAY_SECONDS, spinner.show)
    timer.daemon = True
    if is_seen():
        timer.start()
    _SPINNERS.append(spinner)
    try:
        yield spinner.change
    finally:
        _SPINNERS.remove(spinner)
        timer.cancel()
        spinner.hide()


class _Spinner:
    """Shown by a timer's thread, hidden for good by the block's."""

    def __init__(self, text: str) -> None:
        self._text, self._is_over, self._lock = text, False, threading.Lock()
        self._live: Live | None = None

    def show(self) -> None:
        from rich.console import Console
        from rich.live import Live
        from rich.spinner import Spinner

        with self._lock:
            if self._is_over:
                return
            # What is printed meanwhile goes where it was meant to go, also into a pipe.
            self._live = Live(
                get_renderable=lambda: Spinner("dots", text=self._text),
                console=Console(stderr=True),
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()

    def change(self, text: str) -> None:
        self._text = text

    def hide(self) -> None:
        with self._lock:
            self._is_over = True
            if self._live is not None:
                self._live.stop()
                self._live = None
