"""What was reported for a period (实绩): value and running total of every expected row, with its coverage."""

from collections.abc import Callable, Collection, Mapping

import polars as pl

from flows.indicators.cell_lookup import located
from flows.indicators.coverage import AMOUNTS, with_city_rows
from flows.indicators.rules import each_county, latest, mean, milestone, share, total
from flows.plan.period import Period
from flows.plan.terms import Measure, Rule

# Rule → its reporters' own rows, and for the rules that counties report the city's sum of them.
OWN: Mapping[Rule, Callable[[pl.DataFrame, pl.DataFrame, Period], pl.DataFrame]] = {
    Rule.TOTAL: total.own,
    Rule.LATEST: latest.own,
    Rule.SHARE: share.own,
    Rule.MEAN: mean.own,
    Rule.EACH_COUNTY: each_county.own,
    Rule.MILESTONE: milestone.own,
}
CITY_SUM: Mapping[Rule, Callable[[pl.DataFrame], pl.DataFrame]] = {
    Rule.TOTAL: total.city,
    Rule.EACH_COUNTY: each_county.city,
}


def amounts(by_cell: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """One row per row of `rows` (see `expected`), in their order.

    Columns: county, indicator, value, ytd, state, reported, expected, value_reported, as `flows.indicators.rules`
    explains them; a city row adds its counties up as `coverage` says.
    """
    return amounts_of_each(by_cell, rows, [period])[period]


def amounts_of_each(
    by_cell: pl.DataFrame, rows: pl.DataFrame, periods: Collection[Period]
) -> dict[Period, pl.DataFrame]:
    """The amounts of several periods, for which the cells are looked up once."""
    cells = located(by_cell.filter(_looked_at(periods)), rows)
    return {period: _amounts(cells, rows, period) for period in periods}


def _looked_at(periods: Collection[Period]) -> pl.Expr:
    """The cells that any rule looks at: of a mean and of a 事项 the year so far, of all else the period's two ends."""
    ends = {month for p in periods for month in (p.months[-1], f"{p.year}-{p.first - 1:02d}")}
    so_far = {month for p in periods for month in p.months_to_date}
    whole_year = pl.col("measure").is_in([Measure.RATE.value, Measure.DONE.value])
    at_ends = pl.col("month").is_in(ends) & (pl.col("measure") != Measure.IN_MONTH.value)
    return at_ends | (whole_year & pl.col("month").is_in(so_far))


def _amounts(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    reporting = rows.filter(pl.col("reporter").is_not_null())
    parts = [pl.DataFrame(schema=AMOUNTS)]
    for rule, own in OWN.items():
        rows_of_rule = reporting.filter(pl.col("rule") == rule.value)
        if not rows_of_rule.is_empty():
            own_rows = own(cells, rows_of_rule, period)
            parts.append(with_city_rows(own_rows, rows, CITY_SUM.get(rule)))
    return rows.select("county", "indicator", "row").join(
        pl.concat(parts), on="row", how="left", validate="m:1", maintain_order="left"
    ).drop("row")  # fmt: skip
