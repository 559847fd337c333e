"""The year's end foretold from three months on, and the reasons for keeping silent."""

from dataclasses import replace

import polars as pl
import pytest

from flows.indicators.forecast import FORECAST, backtest, curve, forecast, outlook, own_curves, share_at
from flows.plan.period import Period
from flows.settings import ROOT
from tests.evidence.forecast_backtest import PAGE, page, years_of

CURVE = (6.0, 14.0, 25.0, 35.0, 45.0, 55.0, 65.0, 74.0, 82.0, 89.0, 95.0, 100.0)
EVERYONE = (100, 50, 40, 30, 30, 10, 30, 30, 30)  # 350 of 城镇新增就业


def told(reports, period, indicator="urban_new_jobs"):
    frame = forecast(reports.frame(period), reports.catalogue, Period.parse(period))
    return frame.row(by_predicate=pl.col("indicator") == indicator, named=True)


def test_the_total_is_the_running_total_over_the_usual_share_and_the_season_may_move_half_a_month():
    ahead = outlook(500.0, CURVE, 3)
    assert ahead.middle == 2000  # 500 ÷ 25 %
    assert ahead.low == pytest.approx(500 / 0.30)  # the season early: (25 + 35) ÷ 2 = 30 % done
    assert ahead.high == pytest.approx(500 / 0.195)  # late: (14 + 25) ÷ 2 = 19.5 %


def test_the_range_closes_in_as_the_year_goes_on():
    widths = [(o.high - o.low) / o.middle for o in (outlook(1000.0, CURVE, m) for m in range(3, 12))]
    assert widths == sorted(widths, reverse=True)


def test_between_two_months_the_curve_is_a_straight_line():
    assert [share_at(CURVE, m) for m in (0, 0.5, 1, 11.5, 12)] == [0, 3, 6, 97.5, 100]


def test_the_city_is_foretold_by_the_curve_of_the_policy(reports):
    reports.everyone("2025-03", "urban_new_jobs", *EVERYONE)
    share = reports.catalogue.policy.seasonal["urban_new_jobs"].cumulative_pct[2]
    row = told(reports, "2025-Q1")
    assert row["middle"] == pytest.approx(350 * 100 / share)
    assert row["low"] < row["middle"] < row["high"] and row["reason"] is None


@pytest.mark.parametrize(
    ("period", "counties", "reason"),
    [
        ("2025-01", EVERYONE, "early"),
        ("2025-02", EVERYONE, "early"),
        ("2025-03", (None, *EVERYONE[1:]), "partial"),  # 科尔沁区 has 4700 of 13500
        ("2025-06", (None,) * 9, "missing"),
        ("2025-12", EVERYONE, "over"),
    ],
)
def test_it_keeps_silent_and_says_why(reports, period, counties, reason):
    reports.everyone(period, "urban_new_jobs", *counties)
    row = told(reports, period)
    assert row["reason"] == reason
    assert (row["low"], row["middle"], row["high"]) == (None, None, None)


def test_an_indicator_without_a_curve_is_not_foretold(reports):
    reports.everyone("2025-06", "secondary_jobs", *EVERYONE)
    assert told(reports, "2025-H1", "secondary_jobs")["reason"] == "no_curve"


def test_there_is_a_row_for_every_total_of_the_city_and_none_for_a_county(reports):
    frame = forecast(reports.frame("2025-06"), reports.catalogue, Period.parse("2025-06"))
    assert dict(frame.schema) == FORECAST
    assert frame["indicator"].to_list() == [i.id for i in reports.catalogue.indicators if i.rule == "total"]


def test_no_curve_at_all_is_no_forecast_at_all(reports, plan):
    reports.everyone("2025-06", "urban_new_jobs", *EVERYONE)
    without = replace(plan, policy=replace(plan.policy, seasonal={}))
    frame = forecast(reports.frame("2025-06"), without, Period.parse("2025-06"))
    assert set(frame["reason"]) == {"no_curve"}


def test_the_policy_s_curve_is_the_mean_of_the_ministry_s_two_complete_years(plan):
    years = years_of("urban_new_jobs_ytd_wan")
    learned = curve([years[2013], years[2023]])
    written = plan.policy.seasonal["urban_new_jobs"].cumulative_pct
    assert [round(share, 1) for share in learned] == list(written)
    assert (plan.plan.year, (ROOT / "plan" / "2025" / "sources").is_dir()) == (2025, True)


def test_each_year_is_foretold_without_itself():
    trials = backtest(years_of("urban_new_jobs_ytd_wan"))
    assert {(t.year, t.learned_from) for t in trials} == {
        (2013, (2023,)),
        (2023, (2013,)),
        (2022, (2013, 2023)),
    }  # 2014 has no December
    march = next(t for t in trials if (t.year, t.month) == (2023, 3))
    assert march.middle == pytest.approx(297 / (342 / 1310))  # 1137.6 of an actual 1244
    assert march.error_pct == pytest.approx(100 * (297 / (342 / 1310) / 1244 - 1))
    assert march.linear_error_pct == pytest.approx(100 * (297 * 4 / 1244 - 1))


def test_the_range_held_in_every_trial_and_the_page_says_so():
    trials = backtest(years_of("urban_new_jobs_ytd_wan"))
    assert (len(trials), sum(t.is_within_range for t in trials)) == (
        22,
        22,
    )  # 2 years × March–November, 4 months of 2022
    assert PAGE.read_text("utf-8") == page()


def test_a_small_county_that_lacks_leaves_a_forecast_of_the_others(reports):
    reports.everyone("2025-03", "urban_new_jobs", *EVERYONE[:5], None, *EVERYONE[6:])
    share = reports.catalogue.policy.seasonal["urban_new_jobs"].cumulative_pct[2]
    row = told(reports, "2025-Q1")
    assert row["reason"] is None and row["middle"] == pytest.approx(340 * 100 / share)
    assert row["target"] == 13500 - 500 and row["absent_pct"] == pytest.approx(500 * 100 / 13500)  # 库伦旗


def test_last_years_own_shares_are_the_curve_where_all_its_months_are_held(reports):
    for month in range(1, 13):
        reports.everyone(f"2024-{month:02d}", "secondary_jobs", *[month * 10] * 9)
    reports.everyone("2025-06", "secondary_jobs", *[66] * 9)
    own = own_curves(reports.by_cell, reports.catalogue)
    assert own == {"secondary_jobs": tuple(pytest.approx(month * 100 / 12) for month in range(1, 13))}
    frame = forecast(reports.frame("2025-06"), reports.catalogue, Period.parse("2025-06"), own)
    row = frame.row(by_predicate=pl.col("indicator") == "secondary_jobs", named=True)
    assert (
        row["middle"] == pytest.approx(9 * 66 * 2) and row["is_own_curve"]
    )  # half of the year was done by June


def test_a_year_with_a_month_or_a_county_lacking_is_no_curve(reports):
    for month in range(1, 13):
        counties = [month * 10] * 9 if month != 7 else [70] * 8 + [None]
        reports.everyone(f"2024-{month:02d}", "secondary_jobs", *counties)
    assert own_curves(reports.by_cell, reports.catalogue) == {}
