"""The arithmetic of a traced figure (算式): done again from the cells alone, in decimals, and held against the rollup."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from flows.documents.tracing.trace import Cell, Trace
from flows.documents.words import against, percent, rounded_up
from flows.plan.terms import CITY, Measure, Rule
from flows.plan.units import format_number, round_half_up

_NEAR = Decimal("0.000001")
_PLACES = 4  # of a percentage in between, before it is rounded for print


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of arithmetic: what it gives, how, and whether the rollup says the same."""

    name: str
    written: str
    agrees: bool


def sums(trace: Trace) -> list[Sum]:
    """What the cells come to, then attainment, gap and need as the documents print them; only what is known."""
    made = _by_rule(trace)
    figure = trace.figure
    ytd, target = _number(figure["ytd"]), _number(figure["target"])
    attainment, gap = _number(figure["attainment_pct"]), _number(figure["gap_pp"])
    if ytd is not None and target and attainment is not None:
        again = ytd * 100 / target
        shown = f"{_plain(ytd)} × 100 ÷ {_plain(target)} = {percent(float(again)).removesuffix('%')} %"
        made.append(Sum("完成率", shown, _same(again, attainment)))
        if gap is not None:
            made.append(_against_pace(again, gap, trace))
    made += _still_needed(trace, ytd, target)
    return made + _year_on_year(trace, ytd)


def _by_rule(trace: Trace) -> list[Sum]:
    match trace.indicator.rule:
        case Rule.TOTAL:
            return _total(trace)
        case Rule.SHARE:
            return _share(trace)
        case Rule.MEAN:
            return _mean(trace)
        case Rule.EACH_COUNTY if trace.county == CITY:
            return _reached(trace)
        case Rule.EACH_COUNTY:
            return _total(trace)
        case Rule.LATEST | Rule.MILESTONE:
            return []


def _total(trace: Trace) -> list[Sum]:
    end = _at(trace, trace.period.months[-1])
    made = [_adding("累计", [c.value for c in end], trace.figure["ytd"])] if trace.county == CITY else []
    if trace.period.first == 1 or trace.figure["value"] is None:
        return [one for one in made if one.written]
    before = {c.county: c.value for c in _at(trace, _before(trace))}
    pairs = [(c.value, before.get(c.county)) for c in end]
    known = [(now, then) for now, then in pairs if now is not None and then is not None]
    now, then = (sum(map(_exact, side), Decimal(0)) for side in zip(*known, strict=True))
    shown = f"{_plain(now)} − {_plain(then)} = {_plain(now - then)}"
    among = f"，两个月都有数的{len(known)}个地区" if trace.county == CITY else ""
    about = f"（{trace.period.last}月累计 − {trace.period.first - 1}月累计{among}）"
    return [*made, Sum("本期", shown + about, _same(now - then, _number(trace.figure["value"])))]


def _adding(name: str, values: Iterable[float | None], expected: object) -> Sum:
    known = [_exact(value) for value in values if value is not None]
    total = sum(known, Decimal(0))
    if not known:
        return Sum(name, "", expected is None)
    return Sum(name, f"{' + '.join(map(_plain, known))} = {_plain(total)}", _same(total, _number(expected)))


def _share(trace: Trace) -> list[Sum]:
    part, whole = (_value_of(trace.cells, m) for m in (Measure.NUMERATOR, Measure.DENOMINATOR))
    if part is None or not whole:
        return []
    share = part * 100 / whole
    shown = f"{_plain(part)} × 100 ÷ {_plain(whole)} = {round_half_up(share, 2)} %"
    return [Sum("占比", shown, _same(share, _number(trace.figure["ytd"])))]


def _mean(trace: Trace) -> list[Sum]:
    made = []
    for name, column, months in (
        ("本期", "value", trace.period.months),
        ("累计", "ytd", trace.period.months_to_date),
    ):
        rates = [_exact(c.value) for c in reversed(trace.cells) if c.month in months and c.value is not None]
        if rates and trace.figure[column] is not None:
            mean = sum(rates, Decimal(0)) / len(rates)
            shown = f"（{' + '.join(map(_plain, rates))}）÷ {len(rates)} = {round_half_up(mean, 2)}"
            made.append(Sum(name, shown, _same(mean, _number(trace.figure[column]))))
    return made


def _reached(trace: Trace) -> list[Sum]:
    goals = trace.indicator.county_targets
    known = [c for c in _at(trace, trace.period.months[-1]) if c.value is not None]
    names = [trace.catalogue.name_of(c.county) for c in known if _exact(c.value) >= goals[c.county]]
    shown = f"{len(known)}个地区有数，达到的{len(names)}个" + (f"：{'、'.join(names)}" if names else "")
    return [Sum("累计", shown, not known or _same(Decimal(len(names)), _number(trace.figure["ytd"])))]


def _against_pace(attainment: Decimal, gap: Decimal, trace: Trace) -> Sum:
    pace = Decimal(trace.period.last) * 100 / 12
    again = attainment - pace
    shown = f"{_short(attainment)} − {_short(pace)} = {_short(again)}，{against(float(gap))}"
    return Sum("较时序", f"{shown}（时序进度 {trace.period.last} × 100 ÷ 12）", _same(again, gap))


def _still_needed(trace: Trace, ytd: Decimal | None, target: Decimal | None) -> list[Sum]:
    needed, left = _number(trace.figure["required_monthly"]), 12 - trace.period.last
    if not needed or ytd is None or target is None or not left:
        return []
    again, unit = (target - ytd) / left, trace.indicator.unit_for(trace.county, float(ytd), float(target))
    whole = format_number(rounded_up(float(again), unit), unit)
    shown = f"（{_plain(target)} − {_plain(ytd)}）÷ {left} = {_short(again)}，进一为 {whole}"
    return [Sum("尚需月均", shown, _same(again, needed))]


def _year_on_year(trace: Trace, ytd: Decimal | None) -> list[Sum]:
    """The running total less that of the year before; the latter added up again from its cells."""
    then = _number(trace.figure["ytd_year_ago"])
    if ytd is None or then is None or trace.indicator.rule is not Rule.TOTAL:
        return []
    of_counties = [_exact(c.value) for c in trace.year_ago if c.county != CITY and c.value is not None]
    whole = [_exact(c.value) for c in trace.year_ago if c.county == CITY and c.value is not None]
    again = (
        sum(of_counties, Decimal(0))
        if len(of_counties) == (trace.figure["reported"] or 1)
        else whole[0]
        if whole
        else None
    )
    shown = f"{_plain(ytd)} − {_plain(then)} = {_plain(ytd - then)}"
    if then > 0:
        shown += f"，{_plain(ytd - then)} × 100 ÷ {_plain(then)} = {percent(float((ytd - then) * 100 / then)).removesuffix('%')} %"
    return [Sum("同比", shown, again is not None and _same(again, then))]


def _at(trace: Trace, month: str) -> list[Cell]:
    return [c for c in trace.cells if c.month == month]


def _before(trace: Trace) -> str:
    return f"{trace.period.year}-{trace.period.first - 1:02d}"


def _value_of(cells: Sequence[Cell], measure: Measure) -> Decimal | None:
    found = [c.value for c in cells if c.measure == measure and c.value is not None]
    return _exact(found[0]) if found else None


def _exact(value: float | None) -> Decimal:
    return Decimal(str(value))


def _number(value: object) -> Decimal | None:
    return None if value is None else _exact(cast("float", value))


def _same(one: Decimal, other: Decimal | None) -> bool:
    return other is not None and abs(one - other) < _NEAR


def _plain(value: Decimal) -> str:
    text = f"{round_half_up(value, 2):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _short(value: Decimal) -> str:
    text = f"{round_half_up(value, _PLACES):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")
