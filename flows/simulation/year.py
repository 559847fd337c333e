"""A year day by day (全年): the machine's hours, the people's, the mail's; days with nothing to do are passed over."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from datetime import date, datetime, time, timedelta

from flows.operations.inventory import due_on
from flows.plan.agenda import Kind
from flows.plan.notice import NoticeState
from flows.plan.workdays import add_workdays, is_workday
from flows.simulation import script
from flows.simulation.arrivals import QUERIED
from flows.simulation.check import Check
from flows.simulation.diary import Diary
from flows.simulation.environment import Stage
from flows.simulation.inbox import Inbox
from flows.simulation.people import People
from flows.simulation.scheduler import Desk
from flows.simulation.watcher import Watcher
from flows.submissions.sample import cases
from flows.warehouse.notice_ledger import filed
from flows.warehouse.raw import waiting

OFTEN = 20  # every so many days passed over, one is looked at all the same


class Year:
    """Leads through the days of a rehearsal."""

    def __init__(self, stage: Stage, inbox: Inbox, pool: Executor) -> None:
        self.stage, self.inbox, self.diary = stage, inbox, Diary()
        self.watcher = Watcher(stage)
        self.desk = Desk(stage, self.diary, self.watcher, inbox.stories, pool)
        self.people = People(stage, self.diary, self.desk)
        self._dates = self._days_of_the_plan()
        self._stirred = True  # whether anything happened since the reminders were last worked out

    def days(self) -> list[date]:
        """From the first arrival or reminder until the last answers are in."""
        first = min(self.inbox.next_at.date(), self.stage.deadlines(self.stage.months[0]).remind_on)
        last = add_workdays(self.stage.deadlines(self.stage.months[-1]).answer_by, 2)
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def live(self, day: date) -> str:
        """Live through one day; returns what there was to see, empty where nothing happened."""
        told = len(self.diary.happened)
        self._post(day)
        if day in self._dispatch_days(script.OFF):
            self.diary.note(_at(day, script.MORNING), "机器停机一天")
            return "停机"
        if not self._is_called_for(day):
            self._pass_over(day)
            return ""
        self._through(day)
        return "；".join(said for _, said in self.diary.happened[told:]) or "收表、研判"

    def _through(self, day: date) -> None:
        self._look(_at(day, script.MORNING))
        worked_out = self._so_far()
        if is_workday(day):
            self._look(_at(day, script.NOTICES_AT), only_if_filled=True)
            self.people.pass_notices(_at(day, script.NOTICES_AT))
            self.people.send(_at(day, script.FIRST_POST))
            self._look(_at(day, script.DOCUMENTS_AT), only_if_filled=True)
            self.people.pass_documents(_at(day, script.DOCUMENTS_AT))
            self._reply(_at(day, script.DOCUMENTS_AT))
            self.people.send(_at(day, script.LAST_POST))
            self.people.settle_letters(_at(day, script.LAST_POST))
        self._look(_at(day, script.EVENING), only_if_filled=True)
        self._stirred = self._so_far() != worked_out
        self._close(_at(day, time(18)))

    def _so_far(self) -> tuple[int, int]:
        """How much has come in and has been written down."""
        return len(self.diary.came), len(self._ledgers())

    def _look(self, at: datetime, *, only_if_filled: bool = False) -> None:
        filled = self.inbox.fill(at)
        if only_if_filled and not filled:
            return
        came, made = len(self.diary.came), len(self.diary.made)
        self.desk.look(at)
        for file in self.diary.came[came:]:
            if file.story == QUERIED:
                self.inbox.send_back(file)
        for one in self.diary.made[made:]:
            self.diary.note(at, f"{one.due.period} {one.due.kind.label}成文")

    def _reply(self, at: datetime) -> None:
        self.people.hear_replies(at)
        explained = self.people.explain_queries(at, self._is_explained(at))
        if explained:
            self.diary.note(at, f"登记来电说明 {explained} 项")
            self.desk.correct(at)

    def _is_explained(self, at: datetime) -> Callable[[str, str], bool]:
        places = [c.id for c in self.stage.catalogue.counties]

        def wanted(reporter: str, month: str) -> bool:
            case = (places.index(reporter) if reporter in places else -1, int(month[5:]))
            return case in script.EXPLAINED or (case in cases.OPEN_QUERY and at.month >= 9)

        return wanted

    def _close(self, at: datetime) -> None:
        """What must hold when the day is over."""
        checks, settings = self.stage.checks, self.stage.settings
        left = [d for d in due_on(settings, at.date()) if d.kind in _DOCUMENTS]
        checks.must(Check.AGENDA, not left, f"{at.date()} 还有 {'、'.join(map(str, left))}")
        checks.must(Check.RECEIVED, not waiting(settings.inbox), f"{at.date()} 收件箱里还有文件")
        self.watcher.nothing_moved(f"{at.date()} 当日")
        if at.date() in self._dates:
            self.watcher.warehouse_is_sound()

    def _is_called_for(self, day: date) -> bool:
        """Whether anything can come of that day: a date of the plan, a file, a reply, or what happened before it."""
        if self.inbox.next_at.date() <= day or waiting(self.stage.settings.inbox):
            return True
        if not is_workday(day):
            return False
        due = any(d.kind in _DOCUMENTS for d in due_on(self.stage.settings, day))
        return due or day in self._dates or self._stirred or day in self._reply_days()

    def _reply_days(self) -> set[date]:
        """The last day for an answer to a notice, and the working day after it."""
        with self.stage.warehouse() as warehouse:
            found = filed(warehouse, self.stage.catalogue.plan.year)
        by = {f.notice.reply_by for f in found if f.state is NoticeState.SENT}
        return {add_workdays(day, n) for day in by for n in (0, 1)}

    def _pass_over(self, day: date) -> None:
        """Nothing to do; now and then the whole day is done all the same, and must change nothing."""
        if not is_workday(day):
            return
        self.diary.passed_over.append(day)
        if len(self.diary.passed_over) % OFTEN == 1:
            before = self._ledgers()
            self.desk.look(_at(day, script.MORNING))
            self.stage.checks.must(Check.QUIET, self._ledgers() == before, f"{day} 本应无事，台账却有变化")

    def _ledgers(self) -> bytes:
        journal = self.stage.settings.journal
        return journal.read_bytes() if journal.is_file() else b""

    def _post(self, day: date) -> None:
        """The mail server goes down and comes back by the script."""
        for month, days in script.MAIL_DOWN.items():
            for down in self._dispatch_days({month}):
                if day == down:
                    self.stage.mail.close()
                    self.diary.note(_at(day, time(7)), f"邮件服务器停了，{days}个工作日后恢复")
                if day == add_workdays(down, days):
                    self.stage.open_mail()
                    self._stirred = True

    def _dispatch_days(self, months: set[int] | dict[int, int]) -> list[date]:
        return [self.stage.deadlines(m).dispatch_on for m in self.stage.months if int(m[5:]) in months]

    def _days_of_the_plan(self) -> set[date]:
        return {day for month in self.stage.months for day in self._days_of(month)}

    def _days_of(self, month: str) -> Iterator[date]:
        due = self.stage.deadlines(month)
        yield from (due.remind_on, due.due_on, due.urge_on, due.dispatch_on)
        yield from (add_workdays(due.dispatch_on, n) for n in (1, 2))

    def end(self) -> None:
        """The last day: whoever has not answered yet is asked by telephone."""
        last = _at(self.days_end, time(17, 45))
        self.people.hear_replies(last, the_last=True)
        self.watcher.nothing_moved("年终")
        self.watcher.warehouse_is_sound()

    @property
    def days_end(self) -> date:
        """The day on which the rehearsal ends."""
        return add_workdays(self.stage.deadlines(self.stage.months[-1]).answer_by, 2)


_DOCUMENTS = (Kind.MONTHLY, Kind.QUARTERLY, Kind.HALF_YEAR, Kind.ANNUAL)


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment)
