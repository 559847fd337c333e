"""收表 end to end on a real Prefect server."""

from pathlib import Path

import openpyxl
import pytest

from flows.intake import intake
from flows.office import Office
from flows.plan.folders import plan_of
from flows.plan.period import Period
from flows.settings import Settings
from flows.submissions.forms import write_sample

pytestmark = pytest.mark.usefixtures("server")


def test_what_waits_in_the_inbox_is_received_and_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIAODU_DATA", str(tmp_path))
    settings = Settings()
    write_sample(plan_of(settings, 2025), (1,), 2025, settings.inbox)
    waiting = len(list(settings.inbox.glob("*.xlsx")))
    (settings.inbox / "照片.jpg").write_bytes(b"\xff\xd8\xff\xe0 a photo")
    received = intake()
    assert [one["status"] for one in received].count("accepted") == waiting
    assert [one["name"] for one in received if one["status"] == "refused"] == ["照片.jpg"]
    assert all(Path(one["receipt_path"]).is_file() for one in received)
    assert intake() == []


def test_next_months_form_carries_this_months_running_totals(office: Settings) -> None:
    written = Office(office).forms(Period.parse("2025-07"))
    assert len(written) == 9 + 12
    form = openpyxl.load_workbook(next(p for p in written if p.name.startswith("开鲁县")))["月报"]
    head = {cell.value: cell.column for row in form.iter_rows(max_row=8) for cell in row if cell.value}
    urban = next(row for row in form.iter_rows() if any(cell.value == "城镇新增就业" for cell in row))
    june = (
        Office(office).gather("2025-06").figures.filter(county="kailu", indicator="urban_new_jobs")["ytd"][0]
    )
    assert urban[head["上月累计"] - 1].value == june
