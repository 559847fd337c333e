"""The Office: what a flow, a command and the simulation all call, without Prefect."""

import json
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from flows.documents.evidence import TooEarlyError
from flows.documents.pdf.typeset import Rendering, Typesetter
from flows.office import Office, UnknownCountyError
from flows.plan.period import Period
from flows.settings import Settings
from flows.warehouse.connection import Warehouse, WarehouseBusyError


def test_what_waits_in_the_inbox_is_received_and_answered(tmp_path: Path) -> None:
    office = Office(Settings(data=tmp_path), lambda: datetime(2025, 2, 10, 9, 0))
    office.sample(2025, (1,), 2025)
    inbox = office.settings.inbox
    waiting = len(list(inbox.glob("*.xlsx")))
    (inbox / "照片.jpg").write_bytes(b"\xff\xd8\xff\xe0 a photo")
    received = office.ingest()
    assert [one.status for one in received].count("accepted") == waiting
    assert [one.name for one in received if one.status == "refused"] == ["照片.jpg"]
    assert all(one.receipt_path.is_file() for one in received)
    assert office.ingest() == []


def test_next_months_form_carries_this_months_running_totals(office: Settings) -> None:
    desk = Office(office)
    written = desk.forms(Period.parse("2025-07"))
    assert len(written) == 9 + 12
    form = openpyxl.load_workbook(next(p for p in written if p.name.startswith("开鲁县")))["月报"]
    head = {cell.value: cell.column for row in form.iter_rows(max_row=8) for cell in row if cell.value}
    urban = next(row for row in form.iter_rows() if any(cell.value == "城镇新增就业" for cell in row))
    june = desk.gather("2025-06").figures.filter(county="kailu", indicator="urban_new_jobs")["ytd"][0]
    assert urban[head["上月累计"] - 1].value == june


def drafted(office: Settings, kind: str, period: str, county: str | None = None) -> Path:
    """The PDF of the first document."""
    return next(iter(Office(office).make(kind, period, county=county).pdfs.values()))


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def test_a_bulletin_lies_with_workbook_figures_and_manifest_in_the_folder_of_the_month_and_is_the_same_again(
    office: Settings,
) -> None:
    pdf = drafted(office, "monthly_dispatch", "2025-06")
    folder = office.reports / "2025-06" / "monthly_dispatch"
    assert pdf.parent == folder and pdf.read_bytes().startswith(b"%PDF-1.7")
    first = contents(folder)
    names = {pdf.name, f"{pdf.stem}.xlsx", "figures.csv", "manifest.json", "paragraphs.json", ".laid-out"}
    assert set(first) == names
    manifest = json.loads(first["manifest.json"])
    assert manifest["as_of"].startswith("2025-07-") and manifest["sample"] is True
    assert contents(drafted(office, "monthly_dispatch", "2025-06").parent) == first


@pytest.mark.usefixtures("fresh_layout")
def test_a_second_draft_from_the_same_facts_is_not_laid_out_again_and_one_from_others_is(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = drafted(office, "monthly_dispatch", "2025-05", "kailu").read_bytes()
    lay_out, laid = Typesetter._lay_out, list[str]()

    def counted(self: Typesetter, rendering: Rendering, *rest: Any) -> bytes:
        laid.append(rendering.template)
        return lay_out(self, rendering, *rest)

    monkeypatch.setattr(Typesetter, "_lay_out", counted)
    assert drafted(office, "monthly_dispatch", "2025-05", "kailu").read_bytes() == first and laid == []
    drafted(office, "monthly_dispatch", "2025-06", "kailu")
    assert laid == ["county_feedback.html.j2"]


def test_a_document_as_of_an_earlier_moment_lies_beside_the_current_one(office: Settings) -> None:
    now = drafted(office, "monthly_dispatch", "2025-05", "kailu")
    earlier = Office(office).make("monthly_dispatch", "2025-05", datetime(2025, 6, 9), "kailu")
    (then,) = earlier.pdfs.values()
    assert then.parent.name == "monthly_dispatch-kailu@20250609T000000"
    assert now.exists() and then.read_bytes() != now.read_bytes()  # a county corrected May in July


@pytest.mark.parametrize("written", ["kailu", "开鲁县", "开鲁"])
def test_a_county_is_understood_by_its_id_its_name_and_its_short_name(office: Settings, written: str) -> None:
    pdf = drafted(office, "half_year_summary", "2025-H1", written)
    assert pdf == office.reports / "2025-H1" / "half_year_summary-kailu" / "2025-H1_开鲁县反馈单.pdf"


def test_a_county_that_the_plan_does_not_have_is_a_sentence(office: Settings) -> None:
    with pytest.raises(UnknownCountyError, match="没有“北京”这个旗县市区，应为：科尔沁区、"):
        Office(office).make("monthly_dispatch", "2025-06", county="北京")


def test_quarter_and_half_year_lie_in_folders_of_their_own(office: Settings) -> None:
    quarter = drafted(office, "quarterly_analysis", "2025-Q2")
    assert quarter.parent == office.reports / "2025-Q2" / "quarterly_analysis"
    assert {p.suffix for p in quarter.parent.glob("[!.]*")} == {".pdf", ".xlsx", ".csv", ".json"}
    half_year = drafted(office, "half_year_summary", "2025-H1")
    assert half_year.parent == office.reports / "2025-H1" / "half_year_summary"


def test_an_annual_assessment_comes_with_its_proposal_and_grades_nothing_that_is_not_known(
    office: Settings,
) -> None:
    with pytest.raises(TooEarlyError, match="12月报表应报21份，已报0份"):
        Office(office).make("annual_assessment", "2025")
    drafts = Office(office).make("annual_assessment", "2025", early=True)
    report, proposal = drafts.pdfs.values()
    assert report == office.reports / "2025" / "annual_assessment" / "2025_年度评估报告.pdf"
    assert proposal.parent == office.reports / "2025" / "commendation"
    assert not pl.read_csv(proposal.parent / "figures.csv")[
        "proposed"
    ].any()  # December is not known of anyone


def test_one_county_gets_its_own_scores_and_no_proposal(office: Settings) -> None:
    pdf = drafted(office, "annual_assessment", "2025", "kailu")
    assert pdf.parent == office.reports / "2025" / "annual_assessment-kailu"
    assert not (office.reports / "2025" / "commendation").exists()


def test_figures_before_anything_was_received_are_missing_and_neither_zero_nor_an_error(
    tmp_path: Path,
) -> None:
    rows = json.loads(Office(Settings(data=tmp_path)).figures(Period.parse("2025-06")))
    assert len(rows) > 56
    assert {row["state"] for row in rows} == {"missing"}
    assert {row["value"] for row in rows} == {row["ytd"] for row in rows} == {None}


def test_figures_as_csv_begin_with_a_byte_order_mark(office: Settings) -> None:
    assert Office(office).figures(Period.parse("2025-06"), form="csv").startswith(b"\xef\xbb\xbfperiod,")


def test_a_nested_use_shares_the_warehouse_and_the_outermost_lets_it_go(office: Settings) -> None:
    desk = Office(office)
    with desk.warehouse() as outer:
        with desk.warehouse() as inner:
            assert inner is outer
        assert inner.faults() == []  # still open
    opened_by_another_process = f"import duckdb; duckdb.connect({str(office.warehouse)!r}).close()"
    subprocess.run([sys.executable, "-c", opened_by_another_process], check=True)


HOLD = """
import sys, time
from flows.office import Office
with Office().warehouse():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_whoever_has_the_warehouse_is_waited_for(office: Settings) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout and other.stdout.readline() == "held\n"
        with pytest.raises(WarehouseBusyError, match="正被另一个程序使用"):
            Warehouse(office.warehouse, office.journal)
        began = time.monotonic()
        threading.Timer(1.0, other.stdin.close if other.stdin else print).start()
        with Office(office).warehouse() as warehouse:
            assert warehouse.faults() == []
        assert time.monotonic() - began >= 1.0
