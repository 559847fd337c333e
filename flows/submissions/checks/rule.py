"""A named check (校验规则): one function, one sentence; its name is the rule's name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from flows.plan.observation import Problem, text_of
from flows.plan.terms import Measure, Tier
from flows.submissions.form.layout import COLUMN_OF, Field
from flows.submissions.form.layout import label as label_of
from flows.submissions.reading.row import NO_TEXT, Row


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: at which cell, what was expected, what to do. `blocks` says which measures an
    error takes out of use; `found` is what was typed unless the rule says it better; `compared` are the values that
    the typed one was compared with (thresholds are none: an answer stands when one is changed)."""

    at: Measure | None  # None: the line itself
    expected: str
    remedy: str
    found: str = ""
    field: Field | None = None  # another column of the row than the measure's own
    blocks: tuple[Measure, ...] = ()
    compared: tuple[Decimal | str | None, ...] = ()


_BY_LETTER = {  # where the table has no column for reasons
    "在“原因说明”写明原因后重新报送": "在回信（或下月报表的“待核实事项”）里写明原因",
    "在“原因说明”": "在回信里",
}
_NAMED = (Measure.IN_MONTH, Measure.RUNNING_TOTAL, Measure.RATE)

Find = Callable[[Row], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check by name: an error blocks its cell, a query is answered by a reason in the same row."""

    name: str
    tier: Tier
    find: Find

    def problem(self, row: Row, finding: Finding) -> Problem:
        """The finding as a problem with its place."""
        return problem_of(self.name, self.tier, row, finding)


def problem_of(rule: str, tier: Tier, row: Row, finding: Finding) -> Problem:
    """A finding in a row as a problem with its place; a query is answered by the row's reason."""
    part = row.parts[finding.at] if finding.at else row.head
    field = finding.field or (COLUMN_OF[finding.at] if finding.at else Field.INDICATOR)
    in_row = any(filled.has(Field.REASON) for filled in row.parts.values())
    remedy = finding.remedy
    if not in_row:
        for of_row, by_letter in _BY_LETTER.items():
            remedy = remedy.replace(of_row, by_letter)
    typed = row.numbers.get(finding.at) if finding.at and finding.field is None else None
    return Problem(
        rule=rule, tier=tier, county=row.line.county, indicator=row.line.indicator, measure=finding.at or "",
        sheet=part.grid.name, cell=part.cell(field), subject=_subject(part.line.label, finding),
        expected=finding.expected, found=finding.found or part.text(field) or NO_TEXT,
        remedy=remedy, values=tuple(map(text_of, (part.text(field) if typed is None else typed, *finding.compared))),
        answer=row.answer if tier is Tier.QUERY else None,
    )  # fmt: skip


def _subject(label: str, finding: Finding) -> str:
    """城镇新增就业（累计）: the indicator, and which of its numbers."""
    if finding.field is not None:
        return f"{label}（{label_of(finding.field)}）"
    return f"{label}（{finding.at.label}）" if finding.at in _NAMED else label


def error(find: Find) -> Rule:
    """Make a rule whose findings block their cells."""
    return Rule(find.__name__, Tier.ERROR, find)


def query(find: Find) -> Rule:
    """Make a rule whose findings are to be explained."""
    return Rule(find.__name__, Tier.QUERY, find)
