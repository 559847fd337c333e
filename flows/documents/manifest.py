"""manifest.json (制作记录): from what, with what and in which fonts a document was made."""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

import polars as pl

from flows.documents.document import Frames, Issue, Whole
from flows.documents.pdf.fonts import Fonts
from flows.documents.record import Block

_MADE_WITH = ("weasyprint", "jinja2", "polars", "xlsxwriter")


def manifest(
    period: str,
    title: str,
    issue: Issue,
    frames: Frames,
    fonts: Fonts,
    blocks: Sequence[Block],
    files: dict[str, bytes],
) -> bytes:
    """The record of one document, the same bytes for the same document: `printed` are its blocks with numbers."""
    hashes = {name: _sha256(content) for name, content in files.items()}
    printed = [entry for block in blocks if (entry := block.as_dict())["printed"]]
    record = {"title": title, "files": hashes, **basis(period, issue, frames, fonts), "printed": printed}
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def basis(period: str, issue: Issue, frames: Frames, fonts: Fonts) -> dict[str, Any]:
    """What of the record is known before the document is made: equal where it would come out the same."""
    return {
        "period": period,
        "as_of": issue.as_of.isoformat(sep=" ", timespec="seconds"),
        "issued_on": issue.issued_on.isoformat(),
        "number": issue.number,
        "approved": issue.approved,
        "sample": is_sample(frames),
        **_submissions(frames),
        "sources": dict(issue.sources),
        "versions": versions(),
        "fonts": fonts.record(),
    }


@cache
def versions() -> dict[str, str]:
    """The packages whose version shapes a document."""
    return {package: version(package) for package in _MADE_WITH}


def whole(reporting: pl.DataFrame) -> Whole:
    """What all submissions of a reporting record come to."""
    listed = _listed(reporting)
    return Whole(len(listed), _sha256(json.dumps(listed, ensure_ascii=False).encode()), _is_sample(reporting))


def is_sample(frames: Frames) -> bool:
    """Whether any submission behind the document is sample data: one is enough to say so on every page."""
    return frames.whole.is_sample if frames.whole else _is_sample(frames.reporting)


def _is_sample(reporting: pl.DataFrame) -> bool:
    return bool(reporting["is_sample"].fill_null(value=False).any())


def _submissions(frames: Frames) -> dict[str, Any]:
    """Those the frames hold one by one; beyond them, all there are by number and hash."""
    listed = {"submissions": _listed(frames.reporting)}
    if frames.whole is None:
        return listed
    return listed | {"all_submissions": {"count": frames.whole.submissions, "sha256": frames.whole.sha256}}


def _listed(reporting: pl.DataFrame) -> list[dict[str, str]]:
    received = reporting.filter(reporting["sha256"].is_not_null())
    return received.select("month", "reporter", "file_name", "sha256").sort("month", "reporter").to_dicts()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
