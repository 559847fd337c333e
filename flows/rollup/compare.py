"""The earlier periods a figure is compared with (环比、同比); the change itself is worded by the documents."""

import polars as pl

from flows.catalogue.terms import CITY

_KEY = ["county", "indicator"]


def with_earlier(figures: pl.DataFrame, earlier: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    """Adds `name`: the earlier amounts' `column` (value or ytd); null where it is not known.

    A city sum is given only if the very same counties stand behind it then and now: eight counties less nine
    is not a fall. Nothing is invented where the earlier period is not held.
    """
    then = earlier.select(*_KEY, then=column)
    joined = figures.join(then, on=_KEY, how="left", validate="m:1", maintain_order="left")
    return joined.join(_like_for_like(joined, column), on="indicator", how="left", maintain_order="left").with_columns(
        pl.when((pl.col("county") != CITY) | pl.col("same").fill_null(True)).then("then").alias(name)
    ).drop("then", "same")  # fmt: skip


def _like_for_like(joined: pl.DataFrame, column: str) -> pl.DataFrame:
    """By indicator of counties: whether each is known in both periods or in neither."""
    counties = joined.filter(pl.col("county") != CITY)
    same = pl.col(column).is_null() == pl.col("then").is_null()
    return counties.group_by("indicator").agg(same=same.all())
