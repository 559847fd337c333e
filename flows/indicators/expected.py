"""What has to be reported (应报): the skeleton onto which reports are laid, so that nothing absent is unseen."""

import polars as pl

from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.terms import CITY

_SCHEMA = {
    "county": pl.String,
    "indicator": pl.String,
    "reporter": pl.String,
    "unit": pl.String,
    "rule": pl.String,
    "bound": pl.String,
    "target": pl.Float64,
}


def expected(catalogue: Catalogue) -> pl.DataFrame:
    """One row per county × indicator that a document prints, in print order.

    Indicators in plan order; of each, 'city' first and the counties after it in annex order. `reporter` is
    who sends the row's number and is null where the row is the sum of its counties. `target` is annual and in
    `unit`; null where the plan sets none. `row` numbers the rows: what is found for one is laid on by number.
    """
    frames = [_rows(i, catalogue) for i in catalogue.indicators]
    return (pl.concat(frames) if frames else pl.DataFrame(schema=_SCHEMA)).with_row_index("row")


def _rows(indicator: Indicator, catalogue: Catalogue) -> pl.DataFrame:
    counties = [c.id for c in catalogue.counties_of(indicator)]
    targets = [float(indicator.county_targets[c]) for c in counties]
    columns = {
        "county": [CITY, *counties],
        "reporter": [indicator.reporter, *counties],
        "target": [catalogue.city_target(indicator), *targets],
    }
    same = {
        "indicator": indicator.id,
        "unit": indicator.unit,
        "rule": indicator.rule,
        "bound": indicator.bound,
    }
    frame = pl.DataFrame(columns, schema_overrides={"reporter": pl.String, "target": pl.Float64})
    return frame.select(
        (pl.lit(str(same[name])).alias(name) if name in same else pl.col(name)) for name in _SCHEMA
    )
