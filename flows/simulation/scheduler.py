"""The machine of the simulated office: runs the agenda as the scheduled flow does, checks every step, logs what happened."""

from dataclasses import dataclass, field
from datetime import date, datetime

from flows.due_work import Work, perform, run_due
from flows.plan.agenda import Job
from flows.plan.document_kinds import DOCUMENT_KINDS
from flows.plan.period import Period
from flows.simulation.checks import Check, DataMonitor
from flows.simulation.environment import SimulatedOffice
from flows.simulation.scenario import BULLETIN
from flows.submissions.ingest import FAILED, ReportResult

NOT_SIMULATED = ("backup", "restore_drill", "mail_forms", "mail_prompts")


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


class Scheduler:
    """Runs what is due; `labels` says by file name what the scenario did to a file."""

    def __init__(
        self, environment: SimulatedOffice, log: EventLog, monitor: DataMonitor, labels: dict[str, str]
    ) -> None:
        self.environment, self.log, self.monitor, self.labels = environment, log, monitor, labels

    def run_due(self, at: datetime) -> None:
        """Do whatever is due at that moment and not done yet."""
        run_due(self.environment.at(at), at.date(), lambda work: self._perform(work, at))

    def _perform(self, work: Work, at: datetime) -> str:
        """Do one thing; a failure ends the simulation. Months beyond the simulated ones are left out."""
        is_beyond = work.flow == Job.REMINDERS and work.parameters["month"] not in self.environment.months
        if work.flow == Job.INTAKE:
            self._ingest(at)
        elif work.flow == "corrections":
            self.correct(at)
        elif work.flow in DOCUMENT_KINDS:
            (period,) = work.parameters.values()
            self._draft(work.flow, str(period), at)
        elif work.flow not in NOT_SIMULATED and not is_beyond:
            fault = perform(self.environment.office, work)
            self.environment.checks.require(Check.AGENDA, not fault, f"{work.flow} {fault}")
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

    def _draft(self, kind: str, period: str, at: datetime) -> None:
        """The documents of one period, and with each month's bulletin the report of one county."""
        environment = self.environment
        twice = any((one.kind, one.period) == (kind, period) for one in self.log.drafted)
        environment.checks.require(Check.AGENDA, not twice, f"{period} {DOCUMENT_KINDS[kind].label} 做了两次")
        environment.office.make(kind, period)
        if kind == BULLETIN:
            counties = environment.catalogue.counties
            county = counties[(int(period[5:]) - 1) % len(counties)].id
            environment.office.make(kind, period, county=county)
        due_on = environment.deadlines(Period.parse(period).months[-1]).dispatch_on
        self.log.drafted.append(DraftedDocument(kind, period, due_on, at.date()))


def _has_receipt(result: ReportResult) -> bool:
    """Whether there is a receipt for these bytes; a file sent again under another name has the first one's."""
    return any(result.receipt_path.parent.glob(f"*{result.receipt_path.stem[-12:]}.txt"))
