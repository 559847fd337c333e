"""The second clock."""

import pytest

JOBS = "urban_new_jobs"


def test_the_curve_is_read_at_the_periods_last_month(plan, reports):
    curve = plan.policy.seasonal[JOBS].cumulative_pct
    for period, month in (("2025-01", 1), ("2025-Q2", 6), ("2025", 12)):
        assert reports.figure(period, "hure", JOBS)["seasonal_pct"] == curve[month - 1]


def test_the_gap_to_the_season_stands_beside_the_official_one(plan, reports):
    figure = reports.say("2025-01", "hure", JOBS, 35).figure("2025-01", "hure", JOBS)
    assert figure["gap_pp"] == pytest.approx(35 * 100 / 500 - 100 / 12)
    assert figure["seasonal_gap_pp"] == pytest.approx(
        35 * 100 / 500 - plan.policy.seasonal[JOBS].cumulative_pct[0]
    )


def test_without_a_curve_there_is_one_clock(reports):
    figure = reports.say("2025-01", "hure", "tertiary_jobs", 35).figure("2025-01", "hure", "tertiary_jobs")
    assert (figure["seasonal_pct"], figure["seasonal_gap_pp"]) == (None, None)
    assert figure["gap_pp"] is not None
