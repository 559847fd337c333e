"""All checks of a row (校验), and what they leave of it: observations, problems."""

from collections.abc import Iterator
from dataclasses import replace

from flows.plan.observation import Observation, Problem
from flows.plan.terms import Measure, State, Tier
from flows.submissions.checks import cell_rules, level_rules, slip_rules, total_rules
from flows.submissions.checks.rule import Rule
from flows.submissions.form.layout import COLUMN_OF, Field
from flows.submissions.reading.cells import day
from flows.submissions.reading.row import Row, computed_zero, state_of

_COMPARISONS = (*slip_rules.RULES, *total_rules.RULES)
RULES: tuple[Rule, ...] = (*cell_rules.RULES, *_COMPARISONS, *level_rules.RULES)
ERRORS = tuple(rule for rule in RULES if rule.tier is Tier.ERROR)
QUERIES = tuple(rule for rule in RULES if rule.tier is Tier.QUERY)


def judge(row: Row) -> tuple[list[Observation], list[Problem]]:
    """Every problem of the row at once, and its observations: a cell with an error, or under a text that is not
    understood, is blocked.

    Errors come first, so that no query reasons from a number that is not used; of the comparisons with other numbers,
    the first that speaks is the row's one question.
    """
    wrong = [(rule, finding) for rule in ERRORS for finding in rule.find(row)]
    held = {m for m, part in row.parts.items() if COLUMN_OF[m] in part.held}
    blocked = frozenset(measure for _, finding in wrong for measure in finding.blocks) | held
    doubted = replace(row, unused=blocked | {m for m in row.cells if computed_zero(row, m)})
    asked = [(rule, finding) for rule in QUERIES for finding in rule.find(doubted)]
    compared = [one for one in asked if one[0] in _COMPARISONS]
    found = wrong + [one for one in asked if one not in compared[1:]]
    return list(_observations(row, blocked)), [rule.problem(row, finding) for rule, finding in found]


def _observations(row: Row, blocked: frozenset[Measure]) -> Iterator[Observation]:
    states = {m: (None, State.BLOCKED) if m in blocked else state_of(row, m) for m in row.parts}
    if row.line.optional and all(state is State.MISSING for _, state in states.values()):
        return
    for measure, (value, state) in states.items():
        part = row.parts[measure]
        yield Observation(
            county=row.line.county, indicator=row.line.indicator, measure=measure, value=value, state=state,
            sheet=part.grid.name, cell=part.cell(COLUMN_OF[measure]), written=row.text(measure),
            reason=part.text(Field.REASON),
            done_on=day(part.raw(Field.DONE_ON)) if measure is Measure.DONE and value else None,
        )  # fmt: skip
