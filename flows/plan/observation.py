"""What a submitted workbook yields (报表读数): observations, statements and problems, each with its place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from flows.plan.terms import Measure, State, StatementKind, Tier

_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to be mistaken for 1, 0, V


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

    `indicator` and `measure` are empty where the problem is not of one indicator or number; `aspect` tells apart what
    one rule may find several times there (a part's name, a neighbouring county). `values` are the typed value and what
    it was compared with, as text. `answer` is the reason the reporter gave in the same workbook, None while the query
    is open. The message is built from the fields.
    """

    rule: str
    tier: Tier
    county: str
    indicator: str
    measure: str
    sheet: str
    cell: str
    subject: str
    expected: str
    found: str
    remedy: str
    values: tuple[str, ...]
    aspect: str = ""
    answer: str | None = None

    @property
    def place(self) -> str:
        """月报!D7, or the sheet where it is of no one cell."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    @property
    def description(self) -> str:
        """`城镇新增就业（累计）：应为…，填报为 3980`: the problem without its place."""
        return f"{self.subject}：应为{self.expected}，填报为 {self.found}"

    def message(self, file_name: str) -> str:
        """`科区6月.xlsx · 月报!D7 · 城镇新增就业（累计）：应为…，填报为 3980`."""
        return f"{file_name} · {self.place} · {self.description}"


def text_of(value: Decimal | str | None) -> str:
    """A compared value as text: 1500 for 1500.00 and 1,500; empty for what is not known."""
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    return value or ""


def numbered(reporter: str, month: str, problems: Iterable[Problem]) -> Iterator[tuple[str, Problem]]:
    """The problems of one report, each under its 编号: 2506-7K3F9QXM.

    The 编号 is a code of what the question is (reporter, month, rule, county, indicator, measure, aspect) and of the
    values it asks about. So it is the same in every version of the month that has the same values, whatever else is
    asked there, and another as soon as a value differs: an answer cannot come to stand on another question.
    The same question twice in a report is distinguished by its place.
    """
    known: set[str] = set()
    for problem in problems:
        number, unique = _number(reporter, month, problem), problem
        if number in known:
            unique = replace(problem, aspect=f"{problem.aspect} {problem.place} {len(known)}".strip())
            number = _number(reporter, month, unique)
        known.add(number)
        yield number, unique


def _number(reporter: str, month: str, problem: Problem) -> str:
    key = (reporter, month, problem.rule, problem.county, problem.indicator, problem.measure, problem.aspect)
    digest = sha256("\x1f".join((*key, *problem.values)).encode()).digest()
    bits = int.from_bytes(digest[:5])
    code = "".join(_SYMBOLS[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"{month[2:4]}{month[5:]}-{code}"


@dataclass(frozen=True, slots=True)
class Question:
    """A problem on record (待核实事项) as it stands at a moment, for whoever answers it.

    `in_force` is false once a later report of that month no longer raises it; `answer` is None while it is open.
    """

    number: str
    reporter: str
    month: str
    tier: Tier
    in_force: bool
    sheet: str
    cell: str
    description: str
    answer: str | None = None

    @property
    def place(self) -> str:
        """月报!D7, or the sheet where it is of no one cell."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet


@dataclass(frozen=True, slots=True)
class Answer:
    """A reporter's reason for an earlier month's query, written in a later workbook (说明), by the query's 编号."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook understood: who reports which month, and everything in it.

    `answers` are reasons for queries of earlier months; `not_taken` says of every other such entry what it
    lacks, and its query stays open. `decisions` are sentences for the receipt: what the reader had to decide and how.
    `follows_at` is when the version before this one was received; None where the month is reported for the first time.
    `has_reasons` is whether the tables have a column 原因说明 to answer in.
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
    has_reasons: bool = True


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
