"""The rollup at the size of the country: 2,844 counties × 56 indicators × 12 months, ranked and marked.

Prints the time of `figures` for the year, the half-year and December, and the peak memory of the process.
Run from the checkout: python bench/rollup_country.py
"""

import dataclasses
import resource
import time
from decimal import Decimal
from pathlib import Path

import polars as pl

from flows.catalogue.catalogue import Catalogue
from flows.catalogue.frames import BY_CELL
from flows.catalogue.load import load
from flows.catalogue.period import Period
from flows.catalogue.reporter import County
from flows.catalogue.terms import Bound, Measure, ReportedBy, Rule, State
from flows.rollup.figures import figures

COUNTIES, YEAR = 2844, 2025
NO_QUERIES = pl.DataFrame(schema={"county": pl.String, "indicator": pl.String})


def main() -> None:
    catalogue = country(load(Path("plan/2025")))
    by_cell = reports(catalogue)
    print(
        f"{by_cell.height:,} cells in force, {by_cell.estimated_size('mb'):.0f} MB · start {peak_mb():.0f} MB"
    )
    for written in (f"{YEAR}", f"{YEAR}-H1", f"{YEAR}-12"):
        started = time.perf_counter()
        made = figures(by_cell, NO_QUERIES, catalogue, Period.parse(written))
        print(f"{written}: {made.height:,} figures in {time.perf_counter() - started:.2f} s")
    print(f"peak memory {peak_mb():.0f} MB")


def country(plan: Catalogue) -> Catalogue:
    """The plan with a country's counties, all of which report each of its indicators as a running total."""
    counties = tuple(County(f"county_{n:04d}", f"县{n}", f"{n:06d}", True, ()) for n in range(COUNTIES))
    targets = {c.id: Decimal(300 + n % 97 * 1000) for n, c in enumerate(counties)}
    indicators = tuple(
        dataclasses.replace(i, target=sum(targets.values(), Decimal(0)), rule=Rule.TOTAL, bound=Bound.AT_LEAST,
                            reported_by=ReportedBy.COUNTY, reporter=None, county_targets=targets)
        for i in plan.indicators
    )  # fmt: skip
    return dataclasses.replace(plan, counties=counties, indicators=indicators)


def reports(catalogue: Catalogue) -> pl.DataFrame:
    """Twelve months of both measures from everyone but one in fifty, uneven enough to fill every rank."""
    counties = pl.DataFrame({"county": [c.id for c in catalogue.counties]}).with_row_index("n")
    indicators = pl.DataFrame({"indicator": [i.id for i in catalogue.indicators]}).with_row_index("k")
    months = pl.DataFrame({"m": range(1, 13)})
    measures = pl.DataFrame({"measure": [Measure.RUNNING_TOTAL.value, Measure.IN_MONTH.value]})
    cells = counties.join(indicators, how="cross").join(months, how="cross").join(measures, how="cross")
    cells = cells.filter((pl.col("n") * 31 + pl.col("k") * 17 + pl.col("m")) % 50 != 0)
    target = 300 + pl.col("n") % 97 * 1000
    speed = 70 + (pl.col("n") * 7 + pl.col("k") * 13) % 53
    return cells.select(
        pl.format("{}-{}", pl.lit(YEAR), pl.col("m").cast(pl.String).str.zfill(2)).alias("month"),
        reporter="county", county="county", indicator="indicator", measure="measure",
        value=(target * speed * pl.col("m") // 1200).cast(pl.Float64),
        state=pl.lit(State.REPORTED.value), done_on=pl.lit(None, dtype=pl.Date),
    ).select(pl.col(name).cast(getattr(pl, kind)) for name, kind in BY_CELL.items())  # fmt: skip


def peak_mb() -> float:
    """Peak resident memory of the process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
