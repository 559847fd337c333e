"""What the reports of one month say (所报): the only place where a cell's state decides about its number."""

from collections.abc import Mapping

import polars as pl

from flows.plan.terms import Measure, State

_KEY = ("reporter", "county", "indicator")


def located(cells: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The cells that a row asks for, with the number of that row (`row` of `rows`) in place of reporter, county and
    indicator; columns row, month, measure, value, state, done_on.

    Found once for all months and measures. The three names are numbers first: joining on texts takes thrice as long.
    """
    known = {name: pl.Enum(rows[name].drop_nulls().unique(maintain_order=True)) for name in _KEY}
    keyed = cells.select(_key(known), "month", "measure", "value", "state", "done_on")
    return keyed.join(rows.select(_key(known), "row"), on="key", how="inner").drop("key")


def said(cells: pl.DataFrame, rows: pl.DataFrame, month: str, measure: Measure) -> pl.DataFrame:
    """The rows with what their own reporter said of one measure in `month`: value, state and done_on; `cells` are
    `located` among these rows.

    One row per row of `rows`, in their order. The value is null unless the reporter gave a number (a confirmed
    zero is the number 0); a row nobody reported, or a report without a number, is missing. Two reports in
    force for one cell are refused by Polars (`validate`: one cell for a row): a figure must not depend on which one is taken.
    """
    found = cells.filter(pl.col("month") == month, pl.col("measure") == measure.value)
    found = found.select("row", "value", "state", "done_on")
    joined = rows.join(found, on="row", how="left", validate="m:1", maintain_order="left")
    return joined.with_columns(value=_value(), state=_state())


def _key(known: Mapping[str, pl.Enum]) -> pl.Expr:
    """Reporter, county and indicator as one number; null for a name that no row has."""
    key = pl.lit(0, dtype=pl.UInt64)
    for name, names in known.items():
        place = pl.col(name).cast(names, strict=False).to_physical().cast(pl.UInt64)
        key = key * len(names.categories) + place
    return key.alias("key")


def _value() -> pl.Expr:
    reported = pl.col("state") == State.REPORTED.value
    return (
        pl.when(pl.col("state") == State.CONFIRMED_ZERO.value)
        .then(0.0)
        .when(reported & pl.col("value").is_finite())
        .then(pl.col("value"))
    )


def _state() -> pl.Expr:
    numberless = (pl.col("state") == State.REPORTED.value) & _value().is_null() & pl.col("done_on").is_null()
    absent = pl.col("state").is_null()
    return pl.when(absent | numberless).then(pl.lit(State.MISSING.value)).otherwise(pl.col("state"))


def is_expected() -> pl.Expr:
    """1 where a number is due, 0 where the reporter declared 不适用."""
    return (pl.col("state") != State.NOT_APPLICABLE.value).cast(pl.Int64)


def is_known(column: str) -> pl.Expr:
    """1 where the column holds a number, 0 where nothing is known."""
    return pl.col(column).is_not_null().cast(pl.Int64)
