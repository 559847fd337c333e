"""The read-only copy of the warehouse (只读副本) that readers open, so that none waits for whoever is writing.

DuckDB admits one process to a file that may be written. Whoever closes the warehouse after a change leaves a copy
beside it, under a name that says what it holds, and points `current` to it by an atomic rename. A reader that has
opened an earlier copy keeps it: the file goes from the disk once the last reader has closed it.
"""

import contextlib
import subprocess
from pathlib import Path

_CURRENT = "current"


def folder_of(warehouse: Path) -> Path:
    """Where the copies of a warehouse lie: diaodu.snapshot/ beside diaodu.duckdb."""
    return warehouse.with_suffix(".snapshot")


def published(warehouse: Path) -> str:
    """The name of the present copy; empty where there is none."""
    try:
        return (folder_of(warehouse) / _CURRENT).readlink().name
    except OSError:
        return ""


def publish(warehouse: Path, name: str) -> None:
    """Make a copy of the file as it is now the present one; OSError or CalledProcessError where it cannot be made.

    Whoever calls has the warehouse open and has everything in the one file. The copying is another process's: closing
    a file gives up all locks that a process has on it, DuckDB's among them.
    """
    folder = folder_of(warehouse)
    folder.mkdir(exist_ok=True)
    before, unfinished, link = published(warehouse), folder / ".unfinished", folder / ".link"
    subprocess.run(
        ["/bin/cp", "--reflink=auto", "--", warehouse, unfinished], check=True, capture_output=True
    )
    unfinished.rename(folder / name)
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.rename(folder / _CURRENT)
    for path in folder.iterdir():  # the one before stays for a reader that is about to open it
        if path.name not in {_CURRENT, name, before}:
            path.unlink()


def withdraw(warehouse: Path) -> None:
    """Have no present copy, where it would no longer be what the warehouse holds."""
    with contextlib.suppress(OSError):
        (folder_of(warehouse) / _CURRENT).unlink(missing_ok=True)
