"""The staff of the simulated office: approve drafts, send letters, settle failed ones, record answers."""

import secrets
from collections.abc import Callable, Iterator
from datetime import date, datetime

from flows.accounts.accounts import Actor
from flows.documents import notices as noticing
from flows.issuing.approval import ApprovalStatus
from flows.issuing.outbox import Settlement
from flows.plan.issued import Decision, Issued
from flows.plan.letter import LetterKind, LetterState
from flows.plan.notice import MatterStatus, Notice, NoticeKind, NoticeState
from flows.plan.period import Period
from flows.plan.terms import AccountRole, Mark
from flows.simulation import scenario
from flows.simulation.checks import Check
from flows.simulation.environment import WITHOUT_ADDRESS, SimulatedOffice, add_address
from flows.simulation.ledger import open_matters
from flows.simulation.scheduler import EventLog
from flows.warehouse.issue_ledger import issued
from flows.warehouse.letter_ledger import letter_statuses
from flows.warehouse.notice_ledger import matter_statuses
from flows.warehouse.questions import LONG_AFTER, open_questions

STAFF = {"经办岗": AccountRole.CLERK, "审核岗": AccountRole.REVIEWER, "签发岗": AccountRole.SIGNER}


class Staff:
    """The people who decide, by the scenario: the same every time."""

    def __init__(self, environment: SimulatedOffice, log: EventLog) -> None:
        self.environment, self.log = environment, log
        self._skipped_numbers = dict(scenario.SKIPPED_NUMBERS)
        self._clerk, *self._approvers = self._log_in()

    def _log_in(self) -> Iterator[Actor]:
        """The simulation's own accounts, which nobody outside it knows the passwords of."""
        office = self.environment.at(datetime(self.environment.catalogue.plan.year, 1, 1, 8))
        for name, role in STAFF.items():
            password = f"Aa1-{secrets.token_urlsafe(12)}"
            office.accounts.add(name, (role,), password, office.now(), None)
            yield Actor(office.accounts.verify(name, password, office.now()))

    def approve_notices(self, at: datetime) -> None:
        """Issue the notices that deserve a letter and withdraw the others."""
        office, drafts = self.environment.at(at), self._waiting(lambda one: bool(one.draft.name.notice))
        with office.warehouse() as warehouse:
            overtaken = {
                month: noticing.overtaken(warehouse, self.environment.catalogue, month, at.date())
                for month in {one.draft.name.period for one in drafts}
            }
        for status in drafts:
            name = status.draft.name
            if name.notice in overtaken[name.period]:
                continue  # the next run withdraws it
            with office.warehouse() as warehouse:
                notice = noticing.notice_of(warehouse, name.notice, name.period)
            if self._deserves_letter(notice):
                self._issue(status, at)
            else:
                office.register_notices(
                    (name.notice,), NoticeState.WITHDRAWN, "差距不大，电话提醒", at, self._clerk
                )

    def _deserves_letter(self, notice: Notice) -> bool:
        """Every urging; of reminders, those with several red marks and those for missing reports."""
        if notice.kind is not NoticeKind.REMINDER or not notice.matters[0].indicator:
            return True
        return sum(matter.mark == Mark.RED for matter in notice.matters) >= scenario.RED_FOR_A_LETTER

    def approve_documents(self, at: datetime) -> None:
        """Approve and issue every other draft; where newer reports have arrived, the scenario may have it redrafted."""
        for status in self._waiting(lambda one: not one.draft.name.notice):
            name, period = status.draft.name, Period.parse(status.draft.name.period)
            is_bulletin = name.kind == scenario.BULLETIN and not name.county
            if status.newer_data_at and is_bulletin and period.first in scenario.REDRAFTED:
                self._redraft(status, at)
            self._issue(self.environment.office.approval_status(str(name)), at)

    def _redraft(self, status: ApprovalStatus, at: datetime) -> None:
        name = status.draft.name
        office = self.environment.at(at)
        office.decide(status, Decision.RETURNED, self._approvers[0], "审核时又有报表报来，重新生成")
        office.make(scenario.BULLETIN, name.period)
        self.log.redrafted.append(str(name))
        self.log.record(at, f"{name} 退回，按新到报表重新生成")

    def _waiting(self, wanted: Callable[[ApprovalStatus], bool]) -> list[ApprovalStatus]:
        return [one for one in self.environment.office.waiting() if wanted(one)]

    def _issue(self, status: ApprovalStatus, at: datetime) -> Issued:
        office = self.environment.at(at)
        while step := status.waits_for:
            by = self._approvers[[str(s) for s in type(step)].index(str(step))]
            status = office.decide(status, Decision.APPROVED, by)
        serial, note = self._number(status)
        entry, _ = office.issue(str(status.draft.name), serial, note)  # GateError where it has a fault
        self.environment.checks.require(Check.GATE, True, entry.number)
        self.log.record(at, f"{entry.number} {entry.title}")
        return entry

    def _number(self, status: ApprovalStatus) -> tuple[int | None, str]:
        """None for the next number, or, where the scenario skips some, a later one with the reason."""
        name = status.draft.name
        months = [
            m
            for m in self._skipped_numbers
            if name.period.endswith(f"-{m:02d}") and name.kind == scenario.BULLETIN
        ]
        if not months or name.county:
            return None, ""
        skipped = self._skipped_numbers.pop(months[0])
        return 1 + skipped + self._last_serial(), scenario.GAP_NOTE

    def _last_serial(self) -> int:
        prefix = self.environment.catalogue.policy.documents.number_prefix
        with self.environment.office.warehouse() as warehouse:
            return max((d.serial for d in issued(warehouse) if d.series == prefix), default=0)

    def send(self, at: datetime) -> None:
        """Send the letters that wait, and record what did not leave."""
        self.log.record_letters(at, self.environment.at(at).deliver(samples=True))

    def confirm_senders(self, at: datetime) -> bool:
        """Confirm the unknown addresses whose mail is held, as whose they are; whether there was any."""
        office = self.environment.at(at)
        held = {mail.sender for mail in office.held_mail()}
        units = {address: unit for unit, address in self.environment.addresses.items()}
        for sender in held:
            said = office.confirm_sender(
                sender, self.environment.catalogue.name_of(units[sender]), self._clerk
            )
            self.log.record(at, said)
        return bool(held)

    def settle_letters(self, at: datetime) -> None:
        """Settle failed letters: what came back is sent again; without an address, delivered on paper until it is known."""
        office = self.environment.at(at)
        with office.warehouse() as warehouse:
            failed = letter_statuses(warehouse, states=[LetterState.FAILED])
        for one in failed:
            if one.letter.unit == WITHOUT_ADDRESS and at.date() >= self._address_known_on():
                add_address(self.environment)
                office.settle(one.short_id, Settlement.RESEND, "已补上地址", self._clerk)
            elif one.letter.kind is LetterKind.FORM:
                office.settle(one.short_id, Settlement.RESEND, "对方已清理邮箱", self._clerk)
            else:
                office.settle(one.short_id, Settlement.SENT, "纸质文件已送达", self._clerk)

    def _address_known_on(self) -> date:
        month = self.environment.months[min(scenario.ADDRESS_FOUND_IN, len(self.environment.months)) - 1]
        return self.environment.deadlines(month).dispatch_on

    def record_replies(self, at: datetime, *, final: bool = False) -> None:
        """Record the answers to notices on the day they are due, of all but the silent counties; `final`: of everybody."""
        year = self.environment.catalogue.plan.year
        with self.environment.office.warehouse() as warehouse:
            matters = matter_statuses(warehouse, year)
        waiting = open_matters(matters) if final else [m for m in matters if m.state is NoticeState.SENT]
        for number, one in {m.notice.number: m for m in waiting}.items():
            if final or self._answers(one, at):
                note = "来函：已逐项分析原因，落实到责任科室，按月调度"
                self.environment.office.register_notices(
                    (number,), NoticeState.ANSWERED, note, at, self._clerk
                )

    def _answers(self, one: MatterStatus, at: datetime) -> bool:
        places = [c.id for c in self.environment.catalogue.counties]
        addressee = one.notice.addressee
        silent = addressee in places and places.index(addressee) in scenario.SILENT
        return not silent and bool(one.matter.indicator) and at.date() >= one.notice.reply_by

    def answer_queries(self, at: datetime, wanted: Callable[[str, str], bool]) -> int:
        """Record what the wanted reporters say by telephone about their open queries; returns how many."""
        year = self.environment.catalogue.plan.year
        with self.environment.office.warehouse() as warehouse:
            waiting = open_questions(warehouse, f"{year}-01", f"{year}-12", LONG_AFTER)
        answered = [q for q in waiting if wanted(q.reporter, q.month)]
        for question in answered:
            self.environment.at(at).answer(question.number, scenario.BY_TELEPHONE, self._clerk)
        return len(answered)
