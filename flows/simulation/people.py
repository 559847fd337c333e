"""What people do in a rehearsal (经办、审核、签发): pass what waits, send it, settle letters, note down answers."""

from collections.abc import Callable
from datetime import date, datetime

from flows.documents import notices as noticing
from flows.issuing.approval import ApprovalStatus
from flows.issuing.outbox import Settlement
from flows.plan.agenda import Kind
from flows.plan.issued import Decision, Issued
from flows.plan.letter import LetterState
from flows.plan.notice import MatterStatus, Notice, NoticeKind, NoticeState
from flows.plan.period import Period
from flows.plan.terms import Mark
from flows.simulation import script
from flows.simulation.check import Check
from flows.simulation.diary import Diary
from flows.simulation.environment import WITHOUT_ADDRESS, Stage, add_address
from flows.simulation.outcomes import open_ends
from flows.simulation.scheduler import Desk
from flows.warehouse.issue_ledger import issued
from flows.warehouse.notice_ledger import filed
from flows.warehouse.questions import LONG_AFTER, open_questions

PEOPLE = ("审核岗", "签发岗")


class People:
    """Those who decide: by the script, the same every time."""

    def __init__(self, stage: Stage, diary: Diary, desk: Desk) -> None:
        self.stage, self.diary, self.desk = stage, diary, desk
        self._gaps = dict(script.GAP)

    def pass_notices(self, at: datetime) -> None:
        """Send what is worth a letter, take back the rest by hand."""
        office, drafts = self.stage.at(at), self._waiting(lambda one: bool(one.draft.name.notice))
        with office.warehouse() as warehouse:
            overtaken = {
                month: noticing.overtaken(warehouse, self.stage.catalogue, month, at.date())
                for month in {one.draft.name.period for one in drafts}
            }
        for found in drafts:
            name = found.draft.name
            if name.notice in overtaken[name.period]:
                continue  # the next round takes it back
            with office.warehouse() as warehouse:
                notice = noticing.notice_of(warehouse, name.notice, name.period)
            if self._is_worth_it(notice):
                self._issue(found, at)
            else:
                office.register_notices((name.notice,), NoticeState.WITHDRAWN, "差距不大，电话提醒", at)

    def _is_worth_it(self, notice: Notice) -> bool:
        """What was urged before goes on; of reminders, those of several red figures and of reports not sent."""
        if notice.kind is not NoticeKind.REMINDER or not notice.matters[0].indicator:
            return True
        return sum(matter.mark == Mark.RED for matter in notice.matters) >= script.RED_WORTH_A_LETTER

    def pass_documents(self, at: datetime) -> None:
        """Pass and issue every other draft; where newer reports have come, the script may have it made again."""
        for found in self._waiting(lambda one: not one.draft.name.notice):
            name, period = found.draft.name, Period.parse(found.draft.name.period)
            is_bulletin = name.kind == Kind.MONTHLY and not name.county
            if found.newer_data_at and is_bulletin and period.first in script.REDRAFTED:
                self._redraft(found, at)
            self._issue(self.stage.office.approval_status(str(name)), at)

    def _redraft(self, found: ApprovalStatus, at: datetime) -> None:
        name = found.draft.name
        self.stage.at(at).decide(found, Decision.RETURNED, PEOPLE[0], "审核时又有报表报来，重新生成")
        self.desk.draft([(Kind.MONTHLY, name.period, None)])
        self.diary.again.append(str(name))
        self.diary.note(at, f"{name} 退回，按新到报表重新生成")

    def _waiting(self, wanted: Callable[[ApprovalStatus], bool]) -> list[ApprovalStatus]:
        return [one for one in self.stage.office.waiting() if wanted(one)]

    def _issue(self, found: ApprovalStatus, at: datetime) -> Issued:
        office = self.stage.at(at)
        while step := found.waits_for:
            by = PEOPLE[[str(s) for s in type(step)].index(str(step))]
            found = office.decide(found, Decision.APPROVED, by)
        serial, note = self._number(found)
        entry, _ = office.issue(str(found.draft.name), serial, note)  # GateError where the final has a fault
        self.stage.checks.must(Check.GATE, True, entry.number)
        self.diary.note(at, f"{entry.number} {entry.title}")
        return entry

    def _number(self, found: ApprovalStatus) -> tuple[int | None, str]:
        """The next number, or, once where the script says, one some numbers on, with the reason."""
        name = found.draft.name
        months = [m for m in self._gaps if name.period.endswith(f"-{m:02d}") and name.kind == Kind.MONTHLY]
        if not months or name.county:
            return None, ""
        skipped = self._gaps.pop(months[0])
        return 1 + skipped + self._last_serial(), script.GAP_NOTE

    def _last_serial(self) -> int:
        prefix = self.stage.catalogue.policy.documents.number_prefix
        with self.stage.warehouse() as warehouse:
            return max((d.serial for d in issued(warehouse) if d.series == prefix), default=0)

    def send(self, at: datetime) -> None:
        """A round of sending, then what the operator does about letters that failed."""
        for row in self.stage.at(at).deliver(samples=True):
            if row["结果"] == LetterState.DROPPED.label:
                self.diary.note(at, f"{row['文号']} 不再发出：{row['说明']}")
            if row["结果"] == "服务器":
                self.diary.note(at, f"邮件服务器不通：{row['说明']}")

    def settle_letters(self, at: datetime) -> None:
        """Letters without an address: delivered on paper, until the address is found."""
        office = self.stage.at(at)
        failed = [one for one in office.letters() if one.state is LetterState.FAILED]
        for one in failed:
            if one.letter.unit == WITHOUT_ADDRESS and at.date() >= self._address_found_on():
                add_address(self.stage)
                office.settle(one.short_id, Settlement.RESEND, "已补上地址")
            else:
                office.settle(one.short_id, Settlement.SENT, "纸质文件已送达")

    def _address_found_on(self) -> date:
        month = self.stage.months[min(script.ADDRESS_FOUND_IN, len(self.stage.months)) - 1]
        return self.stage.deadlines(month).dispatch_on

    def hear_replies(self, at: datetime, *, the_last: bool = False) -> None:
        """Counties answer notices the day before their answer is due; the silent ones do not. At the very end
        everybody answers what is still open."""
        year = self.stage.catalogue.plan.year
        with self.stage.warehouse() as warehouse:
            found = filed(warehouse, year)
        waiting = open_ends(found) if the_last else [f for f in found if f.state is NoticeState.SENT]
        for number, one in {f.notice.number: f for f in waiting}.items():
            if the_last or self._answers(one, at):
                note = "来函：已逐项分析原因，落实到责任科室，按月调度"
                self.stage.office.register_notices((number,), NoticeState.ANSWERED, note, at)

    def _answers(self, one: MatterStatus, at: datetime) -> bool:
        places = [c.id for c in self.stage.catalogue.counties]
        who = one.notice.addressee
        silent = who in places and places.index(who) in script.SILENT
        return not silent and bool(one.matter.indicator) and at.date() >= one.notice.reply_by

    def explain_queries(self, at: datetime, wanted: Callable[[str, str], bool]) -> int:
        """Note down what reporters say by telephone of their open queries; returns how many."""
        year = self.stage.catalogue.plan.year
        with self.stage.warehouse() as warehouse:
            waiting = open_questions(warehouse, f"{year}-01", f"{year}-12", LONG_AFTER)
        asked = [q for q in waiting if wanted(q.reporter, q.month)]
        for question in asked:
            self.stage.at(at).answer(question.number, script.BY_TELEPHONE)
        return len(asked)
