"""The machine of the simulated office: runs the agenda, with the checks that every step must pass."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path

from flows.documents.composing import compose, load_typesetter
from flows.documents.document import Document
from flows.documents.evidence import Evidence
from flows.documents.publishing import draft_folder, publish
from flows.due_work import Work
from flows.due_work import perform as perform_here
from flows.plan.agenda import Job
from flows.plan.document_kinds import DOCUMENT_KINDS, drafted_together
from flows.plan.period import Period
from flows.simulation.checks import Check, DataMonitor
from flows.simulation.environment import SimulatedOffice
from flows.simulation.event_log import DraftedDocument, EventLog, ReceivedFile
from flows.simulation.scenario import BULLETIN
from flows.submissions.ingest import FAILED, ReportResult

Draft = tuple[str, str, str | None]  # a document, its period, and the county whose own it is
NOT_SIMULATED = ("backup", "restore_drill")


class Scheduler:
    """Runs what is due; `labels` says by file name what the scenario did to a file."""

    def __init__(
        self,
        environment: SimulatedOffice,
        log: EventLog,
        monitor: DataMonitor,
        labels: dict[str, str],
        pool: Executor,
    ) -> None:
        self.environment, self.log, self.monitor, self.labels, self.pool = (
            environment,
            log,
            monitor,
            labels,
            pool,
        )

    def run_due(self, at: datetime) -> None:
        """Do whatever is due at that moment and not done yet, as the scheduled flow does."""
        self.environment.at(at).run_due(at.date(), lambda work: self._perform(work, at))

    def _perform(self, work: Work, at: datetime) -> str:
        """Do one thing; a failed check ends the simulation. Months beyond the simulated ones are left out."""
        office, parameters = self.environment.office, work.parameters
        if work.flow == Job.INTAKE:
            self._ingest(at)
        elif work.flow == "corrections":
            self.correct(at)
        elif work.flow == Job.REMINDERS:
            if parameters["month"] in self.environment.months:
                office.parallel = self.pool.map
                office.notices(str(parameters["month"]), at.date())
        elif work.flow in DOCUMENT_KINDS:
            (period,) = parameters.values()
            self._draft_due(work.flow, str(period), at)
        elif work.flow not in NOT_SIMULATED:
            return perform_here(office, work)
        return ""

    def _ingest(self, at: datetime) -> None:
        with self.monitor.expect_change():
            results = self.environment.at(at).ingest()
        for result in results:
            checks = self.environment.checks
            checks.require(Check.RECEIVED, result.status != FAILED, result.receipt)
            checks.require(Check.RECEIVED, _has_receipt(result), f"{result.name} 没有回执")
            label = next((text for name, text in self.labels.items() if result.name.startswith(name)), "")
            self.log.received.append(ReceivedFile(at, result.month, label, result))

    def correct(self, at: datetime) -> None:
        """Draft a correction of every issued document that no longer holds."""
        for pdf in self.environment.at(at).correct():
            self.log.record(at, f"{pdf.parent.parent.name} 需要更正")

    def _draft_due(self, kind: str, period: str, at: datetime) -> None:
        """The documents of one period, and with each month's the report of one county."""
        twice = any((one.kind, one.period) == (kind, period) for one in self.log.drafted)
        self.environment.checks.require(
            Check.AGENDA, not twice, f"{period} {DOCUMENT_KINDS[kind].label} 做了两次"
        )
        self.draft(list(self._drafts(kind, period)))
        due_on = self.environment.deadlines(Period.parse(period).months[-1]).dispatch_on
        self.log.drafted.append(DraftedDocument(kind, period, due_on, at.date()))

    def _drafts(self, kind: str, period: str) -> Iterator[Draft]:
        yield from ((document, period, None) for document in drafted_together(kind))
        if kind == BULLETIN:
            counties = self.environment.catalogue.counties
            yield kind, period, counties[(int(period[5:]) - 1) % len(counties)].id

    def draft(self, drafts: Sequence[Draft]) -> None:
        """Draft documents in parallel."""
        office = self.environment.office
        started = [
            self.pool.submit(_compose, document, office.gather(period), office.settings.fonts, county)
            for document, period, county in drafts
        ]
        for future, (document, period, county) in zip(started, drafts, strict=True):
            publish(future.result(), draft_folder(office.settings.reports, period, document, county=county))


def _compose(kind: str, evidence: Evidence, fonts: Path, county: str | None) -> Document:
    return compose(kind, evidence, load_typesetter(fonts), county)


def _has_receipt(result: ReportResult) -> bool:
    """Whether there is a receipt for these bytes; a file sent again under another name has the first one's."""
    return any(result.receipt_path.parent.glob(f"*{result.receipt_path.stem[-12:]}.txt"))
