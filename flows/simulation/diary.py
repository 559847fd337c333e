"""What happened in a rehearsal (日志), kept as it happens: the ledger of the year is written from it."""

from dataclasses import dataclass, field
from datetime import date, datetime

from flows.plan.agenda import Due
from flows.submissions.ingest import ReportResult


@dataclass(frozen=True, slots=True)
class Made:
    """A periodic document as the agenda made it: what was due, on which day it was made, how often by hand again."""

    due: Due
    made_on: date


@dataclass(frozen=True, slots=True)
class Came:
    """A file and what became of it; `story` is what the script had in mind."""

    at: datetime
    month: str
    story: str
    received: ReportResult


@dataclass
class Diary:
    """Everything in the order in which it happened."""

    made: list[Made] = field(default_factory=list)
    came: list[Came] = field(default_factory=list)
    again: list[str] = field(default_factory=list)  # documents made again by hand
    passed_over: list[date] = field(default_factory=list)  # working days without anything to do
    happened: list[tuple[datetime, str]] = field(default_factory=list)

    def note(self, at: datetime, said: str) -> None:
        """Something an onlooker would tell."""
        self.happened.append((at, said))
