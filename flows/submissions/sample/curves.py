"""How a year goes in a sample (示例进度): cumulative shares by kind of work, a county's own pace, whole numbers."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.terms import Rule

# By a word in the indicator's name, the share of the year (%) gone after each month.
_SHAPES: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("转移", (9, 24, 45, 60, 70, 78, 84, 89, 93, 96, 98, 100)),  # people leave after the spring festival
    ("就地就近", (8, 20, 38, 53, 64, 73, 80, 86, 91, 95, 98, 100)),
    ("务工", (15, 34, 55, 68, 77, 83, 88, 92, 95, 97, 99, 100)),
    ("贷款", (2, 6, 13, 22, 34, 46, 56, 66, 75, 84, 93, 100)),  # loans come late
    ("培训", (2, 5, 14, 25, 37, 49, 60, 70, 80, 89, 96, 100)),
    ("高校毕业生", (2, 5, 10, 16, 25, 42, 62, 76, 86, 93, 97, 100)),
    ("招录", (0, 0, 6, 18, 32, 50, 68, 80, 88, 94, 98, 100)),
    ("项目", (3, 8, 24, 40, 52, 61, 69, 77, 85, 91, 96, 100)),
    ("防疫", (1, 3, 16, 38, 49, 53, 57, 62, 78, 92, 98, 100)),  # spring and autumn rounds
    ("农业社会化", (0, 1, 8, 26, 44, 54, 61, 68, 79, 92, 98, 100)),
)
_EVEN = (6.5, 13.5, 23, 32, 41.5, 51, 59.5, 68, 76.5, 85, 92.5, 100)
_SLOWEST, _FASTEST = 1.4, 0.72  # exponents: above one lags at midyear and catches up


def running_totals(
    catalogue: Catalogue, i: Indicator, target: Decimal, whose: str, seed: int, lag: float
) -> list[Decimal]:
    """Twelve running totals that end between 93 and 110 % of the target; `lag` from 0 (fast) to 1 (slow)."""
    chance = Random(f"{seed}·{whose}·{i.id}")
    if i.rule is Rule.EACH_COUNTY:
        return _counts(chance)
    ends = chance.uniform(0.96, 1.10) - 0.03 * lag
    bent = _FASTEST + (_SLOWEST - _FASTEST) * min(1, max(0, 0.15 + 0.7 * lag + chance.uniform(-0.3, 0.3)))
    shares = _jittered([(share / 100) ** bent for share in _shape(catalogue, i)], chance)
    places = Decimal(1).scaleb(-i.decimals)
    return [(target * Decimal(str(ends * s))).quantize(places, ROUND_HALF_UP) for s in shares]


def _shape(catalogue: Catalogue, i: Indicator) -> Sequence[float]:
    if i.id in catalogue.policy.seasonal:
        return catalogue.policy.seasonal[i.id].cumulative_pct
    return next((shape for word, shape in _SHAPES if word in i.name), _EVEN)


def _jittered(shares: list[float], chance: Random) -> list[float]:
    """The same way in twelve steps that vary by up to an eighth."""
    steps = [b - a for a, b in zip([0.0, *shares], shares, strict=False)]
    steps = [step * chance.uniform(0.875, 1.125) for step in steps]
    return [sum(steps[: n + 1]) / sum(steps) for n in range(12)]


def _counts(chance: Random) -> list[Decimal]:
    """One base or brand some time between February and November, sometimes a second one."""
    first, second = chance.randint(2, 11), chance.choice((99, 99, chance.randint(6, 12)))
    return [Decimal((month >= first) + (month >= max(second, first + 1))) for month in range(1, 13)]


def levels(i: Indicator, target: Decimal, seed: int) -> list[Decimal]:
    """Twelve levels: a stock grows slowly past its target; a gain in 个百分点 starts from nothing."""
    chance = Random(f"{seed}·{i.id}")
    start = 0.0 if i.unit == "个百分点" else chance.uniform(0.93, 0.97)
    ends, places = chance.uniform(1.005, 1.03), Decimal(1).scaleb(-i.decimals)
    steps = [start + (ends - start) * (n + chance.uniform(-0.2, 0.2)) / 12 for n in range(1, 13)]
    return [(target * Decimal(str(max(0.0, s)))).quantize(places, ROUND_HALF_UP) for s in sorted(steps)]


def rates(i: Indicator, limit: float, seed: int) -> list[Decimal]:
    """Twelve monthly rates a little under their limit, highest around the spring festival."""
    chance = Random(f"{seed}·{i.id}")
    spring = (0.02, 0.06, 0.0, -0.08, -0.12, -0.15, -0.08, -0.06, -0.14, -0.2, -0.18, -0.15)
    return [Decimal(str(round(limit - 0.1 + rise + chance.uniform(-0.06, 0.06), 1))) for rise in spring]


def parts(i: Indicator, target: Decimal, seed: int) -> list[tuple[Decimal, Decimal]]:
    """Twelve pairs of numerator and denominator whose share grows slowly past the target."""
    chance = Random(f"{seed}·{i.id}")
    whole = chance.randint(1_880_000, 1_960_000) if i.part_unit == "人" else chance.randint(48, 60)
    growth = [chance.uniform(-0.025, -0.012) + 0.0028 * n for n in range(12)]
    shares = [float(target) / 100 * (1 + g) for g in sorted(growth)]
    return [(Decimal(round(whole * share)), Decimal(whole)) for share in shares]
