"""The earlier periods a figure is compared with (环比、同比); the change itself is worded by the documents."""

import polars as pl

from flows.plan.terms import CITY


def with_earlier(figures: pl.DataFrame, earlier: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    """Adds `name`: the earlier amounts' `column` (value or ytd), of the same rows; null where it is not known.

    A city sum is given only if the very same counties stand behind it then and now: eight counties less nine
    is not a fall. Nothing is invented where the earlier period is not held.
    """
    joined = figures.with_columns(then=earlier[column])
    other_counties = (pl.col("county") == CITY) & pl.col("indicator").is_in(_unlike(joined, column))
    return joined.with_columns(pl.when(~other_counties).then("then").alias(name)).drop("then")


def _unlike(joined: pl.DataFrame, column: str) -> list[str]:
    """The indicators of counties of which some are known in one of the periods and not in the other."""
    known_once = pl.col(column).is_null() != pl.col("then").is_null()
    return joined.filter(known_once, pl.col("county") != CITY)["indicator"].unique().to_list()
