"""The office at work: one object that opens plans, warehouse, clock and fonts, and whose methods do what people ask for.

A Prefect flow, a command and the simulation call the same methods. Each raises what the functions below it raise: a
RuntimeError, an OSError or a PlanError whose text is a sentence for the user.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from flows import clock
from flows.documents import corrections, notices
from flows.documents.composing import compose
from flows.documents.evidence import Evidence, gather
from flows.documents.figures_export import export_figures
from flows.documents.publishing import folder_of, publish
from flows.documents.reporting_status import status_lines
from flows.documents.tracing.trace import Trace, trace
from flows.issuing import approval, delivery_round, issuing, outbox
from flows.issuing.delivering import sole_sender
from flows.operations.backup.create import Backup, back_up
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.folders import plan_of
from flows.plan.issued import Decision, Issued
from flows.plan.letter import LetterStatus
from flows.plan.notice import NoticeState
from flows.plan.observation import Question
from flows.plan.period import Period
from flows.settings import Settings
from flows.submissions.answering import answer
from flows.submissions.forms import write_forms, write_sample
from flows.submissions.ingest import ReportResult, ingest_all, scan_inbox
from flows.warehouse.connection import Warehouse

Clock = Callable[[], datetime]


class Office:
    """One office on this machine. `now` is its clock: the real one, or the simulation's.

    The DuckDB file admits one process at a time, so it is open only while a piece of work lasts: `warehouse()` opens it,
    a nested `warehouse()` of the same Office shares it, and the outermost one closes it again.
    """

    def __init__(self, settings: Settings | None = None, now: Clock = clock.now) -> None:
        self.settings = settings or Settings()
        self.now = now
        self._warehouse: Warehouse | None = None
        self._working = threading.RLock()

    @contextmanager
    def warehouse(self) -> Iterator[Warehouse]:
        """The warehouse for as long as the block lasts; threads of one Office take turns."""
        with self._working:
            if self._warehouse is not None:
                yield self._warehouse
                return
            with Warehouse(self.settings.warehouse, self.settings.journal) as opened:
                self._warehouse = opened
                try:
                    yield opened
                finally:
                    self._warehouse = None

    def plan(self, year: int | None = None) -> Catalogue:
        """The plan of a year, or the newest; PlanError where there is none."""
        return plan_of(self.settings, year)

    # Reports from the counties and departments

    def sample(self, year: int, months: tuple[int, ...], seed: int, folder: Path) -> int:
        """Write sample workbooks into a folder; returns how many."""
        return write_sample(self.plan(year), months, seed, folder)

    def forms(self, month: Period, folder: Path | None = None) -> list[Path]:
        """Write the blank workbooks of a month, one a reporter; returns their places."""
        return write_forms(self.settings, self.plan(month.year), month, folder)

    def ingest(self, files: Sequence[Path] = ()) -> list[ReportResult]:
        """Take in these workbooks, or all in the inbox: one result a report, in the order received."""
        return ingest_all(scan_inbox(self.settings, list(files), self.now()), self.settings)

    def status(self, month: Period, as_of: datetime | None = None) -> list[str]:
        """Who has reported a month, a line a reporter with his open queries."""
        return status_lines(self.settings, self.plan(month.year), month, as_of)

    def answer(self, number: str, text: str, by: str = "") -> Question:
        """Note down the reason a reporter gave for one open query."""
        return answer(self.settings, self.plan(), number, text, by, self.now())

    # Documents

    def gather(self, period: str, as_of: datetime | None = None) -> Evidence:
        """Everything a document of this period rests on, as of a moment (default: the last change of the data)."""
        return gather(self.settings, period, as_of)

    def make(self, kind: str, period: str, as_of: datetime | None = None, county: str | None = None) -> Path:
        """Make the draft of a document, or one county's own version of it; returns the PDF."""
        document = compose(kind, self.gather(period, as_of), self.settings, county)
        return publish(document, folder_of(self.settings, period, kind, as_of, county))

    def notices(self, month: str, on: date | None = None, as_of: datetime | None = None) -> notices.Round:
        """Work out and draft what is due of reminders, urgings and proposals on a day; idempotent."""
        worked_out = notices.work_out(self.settings, month, on or self.now().date(), as_of)
        notices.write_out(self.settings, worked_out)
        return worked_out

    def register_notice(
        self, numbers: tuple[str, ...], state: NoticeState, note: str, at: datetime | None = None
    ) -> None:
        """Note down by hand that notices were approved, sent, answered, closed or withdrawn."""
        notices.register_state(self.settings, numbers, state, at or self.now(), note)

    def figures(self, period: Period, as_of: datetime | None, form: str) -> bytes:
        """The figures of a period for other programs: json, csv or xlsx."""
        return export_figures(self.settings, period, as_of, form)

    def trace(self, period: Period, indicator: Indicator, county: str, as_of: datetime | None) -> Trace:
        """The way back of one figure to the cells of the workbooks."""
        return trace(self.settings, period, indicator, county, as_of)

    def correct(self, periods: Sequence[str] = ()) -> list[Path]:
        """Draft a correction of every issued document, of all periods or those named, that no longer holds."""
        return corrections.write_out(self.settings, corrections.due(self.settings, periods))

    # Approval and issue

    def waiting(self) -> list[approval.Standing]:
        """Every finished draft that is not issued, with how far it has come."""
        return approval.waiting(self.settings)

    def approval_status(self, document: str) -> approval.Standing:
        """How far one draft has come."""
        return approval.standing(self.settings, document)

    def decide(
        self, status: approval.Standing, decision: Decision, by: str, note: str = ""
    ) -> approval.Standing:
        """Record what somebody decided at the step a draft waits for."""
        return approval.decide(self.settings, status, decision, by, self.now(), note)

    def issue(self, document: str, serial: int | None = None, gap_note: str = "") -> Issued:
        """Number and issue a draft that passed every step, and queue its letters."""
        status = self.approval_status(document)
        issued = issuing.issue_document(self.settings, status, self.now(), serial, gap_note)
        delivery_round.queue_missing(self.settings, self.now())
        return issued

    def deliver(self, samples: bool = False) -> list[dict[str, str]]:
        """Send the letters that wait, each once; one row a letter or matter."""
        at = self.now()
        with sole_sender(self.settings):
            rows = delivery_round.cut_off(self.settings, at)
            rows += delivery_round.queue_missing(self.settings, at)
            rows += delivery_round.take_back(self.settings, at)
            rows += delivery_round.send_all(self.settings, at, samples)
            rows += delivery_round.still_open(self.settings, rows, samples)
            return rows + delivery_round.tell_operator(self.settings, rows, at, samples)

    def letters(self) -> tuple[LetterStatus, ...]:
        """Every letter with its present state, in the order they were queued."""
        return outbox.letters(self.settings)

    def settle(self, letter: str, how: outbox.Settlement, note: str) -> str:
        """Record the operator's decision on a letter; a sentence of what follows."""
        return outbox.settle(self.settings, letter, how, self.now(), note)

    # Operation

    def backup(self, folder: Path | None = None) -> Backup:
        """Write a backup of this moment and read it back."""
        return back_up(self.settings, self.now(), folder)
