"""What a command shows while it works: on a terminal, and nowhere else."""

import os
import pty
import subprocess
import sys

from flows.settings import ROOT

WORKS = """
from flows import progress
with progress.turning("成文"):
    print("所印")
for _ in progress.shown(range(3), "收表"):
    progress.begin("藏在进度条后")
with progress.turning("存档"):
    pass
"""


def ran(stderr: int) -> str:
    """Run it with its standard error going there; what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", WORKS], cwd=ROOT, env={**os.environ, "TERM": "xterm"},
        stdout=subprocess.PIPE, stderr=stderr, text=True, check=True, timeout=300,
    )  # fmt: skip
    return done.stdout


def test_a_terminal_shows_what_is_being_done_and_what_is_printed_goes_into_its_pipe() -> None:
    terminal, other_end = pty.openpty()
    try:
        assert ran(other_end) == "所印\n"
        seen = os.read(terminal, 100_000).decode()
    finally:
        os.close(terminal)
        os.close(other_end)
    assert "成文" in seen and "收表" in seen and "存档" in seen
    assert "所印" not in seen and "藏在进度条后" not in seen


def test_where_nobody_looks_nothing_is_shown() -> None:
    reading, writing = os.pipe()
    try:
        assert ran(writing) == "所印\n"
        os.close(writing)
        assert os.read(reading, 100_000) == b""
    finally:
        os.close(reading)
