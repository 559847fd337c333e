"""Compose a document from its evidence (成文): which kind, dated and with deadlines by the policy's calendar."""

import importlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from flows.documents.document import Document, Frames, Issue
from flows.documents.evidence import Evidence, open_queries
from flows.documents.pdf.fonts import Fonts, find_fonts
from flows.documents.pdf.typeset import Typesetter
from flows.indicators.figures import figures
from flows.indicators.scores import annual_scores, commendations
from flows.plan.catalogue import Catalogue
from flows.plan.document_kinds import DOCUMENT_KINDS
from flows.plan.issued import Issued
from flows.plan.period import Frequency, Period
from flows.plan.workdays import add_workdays, deadlines, following_month

QUARTER_ENDS = (3, 6, 9, 12)


def compose(
    kind: str,
    evidence: Evidence,
    typesetter: Typesetter,
    county: str | None = None,
    issue: Issue | None = None,
) -> Document:
    """The document of this kind, or one county's own version of it, read back; a draft unless `issue` says how
    it is issued."""
    frames = frames_of(evidence)
    if county is not None and evidence.period.frequency is not Frequency.YEAR:  # scores compare all counties
        frames = frames.of_counties([county])
    issue = issue or planned(evidence)
    return compose_frames(kind, frames, evidence.catalogue, evidence.period, issue, typesetter, county)


def compose_frames(
    kind: str,
    frames: Frames,
    catalogue: Catalogue,
    period: Period,
    issue: Issue,
    setter: Typesetter,
    county: str | None,
) -> Document:
    """The same from its frames alone, wherever they come from."""
    about = (replace_unprintable(frames, setter.fonts), catalogue, period, issue)
    entry = DOCUMENT_KINDS[kind]
    if county is None:
        return _function(entry.maker)(*about, setter)
    return _function(entry.county_maker)(*about, setter, county)


def _function(place: str) -> Callable[..., Document]:
    """The function that a registry entry names, `module:function`; loaded when it is needed."""
    module, _, name = place.partition(":")
    function: Callable[..., Document] = getattr(importlib.import_module(module), name)
    return function


@cache
def load_typesetter(fonts: Path) -> Typesetter:
    """The typesetter for a folder of fonts, one a process: reading fonts and styles takes a second."""
    return Typesetter(find_fonts(fonts))


def frames_of(evidence: Evidence) -> Frames:
    """The frames that documents take."""
    frames = Frames(
        evidence.figures,
        evidence.reporting,
        evidence.statements,
        evidence.problems,
        evidence.city_own,
        trend=evidence.trend,
        revisions=evidence.revisions,
        amended=evidence.amended,
        forecast=evidence.forecast,
        notice_outcomes=evidence.notice_outcomes,
    )
    return with_assessment(frames, evidence) if evidence.period.frequency is Frequency.YEAR else frames


def with_assessment(frames: Frames, evidence: Evidence) -> Frames:
    """A year's frames with the scores, how they came about, and who may be proposed for commendation."""
    catalogue, asked = evidence.catalogue, open_queries(evidence.problems)
    scores, lines = annual_scores(evidence.figures, evidence.reporting, catalogue, evidence.cut.date())
    quarters = [
        figures(evidence.by_cell, asked, catalogue, Period.month(evidence.period.year, month))
        for month in QUARTER_ENDS
    ]
    proposed = commendations(quarters, scores, evidence.revisions, catalogue)
    return replace(frames, scores=scores, score_lines=lines, commendation=proposed)


def planned(evidence: Evidence, on: date | None = None) -> Issue:
    """How it is issued on a day, without a number yet: answers due some working days after, the next report asked
    for only while it is still to come. A draft is dated the day the policy sets for it, or the working day of its
    data cut if that is later."""
    policy = evidence.catalogue.policy.reporting
    issued_on = on or max(
        evidence.deadlines.dispatch_on, add_workdays(evidence.cut.date(), 0, policy.holidays)
    )
    next_due_on = deadlines(following_month(evidence.period.months[-1]), policy).due_on
    return Issue(
        as_of=evidence.cut,
        issued_on=issued_on,
        answer_by=add_workdays(issued_on, policy.answer_workdays_after, policy.holidays),
        next_due_on=next_due_on if next_due_on > issued_on else None,
        sources=evidence.catalogue.sources,
    )


def as_entered(issue: Issue, entry: Issued | None) -> Issue:
    """The issue as the ledger entered it: dated, numbered, approved; as it is where there is no entry yet."""
    if entry is None:
        return issue
    return replace(issue, issued_on=entry.issued_on, number=entry.serial, approved=True)


GETA = "〓"
_WORDS = {
    "statements": ("text",),
    "problems": ("message", "remedy", "answer", "sheet", "file_name"),
}


def replace_unprintable(frames: Frames, fonts: Fonts) -> Frames:
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
