"""Ctrl-C and SIGTERM end a command with one sentence, whenever they come."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.cli.interruption import SENTENCE
from flows.settings import ROOT

# The command `plan`, held up at one place until the signal has come.
IN_THE_COMMAND = """
import sys, time
sys.argv = ["diaodu", "plan"]
from flows import __main__ as command_line
def waits(office, year=None):
    print("on", flush=True)
    time.sleep(60)
from flows.office import Office
Office.plan = waits
command_line.main()
"""
WHILE_LOADING = """
import sys, time
sys.argv = ["diaodu", "plan"]
class Waits:
    def find_spec(self, name, path=None, target=None):
        if name == "click":
            print("on", flush=True)
            time.sleep(60)
sys.meta_path.insert(0, Waits())
import flows.__main__
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
@pytest.mark.parametrize("code", [IN_THE_COMMAND, WHILE_LOADING], ids=["in the command", "while loading"])
def test_a_signal_ends_a_command_with_one_sentence(code: str, number: signal.Signals, tmp_path: Path) -> None:
    env = os.environ | {"DIAODU_DATA": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None and child.stdout.readline() == "on\n"
        child.send_signal(number)
        said = child.communicate()[1]
    assert said.strip() == SENTENCE
    assert child.returncode == 1


def test_a_second_signal_does_not_wait_for_the_first(tmp_path: Path) -> None:
    slow = """    try:
        print("on", flush=True)
        time.sleep(60)
    finally:
        print("unwinding", flush=True)
        time.sleep(60)
"""
    code = IN_THE_COMMAND.replace('    print("on", flush=True)\n    time.sleep(60)\n', slow)
    env = os.environ | {"DIAODU_DATA": str(tmp_path)}
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        for word in ("on\n", "unwinding\n"):
            assert child.stdout.readline() == word
            child.send_signal(signal.SIGTERM)
        assert child.communicate()[1].strip() == SENTENCE
    assert child.returncode == 1
    assert time.monotonic() - began < 60
