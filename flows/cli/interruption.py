"""Ctrl-C and SIGTERM (中断): a command ends with exit code 1 and one sentence, at any instant.

Loaded before everything else of the command line. What was cut off is repaired by running the command again.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

SENTENCE = "已停止。没有做完的，再运行一次就接着做"
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def exit_now(_number: int, _frame: FrameType | None) -> None:
    """While modules load, or for whoever does not want to wait for the unwinding: end at once."""
    os.write(2, f"{SENTENCE}\n".encode())
    os._exit(1)


def unwind(_number: int, _frame: FrameType | None) -> None:
    """While a command works: let it close what it has open; a second signal ends it at once."""
    install(exit_now)
    raise KeyboardInterrupt


def install(handler: "signal._HANDLER") -> None:
    """Have both signals handled that way."""
    for number in SIGNALS:
        signal.signal(number, handler)


if Path(sys.argv[0]).stem in ("diaodu", "__main__"):  # not where a test or a tool imports the commands
    install(exit_now)
