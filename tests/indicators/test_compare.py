"""The period before and the year before."""

import pytest

JOBS = "urban_new_jobs"


def test_the_period_before_is_of_the_same_length(reports):
    for month, total in (
        ("2024-11", 4000),
        ("2024-12", 4600),
        ("2025-03", 900),
        ("2025-04", 1500),
        ("2025-05", 2100),
    ):
        reports.say(month, "horqin", JOBS, total)
    reports.say("2025-06", "horqin", JOBS, 2466).say("2025-01", "horqin", JOBS, 310)
    previous = {
        p: reports.figure(p, "horqin", JOBS)["previous_value"] for p in ("2025-06", "2025-Q2", "2025-01")
    }
    assert previous == {"2025-06": 2100 - 1500, "2025-Q2": 900, "2025-01": 4600 - 4000}


def test_the_year_before_is_the_same_running_total(reports):
    reports.say("2024-06", "horqin", JOBS, 2400).say("2024-12", "horqin", JOBS, 4600).say(
        "2025-06", "horqin", JOBS, 2466
    )
    for period in ("2025-06", "2025-Q2", "2025-H1"):
        assert reports.figure(period, "horqin", JOBS)["ytd_year_ago"] == 2400


@pytest.mark.parametrize("column", ["previous_value", "ytd_year_ago"])
def test_nothing_is_invented_where_the_earlier_period_is_not_held(reports, column):
    reports.say("2025-06", "horqin", JOBS, 2466)
    assert reports.frame("2025-06")[column].is_null().all()


def test_a_level_is_compared_with_the_level_before(reports):
    reports.say("2025-03", "city", "small_micro_firms", 54100).say(
        "2025-06", "city", "small_micro_firms", 54800
    )
    assert reports.figure("2025-Q2", "city", "small_micro_firms")["previous_value"] == 54100


def test_eight_counties_are_not_compared_with_nine(reports):
    reports.everyone("2024-01", JOBS, *[100] * 9).everyone("2025-01", JOBS, *[110] * 8, None)
    assert reports.figure("2025-01", "city", JOBS)["ytd_year_ago"] is None
    assert reports.figure("2025-01", "horqin", JOBS)["ytd_year_ago"] == 100


def test_the_same_eight_counties_are_compared(reports):
    reports.everyone("2024-01", JOBS, *[100] * 8, None).everyone("2025-01", JOBS, *[110] * 8, None)
    assert reports.figure("2025-01", "city", JOBS)["ytd_year_ago"] == 8 * 100


def test_as_many_counties_but_other_ones_are_not_compared(reports):
    reports.everyone("2024-01", JOBS, None, *[100] * 8).everyone("2025-01", JOBS, *[110] * 8, None)
    assert reports.figure("2025-01", "city", JOBS)["ytd_year_ago"] is None
