"""What a submitted workbook yields (报表读数): observations, statements and problems, each with its place."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from flows.plan.terms import Measure, State, StatementKind, Tier


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

    @property
    def place(self) -> str:
        """月报!D7, or the sheet where it is of no one cell."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    @property
    def said(self) -> str:
        """`城镇新增就业（累计）：应为…，填报为 3980`: the problem without its place."""
        return f"{self.subject}：应为{self.expected}，填报为 {self.found}"

    def message(self, file_name: str) -> str:
        """`科区6月.xlsx · 月报!D7 · 城镇新增就业（累计）：应为…，填报为 3980`."""
        return f"{file_name} · {self.place} · {self.said}"


def submission_key(sha256: str, reporter: str) -> str:
    """What a submission is known by: the file's hash; where the file gathers several reporters' reports, `#` and
    whose it is behind the hash. `reporter` is empty for a file that is one report."""
    return f"{sha256}#{reporter}" if reporter else sha256


def problem_id(key: str, number: int) -> str:
    """The 编号 of a submission's n-th problem, by which a clerk cites it: 0123456789ab-01, 0123456789ab-kailu-01."""
    sha256, _, reporter = key.partition("#")
    return "-".join(filter(None, (sha256[:12], reporter, f"{number:02d}")))


@dataclass(frozen=True, slots=True)
class Question:
    """A problem on record (待核实事项) as it stands at a moment, for whoever answers it.

    `in_force` is false once a later report of that month has taken the place of the one it is about;
    `answer` is None while it is open.
    """

    problem_id: str
    reporter: str
    month: str
    tier: Tier
    in_force: bool
    sheet: str
    cell: str
    said: str
    answer: str | None = None

    @property
    def place(self) -> str:
        """月报!D7, or the sheet where it is of no one cell."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet


@dataclass(frozen=True, slots=True)
class Answer:
    """A reporter's reason for an earlier month's query, written in a later workbook (说明)."""

    problem_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook understood: who reports which month, and everything in it.

    `answers` are reasons for queries of earlier months; `not_taken` says of every other such entry what it
    lacks, and its query stays open. `decisions` are sentences for the receipt: what the reader had to decide and how.
    `follows_at` is when the version before this one was received; None where the month is reported for the first time.
    """

    reporter: str
    month: str
    is_sample: bool
    observations: tuple[Observation, ...]
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...]
    decisions: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    not_taken: tuple[Problem, ...] = ()
    follows_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that cannot be read as a report (拒收): why, and what the sender should do. `is_kept` is false where
    the file itself is not kept either: it brought personal data, or is larger than any report."""

    reason: str
    remedy: str
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class KnownTotals:
    """What is in force for a county and indicator around one month of the same year.

    `previous` and `following` are the last number reported before the month and the first after it (running total,
    level, or 1 and 0 for a milestone); `months_back` and `months_ahead` say how many months away they lie.
    `current` is of the month itself (an earlier version, or another reporter's); `earlier` of two and three months
    before it. None where nothing was reported.
    """

    previous: Decimal | None
    following: Decimal | None
    current: Decimal | None = None
    earlier: tuple[Decimal | None, Decimal | None] = (None, None)
    months_back: int = 1
    months_ahead: int = 1
