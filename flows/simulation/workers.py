"""The other processes of a rehearsal (旁边的进程): they set documents side by side, and lay the issued ones out again.

What is laid out is kept in files by the words and enclosures that went in, so that the second layout of the very same
words is not paid for. The layouts made again have a memory of their own: nothing in it is from the first making.
"""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from flows.documents.composing import load_typesetter
from flows.documents.worker_pool import max_workers
from flows.files import write_whole
from flows.settings import Settings

MOST_AT_ONCE = 4
LAST = 10  # how far the making again stands back behind what the rehearsal waits for (nice)
FIRST, AGAIN = "laid-out", "laid-out-again"  # folders of the two memories


class Layouts(dict[bytes, bytes]):
    """What a typesetter remembers, in a folder that several processes share."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, bytes) and self._file(key).exists()

    def __getitem__(self, key: bytes) -> bytes:
        return self._file(key).read_bytes()

    def __setitem__(self, key: bytes, pdf: bytes) -> None:
        write_whole(self._file(key), pdf)

    def _file(self, key: bytes) -> Path:
        return self.folder / f"{key.hex()}.pdf"


def hands(settings: Settings) -> int:
    """How many processes set documents side by side."""
    return min(MOST_AT_ONCE, max_workers(settings.processes))


@contextmanager
def remembering(settings: Settings, folder: Path) -> Iterator[None]:
    """This process remembers its layouts in the folder for as long as the block lasts."""
    setter = load_typesetter(settings.faces)
    setter.remembered = Layouts(folder)
    try:
        yield
    finally:
        setter.remembered = None


@contextmanager
def workers(settings: Settings, count: int, memory: Path, behind: int = 0) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes that remember their layouts in a folder."""
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, spawned, initializer=_begin, initargs=(settings, memory, behind)) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _begin(settings: Settings, memory: Path, behind: int) -> None:
    os.nice(behind)
    load_typesetter(settings.faces).remembered = Layouts(memory)
