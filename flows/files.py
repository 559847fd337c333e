"""Files that are whole or absent: written aside, flushed to the disk, then put in their place."""

import hashlib
import os
import re
from datetime import datetime
from functools import cache
from pathlib import Path

_ASIDE = re.compile(r"\..+\.(?:(?P<where>[0-9a-f]{8})-)?(?P<pid>\d+)\.part")


def sha256_of(content: bytes) -> str:
    """The name under which the program knows these bytes."""
    return hashlib.sha256(content).hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path` so that a crash at any instant leaves the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = aside_of(path, os.getpid())
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def aside_of(path: Path, pid: int) -> Path:
    """Where a process of this machine writes what is to become `path`."""
    return path.with_name(f".{path.name}.{_here()}-{pid}.part")


def sweep(folder: Path, before: datetime | None = None) -> int:
    """Remove what a killed writer left below `folder`, and say how much: of this machine where its process is gone;
    of another, whose processes nobody here knows, only what is older than `before` (with a zone)."""
    swept = 0
    for below, _, names in os.walk(folder):
        for aside in (Path(below, name) for name in names if name.endswith(".part")):
            if (named := _ASIDE.fullmatch(aside.name)) and not _may_be_written(aside, named, before):
                aside.unlink(missing_ok=True)
                swept += 1
    return swept


def _may_be_written(aside: Path, named: re.Match[str], before: datetime | None) -> bool:
    if named["where"] == _here():
        return Path(f"/proc/{named['pid']}").exists()
    try:
        return before is None or aside.stat().st_mtime >= before.timestamp()
    except OSError:
        return True


@cache
def _here() -> str:
    """Where a process number means something: this machine since it was started, this container."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
    return sha256_of(f"{boot}{Path('/proc/self/ns/pid').readlink()}".encode())[:8]
