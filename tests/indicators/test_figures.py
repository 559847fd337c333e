"""The contract of the frame, and another city."""

import polars as pl
import pytest

from flows.indicators.figures import figures
from flows.plan.frames import FigureContractSchema, FigureSchema, polars_schema
from flows.plan.period import Period

PERIODS = ["2025-01", "2025-06", "2025-Q1", "2025-Q4", "2025-H1", "2025-H2", "2025"]


@pytest.mark.parametrize("period", PERIODS)
def test_columns_and_types_are_those_of_the_contract(reports, period):
    frame = reports.frame(period)
    assert frame.schema == polars_schema(FigureSchema)
    assert frame.columns[: len(FigureContractSchema.column_names())] == FigureContractSchema.column_names()
    assert frame["period"].unique().to_list() == [period]


def test_rows_stand_in_print_order(plan, reports):
    frame = reports.say("2025-06", "jarud", "skilled_talent_trained", 3).frame("2025-06")
    assert frame.select("county", "indicator").rows() == [
        (county, indicator) for county, indicator, _ in plan.targets()
    ]


@pytest.mark.parametrize("period", PERIODS)
def test_without_a_report_everything_is_missing_and_nothing_is_a_number(reports, period):
    frame = reports.frame(period)
    assert frame["state"].unique().to_list() == ["missing"]
    judged = (
        "value",
        "ytd",
        "attainment_pct",
        "gap_pp",
        "rank",
        "met",
        "mark",
        "required_monthly",
        "previous_value",
    )
    assert all(frame[name].is_null().all() for name in judged)
    assert frame["reported"].sum() == frame["value_reported"].sum() == 0


def test_reports_of_months_to_come_change_nothing(reports):
    reports.say("2025-06", "horqin", "urban_new_jobs", 2466)
    before = reports.frame("2025-06")
    reports.say("2025-07", "horqin", "urban_new_jobs", 9999).say("2026-06", "horqin", "urban_new_jobs", 9)
    assert reports.frame("2025-06").equals(before)


def test_reports_of_unknown_counties_and_indicators_are_nobodys(reports):
    before = reports.frame("2025-06")
    row = ("2025-06", "atlantis", "atlantis", "urban_new_jobs", "running_total", 5.0, "reported", None)
    reports.rows += [
        row,
        ("2025-06", "horqin", "horqin", "happiness", "running_total", 5.0, "reported", None),
    ]
    assert reports.frame("2025-06").equals(before)


def test_queries_may_come_as_an_untyped_empty_frame(plan, reports):
    empty = pl.DataFrame({"county": [], "indicator": []})
    assert figures(reports.by_cell, empty, plan, Period.parse("2025-06")).height == len(list(plan.targets()))


def test_another_city_needs_no_code(three_report):
    three_report.everyone("2025-05", "jobs", 100, 200, 30).everyone("2025-06", "jobs", 180, 270, None)
    three_report.everyone("2025-06", "brand", 1, 0, 1)
    rows = three_report.frame("2025-06").to_dicts()
    assert [(r["indicator"], r["county"], r["ytd"], r["value"], r["rank"], r["mark"]) for r in rows] == [
        ("jobs", "city", 180 + 270, 80 + 70, None, None),  # 45 % of 1000, but the north is not in
        ("jobs", "east", 180, 180 - 100, 1, "blue"),  # 60 %
        ("jobs", "west", 270, 270 - 200, 2, "red"),  # 45 %, and 33.3 % in May: yellow twice running
        ("jobs", "north", None, None, None, None),
        ("brand", "city", 2, None, None, None),
        ("brand", "east", 1, None, None, None),
        ("brand", "west", 0, None, None, None),
        ("brand", "north", 1, None, None, None),
    ]
    assert [r["seasonal_pct"] for r in rows] == [None] * 8
