"""期末数 (`latest`): a stock or a level; the report of the period's last month and nothing else."""

import polars as pl

from flows.indicators.cell_lookup import is_expected, is_known, said
from flows.plan.period import Period
from flows.plan.terms import Measure


def own(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """value = ytd = the level at the end of the last month; an earlier level never stands in for it."""
    level = said(cells, rows, period.months[-1], Measure.LEVEL)
    return level.with_columns(
        ytd="value", reported=is_known("value"), expected=is_expected(), value_reported=is_known("value")
    )
