"""Whether all three make the same figures: python -m bench.speed.rollup_equal FOLDER. Fails at the first difference."""

import sys
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from bench.speed.measure import say
from flows.plan.frames import FigureSchema, polars_schema


def main(folder: Path) -> None:
    """Compare every column of every row: numbers to the ninth decimal, all else exactly."""
    ours = pl.read_parquet(folder / "ours-2025-12.parquet")
    for other in ("sql", "pandas"):
        theirs = pl.read_parquet(folder / f"{other}.parquet")
        alike = theirs.select(pl.col(name).cast(kind) for name, kind in polars_schema(FigureSchema).items())
        alike = alike.with_columns(pl.col(pl.Float64).fill_nan(None))
        assert_frame_equal(ours, alike, abs_tol=1e-9, rel_tol=0)
    say(rows=ours.height, columns=ours.width)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
