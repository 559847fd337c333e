"""Files that are whole or absent: written aside, flushed to the disk, then put in their place."""

import hashlib
import os
from pathlib import Path


def sha256_of(content: bytes) -> str:
    """The name under which the program knows these bytes."""
    return hashlib.sha256(content).hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path` so that a crash at any instant leaves the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
