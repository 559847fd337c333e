"""One look at the agenda (日程一次), by the very functions that the flows' tasks are made of.

Prefect's own part is left out: a run and its tasks cost it half a second, and a year has a thousand.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path

from flows.documents import publishing
from flows.documents.composing import compose, load_typesetter
from flows.documents.document import Document
from flows.documents.evidence import Evidence
from flows.operations.inventory import due_on
from flows.plan.agenda import DOCUMENTS, Due, Kind
from flows.simulation.check import Check
from flows.simulation.diary import Came, Diary, Made
from flows.simulation.environment import Stage
from flows.simulation.watcher import Watcher
from flows.submissions import ingest as reception

Stories = dict[str, str]  # file name → what is the matter with it
Wanted = tuple[str, str, str | None]  # a document, its period, and whose county's own it is


class Desk:
    """The machine of the office: does what the agenda asks."""

    def __init__(
        self, stage: Stage, diary: Diary, watcher: Watcher, stories: Stories, pool: Executor
    ) -> None:
        self.stage, self.diary, self.watcher, self.stories, self.pool = stage, diary, watcher, stories, pool

    def look(self, at: datetime) -> int:
        """Do whatever is due at that moment and not done yet, as flows/daily.py does; returns how much that was."""
        done: set[str] = set()
        while dues := [due for due in self._due(at) if str(due) not in done]:
            together = [due for due in dues if due.kind in DOCUMENTS]
            if dues[0] not in together:  # reports and reminders come first, one by one
                together = dues[:1]
                (self._intake if dues[0].kind is Kind.INTAKE else self._reminders)(dues[0], at)
            else:
                self._documents(together, at)
            done |= set(map(str, together))
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
        with self.watcher.taking_in():
            received = self.stage.at(at).ingest()
        for one in received:
            self.stage.checks.must(Check.RECEIVED, one.status != reception.FAILED, one.receipt)
            self.stage.checks.must(Check.RECEIVED, _has_receipt(one), f"{one.name} 没有回执")
            story = next((s for name, s in self.stories.items() if one.name.startswith(name)), "")
            self.diary.came.append(Came(at, one.month, story, one))
        self.correct(at)

    def correct(self, at: datetime) -> None:
        """Draft what issued documents would say otherwise now."""
        for pdf in self.stage.at(at).correct():
            self.diary.note(at, f"{pdf.parent.parent.name} 需要更正")

    def _reminders(self, due: Due, at: datetime) -> None:
        office = self.stage.at(at)
        office.parallel = self.pool.map
        office.notices(due.period, at.date())

    def _documents(self, dues: Sequence[Due], at: datetime) -> None:
        """All that are due on a day, and the feedback of one county with each month's."""
        self.draft([one for due in dues for one in self._asked_for(due)])
        for due in dues:
            twice = [m for m in self.diary.made if (m.due.kind, m.due.period) == (due.kind, due.period)]
            self.stage.checks.must(Check.AGENDA, not twice, f"{due} 做了两次")
            self.diary.made.append(Made(due, at.date()))

    def _asked_for(self, due: Due) -> Iterator[Wanted]:
        yield from ((document, due.period, None) for document in DOCUMENTS[due.kind])
        if due.kind is Kind.MONTHLY:
            counties = self.stage.catalogue.counties
            yield str(due.kind), due.period, counties[(int(due.period[5:]) - 1) % len(counties)].id

    def draft(self, wanted: Sequence[Wanted]) -> None:
        """Make documents as their flows do, side by side."""
        office = self.stage.office
        begun = [
            self.pool.submit(_composed, document, office.gather(period), office.settings.faces, county)
            for document, period, county in wanted
        ]
        for made, (document, period, county) in zip(begun, wanted, strict=True):
            folder = publishing.draft_folder(office.settings.reports, period, document, county=county)
            publishing.publish(made.result(), folder)


def _composed(kind: str, evidence: Evidence, fonts: Path, county: str | None) -> Document:
    return compose(kind, evidence, load_typesetter(fonts), county)


def _has_receipt(one: reception.ReportResult) -> bool:
    """Whether there is a receipt for these bytes; a file sent again under another name has the first one's."""
    return any(one.receipt_path.parent.glob(f"*{one.receipt_path.stem[-12:]}.txt"))
