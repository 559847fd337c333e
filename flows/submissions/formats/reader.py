"""The child process that `sandbox` starts: opens one file after another, within limits that no report comes near."""

import contextlib
import os
import resource
import sys
from pathlib import Path
from typing import Any

from flows.submissions.formats.grid import UnreadableError
from flows.submissions.formats.ipc import as_message, receive, send
from flows.submissions.formats.opening import open_file
from flows.submissions.formats.package import unpack

MAX_MEMORY = 256 << 20  # address space: an office's report needs 40 MB of it
MAX_SECONDS = 2  # computing time for one file: an office's report needs 0.05
MUCH_MEMORY = 96 << 20  # a child that once held so much makes way for a new one
_TOO_MUCH = ("读取这份文件所需的内存超出限度，不像月报表", "请重新下载空表填写后报送，表外不要有多余的内容。")


def main() -> None:
    """Answer until standard input ends. Whatever a parser prints goes nowhere."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    _limit()
    send(answers, {"ready": True})
    while True:
        try:
            request, content = receive(_read)
        except EOFError:
            return
        _grant_time()
        message, packed = _answer(request, content)
        del content
        message["last"] = message.get("last", False) or _most_memory() > MUCH_MEMORY
        send(answers, message, packed)


def _read(size: int) -> bytes:
    content = sys.stdin.buffer.read(size)
    if len(content) < size:
        raise EOFError
    return content


def _limit() -> None:
    """No large memory, no core dump, no file written, no other process."""
    limits = (
        (resource.RLIMIT_AS, MAX_MEMORY), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 32),
    )  # fmt: skip
    for kind, most in limits:
        hard = resource.getrlimit(kind)[1]
        within = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (within, within))


def _grant_time() -> None:
    """So many seconds more than were used so far; then the system ends the process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    until = int(usage.ru_utime + usage.ru_stime) + 1 + MAX_SECONDS
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    until = until if hard == resource.RLIM_INFINITY else min(until, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


def _answer(request: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        if request["do"] == "unpack":
            members = unpack(content)
            lengths = [[member.name, len(member.content)] for member in members]
            return {"members": lengths}, b"".join(member.content for member in members)
        return as_message(open_file(request["name"], content)), b""
    except UnreadableError as fault:
        return {"refused": [fault.reason, fault.remedy]}, b""
    except MemoryError:
        return {"refused": list(_TOO_MUCH), "last": True}, b""


def _most_memory() -> int:
    """The most memory this process ever held; the usage a system call tells counts its parent's too."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    return 0


if __name__ == "__main__":
    main()
