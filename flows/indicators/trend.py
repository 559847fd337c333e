"""The year so far, month by month (逐月走势)."""

import polars as pl

from flows.indicators.amounts import amounts_of_each
from flows.indicators.expected import expected
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period


def trend(by_cell: pl.DataFrame, catalogue: Catalogue, period: Period) -> pl.DataFrame:
    """One row per county × indicator × month, January to the period's last month; month runs fastest.

    Columns: county, indicator, month ('YYYY-MM'), value (in the month), ytd, state, reported, expected,
    value_reported; order and meaning as in `figures` of that month.
    """
    rows = expected(catalogue).select("row", "county", "indicator", "reporter", "rule", "target")
    months = [Period.month(period.year, m) for m in range(1, period.last + 1)]
    dated = [
        found.with_row_index("row").with_columns(month=pl.lit(str(m)))
        for m, found in amounts_of_each(by_cell, rows, months).items()
    ]
    ordered = pl.concat(dated).sort("row", "month")
    return ordered.select(
        "county", "indicator", "month", "value", "ytd", "state", "reported", "expected", "value_reported"
    )
