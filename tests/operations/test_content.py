"""Stored and issued files and the journal are verified by their content, not by their presence."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.cli.approval import remake_lines
from flows.office import Office
from flows.operations import content
from flows.operations.content import damaged_files, expected_hashes, sha256_of_file, update_checksums
from flows.plan.issued import Decision
from flows.settings import Settings
from tests.staff import actor

AT = datetime(2025, 7, 21, 17, 30)


@pytest.fixture(scope="module")
def issued(half_year: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a half-year received and one county's feedback issued."""
    settings = Settings(data=tmp_path_factory.mktemp("issued") / "data")
    shutil.copytree(half_year, settings.data)
    office, name = Office(settings, lambda: AT), "2025-05/monthly_dispatch-kailu"
    office.make("monthly_dispatch", "2025-05", county="kailu")
    office.decide(office.approval_status(name), Decision.APPROVED, actor(settings, "审核岗"))
    office.issue(name)
    return settings.data


@pytest.fixture
def whole(issued: Path, tmp_path: Path) -> Settings:
    shutil.copytree(issued, tmp_path / "data")
    return Settings(data=tmp_path / "data")


def flip(path: Path) -> None:
    """One bit in the middle."""
    changed = bytearray(path.read_bytes())
    changed[len(changed) // 2] ^= 1
    path.write_bytes(changed)


def names(settings: Settings) -> list[str]:
    return [one.name for one in damaged_files(settings)]


def test_nothing_is_said_of_what_is_whole(whole: Settings) -> None:
    assert names(whole) == []
    folder = next((whole.data / "issued" / "2025").iterdir())
    stored = list(whole.raw.glob("*/*.xlsx"))
    assert (
        len(expected_hashes(whole)) == len(stored) + len([*folder.iterdir()]) - 1
    )  # the manifest, not listed yet


@pytest.mark.parametrize("damage", [flip, Path.unlink], ids=["flipped", "missing"])
@pytest.mark.parametrize(
    "pattern", ["raw/2025-03/*.xlsx", "issued/*/*/*.pdf", "issued/*/*/*.xlsx", "issued/*/*/figures.csv"]
)
def test_a_flipped_bit_or_a_missing_file_is_named_with_its_remedy(
    whole: Settings, pattern: str, damage: Callable[[Path], None]
) -> None:
    path = min(whole.data.glob(pattern))
    damage(path)
    (found,) = damaged_files(whole)
    assert found.name == path.relative_to(whole.data).as_posix()
    assert ("没有了" in found.sentence) == (damage is Path.unlink)
    assert "从备份恢复到别处" in found.remedy and ("remake" in found.remedy) == found.name.startswith(
        "issued/"
    )


@pytest.mark.parametrize(
    "pattern", ["raw/2025-03/*.received.json", "issued/*/*/manifest.json", "raw/2025-03/*.xlsx"]
)
def test_what_has_no_hash_of_its_own_is_listed_after_a_day(whole: Settings, pattern: str) -> None:
    path = min(whole.data.glob(pattern))
    name, day_before = path.relative_to(whole.data).as_posix(), (AT - timedelta(days=2)).timestamp()
    for file in whole.data.rglob("*"):
        os.utime(file, (day_before, day_before))
    update_checksums(whole, {name: sha256_of_file(path)}, AT)
    assert names(whole) == []
    flip(path)
    assert names(whole) == [name]
    update_checksums(whole, {name: sha256_of_file(path)}, AT)  # what is listed is not changed
    assert names(whole) == [name]


def test_an_envelope_that_makes_no_sense_is_named_at_once(whole: Settings) -> None:
    envelope = min(whole.raw.glob("2025-03/*.received.json"))
    envelope.write_text(json.dumps(json.loads(envelope.read_text("utf-8")) | {"sha256": "ab" * 32}), "utf-8")
    assert envelope.relative_to(whole.data).as_posix() in names(whole)


def test_a_bit_of_any_line_but_the_last_breaks_the_journals_chain(whole: Settings) -> None:
    lines = whole.journal.read_bytes().splitlines(keepends=True)
    assert len(lines) == 2  # the approval and the issue
    altered = lines[0].replace("审核岗".encode(), "审核員".encode())
    whole.journal.write_bytes(altered + lines[1])
    (found,) = [one for one in damaged_files(whole) if one.name.startswith("ledgers/")]
    assert found.sentence == "台账流水 journal.jsonl 第 2 条与上一条不衔接"
    assert "从最近的备份恢复" in found.remedy


def test_an_access_record_that_was_altered_is_named(whole: Settings) -> None:
    record = whole.data / "ledgers" / "accounts.jsonl"
    record.write_bytes(record.read_bytes().replace(b'"clerk"', b'"admin"', 1))
    (found,) = damaged_files(whole)
    assert (found.name, found.sentence) == (
        "ledgers/accounts.jsonl", "台账流水 accounts.jsonl 第 2 条与上一条不衔接",
    )  # fmt: skip
    assert "从最近的备份恢复" in found.remedy


def test_an_access_record_put_in_place_of_the_real_one_lacks_the_approvals(whole: Settings) -> None:
    """Record and head deleted, a new one begun by somebody who makes himself the reviewer."""
    for name in ("accounts.jsonl", "accounts.head"):
        (whole.data / "ledgers" / name).unlink()
    actor(whole, "审核岗")
    (found,) = damaged_files(whole)
    assert found.sentence == "台账流水里 审核岗 对 2025-05/monthly_dispatch-kailu 的审签，账号登记里没有"
    assert "账号登记多半被换过" in found.remedy


def test_of_a_large_store_a_share_is_hashed_and_all_of_it_by_turns(
    whole: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "FULL_BYTES", 0)
    hashed: list[Path] = []

    def note(path: Path) -> str:
        hashed.append(path)
        return sha256_of_file(path)

    monkeypatch.setattr(content, "sha256_of_file", note)
    for number in range(7):
        before = len(hashed)
        assert [*damaged_files(whole, (number, 7))] == []
        assert 0 < len(hashed) - before < len(expected_hashes(whole)) / 3
    assert sorted(hashed) == sorted(whole.data / name for name in expected_hashes(whole))


def test_remake_reads_the_file_that_was_issued_too(whole: Settings) -> None:
    pdf = next(whole.data.glob("issued/*/*/*.pdf"))
    ((line, is_well),) = remake_lines(Office(whole), ())
    assert is_well and "逐字节相同" in line and "损坏" not in line
    flip(pdf)
    ((line, is_well),) = remake_lines(Office(whole), ())
    assert not is_well and line.endswith(f"{pdf} 已损坏，与台账所记不同，请从备份取回")
    pdf.unlink()
    ((line, is_well),) = remake_lines(Office(whole), ())
    assert not is_well and line.endswith(f"{pdf} 没有了，请从备份取回")


def test_an_issued_folder_that_a_crash_left_unfinished_is_no_damage(whole: Settings) -> None:
    shutil.rmtree(next((whole.data / "issued" / "2025").iterdir()))  # the next agenda writes it again
    assert names(whole) == []
