"""Units of measurement (计量单位): how many decimals they carry, what 万 and 亿 in them stand for, and display units."""

from decimal import ROUND_HALF_UP, Decimal

_DECIMALS = {"万元": 2, "亿元": 2, "%": 2, "个百分点": 2, "倍": 2}
RATIOS = ("%", "个百分点", "倍")  # of these no sum says anything
WAN = Decimal(10_000)
_MAGNITUDE = {"万": WAN, "亿": Decimal(100_000_000)}


class DisplayUnit(str):
    """A unit that documents print a city's amounts in (打印单位), ten thousand of the plan's own: 万亩 of 亩."""

    __slots__ = ()

    @property
    def base(self) -> str:
        """The plan's own unit, which the amounts are in."""
        return self.removeprefix("万")

    def convert(self, value: float) -> Decimal:
        """An amount in the plan's unit as one in this, as it is printed: to two decimals, exact of less than a tenth."""
        return round_half_up(Decimal(repr(float(value))) / WAN, 2 if abs(value) >= WAN / 10 else 4)

    def looks_like(self, one: float, other: float) -> bool:
        """Whether two amounts are printed alike."""
        return self.convert(one) == self.convert(other)


def decimals(unit: str) -> int:
    """How many decimals a number of this unit may carry: money and rates two, things and people none."""
    return _DECIMALS.get(unit, 0)


def magnitude(unit: str) -> Decimal:
    """What one of this unit is in its base unit: 万元 is 10000 元, 人 is 1 人."""
    return _MAGNITUDE.get(unit[:1], Decimal(1))


def round_half_up(value: float | Decimal, places: int) -> Decimal:
    """Round half away from zero (四舍五入) as the number is written, not as binary stores it."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def format_number(value: float | Decimal, unit: str) -> str:
    """A number as tables print it: 8123, 296.3, 60.25; no grouping, no needless zeros, never -0."""
    text = f"{round_half_up(value, decimals(unit)):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
