"""The forecast tried on years that are over (回测): each year foretold from the curves of the others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.indicators.forecast import EARLIEST_MONTH, outlook

# Running totals by month number; a year counts as known from its first month here to December.
Totals = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Trial:
    """One forecast that can be checked: of `year`, made after `month`, from the curves of `learned_from`.

    Errors are in per cent of what the year came to; `linear_error_pct` is that of ytd × 12 ÷ month.
    """

    year: int
    month: int
    learned_from: tuple[int, ...]
    low: float
    middle: float
    high: float
    actual: float
    linear_error_pct: float

    @property
    def error_pct(self) -> float:
        """By how much the middle was too high (+) or too low (−)."""
        return 100 * (self.middle - self.actual) / self.actual

    @property
    def held(self) -> bool:
        """Whether the year ended within the range."""
        return self.low <= self.actual <= self.high


def backtest(years: Mapping[int, Totals]) -> list[Trial]:
    """Every year that has a December, month by month from March to November, leaving that year out.

    Curves are learned only from years reported from January to December. A year without a December cannot be
    checked, one that begins later is checked from where it begins.
    """
    return [trial for year in sorted(years) for trial in _of_year(year, years)]


def curve(complete_years: Sequence[Totals]) -> tuple[float, ...]:
    """The mean of the years' cumulative shares, 0–100, each year weighing the same."""
    return tuple(
        sum(100 * totals[month] / totals[12] for totals in complete_years) / len(complete_years)
        for month in range(1, 13)
    )


def _of_year(year: int, years: Mapping[int, Totals]) -> Iterator[Trial]:
    totals = years[year]
    others = tuple(y for y in sorted(years) if y != year and len(years[y]) == 12)
    if 12 not in totals or not others:
        return
    learned = curve([years[y] for y in others])
    for month in range(EARLIEST_MONTH, 12):
        if month in totals:
            told, linear = outlook(totals[month], learned, month), totals[month] * 12 / month
            yield Trial(year, month, others, told.low, told.middle, told.high, totals[12],
                        100 * (linear - totals[12]) / totals[12])  # fmt: skip
