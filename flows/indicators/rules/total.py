"""累计 (`total`): kept as the running total of the year; the period is the difference of two running totals."""

import polars as pl

from flows.indicators.cell_lookup import is_expected, is_known, said
from flows.plan.period import Period
from flows.plan.terms import Measure

DECIMALS = 4  # reports carry two at most; what stands behind the fourth is binary residue


def own(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """ytd = the running total reported for the last month; value = ytd less that of the month before.

    A missed month therefore costs the two periods it borders on and no later running total. A value may be
    zero or negative (核减). The year starts from a known zero. Never carried forward from an earlier month.
    """
    end = said(cells, rows, period.months[-1], Measure.RUNNING_TOTAL).rename({"value": "ytd"})
    end = end.with_columns(start=_start(cells, rows, period))
    return end.with_columns(value=(pl.col("ytd") - pl.col("start")).round(DECIMALS)).with_columns(
        reported=is_known("ytd"), expected=is_expected(), value_reported=is_known("value")
    )


def _start(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.Series | pl.Expr:
    if period.first == 1:
        return pl.lit(0.0)
    before = Period.month(period.year, period.first - 1)
    return said(cells, rows, before.months[0], Measure.RUNNING_TOTAL)["value"]


def city(own_rows: pl.DataFrame) -> pl.DataFrame:
    """The city's sums by indicator, ytd and value each over the counties that know theirs; null if none does."""
    return own_rows.group_by("indicator", maintain_order=True).agg(_sum("ytd"), _sum("value"))


def _sum(column: str) -> pl.Expr:
    known = pl.col(column).count() > 0
    return pl.when(known).then(pl.col(column).sum().round(DECIMALS)).alias(column)
