"""Ctrl-C while DuckDB works on a statement."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.warehouse import connection
from flows.warehouse.connection import Warehouse

# Hours of work, on one thread: on two, DuckDB sometimes waits for the thread that did not see the signal.
ENDLESS = "select sum(a.range % 7 * b.range) from range(1000000) a, range(1000000) b"


@pytest.fixture
def interrupted() -> Iterator[threading.Event]:
    """Sends SIGINT to this process, again and again, until the event is set: DuckDB loses one that arrives while it
    binds a statement."""
    done = threading.Event()

    def on_signal(*_: object) -> None:
        if not done.is_set():
            raise KeyboardInterrupt

    def send() -> None:
        while not done.wait(0.2):
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, on_signal)
    sender = threading.Thread(target=send)
    sender.start()
    yield done
    done.set()
    sender.join()
    signal.signal(signal.SIGINT, before)


def test_an_interrupted_query_is_an_interruption_and_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interrupted: threading.Event
) -> None:
    with Warehouse(tmp_path / "w.duckdb") as opened:
        opened._connection.execute("set threads = 1")
        with monkeypatch.context() as patched:
            patched.setattr(connection, "statement", lambda _: ENDLESS)
            with pytest.raises(KeyboardInterrupt):
                select(opened, interrupted)
        assert opened.select("last_entry").rows() == []


def select(opened: Warehouse, done: threading.Event) -> None:
    try:
        opened.select("last_entry")
    finally:
        done.set()
