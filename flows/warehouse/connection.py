"""Opening the warehouse: one writer or many readers, one sentence when it cannot be had."""

import atexit
import contextlib
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import polars as pl

from flows.files import sha256_of
from flows.warehouse import snapshots
from flows.warehouse.events import Event
from flows.warehouse.journal import Entry, Journal, JournalError, plain
from flows.warehouse.queries import names, statement
from flows.warehouse.schema import UNNOTED, Schema, macros, macros_digest, present

# How long an office waits for whoever has the warehouse: the outcome of a letter is on record nowhere else.
LOCK_TIMEOUT_SECONDS = 900.0
_POLL_SECONDS = 0.1
_SNAPSHOT_ATTEMPTS = 3


@atexit.register
def silence_stderr_at_exit() -> None:
    """Suppress the forty lines that DuckDB's binding prints at interpreter shutdown where Prefect still holds something
    of it: they would end the log of every scheduled run."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


class WarehouseError(RuntimeError):
    """The warehouse cannot be opened or used: what happened and what to do."""

    def __init__(self, path: Path, happened: str, remedy: str) -> None:
        super().__init__(f"数据库 {path.name} {happened}。{remedy}")


class WarehouseBusyError(WarehouseError):
    """Another program has the warehouse: waiting helps."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "正被另一个程序使用", "等它结束后再运行一次")


class OldWarehouseError(WarehouseError):
    """The tables are an earlier program's: it is to be made anew."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, "是旧版程序建的，表的结构有变", "运行 diaodu rebuild：先备份，再由存件和台账重建"
        )


class NewerWarehouseError(WarehouseError):
    """The tables are a later program's."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "是更新版本的程序建的", "请改用更新的程序，不要用旧程序写它")


class Warehouse:
    """A connection to the DuckDB file; makes its tables on first use and its macros, and takes in what the journal
    holds beyond them. A context manager. `journal` lies beside the file unless said otherwise; `as_found`, only to be
    looked at: nothing is made and nothing taken in; `read_only`: the same beside other readers. `timeout`: how many
    seconds another program that has it is waited for. When it is closed after a change, a snapshot is published for
    readers, unless `publishes` is false.

    Raises WarehouseError: busy, unreadable, or made with another set of tables."""

    def __init__(
        self,
        path: Path,
        journal: Path | None = None,
        *,
        as_found: bool = False,
        read_only: bool = False,
        timeout: float = 0.0,
        publishes: bool = True,
    ) -> None:
        self.path = path
        as_found = as_found or read_only
        self._publishes = publishes and not as_found
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = _open(path, read_only, time.monotonic() + timeout)
        try:
            self._journal = Journal(journal or path.with_suffix(".jsonl"))
            self._last: Entry | None = None  # the last line of the journal that the tables hold
            if not as_found:
                self._make_tables()
                self._last = self._last_entry()
                self._catch_up()
        except BaseException as fault:
            self._connection.close()
            _blame(path, fault)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        _blame(self.path, fault)

    def close(self) -> None:
        """Let others have it, the snapshot published."""
        if self._publishes:
            self._publish()
        self._connection.close()

    @classmethod
    def snapshot(cls, path: Path, journal: Path | None = None, timeout: float = 0.0) -> "Warehouse":
        """What was in the warehouse when it was last closed, to be read without waiting for whoever has it; where no
        snapshot with this program's tables is published, the warehouse itself, which will publish one."""
        for _ in range(_SNAPSHOT_ATTEMPTS):
            name = snapshots.published(path)
            if not name.startswith(_snapshot_key()):
                break
            with contextlib.suppress(WarehouseError):  # replaced twice since its name was read
                return cls(snapshots.folder_of(path) / name, journal, read_only=True)
        return cls(path, journal, timeout=timeout)

    def _publish(self) -> None:
        """Publish what the tables hold, unless that is published. Where it cannot be, readers open the warehouse."""
        try:
            name = f"{_snapshot_key()}-{self.last_submission_id}-{self._last.number if self._last else 0}"
            if snapshots.published(self.path) != name:
                self.settle()
                snapshots.publish(self.path, name)
        except (duckdb.Error, OSError, subprocess.CalledProcessError):
            snapshots.withdraw(self.path)

    def select(self, name: str, **parameters: object) -> pl.DataFrame:
        """The rows of `sql/select/<name>.sql`; its grain is its first line."""
        return self._query(f"select/{name}", parameters)

    def introspect(self, name: str, /, **parameters: object) -> pl.DataFrame:
        """The rows of `sql/introspect/<name>.sql`: what the warehouse knows of itself."""
        return self._query(f"introspect/{name}", parameters)

    @property
    def last_submission_id(self) -> int:
        """The number of the report recorded last; 0 before the first."""
        found: int = self.introspect("last_submission")["submission_id"].item()
        return found

    @property
    def schema(self) -> Schema | None:
        """The set of tables it was made with; null where it has none yet."""
        try:
            return Schema(*self.introspect("schema_note").row(0))
        except duckdb.CatalogException:  # no such table; to list the tables first costs far more
            return UNNOTED if len(self.introspect("tables")) else None

    def former_problems(self) -> pl.DataFrame | None:
        """The problems as an earlier program numbered them, where its tables are here; null otherwise."""
        is_former = self.schema is not None and self.schema.number <= 1
        return self.introspect("problems_of_schema_1") if is_former else None

    def faults(self) -> list[str]:
        """What `sql/check` finds wrong: one sentence a check with rows, none in a sound warehouse."""
        found = {name: self._query(name, {}) for name in names("check")}
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

    def append(self, events: Sequence[Event]) -> None:
        """Add rows that no received file holds, all or none: to the tables and, before that is final, to the
        journal. A event is a statement of sql/load with its one row, or with the rows it reads as a frame."""
        rows = plain(events)
        with self.transaction():
            self._apply(rows)
            entry = self._journal.append(rows, self._last)
            self._note(entry)
        self._last = entry

    def _make_tables(self) -> None:
        made, wanted = self.schema, present()
        if made and made != wanted:
            raise (NewerWarehouseError if made.number > wanted.number else OldWarehouseError)(self.path)
        if made and self.introspect("macros_note")["macros_digest"].item() == macros_digest():
            return
        with self.transaction():
            for name in macros() if made else names("schema"):
                self._execute(name)
            self.add("schema_note", number=wanted.number, digest=wanted.digest, macros_digest=macros_digest())

    def settle(self) -> None:
        """Have everything in the one file, so that it can be copied while nobody writes."""
        self._connection.execute("checkpoint").complete()

    def _catch_up(self) -> None:
        """What was booked but did not reach the tables: a crash came between, or they are new."""
        for entry in self._journal.entries(self._last):
            try:
                with self.transaction():
                    self._apply(entry.events)
                    self._note(entry)
            except duckdb.Error as fault:
                _blame(self.path, fault)
                happened = f"第 {entry.number} 条记不进数据库（{_first_line(fault)}）"
                raise JournalError(self._journal.path, happened) from None
            self._last = entry

    def _apply(self, events: Sequence[Event]) -> None:
        for name, rows in events:
            if isinstance(rows, Sequence):
                self.add_rows(name, pl.DataFrame(rows, infer_schema_length=None))
            else:
                self.add(name, **rows)

    def _note(self, entry: Entry) -> None:
        self.add("journal_entry", entry=entry.number, digest=entry.digest, ends_at=entry.ends_at)

    def _last_entry(self) -> Entry | None:
        rows = self.select("last_entry").rows()
        return Entry(rows[0][0], (), rows[0][1], rows[0][2]) if rows else None

    def add(self, name: str, **parameters: object) -> None:
        """Run `sql/load/<name>.sql` with its parameters."""
        self._execute(f"load/{name}", parameters)

    def add_rows(self, name: str, rows: pl.DataFrame, **parameters: object) -> None:
        """The same for a frame, which the statement reads as `incoming`."""
        self._connection.register("incoming", rows)
        try:
            self.add(name, **parameters)
        finally:
            self._connection.unregister("incoming")

    def _query(self, name: str, parameters: Mapping[str, object]) -> pl.DataFrame:
        with _interruptible():
            return _frame(self._connection.query(statement(name), params=parameters))

    def _execute(self, name: str, parameters: Mapping[str, object] | None = None) -> None:
        with _interruptible():
            self._connection.execute(statement(name), parameters or None).complete()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Ctrl-C during a statement as Python raises it: DuckDB makes a RuntimeError of it, as a fault would be."""
    try:
        yield
    except RuntimeError as fault:
        if str(fault) == "Query interrupted":
            raise KeyboardInterrupt from None
        raise


def _snapshot_key() -> str:
    """What the name of a snapshot begins with: the tables and macros in it."""
    return f"{present().number}-{sha256_of((present().digest + macros_digest()).encode())[:12]}"


def _open(path: Path, read_only: bool, until: float) -> duckdb.DuckDBPyConnection:
    while True:
        try:
            return duckdb.connect(path, read_only=read_only)
        except duckdb.Error as fault:
            if "Could not set lock" not in str(fault):  # “block at location …” is a damaged file's
                raise _not_writable(path, fault) or _unusable(path, "打不开", fault) from None
        if time.monotonic() >= until:
            raise WarehouseBusyError(path)
        time.sleep(_POLL_SECONDS)


def _frame(rows: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """The rows, handed over as they lie in memory: DuckDB's own way loads pyarrow for it, a fifth of a second of
    every command that only looks. What goes wrong halfway Polars says in its own words; made whole, in DuckDB's."""
    try:
        return pl.DataFrame(rows)
    except pl.exceptions.PolarsError:
        return pl.DataFrame(rows.materialize())


_OF_THE_FILE = (
    duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException,
    duckdb.OutOfMemoryException,
)  # fmt: skip


def _blame(path: Path, fault: BaseException | None) -> None:
    """Raise WarehouseError in place of what DuckDB says of a spoilt file or a full disk, which it notices at any
    statement; whatever else it is, is left."""
    if fault is None:
        return
    if isinstance(fault, duckdb.Error) and "No space left on device" in str(fault):
        raise WarehouseError(path, "写不进去，磁盘满了", "清理磁盘后再运行一次") from None
    if isinstance(fault, duckdb.Error) and (denied := _not_writable(path, fault)):
        raise denied from None
    is_spoilt = type(fault) is duckdb.Error and "orrupt" in str(fault)  # a block whose checksum is wrong
    if isinstance(fault, _OF_THE_FILE) or is_spoilt:
        raise _unusable(path, "读写不了", fault) from None


def _not_writable(path: Path, fault: BaseException) -> WarehouseError | None:
    """Where the disk or the rights are at fault and not the file: it is whole, and rebuilding would not help."""
    if "Read-only file system" in str(fault):
        return WarehouseError(
            path, "写不进去，磁盘是只读的", "检查磁盘和挂载，恢复可写后再运行一次；数据没有坏"
        )
    if "Permission denied" in str(fault):
        return WarehouseError(path, "没有权限读写", f"检查 {path.parent} 归谁所有；数据没有坏")
    return None


def _unusable(path: Path, happened: str, fault: BaseException) -> WarehouseError:
    remedy = "检查磁盘和权限；文件坏了的，运行 diaodu rebuild 由存件和台账重建，或从备份恢复"
    return WarehouseError(path, happened, f"{remedy}（{_first_line(fault)}）")


def _first_line(fault: BaseException) -> str:
    return str(fault).splitlines()[0]
