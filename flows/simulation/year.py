"""A simulated year day by day: runs of the agenda, decisions of the staff, letters; days without work are skipped."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import chain
from pathlib import Path

from flows.plan.agenda import Due, Job
from flows.plan.document_kinds import DOCUMENT_KINDS
from flows.plan.notice import NoticeState
from flows.plan.workdays import add_workdays, is_workday
from flows.progress import shown
from flows.settings import Settings
from flows.simulation import scenario
from flows.simulation.arrivals import QUERIED, Reporters, deliveries
from flows.simulation.audit import audit, reproduce
from flows.simulation.checks import Check, DataMonitor
from flows.simulation.environment import SimulatedOffice, forbid_remote_connections, mail_account, prepare
from flows.simulation.ledger import LedgerTable, tables, write_ledger
from flows.simulation.mail import OfficeMailbox
from flows.simulation.mail_audit import audit_letters, audit_mails
from flows.simulation.scheduler import EventLog, Scheduler
from flows.simulation.staff import Staff
from flows.submissions.sample import cases
from flows.warehouse.notice_ledger import matter_statuses
from flows.warehouse.raw import waiting

SKIPPED_DAYS_PER_TEST = 20  # of that many skipped days, one is run all the same and must change nothing


def simulate(
    office: Settings,
    year: int,
    months: tuple[int, ...],
    folder: Path,
    seed: int,
    report: Callable[[str], None],
    mailbox: OfficeMailbox | None = None,
) -> tuple[tuple[LedgerTable, ...], Path]:
    """Simulate these months of a year in an empty folder; CheckError at the first check that fails.

    `report` receives a line for every day on which something happened; mail comes into `mailbox`, without one into one in
    memory. Returns the ledger and where it was written.
    """
    environment = prepare(office, year, tuple(f"{year}-{month:02d}" for month in months), folder, mailbox)
    with mail_account(environment), forbid_remote_connections(environment.checks), _layouts_kept(environment):
        reporters = Reporters(environment, deliveries(environment, seed))
        simulated = Year(environment, reporters)
        with environment.office.warehouse():  # opened once for all that is nested in it
            for day in shown(simulated.days(), "演练"):
                if events := simulated.run_day(day):
                    report(f"{day} {events}")
            simulated.finish()
            letters = audit_letters(environment, reporters), audit_mails(environment, reporters)
            for _ in shown(chain(audit(environment), *letters), "年终核对"):
                pass
        for _ in shown(reproduce(environment), "重做印发的文件"):
            pass
    ledger = tables(environment, simulated.log)
    return ledger, write_ledger(environment, ledger)


@contextmanager
def _layouts_kept(environment: SimulatedOffice) -> Iterator[None]:
    """Lay out the same page once while the block lasts (an issued document is composed as its draft was), and collect
    garbage less often; new processes reproduce the documents without either."""
    typesetter, thresholds = environment.office.typesetter, gc.get_threshold()
    if is_ours := typesetter.cache is None:
        typesetter.cache = {}
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        if is_ours:
            typesetter.cache = None


class Year:
    """Runs the days of a simulation."""

    def __init__(self, environment: SimulatedOffice, reporters: Reporters) -> None:
        self.environment, self.reporters, self.log = environment, reporters, EventLog()
        self.monitor = DataMonitor(environment.office, environment.checks)
        self.scheduler = Scheduler(environment, self.log, self.monitor, reporters.labels)
        self.staff = Staff(environment, self.log)
        self._plan_days = {day for month in environment.months for day in self._days_of(month)}
        self._changed = True  # whether anything happened since the reminders were last worked out

    def days(self) -> list[date]:
        """From the first arrival or reminder until the last answers are in."""
        first = min(
            self.reporters.next_at.date(), self.environment.deadlines(self.environment.months[0]).remind_on
        )
        last = add_workdays(self.environment.deadlines(self.environment.months[-1]).answer_by, 2)
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def run_day(self, day: date) -> str:
        """Run one day; returns its events, empty where nothing happened."""
        before = len(self.log.events)
        self._switch_mail_server(day)
        if day in self._dispatch_days(scenario.MACHINE_OFF):
            self.log.record(_at(day, scenario.MORNING), "机器停机一天")
            return "停机"
        if not self._has_work(day):
            self._skip(day)
            return ""
        self._run_hours(day)
        return "；".join(event for _, event in self.log.events[before:]) or "收表、研判"

    def _run_hours(self, day: date) -> None:
        self._run_due(_at(day, scenario.MORNING))
        before = self._extent()
        if is_workday(day):
            self._run_due(_at(day, scenario.NOTICES_AT), only_if_filled=True)
            self.staff.approve_notices(_at(day, scenario.NOTICES_AT))
            self.staff.send(_at(day, scenario.FIRST_DELIVERY))
            self._run_due(_at(day, scenario.DOCUMENTS_AT), only_if_filled=True)
            self.staff.approve_documents(_at(day, scenario.DOCUMENTS_AT))
            self._record_answers(_at(day, scenario.DOCUMENTS_AT))
            self.staff.send(_at(day, scenario.LAST_DELIVERY))
            self.staff.settle_letters(_at(day, scenario.LAST_DELIVERY))
        self._run_due(_at(day, scenario.EVENING), only_if_filled=True)
        self._changed = self._extent() != before
        self._close(_at(day, time(18)))

    def _extent(self) -> tuple[int, int]:
        """How many files were received, and how many bytes the journal has."""
        journal = self.environment.settings.journal
        return len(self.log.received), journal.stat().st_size if journal.is_file() else 0

    def _run_due(self, at: datetime, *, only_if_filled: bool = False) -> None:
        filled = self.reporters.send(at)
        if only_if_filled and not filled:
            return
        received, drafted = len(self.log.received), len(self.log.drafted)
        self.scheduler.run_due(at)
        if self.staff.confirm_senders(at):
            self.scheduler.run_due(at)
        for file in self.log.received[received:]:
            if file.label == QUERIED:
                self.reporters.resubmit(file)
        for one in self.log.drafted[drafted:]:
            self.log.record(at, f"{one.period} {DOCUMENT_KINDS[one.kind].label}成文")

    def _record_answers(self, at: datetime) -> None:
        self.staff.record_replies(at)
        answered = self.staff.answer_queries(at, self._is_answered(at))
        if answered:
            self.log.record(at, f"登记来电说明 {answered} 项")
            self.scheduler.correct(at)

    def _is_answered(self, at: datetime) -> Callable[[str, str], bool]:
        places = [c.id for c in self.environment.catalogue.counties]

        def wanted(reporter: str, month: str) -> bool:
            case = (places.index(reporter) if reporter in places else -1, int(month[5:]))
            return case in scenario.EXPLAINED or (case in cases.OPEN_QUERY and at.month >= 9)

        return wanted

    def _close(self, at: datetime) -> None:
        """Check what must hold at the end of a day."""
        checks, settings = self.environment.checks, self.environment.settings
        left = self._due(at.date())
        checks.require(Check.AGENDA, not left, f"{at.date()} 还有 {'、'.join(map(str, left))}")
        with self.environment.mailbox.open() as mailbox:
            left_unread = mailbox.uids()
        is_empty = not waiting(settings.inbox) and not left_unread
        checks.require(Check.RECEIVED, is_empty, f"{at.date()} 邮箱或收件箱里还有来件")
        self.monitor.check_unchanged(f"{at.date()} 当日")
        if at.date() in self._plan_days:
            self.monitor.check_warehouse()

    def _has_work(self, day: date) -> bool:
        """Whether there may be work: a date of the plan, a file, a reply due, or changes the day before."""
        if self.reporters.next_at.date() <= day or waiting(self.environment.settings.inbox):
            return True
        if not is_workday(day):
            return False
        is_due = bool(self._due(day)) or day in self._plan_days
        return is_due or self._changed or day in self._reply_days()

    def _due(self, day: date) -> list[Due]:
        """The documents and mailings that are due on a day and not done, of the simulated months."""
        months, mailings = self.environment.months, (Job.FORMS, Job.PROMPTS)
        return [
            one
            for one in self.environment.office.due(day)
            if one.kind in DOCUMENT_KINDS or (one.kind in mailings and one.period in months)
        ]

    def _reply_days(self) -> set[date]:
        """The last day for an answer to a notice, and the working day after it."""
        with self.environment.office.warehouse() as warehouse:
            matters = matter_statuses(warehouse, self.environment.catalogue.plan.year)
        reply_by = {m.notice.reply_by for m in matters if m.state is NoticeState.SENT}
        return {add_workdays(day, n) for day in reply_by for n in (0, 1)}

    def _skip(self, day: date) -> None:
        """Skip a day without work; run one in twenty all the same, which must change nothing."""
        if not is_workday(day):
            return
        self.log.skipped.append(day)
        if len(self.log.skipped) % SKIPPED_DAYS_PER_TEST == 1:
            before = self._ledgers()
            self.scheduler.run_due(_at(day, scenario.MORNING))
            self.environment.checks.require(
                Check.QUIET, self._ledgers() == before, f"{day} 本应无事，台账却有变化"
            )

    def _ledgers(self) -> bytes:
        journal = self.environment.settings.journal
        return journal.read_bytes() if journal.is_file() else b""

    def _switch_mail_server(self, day: date) -> None:
        """Take the mail server down and up again, by the scenario."""
        for month, days in scenario.MAIL_DOWN.items():
            for down in self._dispatch_days({month}):
                if day == down:
                    self.environment.mail.close()
                    self.log.record(_at(day, time(7)), f"邮件服务器停了，{days}个工作日后恢复")
                if day == add_workdays(down, days):
                    self.environment.open_mail()
                    self._changed = True

    def _dispatch_days(self, months: set[int] | dict[int, int]) -> list[date]:
        return [
            self.environment.deadlines(m).dispatch_on for m in self.environment.months if int(m[5:]) in months
        ]

    def _days_of(self, month: str) -> Iterator[date]:
        due = self.environment.deadlines(month)
        yield from (due.remind_on, due.due_on, due.urge_on, due.dispatch_on)
        yield from (add_workdays(due.dispatch_on, n) for n in (1, 2))

    def finish(self) -> None:
        """The last day: record the answers of everybody who has not answered yet, and check the data."""
        self.staff.record_replies(_at(self.last_day, time(17, 45)), final=True)
        self.monitor.check_unchanged("年终")
        self.monitor.check_warehouse()

    @property
    def last_day(self) -> date:
        """The day on which the simulation ends."""
        return add_workdays(self.environment.deadlines(self.environment.months[-1]).answer_by, 2)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment)
