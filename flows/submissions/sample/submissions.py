"""Synthetic submissions (示例报表): a whole year in the real form, the same for the same seed, marked 示例数据.

Nothing in them is anybody's: figures follow curves, words come from a list, and no person is named.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from flows.plan.catalogue import Catalogue, Reporter
from flows.plan.observation import KnownTotals
from flows.plan.terms import CITY, Rule, StatementKind
from flows.plan.workdays import Deadlines
from flows.submissions.form.form_spec import Entries, FormSpec, Prior, form_spec
from flows.submissions.form.writer import form_name, write_form
from flows.submissions.sample import cases
from flows.submissions.sample.sentences import county_words, task_words
from flows.submissions.sample.year import Rows, Year, changed, rows


@dataclass(frozen=True, slots=True)
class SampleFile:
    """One file as it would arrive: its name, its month, when it arrives (Beijing time), its bytes."""

    name: str
    month: str
    received_at: datetime
    content: bytes


def sample(
    catalogue: Catalogue,
    months: Sequence[str],
    seed: int,
    deadlines_of: Callable[[str], Deadlines],
    arrives: Callable[[Deadlines, Random, int], datetime] = cases.arrival,
) -> Iterator[SampleFile]:
    """Every reporter's workbook for these months (YYYY-MM), in order of arrival, with the cases of `sample_cases`.

    `arrives` says when a report arrives: its dates, a chance, and how many days late it is to be.
    """
    desk = _Senders(Year(catalogue, seed), tuple(months), deadlines_of, arrives)
    files = [file for month in months for file in desk.month(month)]
    yield from sorted(files, key=lambda file: (file.received_at, file.name))


@dataclass(frozen=True, slots=True)
class _Senders:
    """Where the clerks of the sample sit."""

    year: Year
    months: tuple[str, ...]
    deadlines_of: Callable[[str], Deadlines]
    arrives: Callable[[Deadlines, Random, int], datetime]

    def month(self, month: str) -> Iterator[SampleFile]:
        """All that arrives about one month, whenever it does."""
        for place, reporter in enumerate(self.year.catalogue.reporters):
            case = place, int(month[-2:])
            if case in cases.NEVER_REPORTS:
                continue
            form = form_spec(self.year.catalogue, reporter.id, month, self._known(place, reporter, month))
            typed = rows(form, self.year)
            _deviate(form, typed, case)
            due = self.deadlines_of(month)
            chance = Random(f"{self.year.seed}·{reporter.id}·{month}")
            yield self._file(form, typed, self.arrives(due, chance, cases.LATE.get(case, 0)), "")
            if case in cases.CORRECTS and _next(month) in self.months:
                yield self._correction(form, chance)

    def _known(self, place: int, reporter: Reporter, month: str) -> Prior:
        """The running totals of the last month before it that this reporter reports in the sample."""
        earlier = [
            int(m[-2:]) for m in self.months if m < month and (place, int(m[-2:])) not in cases.NEVER_REPORTS
        ]
        if not earlier:
            return {}
        number, back = max(earlier), int(month[-2:]) - max(earlier)
        own = self.year.catalogue.policy.city_own_figures
        asked_for = {
            i.id
            for i in self.year.catalogue.indicators_of(reporter)
            if i.rule in (Rule.TOTAL, Rule.EACH_COUNTY)
        }
        if reporter.id == own.reporter:
            asked_for |= set(own.indicators)
        county = reporter.id if reporter in self.year.catalogue.counties else CITY
        return {
            (county, i): KnownTotals(self.year.running(county, i)[number - 1], None, months_back=back)
            for i in asked_for
        }

    def _correction(self, form: FormSpec, chance: Random) -> SampleFile:
        """The same month again, on the next month's first day of reporting: persons counted twice are out."""
        typed = rows(form, self.year)
        changed(typed, form.lines[0], 0, 0, cases.CORRECTION_REASON)
        due = self.deadlines_of(_next(form.month))
        return self._file(form, typed, cases.early(due, chance), "（更正）")

    def _file(self, form: FormSpec, typed: Rows, at: datetime, suffix: str) -> SampleFile:
        due_on = self.deadlines_of(form.month).due_on
        entries = Entries(typed, self._words(form), at.date(), is_sample=True)
        stem, dot, kind = form_name(form).rpartition(".")
        return SampleFile(f"{stem}{suffix}{dot}{kind}", form.month, at, write_form(form, due_on, entries))

    def _words(self, form: FormSpec) -> dict[tuple[int, StatementKind], str]:
        month, seed = int(form.month[-2:]), self.year.seed
        if form.is_county:
            return county_words(self.year.catalogue.reporters.index(form.reporter), month, seed)
        return {
            key: text for t in form.tasks for key, text in task_words(t.number, t.title, month, seed).items()
        }


def _next(month: str) -> str:
    return f"{month[:4]}-{int(month[-2:]) + 1:02d}"


def _deviate(form: FormSpec, typed: Rows, case: tuple[int, int]) -> None:
    """The open query, the answered one, and the persons counted twice before they are corrected."""
    counted = [line for line in form.lines if line.rule is Rule.TOTAL and not line.decimals]
    if case in cases.OPEN_QUERY:
        changed(typed, counted[-1], cases.SLIP, 0)
    if case in cases.ANSWERED_QUERY:
        changed(typed, counted[-2], -cases.LEFT_OUT, 0, cases.ANSWER)
    if case in cases.CORRECTS:
        changed(typed, counted[0], cases.COUNTED_TWICE, cases.COUNTED_TWICE)
