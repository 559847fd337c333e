"""Characters that no font has (缺字) in the reporters' own words: printed as 〓, as printers always have.

The program's own words must be printable, and a missing glyph there is an error. A rare character that a
clerk typed must not keep the whole document from being issued; the words themselves stay in the report.
"""

from dataclasses import replace
from typing import Any

import polars as pl

from flows.documents.document import Frames
from flows.documents.pdf.fonts import Fonts

GETA = "〓"
_WORDS = {
    "statements": ("text",),
    "problems": ("message", "remedy", "answer", "sheet", "file_name"),
}


def with_printable_words(frames: Frames, fonts: Fonts) -> Frames:
    """The same frames, every character of the reporters' words that no font has replaced by 〓."""
    printable: dict[str, Any] = {
        name: _printable(getattr(frames, name), columns, fonts) for name, columns in _WORDS.items()
    }
    return replace(frames, **printable)


def _printable(frame: pl.DataFrame, columns: tuple[str, ...], fonts: Fonts) -> pl.DataFrame:
    written = {c for name in columns for text in frame[name].drop_nulls() for c in text}
    lacking = sorted(c for c in written if not c.isspace() and not fonts.has(c))
    if not lacking:
        return frame
    return frame.with_columns(
        pl.col(name).str.replace_many(lacking, [GETA] * len(lacking)) for name in columns
    )
