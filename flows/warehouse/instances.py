"""Warehouse files attached to DuckDB instances that are used again: starting an instance costs 30 ms of processor time,
attaching a file 5.

An instance has one file attached, as `warehouse`, so that damage in one file does not reach another. Connections to
the same file share its instance, as they would with `duckdb.connect`.
"""

import os
import threading
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import gettempdir

import duckdb

_lock = threading.Lock()


@dataclass
class _Attached:
    """A file in use, and by how many connections."""

    instance: duckdb.DuckDBPyConnection
    read_only: bool
    connections: int = 0


_number = count(1)
_idle: list[duckdb.DuckDBPyConnection] = []
_attached: dict[Path, _Attached] = {}


def connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """A connection whose tables are the file's, which is made where there is none; end it by `close`.

    Raises duckdb.Error as duckdb.connect does: another program has the file, it is damaged, or this process has it in
    the other mode."""
    key = path.resolve()
    with _lock:
        used = _attached.get(key)
        if used is None:
            used = _attached[key] = _attach(key, read_only)
        elif used.read_only != read_only:
            raise duckdb.ConnectionException(f"{path.name} is open in this process, in the other mode")
        used.connections += 1
        connection = used.instance.cursor()
    try:
        connection.execute("use warehouse")
    except BaseException:
        close(path, connection)
        raise
    return connection


def close(path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """End a connection; the file is let go with its last one, and its instance kept for the next file."""
    connection.close()
    key = path.resolve()
    with _lock:
        used = _attached[key]
        used.connections -= 1
        if used.connections:
            return
        del _attached[key]
        try:
            used.instance.execute("detach warehouse")
        except duckdb.Error:  # a damaged file: its instance answers nothing any more
            used.instance.close()
        else:
            _idle.append(used.instance)


def _attach(path: Path, read_only: bool) -> _Attached:
    instance = _idle.pop() if _idle else _start()
    statement = "attach ? as warehouse (read_only)" if read_only else "attach ? as warehouse"
    try:
        instance.execute(statement, [str(path)])
    except BaseException:
        _idle.append(instance)
        raise
    return _Attached(instance, read_only)


def _start() -> duckdb.DuckDBPyConnection:
    """A new instance, which makes a folder of its own for what does not fit into memory only when that happens."""
    folder = f"{gettempdir()}/diaodu-{os.getpid()}-{next(_number)}"
    return duckdb.connect(config={"temp_directory": folder})
