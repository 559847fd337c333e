"""What a document is made from and what comes of it (公文): frames in, files out.

A batch of county reports carries its own counties' rows alone: a figure's rank and the number of counties ranked stand
in its own row, so a county's report needs no other's. The manifest then lists the county's own submissions and gives
the number and hash of all.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import polars as pl

from flows.documents.paragraphs import Paragraph
from flows.files import sha256_of
from flows.plan.paragraph_edit import ParagraphEdit
from flows.plan.terms import CITY


@dataclass(frozen=True, slots=True)
class AllSubmissions:
    """All submissions behind a document (全部报表) whose frames hold only some of them: how many, one hash over
    their list, and whether any is sample data."""

    count: int
    sha256: str
    is_sample: bool


@dataclass(frozen=True)
class Frames:
    """The frames a document is made from, as `catalogue.frames` declares them, all as of one moment.

    `city_own` is the rollup's frame of the city's own de-duplicated figures beside the sums of the counties;
    `trend` (the year month by month) and `forecast` (the year's end) are the rollup's too, empty for a month.
    `all_submissions` is set where they hold the rows of some reporters only.
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
    notice_outcomes: pl.DataFrame = field(default_factory=pl.DataFrame)  # of a year alone: kind × ladder
    scores: pl.DataFrame = field(default_factory=pl.DataFrame)  # of a year alone, like the next two
    score_lines: pl.DataFrame = field(default_factory=pl.DataFrame)
    commendation: pl.DataFrame = field(default_factory=pl.DataFrame)
    all_submissions: AllSubmissions | None = None

    @property
    def is_sample(self) -> bool:
        """Whether any submission behind the document is sample data: one is enough to say so on every page."""
        if self.all_submissions:
            return self.all_submissions.is_sample
        return _any_sample(self.reporting)

    def with_all_submissions(self) -> "Frames":
        """The same with what all their submissions come to, worked out once for many counties."""
        return replace(self, all_submissions=self.all_submissions or _all_submissions(self.reporting))

    def of_counties(self, counties: Collection[str]) -> "Frames":
        """The same with these counties' rows alone; what a month's documents do not use is empty."""
        own = pl.col("reporter").is_in(counties)
        return Frames(
            figures=self.figures.filter(pl.col("county").is_in(counties)),
            reporting=self.reporting.filter(own),
            statements=self.statements.filter(own),
            problems=self.problems.filter(own),
            city_own=self.city_own,
            all_submissions=self.with_all_submissions().all_submissions,
        )


def listed_submissions(reporting: pl.DataFrame) -> list[dict[str, str]]:
    """The submissions of a reporting record: month, reporter, file name and sha256, in that order."""
    received = reporting.filter(reporting["sha256"].is_not_null())
    return received.select("month", "reporter", "file_name", "sha256").sort("month", "reporter").to_dicts()


def _all_submissions(reporting: pl.DataFrame) -> AllSubmissions:
    listed = listed_submissions(reporting)
    content = json.dumps(listed, ensure_ascii=False).encode()
    return AllSubmissions(len(listed), sha256_of(content), _any_sample(reporting))


def _any_sample(reporting: pl.DataFrame) -> bool:
    return bool(reporting["is_sample"].fill_null(value=False).any())


@dataclass(frozen=True)
class Issue:
    """How a document is issued (签发): its data cut, date, number and state.

    `number` is the ordinal of the document number, None until one is given; `answer_by` and `next_due_on`
    are the dates it asks for; `sources` are the sha256 of what it was made from besides the submissions; `edits` is what
    the office words itself in it.
    """

    as_of: datetime
    issued_on: date
    answer_by: date
    next_due_on: date | None = None
    number: int | None = None
    approved: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)
    edits: tuple[ParagraphEdit, ...] = ()


@dataclass(frozen=True)
class Document:
    """A finished document: its file name without suffix, its title, its four files, and what the gate found
    when it read the PDF back (a sentence a fault; with any of them it is neither approved nor sent).

    `figures` are those it carries, county × indicator, in columns of plan.frames.FigureSchema; the ledger keeps
    them, so that a later correction is known to touch it. `paragraphs` are those that the office may word itself, as the
    program writes them; `own` is the county whose document it is, or the city; `page_source` is its HTML with the sources
    of its numbers, from which flows.documents.word makes a .docx;
    `layout_key` is the hash of what it was laid out from.
    """

    name: str
    title: str
    pdf: bytes
    workbook: bytes
    figures_csv: bytes
    manifest: bytes
    figures: pl.DataFrame = field(compare=False)  # the four files hold them already
    faults: tuple[str, ...] = ()
    paragraphs: tuple[Paragraph, ...] = field(default=(), compare=False)
    own: str = CITY
    page_source: str = field(default="", repr=False, compare=False)
    layout_key: bytes = field(default=b"", repr=False, compare=False)
