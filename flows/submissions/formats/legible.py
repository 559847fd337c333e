"""Texts as they may be repeated (可转述的文字): without what is not seen, without telephone numbers.

A cell's text goes to terminals, receipts, documents and other workbooks. Control characters command a terminal,
direction marks turn a line around; a telephone number is somebody's and no document's.
"""

import re
from dataclasses import replace

from flows.submissions.formats.grid import Broken, Grid, Raw

NO_TELEPHONE = "（电话略）"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_TELEPHONE = re.compile(
    r"(?<![\d.,-])(?:(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}|[(（]?0\d{2,3}[)）]?[-—－ ]?\d{7,8})(?![\d.,])"
)


def legible(grid: Grid) -> Grid:
    """The sheet with its texts made fit to be repeated."""
    rows = [[_legible(value) for value in row] for row in grid.rows]
    comments = {place: said(text) for place, text in grid.comments.items()}
    notes = tuple((where, said(text)) for where, text in grid.notes)
    return replace(grid, name=said(grid.name), rows=rows, comments=comments, notes=notes)


def said(text: str) -> str:
    """One text, fit to be repeated."""
    seen = _UNSEEN.sub("", text)
    return _TELEPHONE.sub(NO_TELEPHONE, seen) if len(seen) > 7 else seen


def _legible(value: Raw) -> Raw:
    if isinstance(value, str):
        return said(value)
    return replace(value, text=said(value.text)) if isinstance(value, Broken) else value
