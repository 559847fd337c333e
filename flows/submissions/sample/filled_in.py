"""What a sample types into the rows of a form (示例填报): the year's figures, and the cases that deviate."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from random import Random

from flows.plan.terms import Measure, Rule
from flows.submissions.form.entries import Entry, Typed
from flows.submissions.form.form_spec import FormSpec, Line
from flows.submissions.form.layout import DONE, NOT_DONE, ZERO
from flows.submissions.sample.year import Year

Rows = dict[tuple[str, str], Entry]
_DONE_ON = (10, 18)  # month and day on which a sample's milestone is done


def rows(form: FormSpec, year: Year) -> Rows:
    """Every asked row, filled in honestly."""
    month = int(form.month[-2:])
    typed: Rows = {}
    for line in form.lines:
        key = line.county, line.indicator
        if line.rule in (Rule.TOTAL, Rule.EACH_COUNTY):
            typed[key] = _total(year.running(*key), month, Random(f"{year.seed}·{key}·{month}"))
        elif line.rule is Rule.MILESTONE:
            typed[key] = _milestone(int(form.month[:4]), month)
        else:
            typed[key] = Entry(_level(line, year, month))
    return typed


def _total(running: tuple[Decimal, ...], month: int, chance: Random) -> Entry:
    """本月 and 累计; a month of nothing is typed as 0 or chosen as 零."""
    total = running[month - 1]
    in_month = total - (running[month - 2] if month > 1 else 0)
    if in_month == 0 and chance.random() < 0.5:
        return Entry({Measure.RUNNING_TOTAL: total} if total else {}, choice=ZERO)
    return Entry({Measure.IN_MONTH: in_month, Measure.RUNNING_TOTAL: total})


def _level(line: Line, year: Year, month: int) -> Mapping[Measure, Typed]:
    i = year.catalogue.indicator[line.indicator]
    if i.rule is Rule.SHARE:
        numerator, denominator = year.parts(i, month)
        return {Measure.NUMERATOR: numerator, Measure.DENOMINATOR: denominator}
    return {line.measures[0]: year.level(i, month)}


def _milestone(year: int, month: int) -> Entry:
    done = month >= _DONE_ON[0]
    return Entry({Measure.DONE: DONE if done else NOT_DONE}, done_on=date(year, *_DONE_ON) if done else None)


def changed(typed: Rows, line: Line, month_by: int, total_by: int, reason: str = "") -> None:
    """Let one row deviate: so many more (or fewer) under 本月 and 累计, with or without a reason."""
    key = line.county, line.indicator
    values = dict(typed[key].values)
    for measure, by in ((Measure.IN_MONTH, month_by), (Measure.RUNNING_TOTAL, total_by)):
        values[measure] = Decimal(str(values.get(measure, 0))) + by
    typed[key] = Entry(values, reason=reason)
