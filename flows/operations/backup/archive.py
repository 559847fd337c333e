"""A backup's file (备份文件): a gzipped tar of files, and at its end the list of all with their sha256.

Written aside and put in its place only when it has been read back; read as a stream, and nothing in it is believed:
no path leads out, no link is followed, every byte is hashed.
"""

import gzip
import hashlib
import json
import os
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

LIST = "backup.json"  # the last member: what the backup is, and every file with size and hash
_PIECE = 1 << 20
_LEVEL = 1  # workbooks and PDFs are packed already
_BROKEN = (EOFError, gzip.BadGzipFile, tarfile.TarError, zlib.error)

About = Mapping[str, Any]


class BackupError(RuntimeError):
    """A backup that cannot be made or used: which, and why."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"备份 {path.name} {why}")


@dataclass(frozen=True, slots=True)
class Item:
    """A file to go in: its name in the backup, where its bytes lie; `at_most` so many of them, for a file that
    grows; `may_vanish` where somebody may have taken it away meanwhile."""

    name: str
    path: Path
    at_most: int | None = None
    may_vanish: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """One file read out of a backup: its name, how many bytes, their sha256 as found."""

    name: str
    size: int
    sha256: str


def write(target: Path, items: Iterable[Item], about: About) -> dict[str, Member]:
    """Put the items into a new file at `target` and flush it to the disk; what is in it, by name."""
    written: dict[str, Member] = {}
    with target.open("xb") as file:
        target.chmod(0o600)  # it holds addresses
        with _packed(file) as tar:
            for item in items:
                if (member := _add(tar, item)) is not None:
                    written[member.name] = member
            files = {m.name: {"sha256": m.sha256, "bytes": m.size} for m in written.values()}
            _add_list(tar, json.dumps({**about, "files": files}, ensure_ascii=False, indent=1).encode())
        file.flush()
        os.fsync(file.fileno())
    return written


def read(path: Path, into: Path | None = None) -> Iterator[Member | About]:
    """Every file of a backup in turn, laid down below `into` if that is given, and at the end what the backup says
    of itself. BackupError naming the first file that is not as it was put in."""
    found: dict[str, Member] = {}
    name, about = "开头", None
    try:
        with gzip.open(path) as unpacked, tarfile.open(fileobj=unpacked, mode="r|") as tar:
            for info in tar:
                name = info.name
                _refuse_what_leads_out(path, info, found)
                content = tar.extractfile(info)
                if content is None:
                    raise BackupError(path, f"里的 {name} 读不出来")
                if name == LIST:
                    about = json.loads(content.read())
                    continue
                found[name] = _taken(info, content, into)
                yield found[name]
            name = "末尾"
            while unpacked.read(_PIECE):  # what is behind the last file counts for the whole file's check sum
                pass
    except (*_BROKEN, ValueError) as fault:
        raise BackupError(path, f"读到 {name} 处读不下去，备份已损坏，不能使用（{fault}）") from None
    yield _complete(path, found, about)


@contextmanager
def _packed(file: IO[bytes]) -> Iterator[tarfile.TarFile]:
    with (
        gzip.GzipFile("", "wb", _LEVEL, file) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        yield tar


def _add(tar: tarfile.TarFile, item: Item) -> Member | None:
    """One file, hashed as it is written."""
    try:
        file = item.path.open("rb")
    except FileNotFoundError:
        if item.may_vanish:
            return None
        raise
    with file:
        stat = os.fstat(file.fileno())
        size = stat.st_size if item.at_most is None else min(stat.st_size, item.at_most)
        info = tarfile.TarInfo(item.name)
        info.size, info.mtime, info.mode = size, int(stat.st_mtime), 0o600
        hashed = _Hashed(file)
        tar.addfile(info, hashed)
    return Member(item.name, size, hashed.digest.hexdigest())


class _Hashed:
    """A file that keeps the hash of what was read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.digest, self._file = hashlib.sha256(), file

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most that many."""
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


def _add_list(tar: tarfile.TarFile, content: bytes) -> None:
    from io import BytesIO

    info = tarfile.TarInfo(LIST)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, BytesIO(content))


def _taken(info: tarfile.TarInfo, content: IO[bytes], into: Path | None) -> Member:
    """Hash a member's bytes and, if asked to, lay them down."""
    digest = hashlib.sha256()
    target = Path(os.devnull) if into is None else into / info.name
    if into is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb" if into is None else "xb") as file:
        for piece in _pieces(content, info.size):
            digest.update(piece)
            file.write(piece)
    if into is not None:
        target.chmod(0o600)
        os.utime(target, (info.mtime, info.mtime))
    return Member(info.name, info.size, digest.hexdigest())


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (piece := file.read(min(size, _PIECE))):
        size -= len(piece)
        yield piece
    if size:
        raise EOFError("比所记的短")


def _refuse_what_leads_out(path: Path, info: tarfile.TarInfo, found: Mapping[str, Member]) -> None:
    parts = PurePosixPath(info.name).parts
    is_inside = parts and not info.name.startswith("/") and not {"..", "."} & set(info.name.split("/"))
    if not info.isreg() or not is_inside or "\\" in info.name or "\0" in info.name or info.name in found:
        raise BackupError(path, f"里有不该有的内容：{info.name!r}，不能使用")


def _complete(path: Path, found: Mapping[str, Member], about: About | None) -> About:
    if about is None or "files" not in about:
        raise BackupError(path, "没有清单，是没有写完的备份，不能使用")
    listed: Mapping[str, Any] = about["files"]
    for name in sorted({*listed, *found}):
        member = found.get(name)
        if member is None:
            raise BackupError(path, f"缺 {name}，不能使用")
        if name not in listed or listed[name]["sha256"] != member.sha256:
            raise BackupError(path, f"里的 {name} 与备份时不同，备份已损坏，不能使用")
    return about
