"""manifest.json (制作记录): from what, with what and in which fonts a document was made."""

import json
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from flows.documents.document import Frames, Issue, listed_submissions
from flows.documents.pdf.fonts import Fonts
from flows.documents.print_record import Block
from flows.files import sha256_of
from flows.plan.paragraph_edit import ParagraphEdit

_MADE_WITH = ("weasyprint", "jinja2", "polars", "xlsxwriter")


class Contents(NamedTuple):
    """What a document prints: its blocks, and which paragraphs' edits must be looked at again."""

    blocks: tuple[Block, ...]
    stale: tuple[str, ...]


def manifest(
    period: str,
    title: str,
    issue: Issue,
    frames: Frames,
    fonts: Fonts,
    contents: Contents,
    files: dict[str, bytes],
) -> bytes:
    """The record of one document, the same bytes for the same document: `printed` are its blocks with numbers."""
    hashes = {name: sha256_of(content) for name, content in files.items()}
    printed = [entry for block in contents.blocks if (entry := block.as_dict())["printed"]]
    made_from = basis(period, issue, frames, fonts)
    record = {"title": title, "files": hashes, **made_from, "stale": list(contents.stale), "printed": printed}
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def printed_blocks(file: Path) -> list[dict[str, Any]]:
    """The blocks with numbers that a manifest records; none where there is no such file, or it is from before they were."""
    if not file.is_file():
        return []
    blocks: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")).get("printed", [])
    return blocks


def basis(period: str, issue: Issue, frames: Frames, fonts: Fonts) -> dict[str, Any]:
    """What of the record is known before the document is made: equal where it would come out the same."""
    submissions: dict[str, Any] = {"submissions": listed_submissions(frames.reporting)}
    if frames.all_submissions:
        every = frames.all_submissions
        submissions["all_submissions"] = {"count": every.count, "sha256": every.sha256}
    return {
        "period": period,
        "as_of": issue.as_of.isoformat(sep=" ", timespec="seconds"),
        "issued_on": issue.issued_on.isoformat(),
        "number": issue.number,
        "approved": issue.approved,
        "sample": frames.is_sample,
        **submissions,
        "edits": [edit_record(edit) for edit in issue.edits],
        "sources": dict(issue.sources),
        "versions": versions(),
        "fonts": fonts.record(),
    }


def edit_record(edit: ParagraphEdit) -> dict[str, str | None]:
    """What of an edit is signed with the document."""
    return {
        "paragraph": edit.paragraph,
        "action": str(edit.action),
        "edited_at": edit.edited_at.isoformat(sep=" ", timespec="seconds"),
        "account": edit.account,
        "text": edit.new_text,
    }


@cache
def versions() -> dict[str, str]:
    """The packages whose version shapes a document."""
    return {package: version(package) for package in _MADE_WITH}
