"""Checks for known slips (常见差错): wrong unit, wrong column. They come before the general comparison of 累计 with
what is known, which then says nothing more about the row (see `run`)."""

from collections.abc import Iterator
from decimal import Decimal

from flows.plan.terms import Measure
from flows.plan.terms import Rule as Sum
from flows.plan.units import format_number
from flows.submissions.checks.rule import Finding, error, query
from flows.submissions.form.layout import COLUMN_OF
from flows.submissions.reading.row import Row

_TOTAL, _MONTH, _LEVEL = Measure.RUNNING_TOTAL, Measure.IN_MONTH, Measure.LEVEL
_SLIP = 10_000  # 万
_MULTIPLES = {"千": 1_000, "万": _SLIP}
_AT_MOST = 3  # times the number it stands near, to say that it was typed in 千 or 万
_RATES = ("%", "个百分点")


@error
def slip_of_ten_thousand(row: Row) -> Iterator[Finding]:
    """元 for 万元, 人 for 万人: a number many times the year's target is of another size."""
    target = row.line.target
    if (
        row.line.rule not in (Sum.TOTAL, Sum.LATEST)
        or not target
        or row.line.unit in _RATES
        or any(row.head.unit_differs(COLUMN_OF[m]) for m in (_MONTH, _TOTAL, _LEVEL))
    ):
        return
    for measure in (_MONTH, _TOTAL, _LEVEL):
        value = row.numbers.get(measure)
        if value is not None and value >= target * row.checks.slip_times_target:
            due = f"以“{row.line.unit}”为单位、与年度目标 {format_number(target, row.line.unit)} 相称的数"
            yield Finding(measure, due, "请核对计量单位，换算后重新报送", blocks=(measure,))


@error
def ten_thousandth(row: Row) -> Iterator[Finding]:
    """The other way round, 6 for 60000 where 万人 was meant: far below the last total, and near it times 10⁴."""
    unit, times = row.line.unit, row.checks.slip_times_target
    stock = row.line.target if row.line.rule is Sum.LATEST else None  # stands near its target all year
    for measure in (_TOTAL, _LEVEL):
        value, beside = row.numbers.get(measure), row.previous or stock
        if (
            not value
            or not beside
            or value <= 0
            or unit in _RATES
            or row.head.unit_differs(COLUMN_OF[measure])
        ):
            continue
        if value * times < beside and value * _SLIP * 100 >= beside * row.checks.slip_down_pct:
            what = row.previous_label.removesuffix("累计") if row.previous else "年度目标"
            due = f"以“{unit}”为单位、与{what}的 {format_number(beside, unit)} 相称的数"
            yield Finding(measure, due, _as_typed(value, beside), blocks=(measure,))


def _as_typed(value: Decimal, beside: Decimal) -> str:
    """The remedy: which multiple the number seems to be in, where one of them brings it near."""
    near = {word: value * by / beside for word, by in _MULTIPLES.items()}
    word = min(near, key=lambda one: max(near[one], 1 / near[one]))
    if max(near[word], 1 / near[word]) > _AT_MOST:
        return "请核对计量单位，换算后重新报送"
    return f"像是以“{word}”为单位填的，请换算后重新报送"


@query
def month_typed_for_running_total(row: Row) -> Iterator[Finding]:
    """The same number under 本月 and 累计, below the last total: the month stands under 累计."""
    total = _same_number(row)
    if total is not None and row.previous is not None and total < row.previous:
        remedy = "累计与本月相同，像是把本月数填在了累计栏，请改正后重新报送"
        yield Finding(_TOTAL, expected_total(row, total), remedy, compared=(row.previous,))


@query
def running_total_typed_for_month(row: Row) -> Iterator[Finding]:
    """The same number under both, not below the last total: the running total stands under 本月."""
    total = _same_number(row)
    if total is not None and row.previous and total >= row.previous:
        most = "" if row.follows_on else "不大于"
        due = f"{most}累计减{row.previous_label}，即 {format_number(total - row.previous, row.line.unit)}"
        remedy = "本月与累计相同，像是把累计数填在了本月栏，请改正后重新报送"
        yield Finding(_MONTH, due, remedy, compared=(row.previous,))


def _same_number(row: Row) -> Decimal | None:
    total = row.numbers.get(_TOTAL)
    return total if total and row.previous and total == row.numbers.get(_MONTH) else None


@error
def month_and_total_exchanged(row: Row) -> Iterator[Finding]:
    """The running total under 本月 and the month under 累计: to the digit, or, after a month that was not reported,
    as no other way of filling in explains it. Neither number is used."""
    total, month = row.numbers.get(_TOTAL), row.numbers.get(_MONTH)
    if total is None or month is None or not row.previous:
        return
    least = row.previous + total
    if month == least if row.follows_on else month >= least and total < row.previous:
        remedy = "像是把本月数和累计数填反了，请改正后重新报送"
        yield Finding(
            _TOTAL,
            expected_total(row, total),
            remedy,
            blocks=(_MONTH, _TOTAL),
            compared=(row.previous, month),
        )


def expected_total(row: Row, month: Decimal) -> str:
    """What 累计 should be beside this 本月: the last total plus it, or no less where months between were not reported."""
    previous = row.previous or Decimal(0)
    before, added, due = (format_number(n, row.line.unit) for n in (previous, month, previous + month))
    sum_of = f"{row.previous_label} {before} 加本月 {added}，即 {due}"
    return sum_of if row.follows_on else f"不小于{sum_of}"


RULES = (
    slip_of_ten_thousand, ten_thousandth, month_and_total_exchanged, month_typed_for_running_total,
    running_total_typed_for_month,
)  # fmt: skip
