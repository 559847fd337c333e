"""What is looked at while the year goes by (随时检查): totals that move by reports alone, and a sound warehouse."""

from collections.abc import Iterator
from contextlib import contextmanager

from flows.files import sha256_of
from flows.simulation.check import Check
from flows.simulation.environment import Stage
from flows.warehouse.questions import LONG_AFTER


class Watcher:
    """Knows the numbers in force by a fingerprint."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._known = self.fingerprint()

    def fingerprint(self) -> str:
        """Of every number in force."""
        with self._stage.warehouse() as warehouse:
            reach = {"first_month": "0000-00", "last_month": "9999-99", "as_of": LONG_AFTER}
            cells = warehouse.select("by_cell", **reach)
        return sha256_of(cells.write_csv().encode())

    @contextmanager
    def taking_in(self) -> Iterator[None]:
        """Nothing has changed the numbers since the last reports were taken in; those of this block may."""
        self.nothing_moved("收表以前")
        yield
        self._known = self.fingerprint()

    def nothing_moved(self, when: str) -> None:
        """Whether the numbers are those of the last report."""
        checks = self._stage.checks
        checks.must(Check.TOTALS, self.fingerprint() == self._known, f"{when}，没有收表而在库的数变了")

    def warehouse_is_sound(self) -> None:
        """Whether every check of sql/check is content."""
        with self._stage.warehouse() as warehouse:
            faults = warehouse.faults()
        self._stage.checks.must(Check.WAREHOUSE, not faults, "；".join(faults))
