"""A synthetic year (示例年): how the running totals of every county and department grow, and each month's form filled in
with them. Invented, and said so on every page."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from random import Random

from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.terms import CITY, Measure, Rule
from flows.plan.units import RATIOS
from flows.submissions.form.form_spec import Entry, FormSpec, Line, Typed
from flows.submissions.form.layout import DONE, NOT_DONE, ZERO

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


_OFFICE_LAG = 0.35  # departments keep a middling pace
_COUNTED_ONCE = (0.975, 0.99)  # the city's own figure against the sum of its counties


class Year:
    """Twelve month-ends of everything, the same for the same plan and seed."""

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self.catalogue, self.seed = catalogue, seed
        places = [n / max(1, len(catalogue.counties) - 1) for n in range(len(catalogue.counties))]
        Random(f"{seed}·pace").shuffle(places)
        self._lag = dict(zip((c.id for c in catalogue.counties), places, strict=True))
        self.running = cache(self._running_totals)

    def _running_totals(self, county: str, indicator: str) -> tuple[Decimal, ...]:
        """Twelve running totals of a county, or of the department that reports for the city."""
        i = self.catalogue.indicator[indicator]
        if county == CITY and i.county_targets:
            return self._city_own(i)
        if i.of and i.is_free:
            return self._part(county, i)
        target = i.target if county == CITY else i.county_targets.get(county, i.target)
        if i.is_free:
            target = Decimal(Random(f"{self.seed}·free·{i.id}·{county}").randint(60, 240))
        lag = self._lag.get(county, _OFFICE_LAG)
        return tuple(running_totals(self.catalogue, i, target or Decimal(0), county, self.seed, lag))

    def _part(self, county: str, i: Indicator) -> tuple[Decimal, ...]:
        """A part of another running total (其中): the same share of it all year."""
        share = Decimal(str(round(Random(f"{self.seed}·part·{i.id}·{county}").uniform(0.2, 0.6), 3)))
        places = Decimal(1).scaleb(-i.decimals)
        return tuple((total * share).quantize(places, ROUND_DOWN) for total in self.running(county, i.of))

    def _city_own(self, i: Indicator) -> tuple[Decimal, ...]:
        """Persons counted once: a little under the sum of the counties."""
        share = Decimal(str(round(Random(f"{self.seed}·once·{i.id}").uniform(*_COUNTED_ONCE), 4)))
        counties = [self.running(county, i.id) for county in i.county_targets]
        return tuple(
            (sum(month) * share).quantize(Decimal(1), ROUND_HALF_UP) for month in zip(*counties, strict=True)
        )

    def level(self, i: Indicator, month: int) -> Decimal:
        """A level, or a monthly rate, at the end of a month."""
        if i.of and i.is_free:
            whole = self.level(self.catalogue.indicator[i.of], month)
            return (whole * Decimal("0.4")).quantize(Decimal(1).scaleb(-i.decimals), ROUND_DOWN)
        if i.rule is Rule.MEAN:
            return rates(i, self.catalogue.city_target(i) or 0, self.seed)[month - 1]
        return levels(i, i.target or Decimal(1 if i.unit in RATIOS else 120), self.seed)[month - 1]

    def parts(self, i: Indicator, month: int) -> tuple[Decimal, Decimal]:
        """Numerator and denominator of a share at the end of a month."""
        return parts(i, i.target or Decimal(0), self.seed)[month - 1]


Rows = dict[tuple[str, str], Entry]
_DONE_ON = (10, 18)  # month and day on which a sample's milestone is done


def rows(form: FormSpec, year: Year) -> Rows:
    """Every asked row, filled in honestly."""
    month = int(form.month[-2:])
    typed: Rows = {}
    for line in form.lines:
        key = line.county, line.indicator
        if line.rule in (Rule.TOTAL, Rule.EACH_COUNTY):
            typed[key] = _total(year.running(*key), month, Random(f"{year.seed}·{key}·{month}"))
        elif line.rule is Rule.MILESTONE:
            done_on = date(int(form.month[:4]), *_DONE_ON) if month >= _DONE_ON[0] else None
            typed[key] = Entry({Measure.DONE: DONE if done_on else NOT_DONE}, done_on=done_on)
        else:
            typed[key] = Entry(_level(line, year, month))
    return typed


def _total(running: tuple[Decimal, ...], month: int, chance: Random) -> Entry:
    """本月 and 累计; a month of nothing is typed as 0 or chosen as 零."""
    total = running[month - 1]
    in_month = total - (running[month - 2] if month > 1 else 0)
    if in_month == 0 and chance.random() < 0.5:
        return Entry({Measure.RUNNING_TOTAL: total} if total else {}, choice=ZERO)
    return Entry({Measure.IN_MONTH: in_month, Measure.RUNNING_TOTAL: total})


def _level(line: Line, year: Year, month: int) -> Mapping[Measure, Typed]:
    i = year.catalogue.indicator[line.indicator]
    if i.rule is Rule.SHARE:
        numerator, denominator = year.parts(i, month)
        return {Measure.NUMERATOR: numerator, Measure.DENOMINATOR: denominator}
    return {line.measures[0]: year.level(i, month)}


def changed(typed: Rows, line: Line, month_by: int, total_by: int, reason: str = "") -> None:
    """Let one row deviate: that many more (or fewer) under 本月 and 累计, with or without a reason."""
    key = line.county, line.indicator
    values = dict(typed[key].values)
    for measure, by in ((Measure.IN_MONTH, month_by), (Measure.RUNNING_TOTAL, total_by)):
        values[measure] = Decimal(str(values.get(measure, 0))) + by
    typed[key] = Entry(values, reason=reason)
