"""The figures of a document (数据): the rows of a figures frame, looked up by county and indicator."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from flows.plan.frames import FigureContractSchema, FigureSchema
from flows.plan.terms import CITY, State
from flows.plan.units import round_half_up


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of FigureSchema: period × county × indicator. A null is not known or not applicable; `state` says which."""

    period: str
    county: str
    indicator: str
    unit: str
    value: float | None
    ytd: float | None
    target: float | None
    attainment_pct: float | None
    pace_pct: float | None
    gap_pp: float | None
    rank: int | None
    state: str
    reported: int
    expected: int
    rule: str
    bound: str
    value_reported: int
    previous_value: float | None
    ytd_year_ago: float | None
    seasonal_pct: float | None
    seasonal_gap_pp: float | None
    required_monthly: float | None
    met: bool | None
    mark: str | None
    ranked: int | None
    tied: bool | None
    rank_change: int | None
    small_target: bool | None

    @property
    def is_partial(self) -> bool:
        """Whether it adds up only some of those expected: a lower bound, found neither wanting nor level."""
        return self.state == State.PARTIAL

    @property
    def is_ahead(self) -> bool:
        """Whether it prints as level with the linear clock or ahead of it."""
        return self.gap_pp is not None and round_half_up(self.gap_pp, 1) >= 0

    @property
    def is_behind(self) -> bool:
        """Whether it prints as behind the linear clock; never said of a partial sum."""
        return self.gap_pp is not None and round_half_up(self.gap_pp, 1) < 0 and not self.is_partial


class Figures:
    """All figures of a period: `of` one county and indicator, `counties` of one indicator in annex order."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self._rows = [
            Figure(**row) for row in frame.select(FigureSchema.column_names()).iter_rows(named=True)
        ]

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], Figure]:
        return {(figure.county, figure.indicator): figure for figure in self._rows}

    def of(self, indicator: str, county: str = CITY) -> Figure:
        """The figure of a county, or the city's; KeyError where the plan asks for none."""
        return self._by_key[county, indicator]

    def get(self, indicator: str, county: str) -> Figure | None:
        """The figure, or None where the plan asks this county for none."""
        return self._by_key.get((county, indicator))

    def counties(self, indicator: str) -> tuple[Figure, ...]:
        """The counties' figures of one indicator, in annex order; empty for a department's."""
        return tuple(f for f in self._rows if f.indicator == indicator and f.county != CITY)

    def of_county(self, county: str) -> tuple[Figure, ...]:
        """One county's figures, in plan order."""
        return tuple(f for f in self._rows if f.county == county)

    def csv(self) -> bytes:
        """figures.csv: the contract's columns, unrounded, empty where there is no number."""
        return self.frame.select(FigureContractSchema.column_names()).write_csv().encode()
