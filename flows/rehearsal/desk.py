"""One look at the agenda (日程一次), by the very functions that the flows' tasks are made of.

Prefect's own part is left out: a run and its tasks cost it half a second, and a year has a thousand.
"""

from collections.abc import Callable
from datetime import datetime

from flows import run_log
from flows.drafting import correcting, evidence, noticing, publishing
from flows.drafting.composing import compose
from flows.receiving import reception
from flows.rehearsal.check import Check
from flows.rehearsal.diary import Came, Diary, Made
from flows.rehearsal.stage import Stage
from flows.rehearsal.watcher import Watcher
from flows.running.agenda import DOCUMENTS, Due, Kind
from flows.running.inventory import due_on
from flows.warehouse.questions import LONG_AFTER

Stories = dict[str, str]  # file name → what is the matter with it


class Desk:
    """The machine of the office: does what the agenda asks."""

    def __init__(self, stage: Stage, diary: Diary, watcher: Watcher, stories: Stories) -> None:
        self.stage, self.diary, self.watcher, self.stories = stage, diary, watcher, stories
        self._later_versions = 0

    def look(self, at: datetime) -> int:
        """Do whatever is due at that moment and not done yet, as flows/daily.py does; returns how much that was."""
        work: dict[Kind, Callable[[Due, datetime], None]] = {
            Kind.INTAKE: self._intake,
            Kind.REMINDERS: self._reminders,
        }
        done: set[str] = set()
        while due := next((d for d in self._due(at) if str(d) not in done), None):
            done.add(str(due))
            work.get(due.kind, self._documents)(due, at)
        return len(done)

    def _due(self, at: datetime) -> list[Due]:
        """What is due; backups have a rehearsal of their own, and months beyond the rehearsal's are not rehearsed."""
        months = self.stage.months
        return [
            due
            for due in due_on(self.stage.settings, at.date())
            if due.kind is not Kind.BACKUP and (due.kind is not Kind.REMINDERS or due.period in months)
        ]

    def _intake(self, _due: Due, at: datetime) -> None:
        settings = self.stage.settings
        with self.watcher.taking_in():
            received = reception.receive_all(reception.take_up(settings, [], at), settings)
        for one in received:
            self.stage.checks.must(Check.RECEIVED, one.status != reception.FAILED, one.receipt)
            self.stage.checks.must(Check.RECEIVED, _has_receipt(one), f"{one.name} 没有回执")
            story = next((s for name, s in self.stories.items() if one.name.startswith(name)), "")
            self.diary.came.append(Came(at, one.month, story, one))
        if self._has_later_versions():
            self.correct(at)

    def _has_later_versions(self) -> bool:
        """Whether a report came that takes another's place: a first report corrects nothing that was issued, and
        the year's end makes sure of it. The flow asks every time, which costs it a second a document."""
        with self.stage.warehouse() as warehouse:
            reach = {"first_month": self.stage.months[0], "last_month": self.stage.months[-1]}
            versions = warehouse.select("received", as_of=LONG_AFTER, **reach)["versions"]
        before, self._later_versions = self._later_versions, int(versions.sum()) - len(versions)
        return self._later_versions > before

    def correct(self, at: datetime) -> None:
        """Draft what issued documents would say otherwise now."""
        for period in (due := correcting.due(self.stage.settings)):
            self.diary.note(at, f"{period} 需要更正")
        correcting.write_out(self.stage.settings, due)

    def _reminders(self, due: Due, at: datetime) -> None:
        settings = self.stage.settings
        worked = noticing.work_out(settings, due.period, at.date())
        noticing.write_out(settings, worked)
        asked = {"month": due.period, "on": str(at.date())}
        run_log.append(settings, run_log.Run(Kind.REMINDERS.label, asked, at, "Completed", ""))

    def _documents(self, due: Due, at: datetime) -> None:
        self.draft(due.kind, due.period)
        twice = [m for m in self.diary.made if (m.due.kind, m.due.period) == (due.kind, due.period)]
        self.stage.checks.must(Check.AGENDA, not twice, f"{due} 做了两次")
        self.diary.made.append(Made(due, at.date()))

    def draft(self, kind: Kind, period: str, county: str | None = None) -> None:
        """Make the documents of a kind on a period, or one county's own, as their flow does."""
        settings = self.stage.settings
        found = evidence.gather(settings, period)
        for document in DOCUMENTS[kind] if county is None else (kind.value,):
            made = compose(document, found, settings, county)
            publishing.publish(made, publishing.folder_of(settings, period, document, county=county))


def _has_receipt(one: reception.Received) -> bool:
    """Whether there is a receipt for these bytes; a file sent again under another name has the first one's."""
    return any(one.receipt_path.parent.glob(f"*{one.receipt_path.stem[-12:]}.txt"))
