"""The second clock (季节进度): how much of the year such work has usually done by now."""

import polars as pl

from flows.indicators.judge import is_total
from flows.plan.catalogue import Catalogue
from flows.plan.period import Period


def with_seasonal_clock(judged: pl.DataFrame, catalogue: Catalogue, period: Period) -> pl.DataFrame:
    """Adds seasonal_pct (0–100, the policy's curve at the last month) and seasonal_gap_pp; null without a curve."""
    curves = catalogue.policy.seasonal
    share = {indicator: curve.cumulative_pct[period.last - 1] for indicator, curve in curves.items()}
    usual = pl.col("indicator").replace_strict(share, default=None, return_dtype=pl.Float64)
    clocked = judged.with_columns(seasonal_pct=pl.when(is_total()).then(usual))
    return clocked.with_columns(seasonal_gap_pp=pl.col("attainment_pct") - pl.col("seasonal_pct"))
