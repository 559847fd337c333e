"""Fingerprints of the tables (表的指纹): two warehouses hold the same when every table's are equal.

The hash is of the rows' own text and knows no order, so it does not change with the program that computes it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.warehouse.connection import Warehouse

MAX_ROWS = 3  # shown of each side


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in order, how many rows, and the sha256 of all of them (empty without any)."""

    columns: tuple[str, ...]
    rows: int
    digest: str


Fingerprint = Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class Compared:
    """One table of two warehouses; null where one has no such table."""

    name: str
    before: Table | None
    after: Table | None

    @property
    def is_equal(self) -> bool:
        """Whether both hold the same rows."""
        return self.before == self.after

    @property
    def is_reshaped(self) -> bool:
        """Whether the table itself was changed, so that its rows cannot be compared by their hash."""
        columns = [one.columns if one else None for one in (self.before, self.after)]
        return columns[0] != columns[1]


def fingerprint(warehouse: Warehouse) -> dict[str, Table]:
    """Every table by its name."""
    found = {}
    for row in warehouse.introspect("tables").to_dicts():
        whole = warehouse.introspect("table_digest", name=row["name"]).to_dicts()[0]
        found[row["name"]] = Table(tuple(row["column_names"]), whole["row_count"], whole["digest"])
    return found


def compared(before: Fingerprint, after: Fingerprint) -> tuple[Compared, ...]:
    """Table by table, by name."""
    return tuple(Compared(name, before.get(name), after.get(name)) for name in sorted({*before, *after}))


def different_rows(name: str, before: Warehouse, after: Warehouse) -> Iterator[tuple[bool, str]]:
    """The first rows of a table that only one of the two has: whether the earlier one, and the row as JSON."""
    sides = [set(one.introspect("table_rows", name=name)["written"]) for one in (before, after)]
    for is_before, own in ((True, sides[0] - sides[1]), (False, sides[1] - sides[0])):
        yield from ((is_before, row) for row in sorted(own)[:MAX_ROWS])
