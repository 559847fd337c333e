"""The flows on a real Prefect server: steps and artifacts as an operator sees them, parameters as the page offers them."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
from prefect.client.schemas.sorting import ArtifactSort
from prefect.utilities.callables import parameter_schema

from flows.daily import daily
from flows.intake import intake
from flows.monthly_dispatch import monthly_dispatch
from flows.office import Office
from flows.operations.inventory import documents_made
from flows.settings import Settings

pytestmark = pytest.mark.usefixtures("server")


def artifact(key: str) -> Any:
    """The last table artifact of that key."""
    wanted = ArtifactFilter(key=ArtifactFilterKey(any_=[key]))
    with get_client(sync_client=True) as client:
        found = client.read_artifacts(artifact_filter=wanted, sort=ArtifactSort.CREATED_DESC)
    return json.loads(str(found[0].data))


def test_an_operator_sees_what_happened_step_by_step(
    office: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    pdf = monthly_dispatch("2025-06", county="开鲁县")
    assert Path(pdf).parent == office.reports / "2025-06" / "monthly_dispatch-kailu"
    steps = [r.task_run_name for r in caplog.records if getattr(r, "task_run_name", None)]
    assert {name.rsplit("-", 1)[0] for name in steps} == {"成文"}
    said = [r.getMessage() for r in caplog.records if r.name == "prefect.flow_runs"]
    assert "2025-06：数据截至 2025-07-09 16:30:00，未报：库伦旗" in said
    assert f"已成文：{pdf}" in said


def test_the_artifact_of_a_countys_report_shows_that_county(office: Settings) -> None:
    monthly_dispatch("2025-06", county="开鲁县")
    figures = Office(office).gather("2025-06").figures.filter(indicator="urban_new_jobs")
    (own,), (city,) = figures.filter(county="kailu").to_dicts(), figures.filter(county="city").to_dicts()
    (row,) = [row for row in artifact("monthly-dispatch") if row["指标"] == "城镇新增就业"]
    assert own["ytd"] != city["ytd"]
    assert row["累计"] == f"{own['ytd']:.0f}人"
    assert row["已报"] == "1/1"


def test_the_page_offers_months_and_counties_by_name() -> None:
    offered = parameter_schema(monthly_dispatch.fn).model_dump()["properties"]
    assert offered["month"]["title"] == "报告月" and "2025-06" in offered["month"]["enum"]
    assert offered["month"]["description"] == "如 2025-06。"
    assert "开鲁县" in offered["county"]["anyOf"][0]["enum"]
    assert offered["as_of"]["title"] == "数据截止时间"


def test_the_agenda_runs_each_thing_as_its_flow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path))
    office = Office(now=lambda: datetime(2025, 2, 6, 9))
    office.sample(2025, (1,), 2025)
    done = daily(date(2025, 2, 6))
    assert done[:2] == ["收表（2月6日到期）", "更正"]
    assert documents_made(tmp_path / "reports") >= {("2025-01", "monthly_dispatch")}
    assert [row["结果"] for row in artifact("agenda")] == ["已办"] * 5
    assert len(artifact("received")) == 9 + 12
    assert daily(date(2025, 2, 6)) == []
    assert intake() == []
