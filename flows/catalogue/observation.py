"""What a submitted workbook yields (报表读数): observations, statements and problems, each with its place."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flows.catalogue.terms import Measure, State, StatementKind, Tier


@dataclass(frozen=True, slots=True)
class Observation:
    """One cell read. `value` is exact and None unless the state is reported or confirmed_zero.

    `county` is the county the number is about, 'city' for a department's. `written` is what stood there.
    """

    county: str
    indicator: str
    measure: Measure
    value: Decimal | None
    state: State
    sheet: str
    cell: str
    written: str
    reason: str = ""
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A reporter's own words on a task (0: a county on its work as a whole)."""

    task: int
    kind: StatementKind
    text: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong or doubtful: where, what was expected, what was found, what to do.

    `indicator` is empty where the problem is not of one indicator. `answer` is the reason the reporter
    gave in the same workbook, None while the query is open. The message is built from the fields.
    """

    rule: str
    tier: Tier
    county: str
    indicator: str
    sheet: str
    cell: str
    subject: str
    expected: str
    found: str
    remedy: str
    answer: str | None = None

    def message(self, file_name: str) -> str:
        """`科区6月.xlsx · 月报!D7 · 城镇新增就业（累计）：应为…，填报为 3980`."""
        place = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        return f"{file_name} · {place} · {self.subject}：应为{self.expected}，填报为 {self.found}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook understood: who reports which month, and everything in it.

    `decisions` are sentences for the receipt: what the reader had to decide and how.
    """

    reporter: str
    month: str
    is_sample: bool
    observations: tuple[Observation, ...]
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...]
    decisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that cannot be read as a report (拒收): why, and what the sender should do."""

    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is already in force for a county and indicator around one month: the running totals of the
    month before (None in January or where nothing was reported) and of the month after."""

    previous: Decimal | None
    following: Decimal | None
