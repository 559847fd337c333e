"""A sample half-year taken in once, and a real Prefect server, for the tests of what runs."""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from flows.plans import plan_of
from flows.receiving.forms import write_sample
from flows.receiving.reception import receive_all, take_up
from flows.running import engine
from flows.settings import Settings

NOW = datetime(2025, 7, 20, 9, 0)


@pytest.fixture(scope="session")
def half_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with January to June of the sample received; never written to, only copied."""
    settings = Settings(data=tmp_path_factory.mktemp("half_year"))
    write_sample(plan_of(settings, 2025), tuple(range(1, 7)), 2025, settings.inbox)
    receive_all(take_up(settings, [], NOW), settings)
    return settings.data


@pytest.fixture
def office(half_year: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of an office that has received that half-year, in a folder of its own."""
    shutil.copytree(half_year, tmp_path / "data")
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path / "data"))
    return Settings()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Prefect server on loopback for the session, started as the commands start theirs."""
    with engine.running(tmp_path_factory.mktemp("prefect")):
        yield os.environ["PREFECT_API_URL"]
