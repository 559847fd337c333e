"""Verify stored content (核对内容): every raw file, every issued file and the journal against their hashes.

The journal is read instead of the warehouse, so that no lock is needed. Known hashes are the raw file's envelope, the
journal's hash of an issued PDF, the manifest's hashes of the files beside it, and the list of checksums, which also knows
files that are missing. The list has the format of coreutils: `cd data && sha256sum --check ledgers/sha256sums`.
"""

import hashlib
import json
import re
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

FULL_BYTES = 512 * 2**20  # hashed within seconds; of a larger store, a share at a time
SETTLED = timedelta(days=1)  # an envelope left by a crash is repaired within the day
ACCOUNTS, APPROVAL = "ledgers/accounts.jsonl", AccessKind.APPROVAL
NEVER_CHANGES = re.compile(r"(raw/(?!inbox/).+/|issued/)")
Share = tuple[int, int]  # (4, 7): the fifth of seven
ALL: Share = (0, 1)


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not what was stored: its name below the data folder, what is wrong, and what to do."""

    name: str
    sentence: str
    remedy: str


def checksum_file(settings: Settings) -> Path:
    """The list of checksums of all files that never change, updated by the backup."""
    return settings.data / "ledgers" / "sha256sums"


def damaged_files(settings: Settings, share: Share = ALL) -> Iterator[Damage]:
    """What is damaged or missing. Of a store above FULL_BYTES only the files of that share are hashed; missing files are
    always found."""
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
    """Add to the list the files that never change and are a day old; `found` are hashes by name. What is listed stays
    as it is."""
    listed = _listed(settings)
    settled = (now - SETTLED).replace(tzinfo=BEIJING).timestamp()
    new = {
        name: digest
        for name, digest in found.items()
        if NEVER_CHANGES.match(name) and name not in listed
        and (path := settings.data / name).exists() and path.stat().st_mtime < settled
    }  # fmt: skip
    if new:
        lines = (f"{digest}  {name}\n" for name, digest in sorted((listed | new).items()))
        write_whole(checksum_file(settings), "".join(lines).encode())


def altered(name: str) -> Damage:
    """A file whose content is not what was stored."""
    return Damage(name, f"{name} 与存入时不同，已损坏", _remedy(name))


def missing(name: str) -> Damage:
    """A file that should exist and does not."""
    return Damage(name, f"{name} 没有了", _remedy(name))


def sha256_of_file(path: Path) -> str:
    """The hash of a file, read in chunks."""
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


def _envelopes(settings: Settings) -> Iterator[Path]:
    return (path for path in settings.raw.glob(f"*/*{ENVELOPE}") if path.parent != settings.inbox)


def _raw(settings: Settings) -> dict[str, str]:
    """Raw files by their envelopes."""
    expected: dict[str, str] = {}
    for envelope in _envelopes(settings):
        try:
            record = json.loads(envelope.read_text(encoding="utf-8"))
            stored = record.get("kept") or {"sha256": envelope.name.removesuffix(ENVELOPE)}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # reported by _damaged_records
        stem = envelope.name.removesuffix(ENVELOPE)
        beside = [path for path in envelope.parent.glob(f"{stem}*") if path != envelope]
        if stored.get("sha256"):
            suffix = Path(str(record.get("file_name"))).suffix.lower()
            path = beside[0] if beside else envelope.with_name(stem + suffix)
            expected[path.relative_to(settings.data).as_posix()] = str(stored["sha256"])
    return expected


def _issued(settings: Settings) -> dict[str, str]:
    """Issued files: the PDF and its sealed copies by the journal, the files beside it by its manifest. The manifest is
    written last: a folder without one is unfinished, and completed by the next agenda."""
    expected: dict[str, str] = {}
    try:
        for entry in Journal(settings.journal).entries():
            for name, row in entry.events:
                if name == "sealed_copy" and isinstance(row, Mapping):
                    expected[str(row["place"])] = str(row["sha256"])
                if name != "issued" or not isinstance(row, Mapping):
                    continue
                folder = f"issued/{row['issue_year']}/{row['number']}"
                if (settings.data / folder / "manifest.json").exists():
                    expected |= _in_manifest(settings.data, folder, Path(str(row["file_name"])).stem)
                    expected[f"{folder}/{row['file_name']}"] = str(row["sha256"])
    except JournalError:
        pass  # reported by _damaged_records
    return expected


def _in_manifest(data: Path, folder: str, stem: str) -> dict[str, str]:
    """The files of a manifest, which names them whole or by the suffix behind the document's name."""
    try:
        manifest = json.loads((data / folder / "manifest.json").read_text(encoding="utf-8"))
        files = {
            name if "." in name else f"{stem}.{name}": str(digest)
            for name, digest in manifest["files"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        files = {"manifest.json": ""}  # no content has this hash
    return {f"{folder}/{name}": digest for name, digest in files.items()}


def _damaged_records(settings: Settings) -> Iterator[Damage]:
    """The journal's and the access record's chains, approvals that the record lacks, and envelopes that cannot be read or
    bear the name of another file."""
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
    for envelope in sorted(_envelopes(settings)):
        name = envelope.relative_to(settings.data).as_posix()
        if name not in listed and not _is_envelope(envelope):
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
