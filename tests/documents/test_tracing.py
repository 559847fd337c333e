"""From a printed number to the cell: followed by hand into the workbooks that lie in the raw store."""

import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from flows.documents.tracing.arithmetic import sums
from flows.documents.tracing.lines import as_json, as_text, faults
from flows.documents.tracing.trace import (
    NO_FILE,
    Cell,
    NotPrintedError,
    Trace,
    UntraceableError,
    printed_numbers,
)
from flows.files import sha256_of
from flows.office import Office
from flows.plan.load import plan_of
from flows.plan.period import Period
from flows.settings import Settings


def traced(
    office: Settings, period: str, indicator: str, county: str, as_of: datetime | None = None
) -> Trace:
    found = plan_of(office, int(period[:4])).indicator[indicator]
    return Office(office).trace(Period.parse(period), found, county, as_of)


def stood(office: Settings, cell: Cell) -> object:
    """What openpyxl, which the program does not use, finds in that cell of that file."""
    assert cell.original is not None
    file = office.data / cell.original
    assert sha256_of(file.read_bytes()) == cell.sha256
    value = openpyxl.load_workbook(file, data_only=True)[cell.sheet][cell.cell].value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def arithmetic(found: Trace) -> dict[str, str]:
    return {one.name: one.written for one in sums(found)}


def test_a_county_month_rests_on_two_cells_that_hold_the_numbers_printed(office: Settings) -> None:
    found = traced(office, "2025-06", "secondary_jobs", "kailu")
    june, may = found.cells
    assert (stood(office, june), stood(office, may)) == (125, 96)
    assert (june.month, june.sheet, june.cell, june.file_name) == (
        "2025-06",
        "月报",
        "G8",
        "开鲁县2025年6月月报.xlsx",
    )
    assert arithmetic(found) == {
        "本期": "125 − 96 = 29（6月累计 − 5月累计）",
        "完成率": "125 × 100 ÷ 300 = 41.7 %",
        "较时序": "41.6667 − 50 = −8.3333，慢于时序进度8.3个百分点（时序进度 6 × 100 ÷ 12）",
        "尚需月均": "（300 − 125）÷ 6 = 29.1667，进一为 30",
    }
    assert faults(found) == []


def test_the_target_is_quoted_with_its_place_in_the_plan(office: Settings) -> None:
    text = as_text(traced(office, "2025-06", "secondary_jobs", "kailu"))
    assert "（通政发〔2025〕33号）第2项任务；附件“二产新增就业岗位”一栏“开鲁县”一行" in text
    assert "“创造就业岗位5000个以上”" in text
    assert "累计（total），flows/indicators/rules.py" in text


@pytest.mark.parametrize(
    ("period", "before"), [("2025-Q2", "2025-03"), ("2025-H1", None), ("2025-06", "2025-05")]
)
def test_a_period_rests_on_its_last_month_and_the_month_before_it(
    office: Settings, period: str, before: str | None
) -> None:
    found = traced(office, period, "urban_new_jobs", "horqin")
    assert [c.month for c in found.cells] == ["2025-06", *([before] if before else [])]
    ends = [stood(office, cell) for cell in found.cells]
    start = ends[1] if before else 0
    assert isinstance(ends[0], int) and isinstance(start, int)
    assert found.figure["value"] == ends[0] - start


def test_a_city_total_adds_up_the_cells_of_those_who_reported_and_names_who_is_missing(
    office: Settings,
) -> None:
    found = traced(office, "2025-06", "urban_new_jobs", "city")
    ends = [c for c in found.cells if c.month == "2025-06"]
    assert len(ends) == len(found.parts) == 9
    assert sum(int(str(stood(office, c))) for c in ends if c.sha256) == found.figure["ytd"]
    assert [c.county for c in ends if c.state == NO_FILE] == ["hure"]
    assert found.missing == ["库伦旗"]
    text = as_text(found)
    assert "底数：9个地区，已报 8/9，缺库伦旗" in text
    assert "2025-06 累计　未报：没有收到库伦旗的报表" in text


def test_the_departments_own_figure_of_the_city_stands_beside_and_not_in_the_sum(office: Settings) -> None:
    found = traced(office, "2025-06", "urban_new_jobs", "city")
    (own,) = found.beside
    assert (own.reporter, stood(office, own)) == ("human_resources", own.value)
    assert own.value != found.figure["ytd"]


def test_a_mean_shows_every_month_and_the_division(office: Settings) -> None:
    found = traced(office, "2025-Q2", "surveyed_urban_unemployment", "city")
    rates = [stood(office, c) for c in reversed(found.cells)]
    assert len(rates) == 6
    april, may, june = rates[3:]
    assert arithmetic(found)["本期"].startswith(f"（{april} + {may} + {june}）÷ 3 = ")


def test_every_figure_of_every_rule_can_be_done_again_from_its_cells(office: Settings) -> None:
    one_of_a_rule = {i.rule: i.id for i in plan_of(office, 2025).indicators}
    assert len(one_of_a_rule) == 6
    for indicator in one_of_a_rule.values():
        found = traced(office, "2025-Q2", indicator, "city")
        assert faults(found) == [], indicator
        assert json.loads(as_json(found))["indicator"] == indicator


def test_as_of_an_earlier_moment_the_first_version_stands_and_the_later_one_is_counted(
    office: Settings,
) -> None:
    """扎鲁特旗 corrected May on 1 July."""
    now = traced(office, "2025-05", "skilled_talent_trained", "jarud").cells[0]
    then = traced(office, "2025-05", "skilled_talent_trained", "jarud", datetime(2025, 6, 9)).cells[0]
    assert (now.version, now.versions) == (2, 2)
    assert (then.version, then.versions) == (1, 2)
    assert now.sha256 != then.sha256
    assert then.received_at is not None and then.received_at < datetime(2025, 6, 9)


def test_a_query_on_the_cell_stands_below_it(office: Settings) -> None:
    text = as_text(traced(office, "2025-06", "skilled_talent_trained", "kailu"))
    assert "核实：开鲁县2025年6月月报.xlsx · 月报!G14" in text


def test_a_blocked_cell_shows_what_stood_in_it_and_gives_no_number(
    office: Settings,
) -> None:
    """A county sends June again with a word where the running total should be."""
    june = traced(office, "2025-06", "secondary_jobs", "kailu").cells[0]
    assert june.original is not None
    book = openpyxl.load_workbook(office.data / june.original)
    book[june.sheet][june.cell] = "约一百三"
    again = Path(office.data / june.file_name)
    book.save(again)
    Office(office, lambda: datetime(2025, 7, 10, 9, 0)).ingest([again])
    found = traced(office, "2025-06", "secondary_jobs", "kailu")
    cell = found.cells[0]
    assert (cell.value, cell.state, cell.written, cell.version) == (None, "blocked", "约一百三", 2)
    assert found.figure["ytd"] is None
    assert "印出来的数　还没有文件印出；汇总数为累计 数据待核" in as_text(found)
    assert "错误：" in as_text(found)


def test_an_original_that_was_changed_afterwards_is_said(office: Settings) -> None:
    cell = traced(office, "2025-06", "secondary_jobs", "kailu").cells[0]
    assert cell.original is not None
    with (office.data / cell.original).open("ab") as file:
        file.write(b"x")
    assert faults(traced(office, "2025-06", "secondary_jobs", "kailu")) == [
        "原件 开鲁县2025年6月月报.xlsx 不在，或已被改动（哈希不符）"
    ]


def test_a_county_without_the_indicator_is_told_which_there_are(office: Settings) -> None:
    with pytest.raises(UntraceableError, match="开鲁县没有“城镇调查失业率”这项数，可查：全市"):
        traced(office, "2025-06", "surveyed_urban_unemployment", "kailu")


@pytest.fixture
def bulletin(office: Settings) -> Settings:
    """An office that has drafted June's bulletin."""
    Office(office).make("monthly_dispatch", "2025-06")
    return office


def test_a_number_on_a_page_leads_to_its_figure_and_cells_as_of_the_documents_cut(bulletin: Settings) -> None:
    record = list(printed_numbers(bulletin.reports, "2025-06/monthly_dispatch"))
    target = {
        (p.text, p.value)
        for p in record
        if (p.county, p.indicator, p.column) == ("kailu", "secondary_jobs", "target")
    }
    assert target == {("300", 300)}
    with pytest.raises(NotPrintedError, match="不是指标数，或没有印出"):
        Office(bulletin).trace_printed("2025-06/monthly_dispatch", "123456789")
    with pytest.raises(NotPrintedError, match="是几项数，请写明报告期、指标、地区：\n"):
        Office(bulletin).trace_printed("2025-06/monthly_dispatch", "8")
    (total,) = {
        p.text for p in record if (p.county, p.indicator, p.column) == ("city", "urban_new_jobs", "ytd")
    }
    found = Office(bulletin).trace_printed("2025-06/monthly_dispatch", total)
    assert (found.county, found.indicator.id, found.cut) == ("city", "urban_new_jobs", record[0].as_of)
    assert "  2025-06/monthly_dispatch　" in as_text(found) and f"累计 {total}" in as_text(found)
    assert faults(found) == []


def test_a_printed_number_unlike_its_cells_is_a_fault(bulletin: Settings) -> None:
    manifest = bulletin.reports / "2025-06/monthly_dispatch/manifest.json"
    record = json.loads(manifest.read_text("utf-8"))
    for block in record["printed"]:
        for one in block["printed"]:
            if (one.get("county"), one.get("indicator"), one["column"]) == ("kailu", "secondary_jobs", "ytd"):
                one["text"], one["value"] = "126", 126.0
    manifest.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    found = traced(bulletin, "2025-06", "secondary_jobs", "kailu")
    assert "2025-06/monthly_dispatch 印出的126与由底数算出的不同" in faults(found)


def test_a_corrections_manifest_of_an_earlier_program_names_what_a_workbook_reported(
    bulletin: Settings,
) -> None:
    """Before 0.5.1 the 125 that the workbook reports was recorded as `value`; the month's own is 125 − 96 = 29."""
    folder = bulletin.reports / "2025-06/correction_1"
    folder.mkdir()
    bulletin_record = json.loads(
        (bulletin.reports / "2025-06/monthly_dispatch/manifest.json").read_text("utf-8")
    )
    figure = {"kind": "cell", "period": "2025-06", "county": "kailu", "indicator": "secondary_jobs"}
    printed = [
        figure | {"text": "120", "value": 120.0, "column": "value_before"},
        figure | {"text": "125", "value": 125.0, "column": "value"},
    ]
    block = {"id": "corrected", "text": "开鲁县6月二产新增就业岗位个120125", "printed": printed}
    record = {"as_of": bulletin_record["as_of"], "printed": [block]}
    (folder / "manifest.json").write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    found = Office(bulletin).trace_printed("2025-06/correction_1", "125")
    assert "  2025-06/correction_1　更正前报表所报 120　报表所报 125" in as_text(found)
    assert faults(found) == []


def test_a_manifest_from_before_numbers_were_recorded_says_what_to_ask_instead(bulletin: Settings) -> None:
    manifest = bulletin.reports / "2025-06/monthly_dispatch/manifest.json"
    record = json.loads(manifest.read_text("utf-8"))
    del record["printed"]
    manifest.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    with pytest.raises(NotPrintedError, match=r"是以前的程序做的.*请写报告期、指标、地区"):
        Office(bulletin).trace_printed("2025-06/monthly_dispatch", "125")
    assert faults(traced(bulletin, "2025-06", "secondary_jobs", "kailu")) == []
