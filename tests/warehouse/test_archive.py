"""A backup's file: what went in comes out, and whatever is not as it was put in is refused by name."""

import gzip
import io
import tarfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.operations.backup.archive import LIST, BackupError, Item, Member, read, write

NAMES = ["raw/2025-01/甲.xlsx", "ledgers/journal.jsonl", "issued/2025/通人社发〔2025〕1号/通报.pdf"]


def laid_out(folder: Path) -> list[Item]:
    items = []
    for n, name in enumerate(NAMES):
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_bytes(name.encode() * (n * 50_000 + 1))
        items.append(Item(name, path))
    return items


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    target = tmp_path / "b.tar.gz"
    write(target, laid_out(tmp_path / "office"), {"made_at": "2025-07-08T17:30:00"})
    return target


def test_what_went_in_comes_out_with_its_hash_and_for_its_owner_alone(archive: Path, tmp_path: Path) -> None:
    *members, about = read(archive, tmp_path / "there")
    assert [m.name for m in members if isinstance(m, Member)] == NAMES
    assert isinstance(about, Mapping) and list(about["files"]) == NAMES
    for name in NAMES:
        assert (tmp_path / "there" / name).read_bytes() == (tmp_path / "office" / name).read_bytes()
        assert (tmp_path / "there" / name).stat().st_mode & 0o077 == 0
    assert archive.stat().st_mode & 0o077 == 0  # addresses are in it


def test_a_file_that_grows_is_taken_as_far_as_it_was_noticed(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(b"one\ntwo\n")
    write(tmp_path / "b", [Item("journal.jsonl", journal, max_bytes=4)], {})
    list(read(tmp_path / "b", tmp_path / "there"))
    assert (tmp_path / "there" / "journal.jsonl").read_bytes() == b"one\n"


def test_what_may_vanish_may_and_what_may_not_stops_the_backup(tmp_path: Path) -> None:
    assert write(tmp_path / "b", [Item("raw/inbox/a", tmp_path / "a", may_vanish=True)], {}) == {}
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "c", [Item("raw/2025-01/a", tmp_path / "a")], {})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(data=st.data())
def test_a_byte_changed_or_an_end_cut_off_anywhere_is_found_or_changes_nothing(
    archive: Path, data: st.DataObject
) -> None:
    """Some bits of a gzip file say nothing of any content: flags, time, padding, the code of a byte that never comes."""
    whole = archive.read_bytes()
    put_in = list(read(archive))
    at = data.draw(st.integers(0, len(whole) - 1))
    spoilt = archive.with_name("spoilt.tar.gz")
    changed = whole[:at] + bytes([whole[at] ^ (1 << data.draw(st.integers(0, 7)))]) + whole[at + 1 :]
    spoilt.write_bytes(changed)
    with suppress(BackupError):
        assert list(read(spoilt)) == put_in
    spoilt.write_bytes(whole[:at])
    with pytest.raises(BackupError, match=r"spoilt.tar.gz"):
        list(read(spoilt))


def test_a_file_changed_inside_is_named(archive: Path, tmp_path: Path) -> None:
    plain = gzip.decompress(archive.read_bytes())
    spoilt = tmp_path / "spoilt.tar.gz"
    spoilt.write_bytes(gzip.compress(plain.replace(NAMES[1].encode() * 3, b"x" * len(NAMES[1] * 3), 1)))
    with pytest.raises(BackupError, match=r"备份 spoilt.tar.gz 里的 ledgers/journal.jsonl 与备份时不同"):
        list(read(spoilt))


def hostile(target: Path, member: tarfile.TarInfo, content: bytes = b"") -> Path:
    member.size = len(content)
    with tarfile.open(target, "w:gz") as tar:
        tar.addfile(member, io.BytesIO(content))
    return target


@pytest.mark.parametrize(
    "name", ["../out.txt", "/etc/out.txt", "raw/../../out.txt", "raw\\..\\out.txt", "./raw/a"]
)
def test_no_path_leads_out(tmp_path: Path, name: str) -> None:
    archive = hostile(tmp_path / "b.tar.gz", tarfile.TarInfo(name), b"boo")
    with pytest.raises(BackupError, match="里有不该有的内容"):
        list(read(archive, tmp_path / "there"))
    assert not (tmp_path / "there").exists() and not (tmp_path / "out.txt").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_nothing_but_files_is_taken(tmp_path: Path, kind: bytes) -> None:
    member = tarfile.TarInfo("raw/a")
    member.type, member.linkname = kind, "/etc/passwd"
    with pytest.raises(BackupError, match="里有不该有的内容：'raw/a'"):
        list(read(hostile(tmp_path / "b.tar.gz", member), tmp_path / "there"))


def test_without_its_list_it_is_no_backup(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz"):
        pass
    with pytest.raises(BackupError, match="没有清单，是没有写完的备份"):
        list(read(tmp_path / "b.tar.gz"))


def test_a_file_that_the_list_has_and_the_backup_has_not_is_named(tmp_path: Path) -> None:
    archive = hostile(tmp_path / "b.tar.gz", tarfile.TarInfo(LIST), b'{"files": {"raw/a": {"sha256": "ab"}}}')
    with pytest.raises(BackupError, match="缺 raw/a，不能使用"):
        list(read(archive))
