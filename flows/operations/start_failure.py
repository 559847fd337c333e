"""Why a service did not start (起不来的原因): read from the end of its log, in a sentence with what to do."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_TAIL_BYTES = 20_000
_ROOM_BYTES = 2**20  # less than the server needs to start
_OUR_SENTENCE = "没有做成："
_DAMAGED = (
    "流程服务的数据库坏了。把 {home} 里的 prefect.db、prefect.db-wal、prefect.db-shm 移走，再运行一次；"
    "会新建一个，失去的只有网页上的运行历史"
)
_FULL = "磁盘满了。清理磁盘后再运行一次"
_KNOWN = (
    (("file is not a database", "malformed", "disk I/O error"),
     _DAMAGED),
    (("No space left", "database or disk is full"), _FULL),
    (("readonly database", "Read-only file system", "unable to open database file", "Permission denied"),
     "数据文件夹写不进去。检查磁盘是否只读、文件夹归谁所有"),
    (("already in use",), "网页的端口被另一个程序占用。停掉它，或用 DIAODU_PORT 换一个端口"),
)  # fmt: skip


class ServiceStartError(RuntimeError):
    """A service does not start: why, as far as its log says, and where that is."""

    def __init__(self, log: Path, home: Path) -> None:
        super().__init__(f"流程引擎没有启动起来：{reason(log, home)}")


def reason(log: Path, home: Path) -> str:
    """The reason, ending in where the whole log is; that place alone where the log says nothing known.

    `home` is data/prefect.
    """
    tail = _tail(log)
    ours = [line.partition(_OUR_SENTENCE)[2] for line in tail.splitlines() if _OUR_SENTENCE in line]
    known = [words.format(home=home) for signs, words in _KNOWN if any(sign in tail for sign in signs)]
    if not known:  # a log may be silent: of a disk that is full, a server whose own log is off
        known = [*_inspect(home)]
    return f"{(ours[-1:] or known)[0]}（日志 {log}）" if ours or known else f"原因见 {log}"


def _inspect(home: Path) -> Iterator[str]:
    """What looking shows: no room, a database that is none."""
    if home.is_dir() and shutil.disk_usage(home).free < _ROOM_BYTES:
        yield _FULL
    elif (database := home / "prefect.db").is_file() and not _is_sound(database):
        yield _DAMAGED.format(home=home)


def _is_sound(database: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
            return bool(opened.execute("pragma quick_check(1)").fetchone() == ("ok",))
    except sqlite3.OperationalError:
        return True  # busy, or not to be opened: nothing is known of its content
    except sqlite3.DatabaseError:
        return False


def _tail(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(-min(_TAIL_BYTES, log.stat().st_size), os.SEEK_END)
            return file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
