"""Backup archives: their names and retention, and the file itself, a gzipped tar with a list of hashes at its end.

`write` packs files; `read` streams an archive and verifies it: no path leads out, no link is followed, every byte is
hashed. BackupError names the first file that is not as it was packed. Importing this opens nothing and needs no warehouse.
"""

import gzip
import hashlib
import json
import os
import re
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any

from flows.plan.policy import BackupRetention

LIST = "backup.json"  # the last member: what the backup is, and every file with size and hash
_CHUNK_BYTES = 1 << 20
_LEVEL = 1  # workbooks and PDFs are compressed already
_CORRUPT = (EOFError, ValueError, gzip.BadGzipFile, tarfile.TarError, zlib.error)
_NAME = re.compile(r"diaodu-(20\d{6}T\d{6})\.tar\.gz")
_MOMENT = "%Y%m%dT%H%M%S"

About = Mapping[str, Any]


class BackupError(RuntimeError):
    """A backup that cannot be made or used: which, and why."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"备份 {path.name} {why}")


@dataclass(frozen=True, slots=True)
class Item:
    """A file to pack: its name in the archive and where its bytes are; `max_bytes` of a file that grows; `may_vanish`
    where another process may remove it meanwhile."""

    name: str
    path: Path
    max_bytes: int | None = None
    may_vanish: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its name, how many bytes, their sha256 as read."""

    name: str
    size: int
    sha256: str


def name_of(moment: datetime) -> str:
    """The file name of the backup of a moment: diaodu-20250708T173000.tar.gz."""
    return f"diaodu-{moment:{_MOMENT}}.tar.gz"


def backups(folder: Path) -> dict[datetime, Path]:
    """The finished backups of a folder by their moment, oldest first; other files are ignored."""
    found = {}
    for path in folder.iterdir() if folder.is_dir() else ():
        if (match := _NAME.fullmatch(path.name)) and path.is_file():
            found[datetime.strptime(match[1], _MOMENT)] = path
    return dict(sorted(found.items()))


def expendable(moments: Iterable[datetime], policy: BackupRetention) -> set[datetime]:
    """The backups to remove: not the last of one of the last days, weeks or months that have a backup.

    Days with a backup are counted, not calendar days: a machine that was off for a month, or a clock that jumped,
    costs no backup.
    """
    every = sorted(moments)
    retained = set(every[-1:])
    spans: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (policy.daily, datetime.date),
        (policy.weekly, lambda moment: moment.isocalendar()[:2]),
        (policy.monthly, lambda moment: (moment.year, moment.month)),
    )
    for count, span in spans:
        last_of_each = list({span(moment): moment for moment in every}.values())
        retained |= set(last_of_each[-count:]) if count else set()
    return set(every) - retained


def write(target: Path, items: Iterable[Item], about: About) -> dict[str, Member]:
    """Pack the items into a new file and flush it to the disk; returns what was packed, by name."""
    written: dict[str, Member] = {}
    with target.open("xb") as file:
        target.chmod(0o600)  # it holds addresses
        with (
            gzip.GzipFile("", "wb", _LEVEL, file) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        ):
            for item in items:
                if (member := _add(tar, item)) is not None:
                    written[member.name] = member
            files = {m.name: {"sha256": m.sha256, "bytes": m.size} for m in written.values()}
            content = json.dumps({**about, "files": files}, ensure_ascii=False, indent=1).encode()
            info = tarfile.TarInfo(LIST)
            info.size, info.mode = len(content), 0o600
            tar.addfile(info, BytesIO(content))
        file.flush()
        os.fsync(file.fileno())
    return written


def read(path: Path, into: Path | None = None) -> Iterator[Member | About]:
    """Every file of an archive in turn, written below `into` if that is given, and last what the backup says of itself.
    BackupError naming the first file that is not as it was packed."""
    found: dict[str, Member] = {}
    name, about = "开头", None
    try:
        with gzip.open(path) as unpacked, tarfile.open(fileobj=unpacked, mode="r|") as tar:
            for info in tar:
                name = info.name
                _require_safe(path, info, found)
                content = tar.extractfile(info)
                if content is None:
                    raise BackupError(path, f"里的 {name} 读不出来")
                if name == LIST:
                    about = json.loads(content.read())
                    continue
                found[name] = _extract(info, content, into)
                yield found[name]
            name = "末尾"
            while unpacked.read(_CHUNK_BYTES):  # the gzip checksum stands behind the last file
                pass
    except _CORRUPT as fault:
        raise BackupError(path, f"读到 {name} 处读不下去，备份已损坏，不能使用（{fault}）") from None
    yield _verified(path, found, about)


class _HashingReader:
    """A file that hashes what is read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.digest, self._file = hashlib.sha256(), file

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most that many."""
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


def _add(tar: tarfile.TarFile, item: Item) -> Member | None:
    """Pack one file, hashed as it is written; None where it has vanished and may."""
    try:
        file = item.path.open("rb")
    except FileNotFoundError:
        if item.may_vanish:
            return None
        raise
    with file:
        stat = os.fstat(file.fileno())
        info = tarfile.TarInfo(item.name)
        info.size = stat.st_size if item.max_bytes is None else min(stat.st_size, item.max_bytes)
        info.mtime, info.mode = int(stat.st_mtime), 0o600
        reader = _HashingReader(file)
        tar.addfile(info, reader)
    return Member(item.name, info.size, reader.digest.hexdigest())


def _extract(info: tarfile.TarInfo, content: IO[bytes], into: Path | None) -> Member:
    """Hash a member's bytes and, where asked to, write them."""
    reader, left = _HashingReader(content), info.size
    target = Path(os.devnull) if into is None else into / info.name
    if into is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb" if into is None else "xb") as file:
        while left > 0 and (chunk := reader.read(min(left, _CHUNK_BYTES))):
            left -= file.write(chunk)
    if left:
        raise EOFError("比所记的短")
    if into is not None:
        target.chmod(0o600)
        os.utime(target, (info.mtime, info.mtime))
    return Member(info.name, info.size, reader.digest.hexdigest())


def _require_safe(path: Path, info: tarfile.TarInfo, found: Mapping[str, Member]) -> None:
    parts = PurePosixPath(info.name).parts
    is_inside = parts and not info.name.startswith("/") and not {"..", "."} & set(info.name.split("/"))
    if not info.isreg() or not is_inside or "\\" in info.name or "\0" in info.name or info.name in found:
        raise BackupError(path, f"里有不该有的内容：{info.name!r}，不能使用")


def _verified(path: Path, found: Mapping[str, Member], about: About | None) -> About:
    if about is None or "files" not in about:
        raise BackupError(path, "没有清单，是没有写完的备份，不能使用")
    listed: Mapping[str, Any] = about["files"]
    for name in sorted({*listed, *found}):
        if name not in found:
            raise BackupError(path, f"缺 {name}，不能使用")
        if name not in listed or listed[name]["sha256"] != found[name].sha256:
            raise BackupError(path, f"里的 {name} 与备份时不同，备份已损坏，不能使用")
    return about
