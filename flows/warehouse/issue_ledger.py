"""The ledgers of issue (印发台账): decisions on drafts, numbers given, and the figures each document carried."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

import polars as pl

from flows.plan.document_kinds import carries_figures
from flows.plan.issued import Approval, Decision, Issued, SealedCopy, Step
from flows.warehouse.connection import Warehouse
from flows.warehouse.events import Columns, Event

CARRIED = ("county", "indicator", "state", "value", "ytd", "attainment_pct", "gap_pp", "rank", "tied", "mark")

_STEPS = {str(step): step for step in Step}
_DECISIONS = {str(decision): decision for decision in Decision}


def approvals(warehouse: Warehouse, document: str | None = None) -> tuple[Approval, ...]:
    """The decisions on one document's drafts, or on all, oldest first."""
    rows = warehouse.select("approvals", document=document).to_dicts()
    return tuple(
        Approval(**row | {"step": _STEPS[row["step"]], "decision": _DECISIONS[row["decision"]]})
        for row in rows
    )


def approval_event(approval: Approval) -> Event:
    """The event of one decision."""
    return "approval", asdict(approval)


def issued(warehouse: Warehouse) -> tuple[Issued, ...]:
    """Every issued document, in the order of issue."""
    return tuple(_issued(row) for row in warehouse.select("issued").to_dicts())


def issued_events(document: Issued, figures: pl.DataFrame) -> list[Event]:
    """The events of an issued document with the figures it carried (a frame of plan.frames.FigureSchema)."""
    row = {name: getattr(document, name) for name in _FIELDS if name != "year"}
    carried = figures.select(CARRIED).with_columns(number=pl.lit(document.number)).to_dicts()
    return [
        ("issued", {**row, "issue_year": document.year}),
        *([("issued_figure", carried)] if carried else []),
    ]


def sealed_copies(warehouse: Warehouse) -> dict[str, SealedCopy]:
    """The sealed copy that counts, by the number of its document: the last one recorded."""
    rows = warehouse.select("sealed_copies").to_dicts()
    return {str(row["number"]): SealedCopy(**row) for row in rows}


def sealed_event(copy: SealedCopy, by: Columns) -> Event:
    """The event of a sealed copy, and who recorded it."""
    return "sealed_copy", {**asdict(copy), **by}


def carried_by(warehouse: Warehouse, number: str) -> pl.DataFrame:
    """The figures that an issued document carried: county × indicator, the columns of CARRIED."""
    return warehouse.select("issued_figures", number=number)


def original_of(documents: Sequence[Issued], period: str) -> Issued:
    """What the corrections of a period correct: the document issued on the whole of it."""
    return next(d for d in documents if d.period == period and carries_figures(d.kind) and not d.county)


def next_serial(documents: Sequence[Issued], series: str, year: int) -> int:
    """The number after the last one given in a series and year."""
    return max((d.serial for d in documents if (d.series, d.year) == (series, year)), default=0) + 1


_FIELDS = tuple(f.name for f in fields(Issued))


def _issued(row: dict[str, Any]) -> Issued:
    return Issued(**{name: row["issue_year" if name == "year" else name] for name in _FIELDS})
