"""Checks of how a running total grows (增长): a target met to the digit, a leap, the same step month after month."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from flows.plan.terms import Measure
from flows.plan.terms import Rule as Sum
from flows.plan.units import format_number
from flows.submissions.checks.rule import Finding, query
from flows.submissions.reading.row import Row

_TOTAL = Measure.RUNNING_TOTAL
_EXPLAIN = "请核对；确实如此的，在“原因说明”写明原因后重新报送"
_SETTLED_FROM = 5  # the month from which the months before it are enough to compare with
_STEPS = 3  # one month repeats another by chance, two in a row hardly


@query
def exactly_the_target(row: Row) -> Iterator[Finding]:
    """A large target met to the digit is more often copied than reached."""
    total, target = row.numbers.get(_TOTAL), row.line.target
    if (
        row.line.rule is Sum.TOTAL
        and target is not None
        and total == target >= row.checks.exact_target_at_least
        and row.previous != total
    ):
        yield Finding(_TOTAL, "实际完成数（填报的数恰好等于年度目标）", _EXPLAIN, compared=(target,))


@query
def month_above_all_before(row: Row) -> Iterator[Finding]:
    """The form adds 本月 to the last total, so a running total typed under 本月 makes a sum that is right by itself: it
    shows only as a month with more than all months before it together. Early in the year that happens honestly."""
    month, total, before = row.numbers.get(Measure.IN_MONTH), row.numbers.get(_TOTAL), row.previous
    if (
        row.line.rule is Sum.TOTAL
        and month is not None
        and before
        and row.follows_on
        and int(row.month[-2:]) >= _SETTLED_FROM
        and total == before + month
        and month > before
        and month >= row.checks.jump_at_least
    ):
        due = f"本月一个月的新增数（比{row.previous_label} {format_number(before, row.line.unit)} 还多）"
        remedy = "像是把累计数填在了本月栏，请改正；确实如此的，在“原因说明”写明原因后重新报送"
        yield Finding(Measure.IN_MONTH, due, remedy, compared=(before,))


@query
def leap(row: Row) -> Iterator[Finding]:
    """A month that adds a large part of the year's target; of several months that were not reported, each its part."""
    total, target, unit = row.numbers.get(_TOTAL), row.line.target, row.line.unit
    if row.line.rule is not Sum.TOTAL or total is None or not target or row.previous is None:
        return
    months = row.line.months_back
    added, share = total - row.previous, row.checks.jump_pct_of_target * months
    if added >= row.checks.jump_at_least and added * 100 > target * Decimal(str(share)):
        span = ("一个月", "本月") if row.follows_on else (f"{months}个月", f"比{row.previous_label}")
        due = f"{span[0]}增加不超过年度目标 {format_number(target, unit)} 的 {share:g}%（{span[1]}增加 {format_number(added, unit)}）"
        yield Finding(_TOTAL, due, _EXPLAIN, compared=(row.previous, target))


@query
def same_increment(row: Row) -> Iterator[Finding]:
    """The third month in a row that adds the very same number; small numbers repeat by themselves."""
    added = _increments(row)
    if (
        row.line.rule is Sum.TOTAL
        and len(added) == _STEPS
        and len(set(added)) == 1
        and added[0] >= row.checks.same_increment_at_least
    ):
        step = format_number(added[0], row.line.unit)
        due = f"各月的实际完成数（连续三个月每月都恰好增加 {step}）"
        yield Finding(_TOTAL, due, _EXPLAIN, compared=tuple(added))


def _increments(row: Row) -> list[Decimal]:
    """What this month and the two before it added, as far as their totals are known; January starts from zero."""
    if not row.follows_on:
        return []
    month = int(row.month[-2:])
    ends = [row.numbers.get(_TOTAL), row.previous, *row.known.earlier]
    known = [Decimal(0) if month == back else end for back, end in enumerate(ends) if back <= month]
    until = known.index(None) if None in known else len(known)
    return [later - before for later, before in pairwise(e for e in known[:until] if e is not None)]


RULES = (exactly_the_target, month_above_all_before, leap, same_increment)
