"""What happened in a simulated year, recorded as it happens; the year's ledger is written from it."""

from dataclasses import dataclass, field
from datetime import date, datetime

from flows.submissions.ingest import ReportResult


@dataclass(frozen=True, slots=True)
class DraftedDocument:
    """A periodic document as the agenda had it drafted: the id of its kind, its period, when it was due and when it was drafted."""

    kind: str
    period: str
    due_on: date
    drafted_on: date


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file and what became of it; `label` says what the scenario did to it, empty for an ordinary one."""

    at: datetime
    month: str
    label: str
    result: ReportResult


@dataclass
class EventLog:
    """Everything in the order in which it happened."""

    drafted: list[DraftedDocument] = field(default_factory=list)
    received: list[ReceivedFile] = field(default_factory=list)
    redrafted: list[str] = field(default_factory=list)  # documents drafted again by hand
    skipped: list[date] = field(default_factory=list)  # working days on which there was nothing to do
    events: list[tuple[datetime, str]] = field(default_factory=list)

    def record(self, at: datetime, event: str) -> None:
        """Add an event that an onlooker would report."""
        self.events.append((at, event))
