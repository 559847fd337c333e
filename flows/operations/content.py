"""Verification of stored content (核对内容): every raw file, every issued file and the journal against their hashes.

The journal is read instead of the warehouse, so nobody is waited for. Known hashes are the raw file's own name and
envelope, the ledger's hash of an issued PDF, the manifest's of what lies beside it, and the list of checksums, which
also knows what has gone missing. The list has coreutils' format: `cd data && sha256sum --check ledgers/sha256sums`.
"""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flows.accounts.record import AccessKind, AccessRecord, RecordAccessError
from flows.clock import BEIJING
from flows.files import write_whole
from flows.settings import Settings
from flows.warehouse.events import Row
from flows.warehouse.journal import Journal, JournalError
from flows.warehouse.raw import ENVELOPE

FULL_BYTES = 512 * 2**20  # so much is hashed within seconds; of more, a share at a time
SETTLED = timedelta(days=1)  # an envelope left by a crash is put right within the day
ACCOUNTS, APPROVAL = "ledgers/accounts.jsonl", AccessKind.APPROVAL
Share = tuple[int, int]  # (4, 7): the fifth of seven
ALL: Share = (0, 1)


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not what was put there: its name below the data folder, what it is, and what to do."""

    name: str
    sentence: str
    remedy: str


def checksum_file(settings: Settings) -> Path:
    """The list of checksums of all that never changes, kept by the backup."""
    return settings.data / "ledgers" / "sha256sums"


def damaged_files(settings: Settings, share: Share = ALL) -> Iterator[Damage]:
    """What is damaged or missing. Of a store above FULL_BYTES only the files of that share are hashed; what is
    missing is always found."""
    expected = expected_hashes(settings)
    paths = {name: settings.data / name for name in sorted(expected)}
    total = sum(path.stat().st_size for path in paths.values() if path.exists())
    number, shares = share if total > FULL_BYTES else ALL
    for name, path in paths.items():
        if not path.exists():
            yield missing(name)
        elif zlib.crc32(name.encode()) % shares == number and sha256_of_file(path) != expected[name]:
            yield altered(name)
    yield from _damaged_records(settings)


def expected_hashes(settings: Settings) -> dict[str, str]:
    """The hash that a file must have, by its name below the data folder."""
    return _raw(settings) | _issued(settings) | _listed(settings)


def update_checksums(settings: Settings, found: Mapping[str, str], now: datetime) -> None:
    """Add to the list what has lain for a day; `found` are hashes by name, of which only those of what never changes
    are taken. What is listed stays as it is."""
    listed = _listed(settings)
    settled = (now - SETTLED).replace(tzinfo=BEIJING).timestamp()
    new = {
        name: digest
        for name, digest in found.items()
        if name not in listed and _never_changes(name) and _is_older(settings.data / name, settled)
    }
    if new:
        lines = (f"{digest}  {name}\n" for name, digest in sorted((listed | new).items()))
        write_whole(checksum_file(settings), "".join(lines).encode())


def altered(name: str) -> Damage:
    """A file whose content is not what was put there."""
    return Damage(name, f"{name} 与存入时不同，已损坏", _remedy(name))


def missing(name: str) -> Damage:
    """A file that should be there and is not."""
    return Damage(name, f"{name} 没有了", _remedy(name))


def sha256_of_file(path: Path) -> str:
    """The hash of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remedy(name: str) -> str:
    if name.startswith("issued/"):
        return "从备份恢复到别处，把这个文件取回；取回后运行 diaodu remake 核对"
    return "从备份恢复到别处（diaodu restore 备份文件 --into 新文件夹），把这个文件取回来"


def _listed(settings: Settings) -> dict[str, str]:
    file = checksum_file(settings)
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _raw(settings: Settings) -> dict[str, str]:
    """Raw files by what their names and envelopes say."""
    expected: dict[str, str] = {}
    for envelope in settings.raw.glob(f"*/*{ENVELOPE}"):
        if envelope.parent == settings.inbox:
            continue
        try:
            record = json.loads(envelope.read_text(encoding="utf-8"))
            kept = record.get("kept") or {"sha256": envelope.name.removesuffix(ENVELOPE)}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # told by _damaged_records
        beside = [
            p for p in envelope.parent.glob(f"{envelope.name.removesuffix(ENVELOPE)}*") if p != envelope
        ]
        if kept.get("sha256"):
            suffix = Path(str(record.get("file_name"))).suffix.lower()
            path = beside[0] if beside else envelope.with_name(envelope.name.removesuffix(ENVELOPE) + suffix)
            expected[path.relative_to(settings.data).as_posix()] = str(kept["sha256"])
    return expected


def _issued(settings: Settings) -> dict[str, str]:
    """Issued files: the PDF by the journal, what lies beside it by its manifest, which is written last: a folder without
    one is not finished, and made whole by the next agenda."""
    expected: dict[str, str] = {}
    try:
        for entry in Journal(settings.journal).entries():
            rows = [row for name, row in entry.events if name == "issued" and isinstance(row, Mapping)]
            for row in rows:
                folder = f"issued/{row['issue_year']}/{row['number']}"
                if (settings.data / folder / "manifest.json").exists():
                    expected |= _beside(settings.data, folder, Path(str(row["file_name"])).stem)
                    expected[f"{folder}/{row['file_name']}"] = str(row["sha256"])
    except JournalError:
        pass  # told by _damaged_records
    return expected


def _beside(data: Path, folder: str, stem: str) -> dict[str, str]:
    """What a manifest says of its files: by their whole name, or by the ending behind the document's name."""
    try:
        manifest = json.loads((data / folder / "manifest.json").read_text(encoding="utf-8"))
        files = {
            name if "." in name else f"{stem}.{name}": str(digest)
            for name, digest in manifest["files"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        files = {"manifest.json": ""}  # no content that can be right
    return {f"{folder}/{name}": digest for name, digest in files.items()}


def _damaged_records(settings: Settings) -> Iterator[Damage]:
    """The journal's and the access record's chains, approvals that the record does not know of, and envelopes that make no
    sense or have the name of another file."""
    try:
        approvals = list(_approvals_by_account(settings))
    except JournalError as error:
        approvals = []
        yield _broken("ledgers/journal.jsonl", error)
    try:
        recorded = {
            _step(event.details) for event in AccessRecord(settings.data).events() if event.kind is APPROVAL
        }
        for row in approvals:
            if _step(row) not in recorded:
                sentence = f"台账流水里 {row['account']} 对 {row['document']} 的审签，账号登记里没有"
                yield Damage(ACCOUNTS, sentence, "账号登记多半被换过；查明原因，从备份恢复 ledgers 文件夹")
    except (JournalError, RecordAccessError) as error:
        yield _broken(ACCOUNTS, error)
    listed = _listed(settings)
    for envelope in sorted(settings.raw.glob(f"*/*{ENVELOPE}")):
        name = envelope.relative_to(settings.data).as_posix()
        if envelope.parent != settings.inbox and name not in listed and not _is_envelope(envelope):
            yield altered(name)


def _broken(name: str, error: RuntimeError) -> Damage:
    sentence, _, remedy = str(error).partition("。")
    return Damage(name, sentence, remedy)


def _approvals_by_account(settings: Settings) -> Iterator[Row]:
    """The approvals in the journal that an account gave; JournalError where its chain is broken."""
    for entry in Journal(settings.journal).entries():
        for name, row in entry.events:
            if name == "approval" and isinstance(row, Mapping) and row["account"]:
                yield row


def _step(row: Row) -> tuple[object, ...]:
    return row["document"], row["sha256"], row["step"], row["decision"]


def _is_envelope(path: Path) -> bool:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        datetime.fromisoformat(record["received_at"])
        return bool(record["sha256"] == path.name.removesuffix(ENVELOPE))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _never_changes(name: str) -> bool:
    return name.startswith(("raw/", "issued/")) and not name.startswith("raw/inbox/")


def _is_older(path: Path, moment: float) -> bool:
    return path.exists() and path.stat().st_mtime < moment
