"""What was reported for a period (实绩): value and running total of every expected row, with its coverage."""

from collections.abc import Callable, Mapping

import polars as pl

from flows.catalogue.period import Period
from flows.catalogue.terms import Rule
from flows.rollup.coverage import AMOUNTS, with_city_rows
from flows.rollup.rules import each_county, latest, mean, milestone, share, total

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

    Columns: county, indicator, value, ytd, state, reported, expected, value_reported, as `flows.rollup.rules`
    explains them; a city row adds its counties up as `coverage` says.
    """
    reporting = rows.filter(pl.col("reporter").is_not_null())
    parts = [pl.DataFrame(schema=AMOUNTS)]
    for rule, own in OWN.items():
        rows_of_rule = reporting.filter(pl.col("rule") == rule.value)
        if not rows_of_rule.is_empty():
            parts.append(with_city_rows(own(by_cell, rows_of_rule, period), CITY_SUM.get(rule)))
    found = pl.concat(parts)
    return rows.select("county", "indicator").join(
        found, on=["county", "indicator"], how="left", validate="m:1", maintain_order="left"
    )
