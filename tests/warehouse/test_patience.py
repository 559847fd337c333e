"""What must be written down waits for whoever has the warehouse."""

import subprocess
import sys
from pathlib import Path

import pytest

from flows.settings import Settings
from flows.warehouse import patience
from flows.warehouse.connection import Warehouse, WarehouseBusyError, WarehouseError
from flows.warehouse.patience import patiently

HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    office = Settings(data=tmp_path)
    with Warehouse(office.warehouse, office.journal):
        return office


def held(settings: Settings) -> subprocess.Popen[str]:
    """Another program that has the warehouse until its input ends."""
    command = [sys.executable, "-c", HOLD, str(settings.warehouse)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout and holder.stdout.readline() == "held\n"
    return holder


def test_it_waits_until_the_other_lets_go(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with held(settings) as holder:
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            holder.communicate()  # the other ends while we wait

        monkeypatch.setattr(patience.time, "sleep", pause)
        assert patiently(settings, lambda _: "done") == "done"
    assert pauses == [0.1]


def test_it_does_not_wait_for_ever_and_not_for_what_is_broken(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.0)
    with held(settings) as holder:
        with pytest.raises(WarehouseBusyError, match="正被另一个程序使用。等它结束后再运行一次"):
            patiently(settings, lambda _: "done")
        holder.communicate()
    settings.warehouse.write_bytes(b"not a database" * 1000)
    with pytest.raises(WarehouseError, match="打不开"):
        patiently(settings, lambda _: "done")
