"""The raw store (原始报表): every file received, exactly as it came, under its hash, with its envelope.

From these files, the plan and the ledgers the whole warehouse can be rebuilt, so the envelope holds what
the bytes do not say: the name it came under and when.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.warehouse.files import sha256_of, write_whole

ENVELOPE = ".received.json"  # beside a file in the inbox: when it really arrived, from whoever brought it in


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that came in: where it lies, its name, its bytes and hash, when it was received (Beijing)."""

    path: Path
    name: str
    content: bytes
    sha256: str
    received_at: datetime


def waiting(inbox: Path) -> list[Path]:
    """The files in the inbox, by name; envelopes, hidden files and links are not submissions."""
    return sorted(
        path
        for path in (inbox.rglob("*") if inbox.is_dir() else ())
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
        and not path.name.endswith(ENVELOPE)
    )  # fmt: skip


def arrival(path: Path, now: datetime) -> Arrival:
    """Take up a file: received when its envelope says, otherwise now."""
    content = path.read_bytes()
    envelope = path.with_name(path.name + ENVELOPE)
    received_at = now
    if envelope.is_file():
        received_at = datetime.fromisoformat(json.loads(envelope.read_text(encoding="utf-8"))["received_at"])
    return Arrival(path, path.name, content, sha256_of(content), received_at)


def keep(raw: Path, folder: str, arrived: Arrival) -> Path:
    """Store the bytes under their hash in `raw/<folder>/` with the envelope; the same bytes again, nothing."""
    kept = raw / folder / f"{arrived.sha256}{arrived.path.suffix.lower()}"
    envelope = {
        "file_name": arrived.name,
        "received_at": arrived.received_at.isoformat(),
        "sha256": arrived.sha256,
    }
    if not kept.exists():
        write_whole(kept, arrived.content)
    if not (note := kept.with_name(arrived.sha256 + ENVELOPE)).exists():
        write_whole(note, json.dumps(envelope, ensure_ascii=False, indent=1).encode())
    return kept


def clear(inbox: Path, arrived: Arrival) -> None:
    """Take a kept file out of the inbox; a file given by hand from elsewhere stays where it is."""
    if arrived.path.is_relative_to(inbox):
        arrived.path.with_name(arrived.path.name + ENVELOPE).unlink(missing_ok=True)
        arrived.path.unlink(missing_ok=True)
