"""The form that goes back where the sender's own workbook cannot (新表): filled with the numbers that were read, or
blank where the file was of no use."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from flows.plan.catalogue import Catalogue, Reporter, normalize_name
from flows.plan.observation import Observation, Problem, Reading
from flows.plan.terms import Measure, State, Tier
from flows.submissions.form import layout
from flows.submissions.form.figures_sheet import line_rows
from flows.submissions.form.form_spec import Entries, Entry, FormSpec, Typed
from flows.submissions.form.writer import write_form
from flows.submissions.formats.grid import address
from flows.submissions.reading.cells import is_blank

_MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月")


@dataclass(frozen=True, slots=True)
class FreshForm:
    """A form of one reporter and month; without a reading it is blank."""

    spec: FormSpec
    due_on: date
    reading: Reading | None = None

    def content(self) -> bytes:
        """The workbook's bytes, filled with what was read: a number that is not used for a fault of its own stands as it was
        typed, one that a text holds is left out."""
        if self.reading is None:
            return write_form(self.spec, self.due_on)
        rows: dict[tuple[str, str], Entry] = {}
        wrong = {p.indicator for p in self.reading.problems if p.tier is Tier.ERROR}
        for o in self.reading.observations:
            key = o.county, o.indicator
            held_by_text = o.state is State.BLOCKED and o.indicator not in wrong
            if not held_by_text:  # the text is not on this form: the number is to be typed again
                rows[key] = _with(rows.get(key, Entry()), o)
        words = {(s.task, s.kind): s.text for s in self.reading.statements}
        return write_form(self.spec, self.due_on, Entries(rows, words, is_sample=self.reading.is_sample))

    def relocated(self, problem: Problem) -> Problem:
        """The problem with its place on this form; without a cell where it has no row here."""
        sheet = layout.FIGURES_SHEET[self.spec.reporter.kind]
        own = [
            (line.measures, row, columns)
            for line, row, columns in line_rows(self.spec)
            if (line.county, line.indicator) == (problem.county, problem.indicator)
        ]
        named = [one for one in own if problem.measure in map(str, one[0])] or own
        if not named:
            return replace(problem, sheet=sheet, cell="")
        measures, row, columns = named[0]
        asked = [m for m in measures if str(m) == problem.measure] or list(measures[-1:])
        field = layout.COLUMN_OF[asked[0]] if asked else layout.Field.LEVEL
        return replace(problem, sheet=sheet, cell=address((row, columns.index(field))))


def _with(entry: Entry, o: Observation) -> Entry:
    """The row with one more of its cells."""
    choice = entry.choice
    if o.state is State.NOT_APPLICABLE:
        choice = layout.NOT_APPLICABLE
    elif o.state is State.CONFIRMED_ZERO and is_blank(o.written):
        choice = layout.ZERO
    value = _typed(o)
    values = dict(entry.values) | ({} if value is None else {o.measure: value})
    return Entry(values, choice, o.reason or entry.reason, o.done_on or entry.done_on)


def _typed(o: Observation) -> Typed | None:
    if o.measure is Measure.DONE:
        return None if o.value is None else layout.DONE if o.value else layout.NOT_DONE
    if isinstance(o.value, Decimal) and not (o.state is State.CONFIRMED_ZERO and is_blank(o.written)):
        return o.value
    return o.written if o.state is State.BLOCKED and not is_blank(o.written) else None


def sender_in_name(name: str, catalogue: Catalogue, received_at: datetime) -> tuple[Reporter, str] | None:
    """The one reporter that a file's name names, and its month: the one it says, else the month before it came."""
    whole = normalize_name(name)
    named = [
        reporter
        for reporter in catalogue.reporters
        if any(normalize_name(n) in whole for n in (reporter.name, *reporter.also_written))
    ]
    months = {int(m) for m in _MONTH.findall(whole)}
    number = next(iter(months)) if len(months) == 1 else received_at.month - 1 or 12
    return (named[0], f"{catalogue.plan.year}-{number:02d}") if len(named) == 1 else None
