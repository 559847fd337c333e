"""The frames of a document as of a data cut."""

from datetime import datetime

import polars as pl
import pytest

from flows.documents.evidence import NothingReceivedError
from flows.office import Office
from flows.plan.frames import FigureSchema, ReportingSchema
from flows.plan.units import round_half_up
from flows.settings import Settings
from flows.warehouse.questions import LONG_AFTER, open_questions
from tests.staff import actor


def test_the_default_cut_is_the_last_file_received(office: Settings) -> None:
    june = Office(office).gather("2025-06")
    assert june.cut == june.reporting["received_at"].max()


def test_the_frames_have_the_agreed_columns(office: Settings) -> None:
    june = Office(office).gather("2025-06")
    assert june.figures.columns == FigureSchema.column_names()
    assert june.reporting.columns == ReportingSchema.column_names()


def test_a_county_that_did_not_report_is_named_and_is_neither_zero_nor_ranked(office: Settings) -> None:
    june = Office(office).gather("2025-06")
    assert june.missing == ["库伦旗"]
    row = june.figures.row(by_predicate=is_cell("hure", "urban_new_jobs"), named=True)
    assert (row["state"], row["ytd"], row["value"], row["attainment_pct"], row["rank"]) == (
        "missing", None, None, None, None,
    )  # fmt: skip
    city = june.figures.row(by_predicate=is_cell("city", "urban_new_jobs"), named=True)
    assert (city["reported"], city["expected"], city["state"]) == (8, 9, "partial")


def test_the_table_on_the_page_writes_figures_as_the_documents_do(office: Settings) -> None:
    june = Office(office).gather("2025-06")
    row = june.figures.row(by_predicate=is_cell("city", "startup_loans"), named=True)
    (shown,) = (line for line in june.headline() if line["指标"] == "创业担保贷款发放金额")
    assert shown["累计"] == f"{row['ytd']:.2f}".rstrip("0").rstrip(".") + "万元"
    assert shown["完成率"] == f"{round_half_up(row['ytd'] * 100 / row['target'], 1)}%"
    nothing = dict.fromkeys(("value", "ytd", "attainment_pct")) | {"reported": 0, "expected": 9}
    assert june._headline(nothing, june.catalogue.indicator["urban_new_jobs"]) == {
        "指标": "城镇新增就业", "本期": "未报", "累计": "未报", "完成率": "—", "已报": "0/9",
    }  # fmt: skip


def test_a_missed_month_spoils_no_later_running_total(office: Settings) -> None:
    """奈曼旗 never reports March: April's own value is unknown, its running total is not."""
    march = (
        Office(office)
        .gather("2025-03")
        .figures.row(by_predicate=is_cell("naiman", "urban_new_jobs"), named=True)
    )
    april = (
        Office(office)
        .gather("2025-04")
        .figures.row(by_predicate=is_cell("naiman", "urban_new_jobs"), named=True)
    )
    assert (march["ytd"], march["state"]) == (None, "missing")
    assert april["value"] is None
    assert april["ytd"] > 0


def test_an_earlier_cut_shows_the_earlier_figures(office: Settings) -> None:
    now = Office(office).gather("2025-05").figures
    then = Office(office).gather("2025-05", datetime(2025, 6, 9)).figures
    assert not now["ytd"].equals(then["ytd"])  # one county corrected May in July
    assert Office(office).gather("2025-05", datetime(2025, 6, 9)).figures.equals(then)


def test_evidence_is_gathered_again_once_something_has_changed(office: Settings) -> None:
    desk = Office(office, lambda: datetime(2025, 7, 20, 9))
    with desk.warehouse() as warehouse:
        may, june = desk.gather("2025-05"), desk.gather("2025-06")
        assert desk.gather("2025-06") is june and desk.gather("2025-05") is may
        number = open_questions(warehouse, "2025-06", "2025-06", LONG_AFTER)[0].number
        desk.answer(number, "与社保数据比对，核减重复统计3人", actor(desk.settings, "经办岗"))
        later = desk.gather("2025-06")
        assert (
            later.cut == desk.now()
            and later.problems["answer"].null_count() < june.problems["answer"].null_count()
        )
    assert desk.gather("2025-06") is not later  # what is kept is kept while the warehouse is open


def test_before_anything_came_there_is_a_sentence(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = Settings(data=tmp_path_factory.mktemp("empty"))
    with pytest.raises(NothingReceivedError, match="2025年6月还没有收到任何报表：先把报表放进收件箱"):
        Office(empty).gather("2025-06")


def is_cell(county: str, indicator: str) -> pl.Expr:
    return (pl.col("county") == county) & (pl.col("indicator") == indicator)
