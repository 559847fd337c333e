"""For every test: nothing of the developer's own environment, and nothing that calls out."""

import functools
import gc
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from filelock import FileLock

from flows.accounts import accounts
from flows.office import Office
from flows.plan.load import plan_of
from flows.settings import Settings
from flows.submissions.forms import write_sample
from flows.warehouse.raw import ENVELOPE
from tests.staff import NAMES, actor

for name in [name for name in os.environ if name.startswith(("DIAODU_", "PREFECT_"))]:
    del os.environ[name]
os.environ |= {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
# How fast a thing is stands in bench/: a busy machine fails no test.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

REAL_HASHER = accounts._hasher
accounts._hasher = functools.cache(lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))

TESTS = Path(__file__).parent
MARK_OF_FOLDER = {
    "documents": "pdf", "issuing": "pdf", "simulation": "pdf", "flows": "services", "operations": "services",
    "desk": "pdf", "test_office.py": "pdf", "test_due_work.py": "pdf",
}  # fmt: skip
# These take in whole workbooks, many of them through the process that opens files.
INTAKE = {
    "test_reception.py", "test_returned.py", "test_arriving.py", "test_gathered.py", "test_answering.py", "test_answers.py",
    "test_sample.py", "test_round_trip.py", "test_sources.py",
}  # fmt: skip
# Files that start something costly of the same kind are run by one worker, which starts it once: `diaodu up`, Prefect's
# server for flows in the test's process, Dovecot. Within a worker they are run in this order.
SHARED = {
    "services": ("test_running_office.py", "test_services.py"),
    "server": ("test_county_reports.py", "test_flows.py", "test_deliver.py", "test_send_at_once.py"),
    "mailbox": ("test_fetching.py", "test_mailbox_faults.py"),
}  # fmt: skip
# Files that take longest begin first, so that no worker is left waiting for the last of them. Services wait most of their time.
LONGEST_FIRST = (
    *SHARED["services"], *SHARED["server"], "test_backup.py", "test_gate_kinds.py", "test_report.py", "test_correction_cycle.py",
    "test_gating.py", "test_office.py", "test_printed_columns.py", *SHARED["mailbox"], "test_issuing.py", "test_due_work.py",
    "test_monthly.py",
)  # fmt: skip


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not import for `-m unit` what holds no unit test: that takes longer than some of the tests."""
    inside = collection_path.relative_to(TESTS).parts
    is_other = bool(inside) and (inside[0] in MARK_OF_FOLDER or inside[-1] in INTAKE)
    return True if config.option.markexpr == "unit" and is_other else None


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    """Give every file to one worker, and the files of a group to the same one."""
    from xdist.scheduler import LoadFileScheduling

    group = {name: group for group, names in SHARED.items() for name in names}

    class GroupScheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = str(super()._split_scope(nodeid))
            return group.get(file.rpartition("/")[2], file)

    return GroupScheduling(config, log) if config.option.dist == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test by what it starts (docs/decisions/0024) and put the longest files first."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        fixtures = set(item.fixturenames)  # type: ignore[attr-defined]
        if {"server", "services"} & fixtures:
            item.add_marker("services")
        if {"half_year", "typesetter"} & fixtures:
            item.add_marker("pdf")
        if item.path.name in INTAKE:
            item.add_marker("intake")
        if not {"pdf", "services", "intake", "proof"} & {mark.name for mark in item.iter_markers()}:
            item.add_marker(MARK_OF_FOLDER.get(folder, "unit"))
    rank = {name: n for n, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


def pytest_collection_finish() -> None:
    """Collect garbage less often, and never among what was imported: a layout takes a quarter less time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


NOW = datetime(2025, 7, 20, 9, 0)


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run have in common."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def built_once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """A folder built by the first worker of the run that needs it and shared by all; to be copied, never written to."""
    shared = shared_folder(factory)
    folder = shared / name
    with FileLock(shared / f"{name}.lock"):
        if not folder.exists():
            build(unfinished := shared / f"{name}.unfinished")
            unfinished.rename(folder)
    return folder


@pytest.fixture(scope="session")
def sample_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's workbooks of January to June with their envelopes; only to be copied."""

    def build(folder: Path) -> None:
        write_sample(plan_of(Settings(), 2025), tuple(range(1, 7)), 2025, folder)

    return built_once(tmp_path_factory, "sample", build)


def copy_sample(
    sample_files: Path, into: Path, months: Collection[int], reporters: Collection[str] = ()
) -> None:
    """Lay the sample's workbooks of those months into a folder with their envelopes: of these reporters, or of all."""
    into.mkdir(parents=True, exist_ok=True)
    endings = tuple(f"2025年{month}月月报.xlsx" for month in months)
    for path in sample_files.glob("*.xlsx"):
        if path.name.endswith(endings) and path.name.startswith(tuple(reporters) or ""):
            for file in (path, path.with_name(path.name + ENVELOPE)):
                shutil.copy(file, into)


@pytest.fixture(scope="session")
def half_year(sample_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with January to June of the sample received; never written to, only copied."""

    def build(folder: Path) -> None:
        office = Office(Settings(data=folder), lambda: NOW)
        shutil.copytree(sample_files, office.settings.inbox)
        office.ingest()
        for name in NAMES:
            actor(office.settings, name)

    return built_once(tmp_path_factory, "half_year", build)


@pytest.fixture(scope="session", autouse=True)
def _layout_cache(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Lay out the same document once a run, in whatever worker and test it is asked for: a bulletin takes four seconds."""
    if all(item.get_closest_marker("unit") for item in request.session.items):
        yield  # without loading the layout engine
        return
    from flows.documents.pdf.typeset import Typesetter
    from tests.layout_cache import LayoutCache

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Typesetter, "cache", LayoutCache(shared_folder(tmp_path_factory) / "layouts"))
        yield


@pytest.fixture
def fresh_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test of the layout itself, or of its being the same again: nothing comes from the cache."""
    from flows.documents.pdf.typeset import Typesetter

    monkeypatch.setattr(Typesetter, "cache", None)


@pytest.fixture
def office(half_year: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of an office that has received that half-year, in a folder of its own."""
    shutil.copytree(half_year, tmp_path / "data")
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path / "data"))
    return Settings()


@pytest.fixture(scope="session")
def server() -> Iterator[None]:
    """A real Prefect server on loopback, with a database of its own, for the session."""
    from prefect.settings import PREFECT_API_URL  # loads Prefect: two seconds
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=400), pytest.MonkeyPatch.context() as environment:
        environment.setenv(
            "PREFECT_API_URL", str(PREFECT_API_URL.value())
        )  # for processes that a test starts
        yield
