"""What a command shows while it works: on a terminal, and nowhere else."""

import os
import pty
import subprocess
import sys

from flows.settings import ROOT

WORKS = """
import time
from flows import progress
progress.DELAY_SECONDS = 0.2
with progress.turning("成文"):
    print("所印")
    time.sleep(1)
with progress.turning("藏在进度条后"):
    for _ in progress.shown(range(5), "收表"):
        time.sleep(0.15)
with progress.turning("很快"):
    pass
"""


def ran(stderr: int) -> str:
    """Run it with its standard error going there; what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", WORKS], cwd=ROOT, env={**os.environ, "TERM": "xterm"},
        stdout=subprocess.PIPE, stderr=stderr, text=True, check=True, timeout=300,
    )  # fmt: skip
    return done.stdout


def test_a_terminal_shows_what_takes_long_and_what_is_printed_goes_into_its_pipe() -> None:
    terminal, other_end = pty.openpty()
    try:
        assert ran(other_end) == "所印\n"
        seen = os.read(terminal, 100_000).decode()
    finally:
        os.close(terminal)
        os.close(other_end)
    assert "成文" in seen and "收表" in seen
    assert "所印" not in seen and "很快" not in seen


def test_where_nobody_looks_nothing_is_shown() -> None:
    reading, writing = os.pipe()
    try:
        assert ran(writing) == "所印\n"
        os.close(writing)
        assert os.read(reading, 100_000) == b""
    finally:
        os.close(reading)
