"""The country added up by the program: python -m bench.speed.rollup_ours FOLDER PERIOD."""

import sys
from pathlib import Path

import polars as pl

from bench.speed.country import country
from bench.speed.measure import clocked, say
from flows.indicators.figures import figures
from flows.plan.period import Period

NO_QUERIES = pl.DataFrame(schema={"county": pl.String, "indicator": pl.String})


def main(folder: Path, period: str) -> None:
    """Time `figures` alone and keep what it makes."""
    catalogue, cells = country(), pl.read_parquet(folder / "cells.parquet")
    made, took = clocked(lambda: figures(cells, NO_QUERIES, catalogue, Period.parse(period)))
    made.write_parquet(folder / f"ours-{period}.parquet")
    say(**took)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
