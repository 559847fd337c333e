"""Coverage (覆盖面): how many reports stand behind a figure, of how many due; the city row made of its counties."""

from collections.abc import Callable

import polars as pl

from flows.plan.terms import CITY, State

AMOUNTS = {
    "row": pl.UInt32,
    "value": pl.Float64,
    "ytd": pl.Float64,
    "state": pl.String,
    "reported": pl.Int64,
    "expected": pl.Int64,
    "value_reported": pl.Int64,
}


def with_city_rows(
    own: pl.DataFrame, rows: pl.DataFrame, city_sum: Callable[[pl.DataFrame], pl.DataFrame] | None
) -> pl.DataFrame:
    """The reporters' own rows and, for a rule that counties report, the city's: its sum with its coverage.
    `rows` are all that are expected, among them the city's own.

    A county that declared 不适用 is not expected. The city is `reported` when everyone expected is known,
    `partial` when some are, `missing` when none is, `not_applicable` when nobody is expected.
    """
    parts = [own.select(pl.col(name).cast(kind) for name, kind in AMOUNTS.items())]
    if city_sum is not None:
        by_county = own.filter(pl.col("county") != CITY)
        counted = _counted(by_county).join(city_sum(by_county), on="indicator", validate="1:1")
        of_city = rows.filter(pl.col("county") == CITY).select("indicator", "row")
        city = counted.join(of_city, on="indicator", validate="1:1").with_columns(state=_state())
        parts.append(city.select(pl.col(name).cast(kind) for name, kind in AMOUNTS.items()))
    return pl.concat(parts)


def _counted(county_rows: pl.DataFrame) -> pl.DataFrame:
    counts = ("reported", "expected", "value_reported")
    return county_rows.group_by("indicator", maintain_order=True).agg(pl.col(c).sum() for c in counts)


def _state() -> pl.Expr:
    return (
        pl.when(pl.col("expected") == 0)
        .then(pl.lit(State.NOT_APPLICABLE.value))
        .when(pl.col("reported") == 0)
        .then(pl.lit(State.MISSING.value))
        .when(pl.col("reported") < pl.col("expected"))
        .then(pl.lit(State.PARTIAL.value))
        .otherwise(pl.lit(State.REPORTED.value))
    )
