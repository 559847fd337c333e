"""期内平均 (`mean`): a monthly rate, averaged over the months that were reported."""

from collections.abc import Sequence

import polars as pl

from flows.indicators.cell_lookup import is_expected, is_known, said
from flows.plan.period import Period
from flows.plan.terms import Measure, State


def own(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """value = the mean of the period's months, ytd = the mean from January; each over the months known.

    The reports counted are months: `reported` of `expected` from January to the period's last month,
    `value_reported` of the period's own. `partial` says that a month is lacking. Where no month of the period
    is known the row has no figure at all: earlier months do not stand in for it.
    """
    months = {month: said(cells, rows, month, Measure.RATE) for month in period.months_to_date}
    inside = _averaged(rows, [months[m] for m in period.months])
    to_date = _averaged(rows, list(months.values()))
    known = pl.col("value").is_not_null()
    both = inside.rename({"known": "value_reported"}).with_columns(
        ytd=to_date["value"], reported=to_date["known"], expected=to_date["due"]
    )
    return both.with_columns(
        ytd=pl.when(known).then("ytd"),
        reported=pl.when(known).then("reported").otherwise(0),
    ).with_columns(state=_state())


def _averaged(rows: pl.DataFrame, months: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The rows with value = mean of the months known, how many are `known` and `due`, and the last one's state."""
    stacked = pl.concat([m.select("row", "value", "state") for m in months])
    monthly = stacked.with_columns(known=is_known("value"), due=is_expected())
    mean = monthly.group_by("row").agg(
        pl.col("value").mean().round(9), pl.col("known").sum(), pl.col("due").sum(), pl.col("state").last()
    )
    return rows.join(mean, on="row", how="left", maintain_order="left")


def _state() -> pl.Expr:
    """As the last month says where the period is unknown; else whether a month from January on is lacking."""
    lacking = pl.col("reported") < pl.col("expected")
    known = pl.when(lacking).then(pl.lit(State.PARTIAL.value)).otherwise(pl.lit(State.REPORTED.value))
    return pl.when(pl.col("value").is_null()).then(pl.col("state")).otherwise(known)
