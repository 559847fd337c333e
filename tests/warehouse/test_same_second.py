"""Two versions of a month received in the same second: the one recorded later stands, in warehouse and receipts."""

import json
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from flows.files import sha256_of
from flows.office import Office
from flows.operations.backup.rebuild import rebuild
from flows.plan.load import plan_of
from flows.settings import Settings
from flows.submissions.forms import write_sample
from flows.submissions.ingest import ReportResult
from flows.warehouse.connection import Warehouse
from flows.warehouse.questions import LONG_AFTER
from flows.warehouse.raw import ENVELOPE

AT = datetime(2025, 2, 8, 9, 0, 0)
NAME = "开鲁县2025年1月月报.xlsx"


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Settings, list[Path]]:
    """Three versions of a report, a jobs figure of 101, 102 and 103; the later, the smaller its hash."""
    settings = Settings(data=tmp_path / "data")
    write_sample(plan_of(settings, 2025), (1,), 2025, tmp_path / "sample")
    book = openpyxl.load_workbook(tmp_path / "sample" / NAME)
    paths: list[Path] = []
    below = "g"
    for jobs in (101, 102, 103):
        content, digest = next(
            (content, digest) for content in (_saved(book, jobs, n) for n in range(999))
            if (digest := sha256_of(content)) < below
        )  # fmt: skip
        below = digest
        paths.append(tmp_path / f"{jobs}" / NAME)
        paths[-1].parent.mkdir()
        paths[-1].write_bytes(content)
        paths[-1].with_name(NAME + ENVELOPE).write_text(json.dumps({"received_at": AT.isoformat()}))
    return settings, paths


def _saved(book: openpyxl.Workbook, jobs: int, attempt: int) -> bytes:
    sheet = book["月报"]
    sheet["F6"], sheet["G6"] = jobs, jobs
    book.properties.title = f"{jobs}-{attempt}"
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def take_in(settings: Settings, path: Path) -> ReportResult:
    (received,) = Office(settings, lambda: AT).ingest([path])
    return received


def jobs_in_force(settings: Settings) -> float:
    with Warehouse(settings.warehouse, settings.journal) as warehouse:
        cells = warehouse.select("by_cell", as_of=LONG_AFTER, first_month="2025-01", last_month="2025-01")
    found: float = cells.filter(indicator="urban_new_jobs", measure="running_total")["value"].item()
    return found


def test_the_receipt_and_the_warehouse_agree_on_which_is_the_later(
    versions: tuple[Settings, list[Path]],
) -> None:
    settings, (first, second, third) = versions
    assert "上一版" not in take_in(settings, first).receipt
    assert "城镇新增就业（累计）101→102" in take_in(settings, second).receipt
    assert "城镇新增就业（累计）102→103" in take_in(settings, third).receipt
    assert jobs_in_force(settings) == 103.0
    assert rebuild(settings, AT).is_in_force
    assert jobs_in_force(settings) == 103.0


def test_a_receipt_written_again_compares_with_the_version_before_and_not_after(
    versions: tuple[Settings, list[Path]],
) -> None:
    settings, (first, second, third) = versions
    for path in (first, second):
        take_in(settings, path)
    lost = take_in(settings, third).receipt_path.parent.glob(f"*{sha256_of(second.read_bytes())[:12]}*")
    for path in list(lost):
        path.unlink()
    again = take_in(settings, second)
    assert "城镇新增就业（累计）101→102" in again.receipt
    assert jobs_in_force(settings) == 103.0
