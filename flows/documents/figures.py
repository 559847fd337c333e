"""The figures (数据): the rows of a figures frame by county and indicator."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl

from flows.documents.provenance import Fact, derived, facts_of
from flows.plan.catalogue import Catalogue
from flows.plan.frames import FigureContractSchema, FigureSchema
from flows.plan.period import Period
from flows.plan.terms import CITY, State
from flows.plan.units import round_half_up


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of FigureSchema: period × county × indicator, its numbers facts of that row.

    A null is not known or not applicable; `state` says which. `unit` is what documents print it in; the numbers are
    in the plan's unit.
    """

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
    def is_final(self) -> bool:
        """Whether the year is over, so that the target decides and no longer the clock."""
        return Period.parse(self.period).last == 12

    @property
    def pace(self) -> str:
        """How it prints against the linear clock: ahead (or level), behind, undecided or unknown; in December, whether the
        target is met.

        A sum that lacks a county is a lower bound: ahead it is ahead, behind it proves nothing.
        """
        if self.gap_pp is None:
            return "unknown"
        if self.is_final:
            return {True: "ahead", False: "behind", None: "undecided"}[self.met]
        if round_half_up(self.gap_pp, 1) >= 0:
            return "ahead"
        return "undecided" if self.is_partial else "behind"


class Figures:
    """All figures of a period: `of` one county and indicator, `counties` of one indicator in annex order."""

    def __init__(self, frame: pl.DataFrame, catalogue: Catalogue) -> None:
        self.frame = frame
        rows = frame.select(FigureSchema.column_names()).iter_rows(named=True)
        self._rows = [_figure(row, catalogue) for row in rows]

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

    @property
    def compares_counties(self) -> bool:
        """Whether any county's running total of a year earlier is known (同比)."""
        return any(f.ytd_year_ago is not None for f in self._rows if f.county != CITY)

    def csv(self) -> bytes:
        """figures.csv: the contract's columns, unrounded, empty where there is no number."""
        return self.frame.select(FigureContractSchema.column_names()).write_csv().encode()


def _figure(row: dict[str, Any], catalogue: Catalogue) -> Figure:
    unit = catalogue.indicator[row["indicator"]].unit_for(row["county"], row["ytd"], row["target"])
    figure = facts_of(Figure(**row | {"unit": unit}), row["period"], row["county"], row["indicator"])
    needed = needed_monthly(figure.required_monthly, figure.target, figure.ytd, Period.parse(figure.period))
    return replace(figure, required_monthly=needed)


def needed_monthly(
    value: float | None, target: float | None, ytd: float | None, period: Period
) -> float | None:
    """尚需月均 as a fact made of the target, the running total and the months left."""
    if not isinstance(value, Fact) or target is None or ytd is None:
        return value
    return derived(value, value.source, target=target, ytd=ytd, months=12 - period.last)
