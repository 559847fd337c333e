"""The machine of the simulated office: runs the agenda as the scheduled flow does, checks every step, logs what happened."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flows.due_work import Work, perform, run_due
from flows.issuing.delivery_round import Row
from flows.issuing.fetching import HELD, SERVER
from flows.plan.document_kinds import DOCUMENT_KINDS
from flows.plan.incoming_mail import IncomingMail, MailResult
from flows.plan.letter import LetterState
from flows.plan.period import Period
from flows.simulation.checks import Check, DataMonitor
from flows.simulation.environment import SimulatedOffice
from flows.simulation.scenario import BULLETIN
from flows.warehouse.mail_ledger import mail_results, mail_statuses

NOT_SIMULATED = ("backup", "restore_drill")


@dataclass(frozen=True, slots=True)
class DraftedDocument:
    """A periodic document as the agenda had it drafted: the id of its kind, its period, when it was due and when it was drafted."""

    kind: str
    period: str
    due_on: date
    drafted_on: date


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A report, the mail that brought it, and what became of it; `label` says what the scenario did to it, empty for an
    ordinary one."""

    mail: IncomingMail
    label: str
    result: MailResult


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

    def record_letters(self, at: datetime, rows: Sequence[Row]) -> None:
        """Add what a round of fetching or sending did beyond the ordinary."""
        events = {
            LetterState.DROPPED.label: "不再发出",
            LetterState.FAILED.label: "没有发成",
            "服务器": "邮件服务器不通",
            HELD: "来信地址待认",
        }
        for row in rows:
            if what := events.get(row["结果"]):
                self.record(at, f"{row['文号'] or row['地址']} {what}：{row['说明']}".strip())


class Scheduler:
    """Runs what is due; `labels` says by file name what the scenario did to a file."""

    def __init__(
        self, environment: SimulatedOffice, log: EventLog, monitor: DataMonitor, labels: dict[str, str]
    ) -> None:
        self.environment, self.log, self.monitor, self.labels = environment, log, monitor, labels
        self._logged: set[str] = set()  # mails whose reports are in the log

    def run_due(self, at: datetime) -> None:
        """Do whatever is due at that moment and not done yet."""
        run_due(self.environment.at(at), at.date(), lambda work: self._perform(work, at))

    def _perform(self, work: Work, at: datetime) -> str:
        """Do one thing; a failure ends the simulation. Months beyond the simulated ones are left out."""
        months = self.environment.months
        is_beyond = "month" in work.parameters and work.parameters["month"] not in months
        if work.flow == "fetch_mail":
            self._fetch(at)
        elif work.flow == "corrections":
            self.correct(at)
        elif work.flow in DOCUMENT_KINDS:
            (period,) = work.parameters.values()
            self._draft(work.flow, str(period), at)
        elif work.flow not in NOT_SIMULATED and not is_beyond:
            fault = perform(self.environment.office, work)
            self.environment.checks.require(Check.AGENDA, not fault, f"{work.flow} {fault}")
        return ""

    def _fetch(self, at: datetime) -> None:
        """Fetch the mail, take in what it brings and answer it."""
        environment = self.environment
        with self.monitor.expect_change():
            rows = environment.at(at).fetch(environment.mailbox.open)
        faults = [row["说明"] for row in rows if row["结果"] == SERVER]
        environment.checks.require(Check.RECEIVED, not faults, "；".join(faults))
        self.log.record_letters(at, rows)
        with environment.office.warehouse() as warehouse:
            open_mails = [s.mail for s in mail_statuses(warehouse) if s.mail.mail_id not in self._logged]
            results = {mail: mail_results(warehouse, mail.mail_id) for mail in open_mails}
        for mail, reports in results.items():
            for result in reports:
                self._log_report(mail, result)

    def _log_report(self, mail: IncomingMail, result: MailResult) -> None:
        has_receipt = (self.environment.settings.data / result.receipt).is_file()
        self.environment.checks.require(Check.RECEIVED, has_receipt, f"{result.report_name} 没有回执")
        named = (text for name, text in self.labels.items() if result.report_name.startswith(name))
        self.log.received.append(ReceivedFile(mail, next(named, ""), result))
        self._logged.add(mail.mail_id)

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
