"""manifest.json (制作记录): from what, with what and in which faces a document was made."""

import hashlib
import json
from importlib.metadata import version
from typing import Any

from flows.briefing.document import Frames, Issue
from flows.briefing.faces import Faces

_MADE_WITH = ("weasyprint", "jinja2", "polars", "xlsxwriter")


def manifest(
    period: str, title: str, issue: Issue, frames: Frames, faces: Faces, files: dict[str, bytes]
) -> bytes:
    """The record of one document, the same bytes for the same document."""
    record: dict[str, Any] = {
        "title": title,
        "period": period,
        "as_of": issue.as_of.isoformat(sep=" ", timespec="seconds"),
        "issued_on": issue.issued_on.isoformat(),
        "number": issue.number,
        "approved": issue.approved,
        "sample": is_sample(frames),
        "files": {name: _sha256(content) for name, content in files.items()},
        "submissions": _submissions(frames),
        "sources": dict(issue.sources),
        "versions": {package: version(package) for package in _MADE_WITH},
        "faces": faces.record(),
    }
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def is_sample(frames: Frames) -> bool:
    """Whether any submission behind the document is sample data: one is enough to say so on every page."""
    return bool(frames.reporting["is_sample"].fill_null(value=False).any())


def _submissions(frames: Frames) -> list[dict[str, str]]:
    received = frames.reporting.filter(frames.reporting["sha256"].is_not_null())
    return received.select("month", "reporter", "file_name", "sha256").sort("month", "reporter").to_dicts()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
