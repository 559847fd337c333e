"""蓝绿黄红, to the very threshold."""

import dataclasses

import pytest

JOBS, SHOPS = "urban_new_jobs", "tertiary_jobs"  # with and without a seasonal curve


def mark(reports, month, done, **more):
    return reports.say(month, "hure", SHOPS, done).figure(month, "hure", SHOPS, **more)["mark"]


@pytest.mark.parametrize(("done", "colour"), [
    (55, "blue"), (54.99, "green"), (50, "green"), (45.01, "green"), (45, "yellow"), (40.01, "yellow"), (40, "red"),
    (0, "red"),
])  # fmt: skip
def test_in_june_the_thresholds_are_5_and_10_points_from_50(reports, done, colour):
    assert mark(reports, "2025-06", 900 * done / 100) == colour


@pytest.mark.parametrize(("month", "done", "colour"), [
    ("2025-01", 120, "blue"),  # 120/900 − 1/12 = 13.33 − 8.33
    ("2025-02", 195, "blue"), ("2025-02", 105, "yellow"), ("2025-02", 60, "red"),  # 16.67 + 5, − 5, − 10
    ("2025-05", 420, "blue"), ("2025-05", 330, "yellow"), ("2025-05", 285, "red"),  # 41.67 + 5, − 5, − 10
    ("2025-08", 645, "blue"), ("2025-08", 555, "yellow"), ("2025-08", 510, "red"),  # 66.67 + 5, − 5, − 10
    ("2025-11", 870, "blue"), ("2025-11", 780, "yellow"), ("2025-11", 735, "red"),  # 91.67 + 5, − 5, − 10
])  # fmt: skip
def test_on_the_threshold_is_on_it_in_months_without_an_exact_binary_pace(reports, month, done, colour):
    assert mark(reports, month, done) == colour


def test_on_a_threshold_of_the_offices_own_is_on_it(plan, reports_of):
    marks = dataclasses.replace(plan.policy.marks, blue_at_least_pp=10.0)
    reports = reports_of(dataclasses.replace(plan, policy=dataclasses.replace(plan.policy, marks=marks)))
    assert 165 * 100 / 900 - 100 / 12 < 10  # as binary fractions
    assert mark(reports, "2025-01", 165) == "blue"


def test_an_open_query_takes_the_blue_away_and_only_there(reports):
    assert mark(reports, "2025-06", 600, queries=[("hure", SHOPS)]) == "green"
    assert (
        reports.figure("2025-06", "hure", SHOPS, queries=[("hure", JOBS), ("kailu", SHOPS)])["mark"] == "blue"
    )


def test_an_open_query_anywhere_takes_the_citys_blue_away(reports):
    reports.everyone("2025-06", SHOPS, 8650, *[2000] * 8)  # (8650 + 16000) / 30000 = 82.2 %
    assert reports.figure("2025-06", "city", SHOPS)["mark"] == "blue"
    assert (
        reports.figure("2025-06", "city", SHOPS, queries=[("kailu", SHOPS), ("kailu", SHOPS)])["mark"]
        == "green"
    )


def test_a_departments_open_query_takes_its_blue_away(reports):
    reports.say("2025-06", "city", "disabled_jobs", 600)
    assert reports.figure("2025-06", "city", "disabled_jobs")["mark"] == "blue"
    assert (
        reports.figure("2025-06", "city", "disabled_jobs", queries=[("city", "disabled_jobs")])["mark"]
        == "green"
    )


def test_yellow_twice_running_is_red(reports):
    reports.say("2025-05", "hure", SHOPS, 320)  # 35.6 against 41.7
    assert reports.figure("2025-05", "hure", SHOPS)["mark"] == "yellow"
    assert mark(reports, "2025-06", 400) == "red"  # 44.4 against 50


@pytest.mark.parametrize(("may", "june"), [(370, 400), (None, 400)])
def test_on_pace_or_unknown_the_month_before_is_no_second_yellow(reports, may, june):
    if may:
        reports.say("2025-05", "hure", SHOPS, may)
    reports.say("2025-04", "hure", SHOPS, 0)
    assert mark(reports, "2025-06", june) == "yellow"


def test_red_before_counts_as_yellow_before(reports):
    reports.say("2025-05", "hure", SHOPS, 0)
    assert mark(reports, "2025-06", 400) == "red"


def test_january_has_no_month_before(reports):
    reports.say("2024-12", "hure", SHOPS, 0)
    assert mark(reports, "2025-01", 20) == "yellow"  # 2.2 against 8.3


def test_a_quarter_looks_at_its_last_months(reports):
    reports.say("2025-05", "hure", SHOPS, 320).say("2025-06", "hure", SHOPS, 400)
    assert reports.figure("2025-Q2", "hure", SHOPS)["mark"] == "red"


@pytest.mark.parametrize(("months", "colour"), [(1, "red"), (2, "red"), (3, "red"), (4, "yellow")])
def test_the_policy_says_how_many_yellows_make_a_red(plan, reports_of, months, colour):
    marks = dataclasses.replace(plan.policy.marks, red_after_yellow_months=months)
    reports = reports_of(dataclasses.replace(plan, policy=dataclasses.replace(plan.policy, marks=marks)))
    reports.say("2025-03", "hure", SHOPS, 225)  # 25 of 25
    reports.say("2025-04", "hure", SHOPS, 230).say(
        "2025-05", "hure", SHOPS, 320
    )  # 25.6 of 33.3, 35.6 of 41.7
    assert mark(reports, "2025-06", 400) == colour


def test_nobody_is_behind_on_the_linear_clock_alone_where_there_is_a_curve(reports):
    figure = reports.say("2025-02", "hure", JOBS, 55).figure("2025-02", "hure", JOBS)
    assert figure["gap_pp"] == pytest.approx(55 * 100 / 500 - 200 / 12)  # −5.7
    assert figure["seasonal_gap_pp"] == pytest.approx(11 - 13.8)
    assert figure["mark"] == "green"


def test_behind_on_both_clocks_is_behind(reports):
    figure = reports.say("2025-02", "hure", JOBS, 40).figure("2025-02", "hure", JOBS)
    assert (figure["seasonal_gap_pp"], figure["mark"]) == (pytest.approx(8 - 13.8), "yellow")


def test_a_curve_ahead_of_the_clock_makes_nobody_late_who_is_on_pace(reports):
    figure = reports.say("2025-06", "hure", JOBS, 245).figure("2025-06", "hure", JOBS)
    assert (figure["seasonal_gap_pp"], figure["mark"]) == (pytest.approx(49 - 54.9), "green")  # 49 against 50


def test_without_a_running_total_there_is_no_mark(reports):
    reports.say("2025-06", "hure", SHOPS, 0, state="blocked")
    assert reports.figure("2025-06", "hure", SHOPS)["mark"] is None
    assert reports.figure("2025-06", "kailu", SHOPS)["mark"] is None


def test_a_partial_month_before_is_no_yellow_of_the_citys(reports):
    reports.everyone("2025-05", SHOPS, 1000, *[1000] * 7, None)  # 8000 of 30000, one county unknown
    reports.everyone("2025-06", SHOPS, *[1480] * 9)  # 13320 / 30000 = 44.4 %
    assert reports.figure("2025-06", "city", SHOPS)["mark"] == "yellow"
