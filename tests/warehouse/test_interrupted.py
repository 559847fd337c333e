"""Ctrl-C while DuckDB works on a statement."""

import os
import signal
import threading
from pathlib import Path

import pytest

from flows.warehouse import connection
from flows.warehouse.connection import Warehouse

ENDLESS = "select count(*) from range(10000000000) a, range(1000) b"


def test_an_interrupted_query_is_an_interruption_and_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Warehouse(tmp_path / "w.duckdb") as opened:
        monkeypatch.setattr(connection, "statement", lambda _: ENDLESS)
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        try:
            timer.start()
            with pytest.raises(KeyboardInterrupt):
                opened.select("last_entry")
        finally:
            timer.join()
            signal.signal(signal.SIGINT, before)
