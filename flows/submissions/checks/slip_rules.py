"""Checks for known slips (常见差错): wrong unit, wrong column.

Each speaks for itself; the general check that a total is last month's plus the month then keeps silent.
"""

from collections.abc import Iterator
from decimal import Decimal

from flows.plan.terms import Measure
from flows.plan.terms import Rule as Sum
from flows.plan.units import format_number
from flows.submissions.checks.rule import Finding, error, query
from flows.submissions.reading.row import Row

_TOTAL, _MONTH, _LEVEL = Measure.RUNNING_TOTAL, Measure.IN_MONTH, Measure.LEVEL
_SLIP = 10_000  # 万
_RATES = ("%", "个百分点")


@error
def slip_of_ten_thousand(row: Row) -> Iterator[Finding]:
    """元 for 万元, 人 for 万人: a number many times the year's target is of another size."""
    target = row.line.target
    if (
        row.line.rule not in (Sum.TOTAL, Sum.LATEST)
        or not target
        or row.line.unit in _RATES
        or row.head.unit_differs
    ):
        return
    for measure in (_MONTH, _TOTAL, _LEVEL):
        value = row.numbers.get(measure)
        if value is not None and value >= target * row.checks.slip_times_target:
            due = f"以“{row.line.unit}”为单位、与年度目标 {format_number(target, row.line.unit)} 相称的数"
            yield Finding(measure, due, "请核对计量单位，换算后重新报送", blocks=(measure,))


@error
def ten_thousandth(row: Row) -> Iterator[Finding]:
    """The other way round, 6 for 60000 where 万人 was meant: far below last month, and near it times 10⁴."""
    unit, times = row.line.unit, row.checks.slip_times_target
    for measure in (_TOTAL, _LEVEL):
        value, beside = row.numbers.get(measure), row.previous or _level_target(row)
        if not value or not beside or value <= 0 or unit in _RATES or row.head.unit_differs:
            continue
        if value * times < beside and value * _SLIP * 100 >= beside * row.checks.slip_down_pct:
            due = f"以“{unit}”为单位、与{'上月' if row.previous else '年度目标'}的 {format_number(beside, unit)} 相称的数"
            remedy = "像是以“万”为单位填的，请换算后重新报送"
            yield Finding(measure, due, remedy, blocks=(measure,))


def _level_target(row: Row) -> Decimal | None:
    """A stock stands near its target all year; a running total starts from nothing."""
    return row.line.target if row.line.rule is Sum.LATEST else None


@query
def month_typed_for_running_total(row: Row) -> Iterator[Finding]:
    """The same number under 本月 and 累计, below last month's total: the month stands under 累计."""
    total = _both(row)
    if total is not None and row.previous is not None and total < row.previous:
        unit = row.line.unit
        due = (
            f"上月累计 {format_number(row.previous, unit)} 加本月 {format_number(total, unit)}，"
            f"即 {format_number(row.previous + total, unit)}"
        )
        yield Finding(_TOTAL, due, "累计与本月相同，像是把本月数填在了累计栏，请改正后重新报送")


@query
def running_total_typed_for_month(row: Row) -> Iterator[Finding]:
    """The same number under both, not below last month's total: the running total stands under 本月."""
    total = _both(row)
    if total is not None and row.previous and total >= row.previous:
        due = f"累计减上月累计，即 {format_number(total - row.previous, row.line.unit)}"
        yield Finding(_MONTH, due, "本月与累计相同，像是把累计数填在了本月栏，请改正后重新报送")


@query
def month_and_total_exchanged(row: Row) -> Iterator[Finding]:
    """The running total under 本月 and the month under 累计."""
    if _exchanged(row):
        month, unit = row.numbers[_TOTAL], row.line.unit
        due = f"上月累计 {format_number(row.previous or 0, unit)} 加本月 {format_number(month, unit)}，即 {row.text(_MONTH)}"
        yield Finding(_TOTAL, due, "像是把本月数和累计数填反了，请改正后重新报送")


def _exchanged(row: Row) -> bool:
    total, month = row.numbers.get(_TOTAL), row.numbers.get(_MONTH)
    if total is None or month is None or not row.previous:
        return False
    return month == row.previous + total and total != row.previous + month


def _both(row: Row) -> Decimal | None:
    total = row.numbers.get(_TOTAL)
    return total if total and row.previous and total == row.numbers.get(_MONTH) else None


def known_slip(row: Row) -> bool:
    """Whether one of the three above speaks."""
    return _both(row) is not None or _exchanged(row)


RULES = (
    slip_of_ten_thousand, ten_thousandth, month_typed_for_running_total, running_total_typed_for_month,
    month_and_total_exchanged,
)  # fmt: skip
