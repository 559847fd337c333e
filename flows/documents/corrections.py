"""更正: which issued documents would say something else now, and the document that says so.

The last correction of a document is compared, or the document itself where there is none. A report received for the
first time corrects nothing: the issued document said that it was missing.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars as pl

from flows.documents.composing import as_entered, compose_frames, frames_of, planned, replace_unprintable
from flows.documents.corrected_print import changed_numbers, changed_sentences
from flows.documents.document import Document, Issue
from flows.documents.evidence import Evidence, data_cut, gather
from flows.documents.kinds.correction import Correcting, Touched, make
from flows.documents.pdf.typeset import Typesetter
from flows.documents.print_record import Block, blocks
from flows.documents.publishing import publish
from flows.indicators.figures import changed_figures
from flows.plan.document_kinds import carries_figures
from flows.plan.issued import DocumentName, Issued
from flows.plan.load import Plans
from flows.plan.notice import NoticeState
from flows.plan.paragraph_edit import ParagraphEdit
from flows.plan.period import Period
from flows.plan.terms import Measure
from flows.warehouse.connection import Warehouse
from flows.warehouse.issue_ledger import carried_by, issued
from flows.warehouse.notice_ledger import matter_statuses
from flows.warehouse.words_ledger import edits_in_force


class NothingToCorrectError(RuntimeError):
    """Nothing was issued on the period, or what was issued still holds."""

    def __init__(self, period: str, why: str) -> None:
        super().__init__(f"{period}：{why}")


def due(warehouse: Warehouse, plans: Plans, periods: Sequence[str] = ()) -> list[str]:
    """The periods, of all or of those named, on which a document was issued that no longer holds, oldest first."""
    documents = issued(warehouse)
    on = sorted({d.period for d in documents if carries_figures(d.kind) and not d.county})
    for unknown in set(periods) - set(on):
        raise NothingToCorrectError(unknown, "没有印发过文件，不需要更正")
    return [
        p
        for p in on
        if (not periods or p in periods)
        and _may_be_due(warehouse, documents, p)
        and _is_due(_correcting(warehouse, plans, documents, p, None)[0])
    ]


def draft(warehouse: Warehouse, plans: Plans, typesetter: Typesetter, reports: Path, period: str) -> Path:
    """Draft the next correction of a period: data/reports/<period>/correction_<n>/. Returns the PDF."""
    name = next_name(warehouse, period)
    edits = edits_in_force(warehouse, str(name))
    return publish(compose(warehouse, plans, typesetter, name, None, None, edits), reports / str(name))


def next_name(warehouse: Warehouse, period: str) -> DocumentName:
    """The name of the correction that comes next on a period."""
    given = [
        DocumentName.parse(d.document).correction_ordinal or 0
        for d in issued(warehouse)
        if d.period == period
    ]
    return DocumentName.correction(period, max(given, default=0) + 1)


def compose(
    warehouse: Warehouse,
    plans: Plans,
    typesetter: Typesetter,
    name: DocumentName,
    as_of: datetime | None,
    entry: Issued | None = None,
    edits: tuple[ParagraphEdit, ...] = (),
) -> Document:
    """The correction of that name as of a data cut, read back: a draft, or the issued one that `entry` describes; `edits`
    are the office's words in it."""
    documents = _before(issued(warehouse), name)
    correcting, found = _correcting(warehouse, plans, documents, name.period, as_of)
    if not _is_due(correcting):
        raise NothingToCorrectError(name.period, "已印发的文件与现在的数一致，不需要更正")
    frames = replace_unprintable(frames_of(found), typesetter.fonts)
    # A correction is drafted for the working day of its data cut.
    dated = as_entered(planned(found, entry.issued_on if entry else None), entry)
    issue = replace(dated, edits=edits)
    last = (correcting.original, *correcting.earlier)[-1]
    before = gather(warehouse, found.catalogue, found.period, last.as_of)
    as_issued = replace(
        planned(before, correcting.original.issued_on),
        edits=edits_in_force(warehouse, correcting.original.document),
    )
    # Both are rendered by the program of today, so that only the data make them differ.
    then, now = (_rendered(correcting.original.kind, e, as_issued, typesetter) for e in (before, found))
    correcting = replace(
        correcting, sentences=changed_sentences(then, now), numbers=changed_numbers(then, now)
    )
    file_name = f"{name.period}_更正说明{name.correction_ordinal}"
    return make(correcting, frames, found.catalogue, file_name, issue, typesetter)


def _may_be_due(warehouse: Warehouse, documents: Sequence[Issued], period: str) -> bool:
    """Whether any cell was corrected at all since the last document or correction was issued; cheap, and mostly false."""
    asked = Period.parse(period)
    cells = _corrected_cells(warehouse, _issued_on(documents, period)[-1], asked, data_cut(warehouse, asked))
    return not _carried(cells).is_empty()


def _is_due(correcting: Correcting) -> bool:
    """Something that the document carried was corrected, and it shows."""
    return not _carried(correcting.cells).is_empty() and not correcting.figures.is_empty()


def _carried(cells: pl.DataFrame) -> pl.DataFrame:
    """Those that the document had: what came in for the first time corrects nothing."""
    return cells.filter(pl.col("state_before").is_not_null())


def _issued_on(documents: Sequence[Issued], period: str) -> tuple[Issued, ...]:
    """The documents issued on a period: the original, then its corrections in order."""
    own = [d for d in documents if d.period == period and not d.county]
    original = next(d for d in own if carries_figures(d.kind))
    return original, *(d for d in own if DocumentName.parse(d.document).correction_ordinal)


def _corrected_cells(warehouse: Warehouse, last: Issued, asked: Period, cut: datetime) -> pl.DataFrame:
    """The year's cells, to the period's end, that had other values when the last of them was issued."""
    return warehouse.select(
        "corrected",
        before=last.as_of,
        as_of=cut,
        first_month=f"{asked.year}-01",
        last_month=asked.months[-1],
    ).filter(pl.col("measure") != Measure.IN_MONTH)


def _correcting(
    warehouse: Warehouse, plans: Plans, documents: Sequence[Issued], period: str, as_of: datetime | None
) -> tuple[Correcting, Evidence]:
    """What was last issued on a period, against what is in force as of a moment."""
    (original, *earlier), asked = _issued_on(documents, period), Period.parse(period)
    last = (earlier or [original])[-1]
    found = gather(warehouse, plans.of(asked.year), asked, as_of)
    figures = changed_figures(carried_by(warehouse, last.number), found.figures)
    cells = _corrected_cells(warehouse, last, asked, found.cut)
    cells = cells.join(
        figures.select("indicator").unique(), on="indicator", how="semi", maintain_order="left"
    )
    reports = tuple(
        d
        for d in documents
        if d.period == period and d.county and carries_figures(d.kind)
        if not changed_figures(carried_by(warehouse, d.number), found.figures).is_empty()
    )
    touched = _touched(warehouse, found)
    return Correcting(original, tuple(earlier), cells, figures, touched, county_reports=reports), found


def _rendered(kind: str, evidence: Evidence, issue: Issue, typesetter: Typesetter) -> tuple[Block, ...]:
    """What a document prints of this evidence; nothing is laid out."""
    about = evidence.catalogue, evidence.period, replace(issue, as_of=evidence.cut)
    document = compose_frames(kind, frames_of(evidence), *about, typesetter.for_records(), None)
    return blocks(document.page_source, document.own)


def _touched(warehouse: Warehouse, found: Evidence) -> tuple[Touched, ...]:
    """The notices of the period's last month that went out on figures that are others now."""
    month = found.period.months[-1]
    now = {(f["county"], f["indicator"]): f for f in found.figures.iter_rows(named=True)}
    gone = (NoticeState.SENT, NoticeState.ANSWERED, NoticeState.CLOSED)
    touched = []
    for one in matter_statuses(warehouse, found.period.year):
        figure = now.get((one.matter.county, one.matter.indicator))
        if one.state in gone and one.notice.month == month and figure and figure["ytd"] != one.matter.ytd:
            numbers = (one.matter.ytd, figure["ytd"], one.matter.attainment_pct, figure["attainment_pct"])
            touched.append(Touched(one.notice, one.matter.indicator, *numbers))
    return tuple(touched)


def _before(documents: Sequence[Issued], name: DocumentName) -> list[Issued]:
    """The documents issued before the correction of that name: made again, it knows no later one."""
    ordinal = name.correction_ordinal or 0
    return [
        d
        for d in documents
        if d.period != name.period or (DocumentName.parse(d.document).correction_ordinal or 0) < ordinal
    ]
