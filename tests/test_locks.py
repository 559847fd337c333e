"""Of each service there is one, whatever happens at the same moment."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from flows.locks import is_reserved, reserve, turn

BECOMES_ANOTHER_PROGRAM = """
import os, subprocess, sys
from pathlib import Path
from flows.locks import reserve
print(reserve(Path(sys.argv[1])), flush=True)
child = subprocess.Popen(["sleep", "60"], start_new_session=True)
print(child.pid, flush=True)
os.execvp("sleep", ["sleep", "60"])
"""


def test_a_service_keeps_its_place_as_the_program_it_becomes_and_its_children_do_not(tmp_path: Path) -> None:
    lock = tmp_path / "new" / "server.lock"
    assert not is_reserved(lock)
    command = [sys.executable, "-c", BECOMES_ANOTHER_PROGRAM, str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout
        assert first.stdout.readline() == "True\n"
        child = int(first.stdout.readline())
        while Path(f"/proc/{first.pid}/comm").read_text() != "sleep\n":  # until it is another program
            pass
        assert is_reserved(lock) and not reserve(lock)
        first.kill()
        first.wait()
    try:
        assert Path(f"/proc/{child}").exists()
        assert not is_reserved(lock)
    finally:
        os.kill(child, 9)


def test_the_second_who_comes_waits_for_the_first_and_says_so(tmp_path: Path) -> None:
    lock, order, waits = tmp_path / "up.lock", ["first"], threading.Event()

    def second() -> None:
        with turn(lock, waits.set):
            order.append("second")

    with turn(lock, lambda: order.append("never")):
        thread = threading.Thread(target=second)
        thread.start()
        assert waits.wait(300)
        order.append("first ends")
    thread.join(300)
    assert order == ["first", "first ends", "second"]
