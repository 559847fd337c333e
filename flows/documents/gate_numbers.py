"""Every printed number against its fact (出门关·数字), recomputed in decimals and without the code that wrote it."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from math import prod

from flows.documents.print_record import Block, Printed
from flows.plan.catalogue import Catalogue
from flows.plan.units import WAN, decimals

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_WORDS = frozenset(("quotation", "wording", "office_date", "outside"))  # digits that are no fact
_IN_COLUMNS = frozenset(("cell", "goal"))  # their unit stands in another cell
_AS_IT_IS = frozenset(("ordinal", "month", "axis"))
_ROUNDED_UP = frozenset(("required_monthly", "monthly_average"))
_SCORES = {"score": 2, "points": 2, "lowest": 2, "highest": 2, "gain": 3}  # columns with their decimals

Parts = Mapping[str, Decimal]
# How a number that is derived is made of its parts.
_DERIVED: Mapping[str, Callable[[Parts], Decimal]] = {
    "required_monthly": lambda p: (
        (p["target"] - p["ytd"]) / p["months"] if p["target"] > p["ytd"] else Decimal(0)
    ),
    "monthly_average": lambda p: p["ytd"] / p["months"],
    "share_pct": lambda p: p["part"] * 100 / p["whole"],
    "difference": lambda p: p["now"] - p["then"],
    "change_pct": lambda p: (p["now"] - p["then"]) * 100 / p["then"],
    "deduction": lambda p: prod(p.values(), start=Decimal(1)),
}


def number_faults(block: Block, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """A kind of fault and a sentence for every number of a block that is not its fact's, or another subject's."""
    for printed in block.printed:
        if printed.kind in _WORDS:
            continue
        where = f"“{printed.text}”（{printed.source.column}，“{block.text[max(0, printed.start - 12) : printed.end + 6]}”）"
        if printed.kind == "date":
            if not _is_date(printed):
                yield "数不对", f"{where}应为{printed.value}"
            continue
        expected = exact(printed)
        after = block.text[printed.end :]
        if not _is_right(printed, expected, after, catalogue):
            yield "数不对", f"{where}应为{expected.normalize():f}"
        if wrong := _wrong_unit(printed, after):
            yield "单位不符", f"{where}{wrong}"
        if other := _of_another(printed):
            yield "串行", f"{where}{other}"


def exact(printed: Printed) -> Decimal:
    """The number behind what was printed, unrounded."""
    source = printed.source
    if source.column == "count":
        return sum((Decimal(repr(number)) for _, number in source.parts), Decimal(0))
    if source.column in _DERIVED and source.parts:
        return _DERIVED[source.column]({name: Decimal(repr(number)) for name, number in source.parts})
    return Decimal(repr(printed.value))


def _is_right(printed: Printed, expected: Decimal, after: str, catalogue: Catalogue) -> bool:
    """Whether the digits are those of the number in the unit that stands beside them or over their column."""
    if _is_in_display_unit(printed, after, catalogue):
        return _equals_displayed(printed, expected)
    return _equals(printed, expected, after, _decimals(printed, catalogue))


def _equals(printed: Printed, expected: Decimal, after: str, places: int) -> bool:
    """Whether the digits are those of the number, rounded as its kind is; a sign is compared where one is printed."""
    match = _NUMBER.fullmatch(printed.text)
    if match is None:
        return False
    shown = Decimal(printed.text)
    if printed.text[0] not in "+-":
        expected = abs(expected)
    if after.startswith("万") and not printed.unit.startswith("万"):
        return shown * WAN == expected
    if printed.kind in _AS_IT_IS or expected == expected.to_integral_value() or _is_office_rule(printed):
        return shown == expected
    rounding = ROUND_CEILING if printed.source.column in _ROUNDED_UP else ROUND_HALF_UP
    return shown == expected.quantize(Decimal(1).scaleb(-places), rounding=rounding)


def _is_in_display_unit(printed: Printed, after: str, catalogue: Catalogue) -> bool:
    """Whether it stands in what the plan declares as its indicator's display unit, in a column of it or followed by it."""
    indicator = catalogue.indicator.get(printed.source.indicator)
    if indicator is None or not indicator.display_unit or printed.unit != indicator.display_unit:
        return False
    return printed.kind in _IN_COLUMNS or after.startswith(indicator.display_unit)


def _equals_displayed(printed: Printed, expected: Decimal) -> bool:
    """Whether the digits are the number in ten thousands: two decimals, four of less than a tenth, an estimate four
    figures."""
    shown, expected = Decimal(printed.text), abs(expected) / WAN
    places = 2 if expected * 10 >= 1 else 4
    if printed.kind == "estimate":
        places = max(0, min(places, 4 - len(str(int(expected)))))
    rounding = ROUND_CEILING if printed.source.column in _ROUNDED_UP else ROUND_HALF_UP
    return shown == expected.quantize(Decimal(1).scaleb(-places), rounding=rounding)


def _is_office_rule(printed: Printed) -> bool:
    """Whether it is a number of the plan or the policy, or points deducted: those are printed as they are written."""
    return printed.source.column.startswith(("plan.", "policy.", "deduct"))


def _decimals(printed: Printed, catalogue: Catalogue) -> int:
    """How many decimals its column has, however it was printed: percentages one, amounts those of their unit."""
    column, indicator = _column(printed), printed.source.indicator
    if column.endswith(("_pct", "_pp")):
        return 1
    return _SCORES.get(column, decimals(catalogue.indicator[indicator].unit if indicator else printed.unit))


def _column(printed: Printed) -> str:
    """The column of figures; a correction prints its earlier value as …_before."""
    return printed.source.column.removesuffix("_before")


def _wrong_unit(printed: Printed, after: str) -> str:
    """% where a column is of percentage points, 个百分点 where it is a percentage, % where it is neither."""
    column, shown = _column(printed), after[:1] == "%"
    if shown and column.endswith("_pp"):
        return "的单位是个百分点，不是%"
    if shown and not column.endswith("_pct") and "%" not in printed.unit:
        return "不是百分数"
    if column.endswith("_pct") and after.startswith("个百分点"):
        return "的单位是%，不是个百分点"
    return ""


def _of_another(printed: Printed) -> str:
    """A figure of another county or indicator than the words around it speak of."""
    source, subject = printed.source, printed.subject
    if source.county and subject.county and source.county != subject.county:
        return f"是 {source.county} 的数，这里写的是 {subject.county}"
    if source.indicator and subject.indicator and source.indicator != subject.indicator:
        return f"是 {source.indicator} 的数，这里写的是 {subject.indicator}"
    return ""


def _is_date(printed: Printed) -> bool:
    """Whether the numbers printed are those of the date, one after the other."""
    at = datetime.fromisoformat(printed.value)
    parts = [at.year, at.month, at.day, at.hour, at.minute]
    shown = [int(number) for number in re.findall(r"\d+", printed.text)]
    return len(shown) > 1 and any(parts[n : n + len(shown)] == shown for n in range(len(parts)))
