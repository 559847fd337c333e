"""What must hold at every step of a rehearsal (检查): named, counted, and the rehearsal ends at the first that fails."""

from collections import Counter

from flows.plan.terms import Term


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
    MARKED = "marked", "信件标明示例"
    INSIDE = "inside", "不与本机以外通信"
    REMADE = "remade", "印发的文件重做逐字节相同"


class CheckError(RuntimeError):
    """A check did not hold: its name and what was found instead."""

    def __init__(self, check: Check, found: str) -> None:
        self.check = check
        super().__init__(f"演练没有通过，检查“{check.label}”（{check}）：{found}")


class Checks:
    """Counts how often each check held."""

    def __init__(self) -> None:
        self.held: Counter[Check] = Counter()

    def must(self, check: Check, holds: bool, found: str) -> None:
        """Count a check that holds; CheckError with what was found if it does not."""
        if not holds:
            raise CheckError(check, found)
        self.held[check] += 1
