"""Personal data (个人信息): rows that carry identity numbers are emptied before anything reads them.

Nothing of such a row is loaded, stored, logged or printed, be it a name beside the number or a telephone;
below a column headed 身份证号 that is every row to the end of the sheet, masked numbers included.
"""

import re
import unicodedata
from dataclasses import replace

from flows.submission.container.grid import Broken, Grid, Raw, bare, written

_HEADS = frozenset(
    {
        "身份证",
        "身份证号",
        "身份证号码",
        "公民身份号码",
        "公民身份证号",
        "居民身份证号",
        "居民身份证号码",
        "证件号码",
    }
)
_IDENTITY = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])"
)


def without_persons(grid: Grid) -> Grid:
    """The sheet without its rows about persons; `withheld` says how many they were."""
    listed = False
    rows: list[list[Raw]] = []
    withheld = 0
    for row in grid.rows:
        personal = any(row) if listed else any(_identifies(value) for value in row)
        listed = listed or any(_heads_a_list(value) for value in row)
        withheld += personal
        rows.append([] if personal else row)
    return replace(grid, rows=rows, withheld=withheld) if withheld else grid


def _heads_a_list(value: Raw) -> bool:
    return isinstance(value, str) and len(value) < 40 and bare(value) in _HEADS


def _identifies(value: Raw) -> bool:
    """Whether an identity number stands in the cell, written with blanks or as a number too."""
    if not isinstance(value, str | int | float | Broken) or isinstance(value, bool):
        return False
    text = f"{value:.0f}" if isinstance(value, float) and abs(value) < 1e20 else written(value)
    folded = unicodedata.normalize("NFKC", text[:4_000])
    return _IDENTITY.search(re.sub(r"(?<=\d)[\s-]+(?=[\dXx])", "", folded)) is not None
