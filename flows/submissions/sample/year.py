"""One synthetic year (示例年度): the figure of every reporter and indicator at the end of each month."""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from random import Random

from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.terms import CITY, Rule
from flows.submissions.sample.curves import levels, parts, rates, running_totals

_OFFICE_LAG = 0.35  # departments keep a middling pace
_COUNTED_ONCE = (0.975, 0.99)  # the city's own figure against the sum of its counties


class Year:
    """Twelve month-ends of everything, the same for the same plan and seed."""

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self.catalogue, self.seed = catalogue, seed
        places = [n / max(1, len(catalogue.counties) - 1) for n in range(len(catalogue.counties))]
        Random(f"{seed}·pace").shuffle(places)
        self._lag = dict(zip((c.id for c in catalogue.counties), places, strict=True))
        self.running = cache(self._running)

    def _running(self, county: str, indicator: str) -> tuple[Decimal, ...]:
        """Twelve running totals of a county, or of the department that reports for the city."""
        i = self.catalogue.indicator[indicator]
        if county == CITY and i.county_targets:
            return self._city_own(i)
        target = i.target if county == CITY else i.county_targets[county]
        lag = self._lag.get(county, _OFFICE_LAG)
        return tuple(running_totals(self.catalogue, i, target or Decimal(0), county, self.seed, lag))

    def _city_own(self, i: Indicator) -> tuple[Decimal, ...]:
        """Persons counted once: a little under the sum of the counties."""
        share = Decimal(str(round(Random(f"{self.seed}·once·{i.id}").uniform(*_COUNTED_ONCE), 4)))
        counties = [self.running(county, i.id) for county in i.county_targets]
        return tuple(
            (sum(month) * share).quantize(Decimal(1), ROUND_HALF_UP) for month in zip(*counties, strict=True)
        )

    def level(self, i: Indicator, month: int) -> Decimal:
        """A level, or a monthly rate, at the end of a month."""
        if i.rule is Rule.MEAN:
            return rates(i, self.catalogue.city_target(i) or 0, self.seed)[month - 1]
        return levels(i, i.target or Decimal(0), self.seed)[month - 1]

    def parts(self, i: Indicator, month: int) -> tuple[Decimal, Decimal]:
        """Numerator and denominator of a share at the end of a month."""
        return parts(i, i.target or Decimal(0), self.seed)[month - 1]
