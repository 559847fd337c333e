"""What the raw store holds (存件): found again by hash for a trace, or all of it, in order, for a rebuilding."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.files import sha256_of
from flows.plan.observation import Refusal
from flows.plan.origin import Origin, origin_of
from flows.warehouse.raw import ENVELOPE, PACKAGES, Package


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file received, by its envelope. `path` is where its bytes lie, or their cleaned copy (then
    `kept_sha256` is not `sha256`); null where neither was kept: then `refusal` is what reading them gave. `turn`:
    how many reports were on record when it was read; null in envelopes that do not tell, as is `origin`, by which way it
    came."""

    file_name: str
    received_at: datetime
    sha256: str
    kept_sha256: str | None
    path: Path | None
    package: Package | None = None
    refusal: Refusal | None = None
    turn: int | None = None
    origin: Origin | None = None

    @property
    def own_name(self) -> str:
        """Its name without its package's: the one the reader gets."""
        return self.package.member if self.package else self.file_name

    @property
    def is_unchanged(self) -> bool:
        """Whether what lies there is what was put there."""
        return self.path is not None and sha256_of(self.path.read_bytes()) == self.kept_sha256


def stored_files(raw: Path) -> Iterator[StoredFile]:
    """Every file received, in the order in which they were read, or of receipt where the envelopes do not tell;
    packages are left out, what was in them is not. Of two envelopes of the same bytes, which a crash may leave,
    the one written last."""
    envelopes = (path for path in raw.glob(f"*/*{ENVELOPE}") if path.parent.name not in (PACKAGES, "inbox"))
    by_turn = sorted((read_envelope(path) for path in envelopes), key=_turn)
    yield from sorted({kept.sha256: kept for kept in by_turn}.values(), key=_turn)


def _turn(kept: StoredFile) -> tuple[int, datetime, str, str]:
    return -1 if kept.turn is None else kept.turn, kept.received_at, kept.file_name, kept.sha256


def find_stored(raw: Path, sha256: str) -> StoredFile | None:
    """The file with these bytes, by their hash; null where its envelope is gone."""
    return next((read_envelope(path) for path in sorted(raw.glob(f"*/{sha256}{ENVELOPE}"))), None)


def read_envelope(envelope: Path) -> StoredFile:
    """What an envelope of the raw store tells, and the file beside it."""
    envelope_data: Mapping[str, Any] = json.loads(envelope.read_text("utf-8"))
    instead = envelope_data.get("kept") or {"sha256": envelope_data["sha256"]}
    beside = (p for p in envelope.parent.glob(f"{envelope_data['sha256']}*") if p != envelope)
    return StoredFile(
        file_name=envelope_data["file_name"],
        received_at=datetime.fromisoformat(envelope_data["received_at"]),
        sha256=envelope_data["sha256"],
        kept_sha256=instead["sha256"],
        path=next(iter(sorted(beside)), None) if instead["sha256"] else None,
        package=Package(**envelope_data["package"]) if envelope_data.get("package") else None,
        refusal=Refusal(**instead["refusal"]) if instead.get("refusal") else None,
        turn=envelope_data.get("turn"),
        origin=origin_of(**envelope_data["origin"]) if envelope_data.get("origin") else None,
    )
