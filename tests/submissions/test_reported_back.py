"""What the office reads of the files it took in: numbers held, in `status`; envelopes out of bounds, in `doctor`; what
counts, from definitions.csv, in the form."""

import csv
import json
import shutil
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from flows.documents.reporting_status import status_lines
from flows.office import Office
from flows.operations.doctor import arrival_times
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.period import Period
from flows.plan.plan_file import PlanError
from flows.settings import Settings
from flows.submissions.form.form_spec import FormSpec, form_spec
from flows.submissions.form.writer import write_form
from flows.warehouse.raw import ENVELOPE
from tests.submissions.conftest import DUE_ON, NAME, PLAN, filled, total

NOW = datetime(2025, 7, 4, 9, 30)
JUNE = Period.month(2025, 6)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "data")
    settings.inbox.mkdir(parents=True)
    return settings


def take_in(settings: Settings, content: bytes, received_at: str = "") -> Office:
    """The office after one workbook, with the time of receipt that its envelope tells."""
    (settings.inbox / NAME).write_bytes(content)
    if received_at:
        (settings.inbox / (NAME + ENVELOPE)).write_text(json.dumps({"received_at": received_at}))
    office = Office(settings, lambda: NOW)
    assert [one.status for one in office.ingest()] == ["accepted"]
    return office


def test_status_lists_each_number_that_is_held(settings: Settings, form: FormSpec) -> None:
    office = take_in(settings, filled(form, {"urban_new_jobs": total("110", "607①")}))
    lines = status_lines(office.status(JUNE))
    at = next(n for n, line in enumerate(lines) if line.startswith("  开鲁县"))
    assert "数据待核 1 处" in lines[at]
    held = [line for line in lines[at + 1 :] if line.endswith("（数据待核，须改正重报）")]
    assert [line.split(" · ", 1)[1] for line in held] == [
        "城镇新增就业（累计）：应为以“人”计的整数，填报为 607①（数据待核，须改正重报）"
    ]
    assert held[0].strip().startswith("2506-") and "月报!G6" in held[0]


def test_status_says_nothing_of_an_honest_report(settings: Settings, form: FormSpec) -> None:
    assert not any("数据待核" in line for line in status_lines(take_in(settings, filled(form)).status(JUNE)))


@pytest.mark.parametrize(
    ("told", "believed"),
    [
        ("2025-07-03T10:00:00", True),
        ("2025-06-01T00:00:00", True),  # the month's first day
        ("2025-05-31T23:59:00", False),  # before the month began
        ("2025-07-04T09:30:00", True),  # now
        ("2025-07-04T09:31:00", False),  # a minute ahead of now
        ("2031-01-01T00:00:00", False),
    ],
)
def test_doctor_names_an_envelope_out_of_bounds(
    settings: Settings, form: FormSpec, told: str, believed: bool
) -> None:
    take_in(settings, filled(form), told)
    line = arrival_times(settings, NOW)
    assert line == (
        "各份报表随附的收到时间都可信"
        if believed
        else f"1 份报表随附的收到时间不可信，已按实际收到登记（如 {NAME}）；请核对代收机器的时钟"
    )


def test_the_form_prints_what_counts_from_the_plan_folder(catalogue: Catalogue) -> None:
    with (PLAN / "definitions.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["indicator"]: row for row in csv.DictReader(file)}
    assert catalogue.definitions.keys() == rows.keys()
    spec = form_spec(catalogue, "kailu", "2025-06", {})
    book = openpyxl.load_workbook(BytesIO(write_form(spec, DUE_ON)))
    texts = {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value}
    for line in spec.lines:
        row = rows[line.indicator]
        assert catalogue.definitions[line.indicator].counts == row["counts"]
        assert any(row["counts"] in text and row["source"] in text for text in texts), line.label


def test_a_definition_of_no_indicator_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(PLAN, tmp_path / "2025")
    with (folder / "definitions.csv").open("a", encoding="utf-8") as file:
        file.write("nothing_known,一,二,三\n")
    with pytest.raises(PlanError, match=r"definitions.csv · indicator：应为方案里的指标，实为 nothing_known"):
        load(folder)


def test_a_plan_without_definitions_says_whom_to_ask(tmp_path: Path) -> None:
    folder = shutil.copytree(PLAN, tmp_path / "2025")
    (folder / "definitions.csv").unlink()
    catalogue = load(folder)
    assert catalogue.definitions == {}
    assert "主管部门" in form_spec(catalogue, "kailu", "2025-06", {}).lines[0].scope
