"""The raw store (原始报表): every file received, exactly as it came, under its hash, with its envelope.

From these files, the plan and the ledgers the whole warehouse can be rebuilt, so the envelope holds what
the bytes do not say: the name it came under and when. Where the bytes themselves may not be kept (personal
data, a size beyond any report), the envelope says so and what is kept instead.
"""

import contextlib
import fcntl
import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from flows.files import sha256_of, write_whole
from flows.plan.file_name import shown_name
from flows.plan.observation import Refusal
from flows.plan.origin import INBOX, Origin, OriginKind

ENVELOPE = ".received.json"  # beside a file in the inbox: when it really arrived, from whoever brought it in
PACKAGES = "packages"  # where packages are kept whole; what was in them stands in its months
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")
_PIECE = 1 << 20
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")  # as copying programs name what is not whole yet


@dataclass(frozen=True, slots=True)
class MailOrigin:
    """The mail a file came with: its id in the ledger, its Message-ID, who sent it, and whose address that is."""

    mail_id: str
    message_id: str
    sender: str
    reporter: str

    @property
    def origin(self) -> Origin:
        """Whose way it is: the reporter's, or the operator's where he handed on what came to him."""
        if self.reporter:
            return Origin(OriginKind.MAIL, self.reporter)
        return Origin(OriginKind.COMMAND, self.sender)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits: where it lies, its name as shown, when it was received (Beijing) and when it was noticed.
    `rejected_at` is the moment its envelope tells where that cannot be true; then it was received when noticed.
    `origin` is by which way it came; `mail` is null where it came by another way than mail."""

    path: Path
    name: str
    received_at: datetime
    noticed_at: datetime
    rejected_at: datetime | None = None
    origin: Origin = INBOX
    mail: MailOrigin | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """The package (压缩包) a file came in: its name and hash, and the file's name inside."""

    file_name: str
    sha256: str
    member: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that came in: where it lies, its name, its bytes and hash, when it was received (Beijing) and noticed.
    `rejected_at` is what its envelope tells where that is not believed. `is_whole` is false where it was too large
    to be loaded: then `content` is its beginning."""

    path: Path
    name: str
    content: bytes
    sha256: str
    received_at: datetime
    noticed_at: datetime
    rejected_at: datetime | None = None
    package: Package | None = None
    is_whole: bool = True
    origin: Origin = INBOX
    mail: MailOrigin | None = None

    def without_envelope(self) -> "Arrival":
        """The same file, received when it was noticed: what its envelope tells is not believed."""
        return replace(self, received_at=self.noticed_at, rejected_at=self.received_at)

    @property
    def own_name(self) -> str:
        """Its name without its package's, which may speak of other counties and months."""
        return self.package.member if self.package else self.name

    @property
    def suffix(self) -> str:
        """The end of its name, `.xlsx`; empty where that is none."""
        suffix = Path(self.own_name).suffix.lower()
        return suffix if _SUFFIX.fullmatch(suffix) else ""


@dataclass(frozen=True, slots=True)
class Instead:
    """What is kept where the received bytes may not be: a cleaned copy and its suffix, or nothing (None) and the
    refusal that reading them gave."""

    because: str
    content: bytes | None = None
    suffix: str = ""
    refusal: Refusal | None = None


def waiting(inbox: Path) -> list[Path]:
    """The files in the inbox, by name; envelopes, hidden files and links are not submissions, and what somebody is still
    copying there, over the network or here, is left alone."""
    return sorted(
        path
        for path in (inbox.rglob("*") if inbox.is_dir() else ())
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
        and not path.name.endswith((ENVELOPE, *_UNFINISHED)) and not _is_being_written(path)
    )  # fmt: skip


def _is_being_written(path: Path) -> bool:
    """Whether a program has it open to write: only then is a lease for reading refused (man 2 fcntl). Where the owner is
    somebody else, or the disk gives no leases, it is taken as it lies."""
    try:
        with path.open("rb") as file:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def noticed(path: Path, now: datetime, origin: Origin = INBOX) -> Waiting:
    """Take note of a file: received when its envelope says, unless that is still to come; otherwise now."""
    envelope = path.with_name(path.name + ENVELOPE)
    stated, mail = stated_time(envelope), _mail_in(envelope)
    origin = mail.origin if mail and origin == INBOX else origin
    if stated is not None and stated > now:
        return Waiting(path, shown_name(path.name), now, now, rejected_at=stated, origin=origin, mail=mail)
    return Waiting(path, shown_name(path.name), stated or now, now, origin=origin, mail=mail)


def stated_time(envelope: Path) -> datetime | None:
    """The moment an envelope states; None where there is no envelope, or one that makes no sense."""
    try:
        return datetime.fromisoformat(json.loads(envelope.read_text("utf-8"))["received_at"]).replace(
            tzinfo=None
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _mail_in(envelope: Path) -> MailOrigin | None:
    """The mail an envelope names; null where it names none."""
    try:
        mail = json.loads(envelope.read_text("utf-8"))["mail"]
        return MailOrigin(**{name: str(mail[name]) for name in MailOrigin.__slots__})
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def stored_mail(raw: Path, sha256: str) -> str:
    """The id of the mail that first brought the file with these bytes; empty where none did."""
    origins = (_mail_in(envelope) for envelope in sorted(raw.glob(f"*/{sha256}{ENVELOPE}")))
    return next((origin.mail_id for origin in origins if origin), "")


def load(file: Waiting, max_bytes: int) -> Arrival:
    """Its bytes and their hash; of a file that is larger, the hash of all of it and its beginning."""
    with file.path.open("rb") as opened:
        content = opened.read(max_bytes + 1)
        digest = hashlib.sha256(content)
        while piece := opened.read(_PIECE):
            digest.update(piece)
    is_whole = len(content) <= max_bytes
    return Arrival(
        file.path, file.name, content, digest.hexdigest(), file.received_at, file.noticed_at, file.rejected_at,
        is_whole=is_whole, origin=file.origin, mail=file.mail,
    )  # fmt: skip


def rejected_envelopes(raw: Path) -> list[str]:
    """The names of kept files whose envelope states a moment that cannot be true, by name."""
    notes = (json.loads(note.read_text("utf-8")) for note in raw.rglob(f"*{ENVELOPE}"))
    return sorted(note["file_name"] for note in notes if note.get("rejected_at"))


def keep(
    raw: Path, folder: str, arrived: Arrival, instead: Instead | None = None, turn: int | None = None
) -> None:
    """Store the bytes under their hash in `raw/<folder>/` with the envelope; the same bytes again, nothing.

    `turn` tells how many reports were on record when this file was read, so that files can be read again in that
    order. A file kept with a turn is about to be recorded: an envelope left by a crash before that is put right.
    """
    envelope: dict[str, object] = {
        "file_name": arrived.name,
        "received_at": arrived.received_at.isoformat(),
        "sha256": arrived.sha256,
        "origin": asdict(arrived.origin),
    }
    if turn is not None:
        envelope["turn"] = turn
    if arrived.rejected_at:
        envelope["rejected_at"] = arrived.rejected_at.isoformat()
    if arrived.package:
        envelope["package"] = asdict(arrived.package)
    if arrived.mail:
        envelope["mail"] = asdict(arrived.mail)
    if instead:
        envelope["kept"] = _described(instead)
    content = instead.content if instead else arrived.content
    suffix = f".cleaned{instead.suffix}" if instead else arrived.suffix
    kept = raw / folder / f"{arrived.sha256}{suffix}"
    if content is not None and not kept.exists():
        write_whole(kept, content)
    note = kept.with_name(arrived.sha256 + ENVELOPE)
    if turn is not None or not note.exists():
        write_whole(note, json.dumps(envelope, ensure_ascii=False, indent=1).encode())


def _described(instead: Instead) -> dict[str, object]:
    return {
        "what": "nothing" if instead.content is None else "cleaned copy",
        "because": instead.because,
        "sha256": None if instead.content is None else sha256_of(instead.content),
        "refusal": asdict(instead.refusal) if instead.refusal else None,
    }


def clear(inbox: Path, file: Waiting) -> None:
    """Take a kept file out of the inbox; a file given by hand from elsewhere stays where it is."""
    if file.path.is_relative_to(inbox):
        with contextlib.suppress(OSError):  # a name as long as a disk allows has no envelope
            file.path.with_name(file.path.name + ENVELOPE).unlink()
        file.path.unlink(missing_ok=True)
        if file.mail:  # its folders were made for it
            for folder in (file.path.parent, file.path.parent.parent):
                with contextlib.suppress(OSError):
                    folder.rmdir()
