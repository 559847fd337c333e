"""The ledger of the office's own words (改写台账): every edit of a paragraph, append-only."""

from collections.abc import Iterable
from dataclasses import asdict

from flows.plan.paragraph_edit import EditAction, ParagraphEdit
from flows.warehouse.connection import Warehouse
from flows.warehouse.events import Event

_ACTIONS = {str(action): action for action in EditAction}


def paragraph_edits(warehouse: Warehouse, document: str | None = None) -> tuple[ParagraphEdit, ...]:
    """Every edit of one document's paragraphs, or of all, oldest first."""
    rows = warehouse.select("paragraph_edits", document=document).to_dicts()
    return tuple(ParagraphEdit(**row | {"action": _ACTIONS[row["action"]]}) for row in rows)


def in_force(edits: Iterable[ParagraphEdit]) -> tuple[ParagraphEdit, ...]:
    """Of one document's edits, oldest first, the last of each paragraph by its id; none where that is a withdrawal."""
    last = {edit.paragraph: edit for edit in edits}
    return tuple(last[name] for name in sorted(last) if last[name].action is not EditAction.WITHDRAWN)


def in_force_by_document(warehouse: Warehouse) -> dict[str, tuple[ParagraphEdit, ...]]:
    """What the office words itself, by document."""
    by_document: dict[str, list[ParagraphEdit]] = {}
    for edit in paragraph_edits(warehouse):
        by_document.setdefault(edit.document, []).append(edit)
    return {document: in_force(edits) for document, edits in by_document.items()}


def edits_in_force(warehouse: Warehouse, document: str) -> tuple[ParagraphEdit, ...]:
    """What the office words itself in one document."""
    return in_force(paragraph_edits(warehouse, document))


def edited_event(edit: ParagraphEdit) -> Event:
    """The event of one edit."""
    return "paragraph_edit", asdict(edit)
