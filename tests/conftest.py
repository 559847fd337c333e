"""For every test: nothing of the developer's own environment, and nothing that calls out."""

import atexit
import os

import hypothesis
import pytest

for name in [name for name in os.environ if name.startswith(("DIAODU_", "PREFECT_"))]:
    del os.environ[name]
os.environ |= {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
# How fast a thing is stands in bench/: a busy machine fails no test.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# Files that take a minute or more begin first, so that no processor waits for the last of them.
LONGEST = {
    "test_service.py", "test_end_to_end.py", "test_manual.py", "test_rehearsal.py", "test_correction_cycle.py", "test_killed.py",
    "test_deployments.py", "test_issuing.py", "test_monthly_dispatch.py", "test_gate_kinds.py",
}  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files before all others, each in its own order."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@atexit.register
def _without_last_words() -> None:
    """Drop what is printed once the interpreter is gone: DuckDB's binding then lists what Prefect's threads hold."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
