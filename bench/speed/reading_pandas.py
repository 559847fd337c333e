"""Workbooks read by pandas with openpyxl, all sheets, cells alone: python -m bench.speed.reading_pandas FOLDER COUNT."""

import sys
from pathlib import Path

import pandas as pd

from bench.speed.measure import clocked, say


def main(folder: Path, count: int) -> None:
    """Every sheet as a frame without a head; what its cells mean would be another program's work."""
    paths = sorted((folder / "workbooks").iterdir())[:count]
    cells, took = clocked(lambda: sum(_cells(path) for path in paths))
    say(opening=took["seconds"], cells=cells)


def _cells(path: Path) -> int:
    sheets = pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
    return sum(int(sheet.notna().to_numpy().sum()) for sheet in sheets.values())


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
