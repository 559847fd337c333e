"""What was reported for a period (实绩): value and running total of every expected row, with its coverage (覆盖面)."""

from collections.abc import Callable, Collection

import polars as pl

from flows.indicators.cells import match_rows
from flows.indicators.rules import OF_CITY, OF_REPORTERS
from flows.plan.catalogue import Catalogue, Indicator
from flows.plan.period import Period
from flows.plan.terms import CITY, Measure, State

_EXPECTED = {
    "county": pl.String,
    "indicator": pl.String,
    "reporter": pl.String,
    "unit": pl.String,
    "rule": pl.String,
    "bound": pl.String,
    "target": pl.Float64,
}
_AMOUNTS = {
    "row": pl.UInt32,
    "value": pl.Float64,
    "ytd": pl.Float64,
    "state": pl.String,
    "reported": pl.Int64,
    "expected": pl.Int64,
    "value_reported": pl.Int64,
}


def expected_rows(catalogue: Catalogue) -> pl.DataFrame:
    """What has to be reported (应报): one row per county × indicator that a document prints, in print order.

    Indicators in plan order; of each, 'city' first and the counties after it in annex order. `reporter` is
    who sends the row's number and is null where the row is the sum of its counties. `target` is annual and in
    `unit`; null where the plan sets none. `row` numbers the rows, and the reports found for them are joined by it.
    """
    frames = [_rows_of(i, catalogue) for i in catalogue.indicators]
    return (pl.concat(frames) if frames else pl.DataFrame(schema=_EXPECTED)).with_row_index("row")


def _rows_of(indicator: Indicator, catalogue: Catalogue) -> pl.DataFrame:
    counties = [c.id for c in catalogue.counties_of(indicator)]
    targets = [None if (goal := indicator.county_targets.get(c)) is None else float(goal) for c in counties]
    frame = pl.DataFrame(
        {
            "county": [CITY, *counties],
            "reporter": [indicator.reporter, *counties],
            "target": [catalogue.city_target(indicator), *targets],
        },
        schema_overrides={"reporter": pl.String, "target": pl.Float64},
    )
    same = {
        "indicator": indicator.id,
        "unit": indicator.unit,
        "rule": indicator.rule,
        "bound": indicator.bound,
    }
    return frame.with_columns(pl.lit(str(text)).alias(name) for name, text in same.items()).select(*_EXPECTED)


def amounts(by_cell: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """One row per row of `rows` (see `expected_rows`), in their order.

    Columns: county, indicator, value, ytd, state, reported, expected, value_reported, as `flows.indicators.rules`
    explains them; of a city row they are those of the sum of its counties.
    """
    return amounts_by_period(by_cell, rows, [period])[period]


def amounts_by_period(
    by_cell: pl.DataFrame, rows: pl.DataFrame, periods: Collection[Period]
) -> dict[Period, pl.DataFrame]:
    """The amounts of several periods, for which the cells are looked up once."""
    cells = match_rows(by_cell.filter(_is_needed(periods)), rows)
    return {period: _amounts(cells, rows, period) for period in periods}


def _is_needed(periods: Collection[Period]) -> pl.Expr:
    """The cells that any rule looks at: of a mean and of a 事项 the year so far, of all else the period's two ends."""
    ends = {month for p in periods for month in (p.months[-1], f"{p.year}-{p.first - 1:02d}")}
    so_far = {month for p in periods for month in p.months_to_date}
    of_whole_year = pl.col("measure").is_in([Measure.RATE.value, Measure.DONE.value])
    at_ends = pl.col("month").is_in(ends) & (pl.col("measure") != Measure.IN_MONTH.value)
    return at_ends | (of_whole_year & pl.col("month").is_in(so_far))


def _amounts(cells: pl.DataFrame, rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    reporting = rows.filter(pl.col("reporter").is_not_null())
    parts = [pl.DataFrame(schema=_AMOUNTS)]
    for rule, figures_of_rule in OF_REPORTERS.items():
        rows_of_rule = reporting.filter(pl.col("rule") == rule.value)
        if not rows_of_rule.is_empty():
            of_reporters = figures_of_rule(cells, rows_of_rule, period)
            parts.append(_in_schema(of_reporters))
            if rule in OF_CITY:
                parts.append(_in_schema(_city_rows(of_reporters, rows, OF_CITY[rule])))
    return rows.select("county", "indicator", "row").join(
        pl.concat(parts), on="row", how="left", validate="m:1", maintain_order="left"
    ).drop("row")  # fmt: skip


def _in_schema(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(kind) for name, kind in _AMOUNTS.items())


def _city_rows(
    of_reporters: pl.DataFrame, rows: pl.DataFrame, city_sum: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """The city's rows: the sums of its counties with their coverage. `rows` are all that are expected.

    A county that declared 不适用 is not expected. The city is `reported` when everyone expected is known,
    `partial` when some are, `missing` when none is, `not_applicable` when nobody is expected.
    """
    of_counties = of_reporters.filter(pl.col("county") != CITY)
    counts = of_counties.group_by("indicator", maintain_order=True).agg(
        pl.col("reported", "expected", "value_reported").sum()
    )
    numbers = rows.filter(pl.col("county") == CITY).select("indicator", "row")
    sums = counts.join(city_sum(of_counties), on="indicator", validate="1:1")
    return sums.join(numbers, on="indicator", validate="1:1").with_columns(state=_state_of_city())


def _state_of_city() -> pl.Expr:
    return (
        pl.when(pl.col("expected") == 0)
        .then(pl.lit(State.NOT_APPLICABLE.value))
        .when(pl.col("reported") == 0)
        .then(pl.lit(State.MISSING.value))
        .when(pl.col("reported") < pl.col("expected"))
        .then(pl.lit(State.PARTIAL.value))
        .otherwise(pl.lit(State.REPORTED.value))
    )
