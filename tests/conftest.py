"""For every test: nothing of the developer's own environment, and nothing that calls out."""

import atexit
import os

import hypothesis

for name in [name for name in os.environ if name.startswith(("DIAODU_", "PREFECT_"))]:
    del os.environ[name]
os.environ |= {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
# How fast a thing is stands in bench/: a busy machine fails no test.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@atexit.register
def _without_last_words() -> None:
    """Drop what is printed once the interpreter is gone: DuckDB's binding then lists what Prefect's threads hold."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
