"""Packages come apart, personal data is kept nowhere, and no name and no file stops the rest of the inbox."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from flows.office import Office
from flows.plan.load import plan_of
from flows.plan.observation import Reading
from flows.settings import Settings
from flows.submissions import incoming
from flows.submissions import ingest as reception
from flows.submissions import recording as entering
from flows.submissions.formats.package import MAX_BYTES
from flows.submissions.ingest import ReportResult, scan_inbox
from flows.submissions.read_form import read
from flows.warehouse.connection import Warehouse
from flows.warehouse.raw import ENVELOPE
from flows.warehouse.stored_files import find_stored, stored_files

NOW = datetime(2025, 2, 8, 9, 0)
LATER = datetime(9999, 1, 1)
IDENTITY = "110105194912310021"  # made up: nobody's
PERSON = ["丁某某", IDENTITY, "13800000000", "科尔沁大街一号"]
PHOTO = b"\xff\xd8\xff\xe0 a photo"


@pytest.fixture(scope="module")
def january(sample_files: Path) -> dict[str, bytes]:
    """January's sample workbooks of three counties, by name."""
    names = ("科尔沁区2025年1月月报.xlsx", "开鲁县2025年1月月报.xlsx", "奈曼旗2025年1月月报.xlsx")
    return {name: (sample_files / name).read_bytes() for name in names}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "data")
    settings.inbox.mkdir(parents=True)
    return settings


def put(settings: Settings, name: str | bytes, content: bytes) -> None:
    with open(os.fsencode(settings.inbox) + b"/" + os.fsencode(name), "wb") as file:  # noqa: PTH123  # a raw name
        file.write(content)


def take_in(settings: Settings, now: datetime = NOW) -> dict[str, ReportResult]:
    return {one.name: one for one in Office(settings, lambda: now).ingest()}


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def with_list(content: bytes) -> bytes:
    """The workbook with a list of persons on a sheet and one of them in a comment; a cell is wrong, so that the
    workbook goes back."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    urban = next(row for row in book["月报"].iter_rows() if row[1].value == "城镇新增就业")
    number = next(cell for cell in reversed(urban) if isinstance(cell.value, int))
    number.value = "约一百"
    number.comment = openpyxl.comments.Comment(f"{PERSON[0]}{IDENTITY}", "某")
    sheet = book.create_sheet("名单")
    sheet.append(["姓名", "身份证号", "电话", "住址"])
    sheet.append(PERSON)
    sheet["A1"].comment = openpyxl.comments.Comment(f"另有{PERSON[0]}{IDENTITY}", "某")
    book.properties.description = IDENTITY
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def everything(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, and what is inside those that are zips, however deep."""
    found: dict[str, bytes] = {}

    def look(name: str, content: bytes) -> None:
        found[name] = content
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                for part in package.namelist():
                    look(f"{name}/{part}", package.read(part))

    for path in folder.rglob("*"):
        if path.is_file():
            look(str(path.relative_to(folder)), path.read_bytes())
    return found


def told_of_anybody(settings: Settings) -> list[str]:
    marks = [text.encode(how) for text in PERSON for how in ("utf-8", "utf-16-le", "gb18030")]
    return [name for name, content in everything(settings.data).items() if any(m in content for m in marks)]


def test_a_package_comes_apart_and_each_file_is_answered(
    settings: Settings, january: dict[str, bytes]
) -> None:
    put(settings, "各地一月.zip", packed(january | {"盖章.jpg": PHOTO, "__MACOSX/._x": b"chaff"}))
    received = take_in(settings)
    expected = {f"各地一月.zip 内 {name}": "accepted" for name in january} | {
        "各地一月.zip 内 盖章.jpg": "refused"
    }
    assert {name: one.status for name, one in received.items()} == expected
    assert all(one.receipt_path.is_file() for one in received.values())
    assert len(list((settings.raw / "packages").glob("*.zip"))) == 1
    assert len(list((settings.raw / "2025-01").glob("*.xlsx"))) == 3
    envelopes = [json.loads(p.read_text("utf-8")) for p in (settings.raw / "2025-01").glob(f"*{ENVELOPE}")]
    assert {e["package"]["file_name"] for e in envelopes} == {"各地一月.zip"}
    assert {e["package"]["member"] for e in envelopes} == set(january)
    assert {(settings.raw / "packages" / f"{e['package']['sha256']}.zip").is_file() for e in envelopes} == {
        True
    }
    assert list(settings.inbox.iterdir()) == []


def test_the_same_package_again_changes_nothing(settings: Settings, january: dict[str, bytes]) -> None:
    for name in ("各地一月.zip", "各地一月(再发).zip"):
        put(settings, name, packed(january))
        received = take_in(settings)
    assert {one.status for one in received.values()} == {"unchanged"}
    assert len(list((settings.raw / "packages").glob("*.zip"))) == 1


def test_a_package_says_nothing_about_what_is_in_it(settings: Settings, january: dict[str, bytes]) -> None:
    """Its name speaks of another county and another month than each file in it."""
    put(settings, "霍林郭勒市12月.zip", packed(january))
    received = take_in(settings)
    assert not any("文件名" in one.receipt for one in received.values())


def test_names_in_gbk_are_read(settings: Settings, january: dict[str, bytes]) -> None:
    """As Windows packs them: GBK bytes, and no flag that says so."""
    latin = {f"{n:012d}.xlsx": content for n, content in enumerate(january.values())}
    content = packed(latin)
    gbk = [
        "科区一月报.xlsx".encode("gb18030"),
        "开鲁一月报.xlsx".encode("gb18030"),
        "奈旗一月报.xlsx".encode("gb18030"),
    ]
    for before, after in zip(latin, gbk, strict=True):
        content = content.replace(before.encode(), after.rjust(len(before), b"_"))
    put(settings, "一月.zip", content)
    assert sorted(take_in(settings)) == sorted(
        f"一月.zip 内 {'_' * 2}{name}" for name in ("科区一月报.xlsx", "开鲁一月报.xlsx", "奈旗一月报.xlsx")
    )


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda files: packed({"a.zip": packed(files), "b.zip": packed(files)}), "压缩包里还是压缩包"),
        (lambda files: packed({f"{n}.xlsx": b"x" for n in range(61)}), "压缩包里有 61 个文件，超过 60 个"),
        (lambda files: packed(files).replace(b"PK\1\2\x14\3\x14\0\0\x08", b"PK\1\2\x14\3\x14\0\1\x08"), "压缩包加了密码"),
    ],
    ids=["nested", "too_many", "encrypted"],
)  # fmt: skip
def test_a_package_that_may_not_be_unpacked_is_refused_whole(
    settings: Settings, january: dict[str, bytes], spoil: Callable[[dict[str, bytes]], bytes], reason: str
) -> None:
    put(settings, "一月.zip", spoil(january))
    put(settings, *next(iter(january.items())))
    received = take_in(settings)
    assert f"原因：{reason}" in received["一月.zip"].receipt
    assert sorted(one.status for one in received.values()) == ["accepted", "refused"]


class PowerCutError(BaseException):
    """The machine is gone: nothing may catch it."""


@pytest.fixture(scope="module")
def undisturbed(january: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An office that has taken in the three in a package."""
    settings = Settings(data=tmp_path_factory.mktemp("undisturbed"))
    settings.inbox.mkdir(parents=True)
    put(settings, "一月.zip", packed(january))
    take_in(settings)
    return settings


@pytest.mark.parametrize("step", ["keep", "record", "write_whole", "keep_package", "clear"])
def test_a_crash_within_a_package_is_repaired_by_running_again(
    settings: Settings,
    undisturbed: Settings,
    january: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    put(settings, "一月.zip", packed(january))
    where = {"record": entering, "keep_package": incoming}.get(step, reception)
    calls, real = iter(range(9)), getattr(where, step)
    last = {"keep_package": 0, "clear": 0}.get(step, 1)

    def cut(*arguments: object, **named: object) -> object:
        result = real(*arguments, **named)
        if next(calls) == last:
            raise PowerCutError
        return result

    monkeypatch.setattr(where, step, cut)
    with pytest.raises(PowerCutError):
        take_in(settings)
    monkeypatch.setattr(where, step, real)
    take_in(settings)
    assert everything(settings.raw) == everything(undisturbed.raw)
    assert everything(settings.receipts) == everything(undisturbed.receipts)


def test_of_personal_data_nothing_is_left_anywhere(settings: Settings, january: dict[str, bytes]) -> None:
    name, content = next(iter(january.items()))
    put(settings, name, with_list(content))
    assert told_of_anybody(settings) != []  # so the search does find it
    received = take_in(settings)[name]
    assert received.status == "accepted"
    assert (
        "工作表“名单”有 1 行含身份证号等个人信息，这些信息没有读取、没有入库，原文件也没有留存"
        in received.receipt
    )
    assert len(list(settings.receipts.rglob("*（退回修改）*.xlsx"))) == 1
    assert told_of_anybody(settings) == []


def test_the_copy_kept_reads_as_the_file_did(settings: Settings, january: dict[str, bytes]) -> None:
    name, content = next(iter(january.items()))
    put(settings, name, with_list(content))
    take_in(settings)
    (kept,) = (settings.raw / "2025-01").glob("*.cleaned.xlsx")
    envelope = json.loads((kept.parent / (kept.name.split(".")[0] + ENVELOPE)).read_text("utf-8"))
    assert envelope["kept"]["what"] == "cleaned copy" and envelope["sha256"] in kept.name
    plan = plan_of(settings, 2025)
    again = read(name, kept.read_bytes(), plan, lambda *_: {})
    before = read(name, with_list(content), plan, lambda *_: {})
    assert isinstance(again, Reading) and isinstance(before, Reading)
    assert again.observations == before.observations and again.problems == before.problems
    assert again.statements == before.statements


def test_the_same_bytes_with_a_list_are_known_again(settings: Settings, january: dict[str, bytes]) -> None:
    name, content = next(iter(january.items()))
    personal = with_list(content)
    for _ in range(2):
        put(settings, name, personal)
        received = take_in(settings)[name]
    assert received.status == "unchanged"
    assert told_of_anybody(settings) == []


def test_of_a_list_alone_only_the_envelope_is_kept(settings: Settings) -> None:
    put(settings, f"名单{IDENTITY}.csv", f"姓名,身份证号\n{PERSON[0]},{IDENTITY}\n".encode())
    (received,) = take_in(settings).values()
    assert received.status == "refused" and received.name == "名单（身份证号略）.csv"
    assert "本文件没有留存" in received.receipt
    assert told_of_anybody(settings) == []
    (kept,) = (settings.raw / "refused").iterdir()
    assert json.loads(kept.read_text("utf-8"))["kept"]["what"] == "nothing"


def test_a_package_with_a_list_in_it_is_not_kept_whole(settings: Settings, january: dict[str, bytes]) -> None:
    first, *others = january
    put(settings, "一月.zip", packed({first: with_list(january[first])} | {n: january[n] for n in others}))
    received = take_in(settings)
    assert {one.status for one in received.values()} == {"accepted"}
    assert told_of_anybody(settings) == []
    assert [p.suffix for p in (settings.raw / "packages").iterdir()] == [".json"]
    assert len(list((settings.raw / "2025-01").glob("*.cleaned.xlsx"))) == 1


def test_the_warehouse_knows_no_telephone_and_no_clerk(settings: Settings, january: dict[str, bytes]) -> None:
    for name, content in january.items():
        put(settings, name, content)
    take_in(settings)
    reach = {"as_of": LATER, "first_month": "2025-01", "last_month": "2025-12"}
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        rows = [
            warehouse.select(n, **reach).rows() for n in ("by_cell", "received", "problems", "statements")
        ]
    assert "示例填报人" not in repr(rows) and "0000-0000000" not in repr(rows)


def test_what_is_too_large_is_neither_loaded_nor_kept(settings: Settings, january: dict[str, bytes]) -> None:
    with (settings.inbox / "大.xlsx").open("wb") as file:
        file.truncate(50 * MAX_BYTES)
    put(settings, *next(iter(january.items())))
    received = take_in(settings)
    assert "文件过大" in received["大.xlsx"].receipt and "本文件没有留存" in received["大.xlsx"].receipt
    assert sum(len(content) for content in everything(settings.data).values()) < 20_000_000
    assert sorted(one.status for one in received.values()) == ["accepted", "refused"]


NAMES = {
    "turned_around": "月报\u202exslx.xlsx",
    "many_lines": "月报\n回执：已接收\n.xlsx",
    "control": "月报\x07\x1b[2J.xlsx",
    "as_long_as_a_disk_allows": "月" * 83 + ".xlsx",
    "of_no_encoding": "科区月报.xlsx".encode("gb18030"),
    "emoji": "月报😀.xlsx",
    "mongolian": "ᠲᠥᠩᠯᠢᠶᠣᠤ.xlsx",
    "formula": "=cmd|'calc'!A0.xlsx",
    "template": "{{ 7*7 }}<img src=x>.xlsx",
    "no_ending": "月报",
    "many_dots": "月报....xlsx......",
    "dots_and_folders": "C:\\..\\月报.xlsx",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_file_of_any_name_is_received(
    settings: Settings, january: dict[str, bytes], name: str | bytes
) -> None:
    put(settings, name, next(iter(january.values())))
    (received,) = take_in(settings).values()
    assert received.status == "accepted"
    assert received.receipt_path.parent == settings.receipts / "2025-01"
    assert received.receipt_path.is_file()
    assert "\n回执：已接收\n" not in received.receipt.replace(received.receipt.splitlines()[0], "", 1)
    received.receipt.encode()
    assert list(settings.inbox.iterdir()) == []


@pytest.mark.parametrize(
    "told", [b"", b"{", b"[]", b'{"received_at": 5}', b'{"received_at": "soon"}', b"\xff", b"[" * 99_999]
)
def test_an_envelope_that_makes_no_sense_is_none(
    settings: Settings, january: dict[str, bytes], told: bytes
) -> None:
    name, content = next(iter(january.items()))
    put(settings, name, content)
    put(settings, name + ENVELOPE, told)
    assert [one.received_at for one in scan_inbox(settings.inbox, [], NOW, plan_of(settings))] == [NOW]
    assert take_in(settings)[name].status == "accepted"


def test_a_fault_of_the_program_leaves_the_file_and_goes_on(
    settings: Settings, january: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in january.items():
        put(settings, name, content)
    real = entering.understand

    def fails_for_kailu(name: str, *rest: object) -> object:
        if name.startswith("开鲁县"):
            raise KeyError(PERSON[0])
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(entering, "understand", fails_for_kailu)
    received = take_in(settings)
    assert sorted(one.status for one in received.values()) == ["accepted", "accepted", "failed"]
    assert "文件仍在收件箱" in received["开鲁县2025年1月月报.xlsx"].receipt
    assert PERSON[0] not in repr(received)
    assert [path.name for path in settings.inbox.iterdir()] == ["开鲁县2025年1月月报.xlsx"]
    monkeypatch.setattr(entering, "understand", real)
    assert [one.status for one in take_in(settings).values()] == ["accepted"]


def test_everything_kept_is_found_again_with_what_its_envelope_tells(
    settings: Settings, january: dict[str, bytes]
) -> None:
    first, *others = january
    put(settings, "一月.zip", packed({first: with_list(january[first])} | {n: january[n] for n in others}))
    put(settings, "名单.csv", f"姓名,身份证号\n{PERSON[0]},{IDENTITY}\n".encode())
    take_in(settings)
    kept = list(stored_files(settings.raw))
    assert sorted(one.own_name for one in kept) == sorted([*january, "名单.csv"])
    assert [one.own_name for one in kept if one.path is None] == ["名单.csv"]
    assert [one.refusal.is_kept for one in kept if one.refusal] == [False]
    assert [one.own_name for one in kept if one.path and one.kept_sha256 != one.sha256] == [first]
    assert all(one.is_unchanged for one in kept if one.path)
    assert find_stored(settings.raw, kept[0].sha256) == kept[0]
    assert find_stored(settings.raw, "0" * 64) is None


def test_a_receipt_that_cannot_be_made_does_not_stop_the_rest(
    settings: Settings, january: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in january.items():
        put(settings, name, content)
    real, calls = reception.receipt_files, iter(range(9))

    def fails_once(*arguments: object) -> object:
        if next(calls) == 0:
            raise zipfile.BadZipFile
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(reception, "receipt_files", fails_once)
    assert sorted(one.status for one in take_in(settings).values()) == ["accepted", "accepted", "failed"]
    assert [one.status for one in take_in(settings).values()] == ["accepted"]
    assert list(settings.inbox.iterdir()) == []
