"""What the reports of one month say (所报): the only place where a cell's state decides about its number."""

from collections.abc import Mapping

import polars as pl

from flows.plan.catalogue import Catalogue
from flows.plan.frames import CellSchema, polars_schema
from flows.plan.terms import CITY, Measure, State

_KEY = ("reporter", "county", "indicator")


def with_year_before(by_cell: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """The cells in force, and the plan folder's running totals of the year before where no report holds that number.

    The totals it gives for the city of an indicator that counties report are no report of anybody: `figures` compares
    them with complete sums.
    """
    given = [
        (f"{catalogue.plan.year - 1}-{month:02d}", reporter, county, indicator, Measure.RUNNING_TOTAL.value, float(total),
         State.REPORTED.value, None)
        for (county, indicator), totals in catalogue.year_before.totals.items()
        if (reporter := catalogue.indicator[indicator].reporter or county) != CITY
        for month, total in enumerate(totals, 1)
        if total is not None
    ]  # fmt: skip
    cells = pl.DataFrame(given, schema=polars_schema(CellSchema), orient="row")
    held = by_cell.filter(pl.col("value").is_not_null())
    lacking = cells.join(held, on=["month", "county", "indicator", "measure"], how="anti")
    replaced = lacking.select("month", "reporter", "county", "indicator", "measure")
    return pl.concat([by_cell.join(replaced, on=replaced.columns, how="anti"), lacking])


def match_rows(by_cell: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The cells (CellSchema) that belong to a row, keyed by the row's number `row` in place of reporter, county and
    indicator; columns row, month, measure, value, state, done_on.

    Done once for all months and measures. The three names become numbers first: joining on text takes thrice as long.
    """
    names = {name: pl.Enum(rows[name].drop_nulls().unique(maintain_order=True)) for name in _KEY}
    keyed = by_cell.select(_key(names), "month", "measure", "value", "state", "done_on")
    return keyed.join(rows.select(_key(names), "row"), on="key", how="inner").drop("key")


def reported(cells: pl.DataFrame, rows: pl.DataFrame, month: str, measure: Measure) -> pl.DataFrame:
    """The rows with what their own reporter gave for one measure in `month`: value, state and done_on; `cells` are
    those that `match_rows` found for these rows.

    One row per row of `rows`, in their order. The value is null unless the reporter gave a number (a confirmed
    zero is the number 0); a row nobody reported, or a report without a number, is missing. Two reports in
    force for one cell are refused by Polars (`validate`): a figure must not depend on which of them is taken.
    """
    of_month = cells.filter(pl.col("month") == month, pl.col("measure") == measure.value)
    of_month = of_month.select("row", "value", "state", "done_on")
    joined = rows.join(of_month, on="row", how="left", validate="m:1", maintain_order="left")
    return joined.with_columns(value=_value(), state=_state())


def _key(names: Mapping[str, pl.Enum]) -> pl.Expr:
    """Reporter, county and indicator as one number; null for a name that no row has."""
    key = pl.lit(0, dtype=pl.UInt64)
    for name, known in names.items():
        position = pl.col(name).cast(known, strict=False).to_physical().cast(pl.UInt64)
        key = key * len(known.categories) + position
    return key.alias("key")


def _value() -> pl.Expr:
    is_reported = pl.col("state") == State.REPORTED.value
    return (
        pl.when(pl.col("state") == State.CONFIRMED_ZERO.value)
        .then(0.0)
        .when(is_reported & pl.col("value").is_finite())
        .then(pl.col("value"))
    )


def _state() -> pl.Expr:
    without_number = pl.col("state") == State.REPORTED.value
    without_number &= _value().is_null() & pl.col("done_on").is_null()
    is_missing = pl.col("state").is_null() | without_number
    return pl.when(is_missing).then(pl.lit(State.MISSING.value)).otherwise(pl.col("state"))


def is_expected() -> pl.Expr:
    """1 where a number is due, 0 where the reporter declared 不适用."""
    return (pl.col("state") != State.NOT_APPLICABLE.value).cast(pl.Int64)


def is_known(column: str) -> pl.Expr:
    """1 where the column holds a number, 0 where nothing is known."""
    return pl.col(column).is_not_null().cast(pl.Int64)
