"""What must hold at every step of a simulated year: named checks, counted; the simulation ends at the first that fails."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from flows.files import sha256_of
from flows.office import Office
from flows.plan.terms import Term
from flows.warehouse.questions import LONG_AFTER


class Check(Term):
    """One thing that must hold; its label is how the ledger and a failure name it."""

    TOTALS = "totals", "累计只随报表变"
    WAREHOUSE = "warehouse", "数据库自查无误"
    RECEIVED = "received", "来件件件有结果、有回执"
    AGENDA = "agenda", "当日日程办完，一件只办一次"
    QUIET = "quiet", "略过的日子无事可办"
    GATE = "gate", "印发的文件通过出门检查"
    TRACED = "traced", "印出的数查得到单元格"
    JUSTIFIED = "justified", "提醒催办与当时的数相符"
    OVERTAKEN = "overtaken", "已补报、已更正的不催"
    ENDED = "ended", "提醒催办件件有着落"
    NUMBERS = "numbers", "编号不重复、不无故跳号"
    CORRECTED = "corrected", "该更正的都已更正"
    LETTERS = "letters", "信不丢、不重、不错寄"
    ANSWERED = "answered", "来信封封登记、答复一次"
    FORMS = "forms", "空白报表发到每个单位，一月一次"
    BOUNCED = "bounced", "退信都对上原信"
    MARKED = "marked", "信件标明示例"
    INSIDE = "inside", "不与本机以外通信"
    REMADE = "remade", "印发的文件重做逐字节相同"


class CheckError(RuntimeError):
    """A check did not hold: its name and what happened instead."""

    def __init__(self, check: Check, happened: str) -> None:
        self.check = check
        super().__init__(f"演练没有通过，检查“{check.label}”（{check}）：{happened}")


class Checks:
    """Counts how often each check held."""

    def __init__(self) -> None:
        self.held: Counter[Check] = Counter()

    def require(self, check: Check, holds: bool, happened: str) -> None:
        """Count a check that holds; CheckError with what happened if it does not."""
        if not holds:
            raise CheckError(check, happened)
        self.held[check] += 1


class DataMonitor:
    """Checks that the figures in force change by reports alone, and that the warehouse is sound."""

    def __init__(self, office: Office, checks: Checks) -> None:
        self._office, self._checks = office, checks
        self._last = self.fingerprint()

    def fingerprint(self) -> str:
        """A hash of every number in force."""
        with self._office.warehouse() as warehouse:
            reach = {"first_month": "0000-00", "last_month": "9999-99", "as_of": LONG_AFTER}
            cells = warehouse.select("by_cell", **reach)
        return sha256_of(cells.write_csv().encode())

    @contextmanager
    def expect_change(self) -> Iterator[None]:
        """Check that nothing has changed since reports were last taken in; the block may change the numbers."""
        self.check_unchanged("收表以前")
        yield
        self._last = self.fingerprint()

    def check_unchanged(self, when: str) -> None:
        """Check that the numbers are those of the last reports; `when` is said where they are not."""
        self._checks.require(
            Check.TOTALS, self.fingerprint() == self._last, f"{when}，没有收表而在库的数变了"
        )

    def check_warehouse(self) -> None:
        """Check that sql/check finds nothing."""
        with self._office.warehouse() as warehouse:
            faults = warehouse.faults()
        self._checks.require(Check.WAREHOUSE, not faults, "；".join(faults))
