"""Checks for known slips (常见差错): wrong unit, wrong column, a target met to the digit, a leap, last month's file.

Each speaks for itself; the general check that a total is last month's plus the month then keeps silent.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from flows.catalogue.observation import Problem
from flows.catalogue.terms import Measure, Tier
from flows.catalogue.terms import Rule as Sum
from flows.catalogue.unit import written
from flows.submission.reading.row import Row
from flows.submission.rules.rule import Finding, error, query

_TOTAL, _MONTH = Measure.RUNNING_TOTAL, Measure.IN_MONTH
_EXPLAIN = "请核对；确实如此的，在“原因说明”写明原因后重新报送"


@error
def slip_of_ten_thousand(row: Row) -> Iterator[Finding]:
    """元 for 万元, 人 for 万人: a number many times the year's target is of another size."""
    target = row.line.target
    if row.line.rule is not Sum.TOTAL or not target or row.head.unit_differs:
        return
    for measure in (_MONTH, _TOTAL):
        value = row.numbers.get(measure)
        if value is not None and value >= target * row.checks.slip_times_target:
            due = f"以“{row.line.unit}”为单位、与年度目标 {written(target, row.line.unit)} 相称的数"
            yield Finding(measure, due, "请核对计量单位，换算后重新报送", blocks=(measure,))


@query
def month_typed_for_running_total(row: Row) -> Iterator[Finding]:
    """The same number under 本月 and 累计, below last month's total: the month stands under 累计."""
    total = _both(row)
    if total is not None and row.previous is not None and total < row.previous:
        unit = row.line.unit
        due = f"上月累计 {written(row.previous, unit)} 加本月 {written(total, unit)}，即 {written(row.previous + total, unit)}"
        yield Finding(_TOTAL, due, "累计与本月相同，像是把本月数填在了累计栏，请改正后重新报送")


@query
def running_total_typed_for_month(row: Row) -> Iterator[Finding]:
    """The same number under both, not below last month's total: the running total stands under 本月."""
    total = _both(row)
    if total is not None and row.previous and total >= row.previous:
        due = f"累计减上月累计，即 {written(total - row.previous, row.line.unit)}"
        yield Finding(_MONTH, due, "本月与累计相同，像是把累计数填在了本月栏，请改正后重新报送")


def _both(row: Row) -> Decimal | None:
    total = row.numbers.get(_TOTAL)
    return total if total and row.previous and total == row.numbers.get(_MONTH) else None


def known_slip(row: Row) -> bool:
    """Whether one of the two above speaks."""
    return _both(row) is not None


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
        yield Finding(_TOTAL, "实际完成数（填报的数恰好等于年度目标）", _EXPLAIN)


@query
def leap(row: Row) -> Iterator[Finding]:
    """A month that adds a large part of the year's target."""
    total, target = row.numbers.get(_TOTAL), row.line.target
    if row.line.rule is not Sum.TOTAL or total is None or not target or row.previous is None:
        return
    added = total - row.previous
    if added >= row.checks.jump_at_least and added * 100 > target * Decimal(
        str(row.checks.jump_pct_of_target)
    ):
        share = f"{row.checks.jump_pct_of_target:g}%"
        due = f"一个月增加不超过年度目标 {written(target, row.line.unit)} 的 {share}（本月增加 {written(added, row.line.unit)}）"
        yield Finding(_TOTAL, due, _EXPLAIN)


def last_months_file(rows: Sequence[Row]) -> Iterator[Problem]:
    """Every running total is last month's to the digit: the old file with a new label."""
    totals = [row for row in rows if row.previous and _TOTAL in row.numbers]
    if len(totals) < max(1, rows[0].checks.last_months_file_rows if rows else 1):
        return
    if all(row.numbers[_TOTAL] == row.previous for row in totals):
        head = totals[0].head
        yield Problem(
            rule="last_months_file", tier=Tier.QUERY, county=head.line.county, indicator="",
            sheet=head.grid.name, cell="", subject="整张报表", expected="本月末的累计数",
            found=f"与上月完全相同的累计（{len(totals)} 行）",
            remedy="像是误报了上月的报表，请核对；本月确实没有新增的，请逐项写明原因",
        )  # fmt: skip


RULES = (
    slip_of_ten_thousand, month_typed_for_running_total, running_total_typed_for_month, exactly_the_target, leap,
)  # fmt: skip
