"""The city as the sum of its counties, and how many of them it is."""

import pytest

JOBS = "urban_new_jobs"
ALL = (470, 190, 110, 100, 100, 50, 110, 100, 120)


def test_the_city_is_the_sum_of_its_counties(reports):
    city = reports.everyone("2025-01", JOBS, *ALL).figure("2025-01", "city", JOBS)
    assert city["ytd"] == city["value"] == 470 + 190 + 110 + 100 + 100 + 50 + 110 + 100 + 120
    assert (city["reported"], city["expected"], city["value_reported"], city["state"]) == (
        9,
        9,
        9,
        "reported",
    )
    assert city["target"] == 13500


def test_a_missing_county_is_counted_and_not_added_as_zero(reports):
    city = reports.everyone("2025-01", JOBS, *ALL[:-1], None).figure("2025-01", "city", JOBS)
    assert city["ytd"] == sum(ALL) - 120
    assert (city["reported"], city["expected"], city["state"]) == (8, 9, "partial")
    assert (city["target"], city["attainment_pct"]) == (13500, (sum(ALL) - 120) * 100 / 13500)


def test_running_total_and_period_have_their_own_coverage(reports):
    reports.everyone("2025-01", JOBS, None, *ALL[1:]).everyone("2025-02", JOBS, *(2 * n for n in ALL))
    city = reports.figure("2025-02", "city", JOBS)
    assert (city["ytd"], city["reported"], city["state"]) == (2 * sum(ALL), 9, "reported")
    assert (city["value"], city["value_reported"]) == (sum(ALL) - 470, 8)


def test_nothing_known_is_null_and_missing(reports):
    city = reports.figure("2025-01", "city", JOBS)
    assert (city["ytd"], city["value"], city["attainment_pct"], city["mark"]) == (None,) * 4
    assert (city["reported"], city["expected"], city["state"]) == (0, 9, "missing")


def test_a_blocked_county_is_expected_and_not_added(reports):
    reports.everyone("2025-01", JOBS, *ALL[:-1], None)
    reports.say("2025-01", "development_zone", JOBS, 99999, state="blocked")
    city = reports.figure("2025-01", "city", JOBS)
    assert (city["ytd"], city["reported"], city["expected"], city["state"]) == (
        sum(ALL) - 120,
        8,
        9,
        "partial",
    )


def test_who_declares_it_not_applicable_is_not_expected(reports):
    reports.everyone("2025-01", JOBS, *ALL[:-1], None)
    reports.say("2025-01", "development_zone", JOBS, state="not_applicable")
    city = reports.figure("2025-01", "city", JOBS)
    assert (city["reported"], city["expected"], city["state"]) == (8, 8, "reported")
    assert city["target"] == 13500  # nobody talks a promise smaller


def test_applicable_nowhere_is_not_applicable(three_report):
    for county in ("east", "west", "north"):
        three_report.say("2025-01", county, "jobs", state="not_applicable")
    city = three_report.figure("2025-01", "city", "jobs")
    assert (city["ytd"], city["reported"], city["expected"], city["state"]) == (None, 0, 0, "not_applicable")


def test_confirmed_zeros_add_up_to_a_reported_zero(three_report):
    for county in ("east", "west", "north"):
        three_report.say("2025-01", county, "jobs", state="confirmed_zero")
    city = three_report.figure("2025-01", "city", "jobs")
    assert (city["ytd"], city["value"], city["state"], city["attainment_pct"]) == (0, 0, "reported", 0)


@pytest.mark.parametrize("short", [0.1, 0.07])
def test_money_adds_up_without_binary_dust(reports, short):
    city = reports.everyone("2025-01", "startup_loans", *[short] * 9).figure(
        "2025-01", "city", "startup_loans"
    )
    assert sum([short] * 9) != round(9 * short, 2)  # as binary fractions
    assert city["ytd"] == city["value"] == round(9 * short, 2)
