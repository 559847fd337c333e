"""Numbers as printed Chinese (数字用语): half-up, one decimal for percentages, no digit grouping in prose.

What a sentence says of a figure depends on the figure as printed: a gap that prints as 0.0 is 持平.
"""

from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal

from flows.plan.terms import Mark, State, Tier
from flows.plan.units import WAN, DisplayUnit, decimals, format_number, round_half_up

_IN_WAN_FROM = 1_000_000
_ESTIMATED = 4  # figures of an estimate
_EXACT = 6  # decimals: what a double adds beyond them is no part of an amount (900 − 841.02 is 58.98)
NOT_COMPUTABLE = "—"

STATE_LABEL = {state.value: state.label for state in State}
MARK_LABEL = {mark.value: mark.label for mark in Mark}
TIER_LABEL = {tier.value: tier.label for tier in Tier}


def numeral(number: int) -> str:
    """A number below a hundred that counts headings: 一, 十二, 三十."""
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    return f"{(digits[tens] if tens > 1 else '') + '十' if tens else ''}{digits[ones] if ones else ''}"


def bare(unit: str) -> str:
    """The unit that follows a number: 个/旗县市区 is counted in 个."""
    return unit.split("/", maxsplit=1)[0]


def amount(value: float, unit: str) -> str:
    """A quantity with its unit: 8123人, 10994.5万元; from a million up in 万 where that is exact: 418.35万亩.

    In a display unit 431132人 is 43.11万人; what is less than one of it stands in the plan's unit: 7846人.
    """
    if isinstance(unit, DisplayUnit):
        return f"{_displayed(value, unit)}{unit}" if abs(value) >= WAN else amount(value, unit.base)
    if abs(value) >= _IN_WAN_FROM and value % 100 == 0 and not unit.startswith(("万", "亿")):
        return f"{format_number(value / float(WAN), '万元')}万{bare(unit)}"
    return f"{format_number(value, unit)}{bare(unit)}"


def estimate(value: float, unit: str) -> str:
    """A quantity that nobody knows exactly: four figures in a display unit, 1292万人."""
    if not isinstance(unit, DisplayUnit) or abs(value) < WAN:
        return amount(value, unit)
    exact = Decimal(repr(float(value))) / WAN
    places = max(0, min(2, _ESTIMATED - len(str(int(abs(exact))))))
    return f"{_without_zeros(round_half_up(exact, places))}{unit}"


def _displayed(value: float, unit: DisplayUnit) -> str:
    """43.11, 3.40, 0.92, 0.0784; without zeros at its end only where nothing is rounded off: 1200, 42.4."""
    shown = unit.convert(value)
    return _without_zeros(shown) if shown * WAN == Decimal(repr(float(value))) else f"{shown:f}"


def _without_zeros(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def one_decimal(value: float) -> str:
    """A percentage or a difference of two, as documents print it: 60.2, -3.1, 0.0."""
    text = f"{round_half_up(value, 1):f}"
    return "0.0" if text == "-0.0" else text


def rounded_up(value: float, unit: str, in_column: bool = False) -> float:
    """What must at least be done (尚需): rounded up to what is printed, since a third of a person is one; in a display
    unit to its second decimal, 17946人 to 1.8万人, and 8511人 to 0.86 in a column of it."""
    step = Decimal(1).scaleb(-decimals(unit))
    if isinstance(unit, DisplayUnit) and abs(value) >= (WAN / 10 if in_column else WAN):
        step = WAN / 100
    steps = (round_half_up(value, _EXACT) / step).to_integral_value(rounding=ROUND_CEILING)
    return float(steps * step)


def percent(value: float) -> str:
    """60.2%."""
    return f"{one_decimal(value)}%"


def points(value: float) -> str:
    """A signed difference in percentage points for a table: +10.2, -3.1, 0.0."""
    return f"+{one_decimal(value)}" if round_half_up(value, 1) > 0 else one_decimal(value)


def against(gap: float, clock: str = "时序进度") -> str:
    """How a figure stands to the clock: 快于时序进度10.2个百分点, 慢于…, 与时序进度持平."""
    shown = round_half_up(gap, 1)
    if shown == 0:
        return f"与{clock}持平"
    return f"{'快于' if shown > 0 else '慢于'}{clock}{abs(shown):f}个百分点"


def place(rank: int, tied: bool) -> str:
    """A rank in a sentence: 第1位（并列）."""
    return f"第{rank}位（并列）" if tied else f"第{rank}位"


def place_cell(rank: int | None, tied: bool | None) -> str:
    """A rank in a table: 并列1; a dash where nobody is ranked."""
    if rank is None:
        return NOT_COMPUTABLE
    return f"并列{rank}" if tied else str(rank)


def moved(places: int | None) -> str:
    """A change of rank in a table: ↑2, ↓1, nothing for none or unknown."""
    return "" if not places else f"{'↑' if places > 0 else '↓'}{abs(places)}"


def cell(value: float | None, unit: str, state: str) -> str:
    """A number in a table, or in words why there is none: 未报, 数据待核, 不适用; — where it cannot be computed.

    Money keeps its two decimals, so that a column of it lines up.
    """
    if value is not None and isinstance(unit, DisplayUnit):
        return _displayed(value, unit)
    if value is not None:
        return f"{round_half_up(value, decimals(unit)):f}" if "元" in unit else format_number(value, unit)
    if state in {State.MISSING, State.BLOCKED, State.NOT_APPLICABLE}:
        return STATE_LABEL[state]
    return NOT_COMPUTABLE


def goal(value: float | None, unit: str) -> str:
    """A target as the plan writes it: 11000, not 11000.00; — where there is none."""
    if value is not None and isinstance(unit, DisplayUnit):
        return _displayed(value, unit)
    return NOT_COMPUTABLE if value is None else format_number(value, unit)


def day(on: date) -> str:
    """2025年7月10日."""
    return f"{on.year}年{on.month}月{on.day}日"


def month_day(on: date) -> str:
    """7月10日."""
    return f"{on.month}月{on.day}日"


def moment(at: datetime) -> str:
    """2025年7月8日17时30分."""
    return f"{day(at)}{at.hour}时{at.minute:02d}分"


def stamp(at: datetime | None) -> str:
    """7月3日16:20 in a table; a dash where nothing came."""
    return NOT_COMPUTABLE if at is None else f"{at.month}月{at.day}日{at:%H:%M}"


def threshold(value: float) -> str:
    """A threshold of the policy as written: 5, 2.5."""
    return format_number(abs(value), "%")
