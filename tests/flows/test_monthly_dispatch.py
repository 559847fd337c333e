"""月调度 end to end on a real Prefect server: workbooks in the inbox, a bulletin in its folder."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from flows.monthly_dispatch import monthly_dispatch
from flows.settings import Settings

pytestmark = pytest.mark.usefixtures("server")


def test_the_flow_lays_bulletin_workbook_figures_and_manifest_in_the_folder_of_the_month(
    office: Settings,
) -> None:
    pdf = Path(monthly_dispatch("2025-06"))
    folder = office.reports / "2025-06" / "monthly_dispatch"
    assert pdf.parent == folder
    assert pdf.read_bytes().startswith(b"%PDF-1.7")
    assert {p.name for p in folder.iterdir()} == {
        pdf.name,
        f"{pdf.stem}.xlsx",
        "figures.csv",
        "manifest.json",
    }
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["as_of"].startswith("2025-07-")
    assert manifest["sample"] is True


def test_made_again_it_is_the_same_to_the_byte(office: Settings) -> None:
    first = contents(Path(monthly_dispatch("2025-06")).parent)
    assert contents(Path(monthly_dispatch("2025-06")).parent) == first


def test_as_of_an_earlier_moment_it_lies_beside_the_current_one(office: Settings) -> None:
    now = Path(monthly_dispatch("2025-05"))
    then = Path(monthly_dispatch("2025-05", datetime(2025, 6, 9)))
    assert then.parent.name == "monthly_dispatch@20250609T000000"
    assert now.exists()
    assert then.read_bytes() != now.read_bytes()  # a county corrected May in July


def test_an_operator_sees_what_happened_step_by_step(
    office: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    pdf = monthly_dispatch("2025-06")
    steps = [r.task_run_name for r in caplog.records if getattr(r, "task_run_name", None)]
    assert [name.rsplit("-", 1)[0] for name in steps] == ["汇总依据", "成文", "存档"]
    said = [r.getMessage() for r in caplog.records if r.name == "prefect.flow_runs"]
    assert "2025-06：数据截至 2025-07-09 16:30:00，未报：库伦旗" in said
    assert f"已成文：{pdf}" in said


def test_one_county_gets_its_own_sheet(office: Settings) -> None:
    pdf = Path(monthly_dispatch("2025-06", county="kailu"))
    assert pdf.parent == office.reports / "2025-06" / "monthly_dispatch-kailu"


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}
