"""逐地达标 (`each_county`): every county must reach the number; the city's figure is how many have."""

import polars as pl

from flows.indicators.rules import total
from flows.plan.period import Period


def own(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """A county's row is that of a running total, judged by its own number.

    `reached` is 1 or 0 at the period's end, `newly` its change within the period (−1 if a correction undid
    it); both null where the reports do not tell.
    """
    counted = total.own(cells, rows, period)
    before = (pl.col("start") >= pl.col("target")).cast(pl.Float64)
    counted = counted.with_columns(reached=(pl.col("ytd") >= pl.col("target")).cast(pl.Float64))
    return counted.with_columns(newly=pl.col("reached") - before)


def city(own_rows: pl.DataFrame) -> pl.DataFrame:
    """By indicator: ytd = counties that have reached it, value = how many of them in this period."""
    flags = own_rows.select("indicator", ytd="reached", value="newly")
    return total.city(flags)
