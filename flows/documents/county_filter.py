"""The frames of some counties (各地数据): all that their own documents say, and nothing of the others' but the ranks.

A figure's rank and how many are ranked stand in its own row, so a county's feedback needs no other row. Of all
submissions behind the ranks the manifest then names the county's own, and the rest by number and hash.
"""

from collections.abc import Collection
from dataclasses import replace

import polars as pl

from flows.documents.document import Frames
from flows.documents.manifest import whole


def of_counties(frames: Frames, counties: Collection[str]) -> Frames:
    """The same frames with these counties' rows alone; what a month's documents do not speak of is empty."""
    own = pl.col("reporter").is_in(counties)
    return Frames(
        figures=frames.figures.filter(pl.col("county").is_in(counties)),
        reporting=frames.reporting.filter(own),
        statements=frames.statements.filter(own),
        problems=frames.problems.filter(own),
        city_own=frames.city_own,
        whole=frames.whole or whole(frames.reporting),
    )


def with_whole(frames: Frames) -> Frames:
    """The frames with what all their submissions come to, worked out once for many counties."""
    return replace(frames, whole=whole(frames.reporting))
