"""A file that somebody gathered: a submission for every county in it, none of them over the county's own."""

import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from flows.documents.tracing.lines import as_text
from flows.office import Office
from flows.plan.load import plan_of, plans
from flows.plan.period import Period
from flows.settings import Settings
from flows.submissions import ingest as reception
from flows.submissions import recording as entering
from flows.submissions.ingest import ReportResult
from flows.submissions.read_form import open_or_refuse
from flows.submissions.recording import Source, ingest
from flows.warehouse.connection import Warehouse
from flows.warehouse.stored_files import stored_files
from tests.submissions.test_arriving import PERSON, everything, told_of_anybody

NOW = datetime(2025, 2, 8, 9, 0)
LATER = datetime(2025, 2, 9, 9, 0)
COUNTIES = {"科尔沁区": "horqin", "开鲁县": "kailu", "奈曼旗": "naiman"}
NAME = "各地1月.xlsx"


@pytest.fixture(scope="module")
def january(sample_files: Path) -> dict[str, bytes]:
    """January's sample workbooks of three counties, by county."""
    return {name: (sample_files / f"{name}2025年1月月报.xlsx").read_bytes() for name in COUNTIES}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "data")
    settings.inbox.mkdir(parents=True)
    return settings


def gathered(january: dict[str, bytes], **typed: dict[str, object]) -> bytes:
    """The three forms as sheets of one workbook; cells of a county's sheet may be typed over."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for county, content in january.items():
        sheet = book.create_sheet(county)
        form = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["月报"]
        for row in form.iter_rows():
            for cell in row:
                if cell.value is not None:
                    sheet[cell.coordinate] = cell.value
        for place, value in typed.get(county, {}).items():
            sheet[place] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def take_in(settings: Settings, name: str, content: bytes, at: datetime = NOW) -> dict[str, ReportResult]:
    (settings.inbox / name).write_bytes(content)
    received = Office(settings, lambda: at).ingest()
    return {one.name.removeprefix(f"{name} 内 "): one for one in received}


def rows(settings: Settings, name: str, as_of: datetime = LATER) -> list[dict[str, object]]:
    reach = {"as_of": as_of, "first_month": "2025-01", "last_month": "2025-12"}
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        return warehouse.select(name, **reach).to_dicts()


def test_every_county_has_a_submission_and_a_receipt_and_the_file_is_kept_once(
    settings: Settings, january: dict[str, bytes]
) -> None:
    received = take_in(settings, NAME, gathered(january))
    assert {name: one.status for name, one in received.items()} == dict.fromkeys(COUNTIES, "accepted")
    (kept,) = stored_files(settings.raw)
    assert [p.name for p in settings.raw.rglob("*.xlsx")] == [f"{kept.sha256}.xlsx"]
    for county, one in received.items():
        assert one.receipt_path.name == f"{NAME}-{kept.sha256[:12]}-{county}.txt"
        assert one.receipt_path.read_text("utf-8") == one.receipt
        assert f"填报单位　　{county}（汇总文件中的一份）" in one.receipt
        assert f"文件校验码　{kept.sha256}\n" in one.receipt
        assert f"这一份不是{county}单独报送的：先按{county}的报表采用" in one.receipt
    in_force = {str(row["reporter"]): row for row in rows(settings, "received")}
    assert set(in_force) == set(COUNTIES.values())
    assert {row["sha256"] for row in in_force.values()} == {kept.sha256}


def test_a_part_says_what_the_countys_own_file_would(settings: Settings, january: dict[str, bytes]) -> None:
    take_in(settings, NAME, gathered(january))
    parts = rows(settings, "by_cell")
    for county, content in january.items():
        take_in(settings, f"{county}.xlsx", content, LATER)
    assert rows(settings, "by_cell") == parts
    assert {row["file_name"] for row in rows(settings, "received")} == {f"{c}.xlsx" for c in COUNTIES}


def test_problems_of_all_parts_have_numbers_of_their_own(
    settings: Settings, january: dict[str, bytes]
) -> None:
    wrong: dict[str, object] = {"G6": "约一百"}
    received = take_in(settings, NAME, gathered(january, 科尔沁区=wrong, 奈曼旗=wrong))
    numbers = [str(row["question_number"]) for row in rows(settings, "problems")]
    assert len(set(numbers)) == len(numbers)
    (kept,) = stored_files(settings.raw)
    assert {row["reporter"] for row in rows(settings, "problems")} >= {"horqin", "naiman"}
    back = sorted(path.name for path in settings.receipts.rglob("*.xlsx"))
    expected = [f"各地1月（退回修改）-{kept.sha256[:12]}-{county}.xlsx" for county in ("奈曼旗", "科尔沁区")]
    assert set(back) >= set(expected)
    own = openpyxl.load_workbook(next(settings.receipts.rglob(expected[0])))
    assert own.sheetnames == ["回执", "奈曼旗"]
    assert received["开鲁县"].status == "accepted"


def test_a_county_that_reported_itself_is_not_written_over(
    settings: Settings, january: dict[str, bytes]
) -> None:
    take_in(settings, "开鲁县1月.xlsx", january["开鲁县"])
    before = [row for row in rows(settings, "by_cell") if row["reporter"] == "kailu"]
    received = take_in(settings, NAME, gathered(january, 开鲁县={"G6": 9999}), LATER)
    assert {name: one.status for name, one in received.items()} == {
        "科尔沁区": "accepted",
        "开鲁县": "refused",
        "奈曼旗": "accepted",
    }
    assert (
        "原因：开鲁县已于 2025-02-08 09:00 自己报送本月报表（开鲁县1月.xlsx），汇总文件里开鲁县的部分不采用。"
        in received["开鲁县"].receipt
    )
    assert [row for row in rows(settings, "by_cell") if row["reporter"] == "kailu"] == before


def test_the_countys_own_file_stands_over_a_part_received_before_it_and_at_the_same_moment(
    settings: Settings, january: dict[str, bytes]
) -> None:
    take_in(settings, NAME, gathered(january, 开鲁县={"G6": 9999}))
    take_in(settings, "开鲁县1月.xlsx", january["开鲁县"])
    names = {row["reporter"]: row["file_name"] for row in rows(settings, "received")}
    assert names == {"horqin": NAME, "kailu": "开鲁县1月.xlsx", "naiman": NAME}


def test_a_part_that_cannot_be_read_leaves_the_others(settings: Settings, january: dict[str, bytes]) -> None:
    """Without its heads a county's sheet names nobody's numbers."""
    heads: dict[str, object] = {f"{column}{row}": "某" for column in "BCDEFG" for row in range(3, 40)}
    received = take_in(settings, NAME, gathered(january, 开鲁县=heads))
    assert {name: one.status for name, one in received.items()} == {
        "科尔沁区": "accepted",
        "开鲁县": "refused",
        "奈曼旗": "accepted",
    }
    assert "表内没有找到应报的指标" in received["开鲁县"].receipt
    assert "填报单位　　开鲁县（汇总文件中的一份）" in received["开鲁县"].receipt


def test_the_same_gathered_file_again_changes_nothing(settings: Settings, january: dict[str, bytes]) -> None:
    names = ("by_cell", "received", "problems", "statements")
    content = gathered(january, 奈曼旗={"G6": "约一百"})
    first = take_in(settings, NAME, content)
    before = [rows(settings, name) for name in names]
    again = take_in(settings, NAME, content, LATER)
    assert {one.status for one in again.values()} == {"unchanged"}
    assert [rows(settings, name) for name in names] == before
    assert [one.left for one in again.values()] == [one.left for one in first.values()]


@pytest.fixture(scope="module")
def three_sheets(january: dict[str, bytes]) -> bytes:
    return gathered(january)


@pytest.fixture(scope="module")
def undisturbed(three_sheets: bytes, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An office that has taken in the gathered file."""
    settings = Settings(data=tmp_path_factory.mktemp("undisturbed"))
    settings.inbox.mkdir(parents=True)
    take_in(settings, NAME, three_sheets)
    return settings


@pytest.mark.parametrize("step", ["keep", "record", "write_whole", "clear"])
def test_a_crash_within_a_gathered_file_is_repaired_by_running_again(
    settings: Settings, undisturbed: Settings, three_sheets: bytes, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    (settings.inbox / NAME).write_bytes(three_sheets)
    where = entering if step == "record" else reception
    real = getattr(where, step)

    def cut(*arguments: object, **named: object) -> object:
        real(*arguments, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(where, step, cut)
    with pytest.raises(KeyboardInterrupt):
        Office(settings, lambda: NOW).ingest()
    monkeypatch.setattr(where, step, real)
    Office(settings, lambda: NOW).ingest()
    assert everything(settings.raw) == everything(undisturbed.raw)
    assert everything(settings.receipts) == everything(undisturbed.receipts)
    assert rows(settings, "by_cell") == rows(undisturbed, "by_cell")


def test_what_is_kept_of_one_with_a_list_enters_again_as_it_did(
    settings: Settings, january: dict[str, bytes]
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(gathered(january)))
    sheet = book.create_sheet("名单")
    sheet.append(["姓名", "身份证号", "电话", "住址"])
    sheet.append(PERSON)
    buffer = io.BytesIO()
    book.save(buffer)
    received = take_in(settings, NAME, buffer.getvalue())
    assert {one.status for one in received.values()} == {"accepted"}
    assert told_of_anybody(settings) == []
    (kept,) = stored_files(settings.raw)
    assert kept.path
    opened = open_or_refuse(kept.own_name, kept.path.read_bytes())
    source = Source(kept.file_name, kept.own_name, kept.sha256, kept.received_at)
    again = Settings(data=settings.data.with_name("again"))
    with Warehouse(again.warehouse, again.journal) as warehouse:
        ingest(source, opened, warehouse, plans(again).catalogues)
    for name in ("by_cell", "received", "problems", "statements"):
        assert rows(again, name) == rows(settings, name)


def test_a_trace_says_that_the_figure_came_in_a_gathered_file(
    settings: Settings, january: dict[str, bytes]
) -> None:
    take_in(settings, NAME, gathered(january))
    (kept,) = stored_files(settings.raw)
    indicator = plan_of(settings, 2025).indicator["urban_new_jobs"]
    said = as_text(Office(settings).trace(Period.parse("2025-01"), indicator, "kailu"))
    assert "2025-02-08 09:00 收到，汇总文件中开鲁县的部分，第1版，共1版，示例数据" in said
    assert f"sha256 {kept.sha256}\n" in said and "哈希相符" in said
