"""Opening files apart from the program (隔离读取): in a child process with little memory and time, replaced when
it dies.

Whatever a file does to its parser (a panic of the native one, a bomb, an endless loop), it does to the child.
The parent sees an answer or its end, and goes on with the next file. See docs/decisions/0010.
"""

import atexit
import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from flows.submissions.formats.grid import Member, Opened, UnreadableError
from flows.submissions.formats.ipc import as_opened, members_of, receive, send

TIMEOUT_SECONDS = 60  # the child's own limit is of computing time; this one is for what can never happen
_T = TypeVar("_T")
_ROOT = Path(__file__).parents[3]
_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)
_BEYOND = (
    "读取这份文件所需的内存或时间超出限度：文件已损坏，或者不是月报表",
    "请重新存盘后再报送；仍不行的，请重新下载空表填写，表外不要有多余的内容。",
)


class ReaderError(RuntimeError):
    """The reading process does not start: nothing can be said of any file."""

    def __init__(self) -> None:
        super().__init__("读表程序没有启动起来：请检查安装是否完整、内存是否够用，再运行一次")


def open_in_sandbox(name: str, content: bytes) -> Opened:
    """Every sheet of the file; UnreadableError where it is none, or asks for more than a report does."""
    message, _ = _READER.ask({"do": "open", "name": name}, content)
    return _trusted(lambda: as_opened(message))


def unpack_in_sandbox(content: bytes) -> list[Member]:
    """The files of a package; none where it is a single report. UnreadableError where it may not be unpacked."""
    message, packed = _READER.ask({"do": "unpack", "name": ""}, content)
    return _trusted(lambda: members_of(message, packed))


def end() -> None:
    """Let the reading process go; the next file starts another."""
    _READER.end()


def child_pid() -> int | None:
    """The reading process, while there is one: for whoever watches what it uses."""
    return _READER.pid


def _trusted(understand: Callable[[], _T]) -> _T:
    try:
        return understand()
    except (ValueError, KeyError, TypeError):
        raise UnreadableError(*_BEYOND) from None


class _Reader:
    """The child, started when first needed. Its end counts against a file, unless somebody else ended it."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def ask(self, request: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        """Its answer; UnreadableError for a refusal, or where the file was the end of it."""
        with self._lock:
            answer = self._answer(request, content) or self._answer(request, content)
        if answer is None:
            raise ReaderError
        if "refused" in answer[0]:
            reason, remedy = answer[0]["refused"]
            raise UnreadableError(str(reason), str(remedy))
        return answer

    def _answer(self, request: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes] | None:
        """None where the child was killed from outside, by the system or an operator: then it may be asked again."""
        child = self._child = self._child or _started()
        assert child.stdin
        try:
            send(child.stdin, request, content)
            answer = receive(_reading(child))
        except (OSError, EOFError, ValueError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(1)
            killed = -(child.returncode or 0) in _FROM_OUTSIDE
            self.end()
            return None if killed else ({"refused": _BEYOND}, b"")
        if answer[0].get("last"):
            self.end()
        return answer

    @property
    def pid(self) -> int | None:
        """The child's number; null while there is none."""
        return self._child.pid if self._child else None

    def end(self) -> None:
        """Let the child go; the next file gets a new one."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                if stream:
                    stream.close()


def _started() -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-m", "flows.submissions.formats.reader"],
        cwd=_ROOT,
        env={name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "TZ")},
        stdin=subprocess.PIPE,  # the child ends when this closes: also when its parent is killed outright
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a panic prints a line, and its text is the file's
        start_new_session=True,
    )
    try:
        receive(_reading(child))  # it says that it is ready
    except (OSError, EOFError, ValueError):
        child.kill()
        child.communicate()
        raise ReaderError from None
    return child


def _reading(child: subprocess.Popen[bytes]) -> Callable[[int], bytes]:
    """Read exactly the number of bytes asked for from the child; EOFError where it ends or keeps silent."""
    assert child.stdout
    descriptor, until = child.stdout.fileno(), time.monotonic() + TIMEOUT_SECONDS
    silence = select.poll()
    silence.register(descriptor, select.POLLIN)

    def read(size: int) -> bytes:
        content = bytearray()
        while len(content) < size:
            if not silence.poll(max(0, until - time.monotonic()) * 1000):
                raise EOFError
            piece = os.read(descriptor, min(size - len(content), 1 << 20))
            if not piece:
                raise EOFError
            content += piece
        return bytes(content)

    return read


_READER = _Reader()
atexit.register(end)
