"""Opening the warehouse: one writer or many readers, one sentence when it cannot be had."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import polars as pl

from flows.warehouse.statements import names, statement


class WarehouseError(RuntimeError):
    """The warehouse cannot be opened or used: what happened and what to do."""

    def __init__(self, path: Path, happened: str, remedy: str) -> None:
        super().__init__(f"数据库 {path.name} {happened}。{remedy}")


class Warehouse:
    """A connection to the DuckDB file; makes its tables on first use. A context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = _open(path)
        for name in names("schema"):
            self._connection.execute(statement(name)).complete()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: object, trace: TracebackType | None) -> None:
        self._connection.close()

    def select(self, name: str, **parameters: object) -> pl.DataFrame:
        """The rows of `sql/select/<name>.sql`; its grain is its first line."""
        rows: pl.DataFrame = self._connection.query(statement(f"select/{name}"), params=parameters).pl()
        return rows

    def faults(self) -> list[str]:
        """What `sql/check` finds wrong: one sentence a check with rows, none in a sound warehouse."""
        found = {name: self._connection.query(statement(name)).pl() for name in names("check")}
        return [f"{name}：{len(rows)} 行，首行 {rows.row(0)}" for name, rows in found.items() if len(rows)]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block is kept, or none of it."""
        self._connection.begin()
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()

    def add(self, name: str, **parameters: object) -> None:
        """Run `sql/load/<name>.sql` with its parameters."""
        self._connection.execute(statement(f"load/{name}"), parameters or None).complete()

    def add_rows(self, name: str, rows: pl.DataFrame, **parameters: object) -> None:
        """The same for a frame, which the statement reads as `incoming`."""
        self._connection.register("incoming", rows)
        try:
            self.add(name, **parameters)
        finally:
            self._connection.unregister("incoming")


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(path)
    except duckdb.IOException as fault:
        if "lock" in str(fault):
            raise WarehouseError(path, "正被另一个程序使用", "等它结束后再运行一次") from None
        raise WarehouseError(
            path, "打不开", f"检查磁盘和权限，或从备份恢复（{_first_line(fault)}）"
        ) from None


def _first_line(fault: Exception) -> str:
    return str(fault).splitlines()[0]
