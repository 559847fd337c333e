"""累计: the running total reported, and the period as the difference of two."""

from datetime import date

import polars as pl
import pytest

JOBS = "urban_new_jobs"


def test_a_month_is_the_difference_of_two_running_totals(reports):
    reports.say("2025-05", "horqin", JOBS, 2100).say("2025-06", "horqin", JOBS, 2466)
    figure = reports.figure("2025-06", "horqin", JOBS)
    assert (figure["ytd"], figure["value"]) == (2466, 2466 - 2100)
    assert (figure["state"], figure["reported"], figure["expected"]) == ("reported", 1, 1)


def test_january_starts_from_a_known_zero(reports):
    figure = reports.say("2025-01", "horqin", JOBS, 310).figure("2025-01", "horqin", JOBS)
    assert (figure["ytd"], figure["value"]) == (310, 310 - 0)


def test_decembers_running_total_of_last_year_is_not_taken_off_january(reports):
    reports.say("2024-12", "horqin", JOBS, 4700).say("2025-01", "horqin", JOBS, 310)
    assert reports.figure("2025-01", "horqin", JOBS)["value"] == 310


@pytest.mark.parametrize(
    ("period", "value"), [("2025-Q2", 2466 - 900), ("2025-H1", 2466), ("2025-06", 2466 - 2100)]
)
def test_any_period_is_its_end_less_what_stood_before_it(reports, period, value):
    for month, total in (("2025-03", 900), ("2025-05", 2100), ("2025-06", 2466)):
        reports.say(month, "horqin", JOBS, total)
    figure = reports.figure(period, "horqin", JOBS)
    assert (figure["value"], figure["ytd"]) == (value, 2466)


def test_the_year_is_decembers_running_total(reports):
    reports.say("2025-12", "horqin", JOBS, 4712)
    figure = reports.figure("2025", "horqin", JOBS)
    assert (figure["value"], figure["ytd"], figure["period"]) == (4712, 4712, "2025")


def test_a_missed_month_hides_two_months_and_no_running_total(reports):
    reports.say("2025-04", "horqin", JOBS, 1500).say("2025-06", "horqin", JOBS, 2466).say(
        "2025-07", "horqin", JOBS, 2700
    )
    may, june, july = (reports.figure(f"2025-0{m}", "horqin", JOBS) for m in (5, 6, 7))
    assert (may["value"], may["ytd"], may["state"]) == (None, None, "missing")
    assert (june["value"], june["ytd"], june["state"]) == (None, 2466, "reported")
    assert (june["reported"], june["value_reported"]) == (1, 0)
    assert july["value"] == 2700 - 2466


def test_who_starts_late_has_the_quarter_whole_though_not_the_month(reports):
    reports.say("2025-03", "horqin", JOBS, 900)
    assert reports.figure("2025-03", "horqin", JOBS)["value"] is None
    assert reports.figure("2025-Q1", "horqin", JOBS)["value"] == 900


def test_an_earlier_month_never_stands_in_for_the_last(reports):
    reports.say("2025-04", "horqin", JOBS, 1500).say("2025-05", "horqin", JOBS, 2100)
    for period in ("2025-06", "2025-Q2", "2025-H1", "2025"):
        figure = reports.figure(period, "horqin", JOBS)
        assert (figure["value"], figure["ytd"], figure["state"]) == (None, None, "missing")
        assert (figure["attainment_pct"], figure["gap_pp"], figure["mark"], figure["rank"]) == (None,) * 4


def test_a_correction_may_make_a_month_zero_or_negative(reports):
    for month, total in (("2025-04", 1500), ("2025-05", 1500), ("2025-06", 1440)):
        reports.say(month, "horqin", JOBS, total)
    assert reports.figure("2025-05", "horqin", JOBS)["value"] == 0
    assert reports.figure("2025-06", "horqin", JOBS)["value"] == 1440 - 1500


def test_money_loses_the_dust_of_its_subtraction(reports):
    reports.say("2025-05", "horqin", "startup_loans", 296.3).say("2025-06", "horqin", "startup_loans", 356.4)
    assert 356.4 - 296.3 != 60.1  # as binary fractions
    assert reports.figure("2025-06", "horqin", "startup_loans")["value"] == 60.1


def test_a_confirmed_zero_is_the_number_zero(reports):
    figure = reports.say("2025-01", "hure", JOBS, state="confirmed_zero").figure("2025-01", "hure", JOBS)
    assert (figure["value"], figure["ytd"], figure["attainment_pct"]) == (0, 0, 0)
    assert (figure["state"], figure["reported"], figure["expected"]) == ("confirmed_zero", 1, 1)


@pytest.mark.parametrize(("state", "expected"), [("missing", 1), ("blocked", 1), ("not_applicable", 0)])
def test_a_cell_without_a_number_has_none_whatever_stands_beside_its_state(reports, state, expected):
    figure = reports.say("2025-01", "hure", JOBS, 99, state=state).figure("2025-01", "hure", JOBS)
    assert (figure["value"], figure["ytd"], figure["state"]) == (None, None, state)
    assert (figure["reported"], figure["expected"]) == (0, expected)


@pytest.mark.parametrize("nothing", [None, float("nan"), float("inf")])
def test_a_report_without_a_number_is_missing(reports, nothing):
    figure = reports.say("2025-01", "hure", JOBS, nothing).figure("2025-01", "hure", JOBS)
    assert (figure["ytd"], figure["state"], figure["reported"]) == (None, "missing", 0)


def test_the_in_month_column_is_a_check_and_never_the_figure(reports):
    reports.say("2025-01", "hure", JOBS, 40, measure="in_month")
    assert reports.figure("2025-01", "hure", JOBS)["state"] == "missing"


def test_nobody_reports_for_another(reports):
    reports.say("2025-01", "hure", JOBS, 40, reporter="human_resources").say(
        "2025-01", "hure", JOBS, 41, reporter="kailu"
    )
    assert reports.figure("2025-01", "hure", JOBS)["state"] == "missing"


def test_two_reports_in_force_for_one_cell_are_refused(reports):
    reports.say("2025-01", "hure", JOBS, 40).say("2025-01", "hure", JOBS, 41)
    with pytest.raises(pl.exceptions.ComputeError, match="m:1"):
        reports.frame("2025-01")


def test_a_departments_indicator_is_a_city_row_of_one_reporter(reports):
    reports.say("2025-06", "city", "chain_projects_started", 77)
    rows = reports.frame("2025-06").filter(indicator="chain_projects_started").to_dicts()
    assert [r["county"] for r in rows] == ["city"]
    assert (rows[0]["ytd"], rows[0]["reported"], rows[0]["expected"], rows[0]["state"]) == (
        77,
        1,
        1,
        "reported",
    )
    assert rows[0]["attainment_pct"] == 77 * 100 / 140


def test_a_date_makes_no_running_total(reports):
    reports.say("2025-01", "hure", JOBS, None, done_on=date(2025, 1, 9))
    assert reports.figure("2025-01", "hure", JOBS)["ytd"] is None
