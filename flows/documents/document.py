"""What a document is made from and what comes of it (公文): frames in, files out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl


@dataclass(frozen=True, slots=True)
class Whole:
    """All submissions behind a document (全部报表) whose frames hold only some of them: how many, one hash over
    their list, and whether any is sample data."""

    submissions: int
    sha256: str
    is_sample: bool


@dataclass(frozen=True)
class Frames:
    """The frames a document is made from, as `catalogue.frames` declares them, all as of one moment.

    `city_own` is the rollup's frame of the city's own de-duplicated figures beside the sums of the counties;
    `trend` (the year month by month) and `forecast` (the year's end) are the rollup's too, empty for a month.
    `whole` is set where they hold the rows of some reporters only (flows.documents.county_filter).
    """

    figures: pl.DataFrame
    reporting: pl.DataFrame
    statements: pl.DataFrame
    problems: pl.DataFrame
    city_own: pl.DataFrame
    trend: pl.DataFrame = field(default_factory=pl.DataFrame)
    forecast: pl.DataFrame = field(default_factory=pl.DataFrame)
    revisions: pl.DataFrame = field(default_factory=pl.DataFrame)  # plan.frames.RevisionSchema of the year
    amended: pl.DataFrame = field(
        default_factory=pl.DataFrame
    )  # CorrectedCellSchema since the last document issued
    scores: pl.DataFrame = field(default_factory=pl.DataFrame)  # of a year alone, like the next two
    score_lines: pl.DataFrame = field(default_factory=pl.DataFrame)
    commendation: pl.DataFrame = field(default_factory=pl.DataFrame)
    whole: Whole | None = None


@dataclass(frozen=True)
class Issue:
    """How a document is issued (签发): its data cut, date, number and state.

    `number` is the ordinal of the document number, None until one is given; `answer_by` and `next_due_on`
    are the dates it asks for; `sources` are the sha256 of what it was made from besides the submissions.
    """

    as_of: datetime
    issued_on: date
    answer_by: date
    next_due_on: date | None = None
    number: int | None = None
    approved: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """A finished document: its file name without suffix, its title, its four files, and what the gate found
    when it read the PDF back (a sentence a fault; with any of them it is neither approved nor sent).

    `figures` are those it carries, county × indicator, in columns of plan.frames.FigureSchema; the ledger keeps
    them, so that a later correction is known to touch it.
    """

    name: str
    title: str
    pdf: bytes
    workbook: bytes
    figures_csv: bytes
    manifest: bytes
    figures: pl.DataFrame = field(compare=False)  # the four files hold them already
    faults: tuple[str, ...] = ()
