"""Worker processes of a simulation: they render drafts, and reproduce issued documents.

Layouts are cached in files by their input, so that the same input is laid out once. Reproductions have a cache of their
own, which holds nothing from the first rendering.
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

MAX_PROCESSES = 4
BACKGROUND_NICENESS = 10
DRAFTS, REPRODUCTIONS = "layouts", "layouts-reproduced"  # folders of the two caches


class LayoutCache(dict[bytes, bytes]):
    """PDFs by the hash of their input, in a folder that several processes share."""

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


def max_processes(settings: Settings) -> int:
    """How many processes render documents in parallel."""
    return min(MAX_PROCESSES, max_workers(settings.processes))


@contextmanager
def caching_layouts(settings: Settings, folder: Path) -> Iterator[None]:
    """Have this process cache its layouts in the folder while the block lasts."""
    setter = load_typesetter(settings.fonts)
    before, setter.remembered = setter.remembered, LayoutCache(folder)
    try:
        yield
    finally:
        setter.remembered = before


@contextmanager
def workers(settings: Settings, count: int, cache: Path, niceness: int = 0) -> Iterator[ProcessPoolExecutor]:
    """A pool of new processes that cache their layouts in a folder."""
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        count, spawned, initializer=_start, initargs=(settings, cache, niceness)
    ) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _start(settings: Settings, cache: Path, niceness: int) -> None:
    os.nice(niceness)
    load_typesetter(settings.fonts).remembered = LayoutCache(cache)
