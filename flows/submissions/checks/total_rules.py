"""Checks of a running total: against its month, the last total reported and the one after; and how it grows: a target met
to the digit, a leap, the same step month after month."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from flows.plan.terms import Measure, Rule
from flows.plan.units import format_number
from flows.submissions.checks.rule import Finding, error, query
from flows.submissions.checks.slip_rules import expected_total
from flows.submissions.form.layout import Field
from flows.submissions.reading.cells import Number
from flows.submissions.reading.row import Row, computed_zero

_TOTAL, _MONTH = Measure.RUNNING_TOTAL, Measure.IN_MONTH
_EXPLAIN = "请核对；确有核减或补报的，在“原因说明”写明原因后重新报送"


@error
def negative_running_total(row: Row) -> Iterator[Finding]:
    """A year's total is never below zero."""
    if row.numbers.get(_TOTAL, 0) < 0:
        yield Finding(_TOTAL, "不小于零的数", "请核对累计后重新报送", blocks=(_TOTAL,))


@error
def sheet_sum_differs(row: Row) -> Iterator[Finding]:
    """The sheet's own 上月累计 and 本月 do not add up to its 累计, and either a formula is to blame (an old result) or no
    earlier report says which of the three is right."""
    total, month, unit = row.numbers.get(_TOTAL), row.numbers.get(_MONTH), row.line.unit
    before = row.head.number(Field.PREVIOUS, row.line.decimals)
    if total is None or month is None or row.answer or not isinstance(before, Number):
        return
    computed, added = row.head.computed(Field.RUNNING_TOTAL), before.value + month
    if total != added and not computed_zero(row, _TOTAL) and (computed or row.previous is None):
        terms = [format_number(n, unit) for n in (before.value, month, added)]
        due = f"表内上月累计 {terms[0]} 加本月 {terms[1]}，即 {terms[2]}"
        remedy = "公式的结果是旧的，请重新计算后存盘，再报送" if computed else _EXPLAIN
        yield Finding(_TOTAL, due, remedy, blocks=(_TOTAL,))


@query
def running_total_against_month(row: Row) -> Iterator[Finding]:
    """累计 = 上月累计 + 本月; where months between were not reported, 累计 is no less than that."""
    total, month = row.numbers.get(_TOTAL), row.numbers.get(_MONTH)
    if total is None or month is None or row.previous is None:
        return
    added = row.previous + month
    if total != added if row.follows_on else total < added:
        remedy = "请核对本月和累计；确有核减或补报的，在“原因说明”写明原因后重新报送"
        yield Finding(_TOTAL, expected_total(row, month), remedy, compared=(row.previous, month))


@query
def falling_running_total(row: Row) -> Iterator[Finding]:
    """A running total falls only with a reason (核减)."""
    total, month = row.numbers.get(_TOTAL), row.numbers.get(_MONTH)
    kind = "数" if row.line.decimals else "整数"
    if row.previous is not None and total is not None and 0 <= total < row.previous:
        due = f"不小于{row.previous_label} {format_number(row.previous, row.line.unit)} 的{kind}"
        yield Finding(_TOTAL, due, _EXPLAIN, compared=(row.previous,))
    elif row.previous is None and month is not None and month < 0:
        yield Finding(_MONTH, f"不小于零的{kind}", _EXPLAIN)


@query
def month_above_running_total(row: Row) -> Iterator[Finding]:
    """Where no earlier month is known, the month still cannot exceed the year."""
    total, month = row.numbers.get(_TOTAL), row.numbers.get(_MONTH)
    if row.previous is None and total is not None and month is not None and month > total:
        due = f"不大于累计 {format_number(total, row.line.unit)} 的数"
        yield Finding(_MONTH, due, _EXPLAIN, compared=(total,))


@query
def above_following_month(row: Row) -> Iterator[Finding]:
    """A report made up later should not exceed what a later month already says."""
    total, following = row.numbers.get(_TOTAL), row.known.following
    if total is not None and following is not None and total > following:
        later = f"{int(row.month[-2:]) + row.known.months_ahead}月"
        due = f"不大于已报的{later}累计 {format_number(following, row.line.unit)} 的数"
        remedy = f"请核对本月累计；如{later}累计有误，请同时重报{later}报表"
        yield Finding(_TOTAL, due, remedy, compared=(following,))


@query
def implausible_for_one_county(row: Row) -> Iterator[Finding]:
    """每个旗县市区至少1个: a number far beyond it is usually another column's."""
    total = row.numbers.get(_TOTAL)
    if row.line.rule is Rule.EACH_COUNTY and total is not None and total > row.checks.most_per_county:
        yield Finding(
            _TOTAL,
            f"本地的个数，一般不超过 {row.checks.most_per_county}",
            "请核对是否填错行；确有其数的，在“原因说明”写明",
        )


_EXPLAIN_GROWTH = "请核对；确实如此的，在“原因说明”写明原因后重新报送"
_SETTLED_FROM = 5  # the month from which the months before it are enough to compare with
_STEPS = 3  # one month repeats another by chance, two in a row hardly


@query
def exactly_the_target(row: Row) -> Iterator[Finding]:
    """A large target met to the digit is more often copied than reached."""
    total, target = row.numbers.get(_TOTAL), row.line.target
    if (
        row.line.rule is Rule.TOTAL
        and target is not None
        and total == target >= row.checks.exact_target_at_least
        and row.previous != total
    ):
        yield Finding(_TOTAL, "实际完成数（填报的数恰好等于年度目标）", _EXPLAIN_GROWTH, compared=(target,))


@query
def month_above_all_before(row: Row) -> Iterator[Finding]:
    """The form adds 本月 to the last total, so a running total typed under 本月 makes a sum that is right by itself: it
    shows only as a month with more than all months before it together. Early in the year that happens honestly."""
    month, total, before = row.numbers.get(Measure.IN_MONTH), row.numbers.get(_TOTAL), row.previous
    if (
        row.line.rule is Rule.TOTAL
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
    if row.line.rule is not Rule.TOTAL or total is None or not target or row.previous is None:
        return
    months = row.line.months_back
    added, share = total - row.previous, row.checks.jump_pct_of_target * months
    if added >= row.checks.jump_at_least and added * 100 > target * Decimal(str(share)):
        span = ("一个月", "本月") if row.follows_on else (f"{months}个月", f"比{row.previous_label}")
        due = f"{span[0]}增加不超过年度目标 {format_number(target, unit)} 的 {share:g}%（{span[1]}增加 {format_number(added, unit)}）"
        yield Finding(_TOTAL, due, _EXPLAIN_GROWTH, compared=(row.previous, target))


@query
def same_increment(row: Row) -> Iterator[Finding]:
    """The third month in a row that adds the very same number; small numbers repeat by themselves."""
    added = _increments(row)
    if (
        row.line.rule is Rule.TOTAL
        and len(added) == _STEPS
        and len(set(added)) == 1
        and added[0] >= row.checks.same_increment_at_least
    ):
        step = format_number(added[0], row.line.unit)
        due = f"各月的实际完成数（连续三个月每月都恰好增加 {step}）"
        yield Finding(_TOTAL, due, _EXPLAIN_GROWTH, compared=tuple(added))


def _increments(row: Row) -> list[Decimal]:
    """What this month and the two before it added, as far as their totals are known; January starts from zero."""
    if not row.follows_on:
        return []
    month = int(row.month[-2:])
    ends = [row.numbers.get(_TOTAL), row.previous, *row.known.earlier]
    known = [Decimal(0) if month == back else end for back, end in enumerate(ends) if back <= month]
    until = known.index(None) if None in known else len(known)
    return [later - before for later, before in pairwise(e for e in known[:until] if e is not None)]


RULES = (
    negative_running_total, sheet_sum_differs, running_total_against_month, falling_running_total, month_above_running_total,
    above_following_month, implausible_for_one_county,
    exactly_the_target, month_above_all_before, leap, same_increment,
)  # fmt: skip
