"""The city's own de-duplicated figure (市级去重数) beside the sum of its counties: a person counts once a year."""

import polars as pl

from flows.indicators.amounts import amounts
from flows.indicators.cell_lookup import located, said
from flows.indicators.expected import expected
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period
from flows.plan.terms import CITY, Measure


def city_own(by_cell: pl.DataFrame, catalogue: Catalogue, period: Period) -> pl.DataFrame:
    """One row per indicator of which the policy has a department report the city's own figure, in plan order.

    Columns: indicator, own_ytd and sum_of_counties (running totals of the period's last month, null if
    unknown), difference = own_ytd − sum_of_counties, reported and expected (counties behind the sum). The
    difference is null unless every expected county is in the sum.
    """
    policy = catalogue.policy.city_own_figures
    rows = expected(catalogue).filter(pl.col("indicator").is_in(policy.indicators))
    city = amounts(by_cell, rows, period).filter(pl.col("county") == CITY)
    asked = city.select("county", "indicator", reporter=pl.lit(policy.reporter)).with_row_index("row")
    own = said(located(by_cell, asked), asked, period.months[-1], Measure.RUNNING_TOTAL)
    complete = pl.col("reported") == pl.col("expected")
    beside = city.select(
        "indicator",
        own["value"].alias("own_ytd"),
        pl.col("ytd").alias("sum_of_counties"),
        "reported",
        "expected",
    )
    difference = (pl.col("own_ytd") - pl.col("sum_of_counties")).round(4)
    return beside.with_columns(difference=pl.when(complete).then(difference)).select(
        "indicator", "own_ytd", "sum_of_counties", "difference", "reported", "expected"
    )
