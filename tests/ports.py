"""Ports of loopback for the servers that tests start, and the addresses that processes listen on."""

import itertools
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

# Below what the system gives out by itself, and in every process from another number on: workers do not meet.
_FIRST, _PROCESSES, _EACH = 20_000, 500, 20
_candidates = itertools.count(_FIRST + os.getpid() % _PROCESSES * _EACH)


def free_port() -> int:
    """A port that nobody listens on and that this process has not named before."""
    while True:
        port = next(_candidates)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def listening(pids: Iterable[int]) -> list[str]:
    """The addresses, `host:port`, that these processes listen on, by the kernel's own tables."""
    inodes = {inode for pid in pids for inode in _sockets_of(pid)}
    return [address for address, inode in _listened_on() if inode in inodes]


def _sockets_of(pid: int) -> Iterator[str]:
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            target = str(descriptor.readlink())
            if target.startswith("socket:["):
                yield target.removeprefix("socket:[").removesuffix("]")


def _listened_on() -> Iterator[tuple[str, str]]:
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text("utf-8").splitlines()[1:]:
            cells = line.split()
            if cells[3] == "0A":
                yield _written(cells[1]), cells[9]


def _written(hexadecimal: str) -> str:
    host, _, port = hexadecimal.partition(":")
    plain = ".".join(str(b) for b in reversed(bytes.fromhex(host))) if len(host) == 8 else host
    return f"{plain}:{int(port, 16)}"
