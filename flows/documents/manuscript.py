"""A manuscript and its finishing (成文): whatever the document, the same four files come of it in the same way."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl

from flows.documents.document import Document, Frames, Issue
from flows.documents.edits import apply_edits
from flows.documents.gate import Expected, examine
from flows.documents.known_numbers import KnownNumbers
from flows.documents.manifest import Contents, manifest
from flows.documents.paragraphs import Paragraph, ParagraphWriter
from flows.documents.pdf.typeset import Enclosure, Rendering, Typesetter, layout_key, sheet
from flows.documents.provenance import quoted
from flows.documents.workbook import Table, workbook
from flows.plan.catalogue import Catalogue
from flows.plan.terms import CITY

NOT_APPROVED, NOT_REAL = "草稿 未经审定", "示例数据 并非真实"


@dataclass(frozen=True)
class Manuscript:
    """What a kind of document has of its own (文稿): names, words and tables. `title_lines` is the title, broken into
    lines; `subject` its kind among the document's properties; `series` the prefix of its number; `context` what its
    template speaks of, by name; `figures` those it carries, as Document has them; `kind` its approval key, by which the
    policy keeps slots for the office's own paragraphs, empty where it keeps none."""

    name: str
    title_lines: Sequence[str]
    subject: str
    period: str
    series: str
    template: str
    context: Mapping[str, Any]
    tables: Sequence[Table]
    figures_csv: bytes
    figures: pl.DataFrame
    county: str = CITY
    kind: str = ""
    has_record: bool = True
    is_letter: bool = False

    @property
    def title(self) -> str:
        """The title in one piece."""
        return "".join(self.title_lines)


def finish(
    manuscript: Manuscript, frames: Frames, catalogue: Catalogue, issue: Issue, typesetter: Typesetter
) -> Document:
    """PDF, workbook, figures.csv and manifest; equal bytes for equal arguments.

    The PDF carries figures.csv and the manifest inside, so that it proves itself without this program; the
    manifest beside it adds the PDF's own hash.
    """
    m, author, sample = manuscript, catalogue.policy.documents.issuer, frames.is_sample
    figures_csv = BOM_UTF8 + m.figures_csv  # a spreadsheet opens it as UTF-8
    marks = [*([] if issue.approved else [NOT_APPROVED]), *([NOT_REAL] if sample else [])]
    book = workbook(m.tables, m.title, author, issue.as_of, "　".join(marks))
    files = {"xlsx": book, "figures.csv": figures_csv}
    about = sheet(m.title, author, m.subject, issue.as_of, draft=not issue.approved, sample=sample)
    facts = {"sheet": about, **spoken_of(m, issue)}
    rendering, paragraphs, stale = _render(m, facts, catalogue, issue, typesetter)
    contents = Contents(rendering.blocks, stale)
    record = partial(manifest, m.period, m.title, issue, frames, typesetter.fonts, contents)
    enclosures = [
        Enclosure("figures.csv", figures_csv, "本件所用数据"),
        Enclosure("manifest.json", record(files), "制作记录"),
    ]
    pdf = typesetter.pdf(rendering, issue.as_of, enclosures)
    document = Document(m.name, m.title, pdf, book, figures_csv, record({"pdf": pdf, **files}), m.figures)
    document = replace(
        document, paragraphs=paragraphs, own=m.county, page_source=rendering.annotated,
        layout_key=layout_key(rendering, issue.as_of, enclosures),
    )  # fmt: skip
    if not pdf:  # rendered for its record alone
        return document
    expected = Expected(m.title, rendering.blocks, catalogue, m.has_record, m.is_letter)
    return replace(document, faults=tuple(map(str, examine(pdf, expected))))


def _render(
    manuscript: Manuscript, facts: dict[str, Any], catalogue: Catalogue, issue: Issue, typesetter: Typesetter
) -> tuple[Rendering, tuple[Paragraph, ...], tuple[str, ...]]:
    """The document before layout, its paragraphs as the program writes them, and which edits must be looked at again: it is
    rendered with the program's words, and once more where the office has some of its own."""
    slots = catalogue.policy.slots.get(manuscript.kind, ())

    def render(writer: ParagraphWriter) -> Rendering:
        return typesetter.render(manuscript.template, facts, manuscript.county, _names(catalogue), writer)

    writer = ParagraphWriter(slots, {})
    rendering, paragraphs = render(writer), tuple(writer.paragraphs)
    if not issue.edits:
        return rendering, paragraphs, ()
    numbers = KnownNumbers.of(paragraphs, manuscript.figures_csv, catalogue, manuscript.county)
    applied = apply_edits(issue.edits, numbers)
    return render(ParagraphWriter(slots, applied.texts)), paragraphs, applied.stale


def spoken_of(manuscript: Manuscript, issue: Issue) -> dict[str, Any]:
    """Everything a template speaks of but the sheet it is written on."""
    number = document_number(manuscript.series, issue.issued_on.year, issue.number)
    return {
        **manuscript.context,
        "title_lines": [quoted(line, "document.title") for line in manuscript.title_lines],
        "document_number": quoted(number, "document.number"),
    }


def _names(catalogue: Catalogue) -> Iterator[str]:
    """The plan's own names, which templates print as they are."""
    yield from (named.name for named in (*catalogue.indicators, *catalogue.reporters))
    yield from (task.title for task in catalogue.tasks)


def document_number(series: str, year: int, number: int | None) -> str:
    """发文字号: 通人社发〔2025〕8号; a blank where the number is still to be given."""
    return f"{series}〔{year}〕{number if number is not None else '　　'}号"
