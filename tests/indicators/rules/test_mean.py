"""期内平均: a monthly rate, over the months that are known."""

import pytest

RATE = "surveyed_urban_unemployment"


def test_the_period_and_the_year_so_far_are_averages(reports):
    for month, rate in zip(range(1, 7), (5.6, 5.5, 5.4, 5.2, 5.1, 5.0), strict=True):
        reports.say(f"2025-{month:02d}", "city", RATE, rate)
    figure = reports.figure("2025-Q2", "city", RATE)
    assert figure["value"] == pytest.approx((5.2 + 5.1 + 5.0) / 3)
    assert figure["ytd"] == pytest.approx((5.6 + 5.5 + 5.4 + 5.2 + 5.1 + 5.0) / 6)
    assert (figure["reported"], figure["expected"], figure["value_reported"]) == (6, 6, 3)
    assert figure["state"] == "reported"


def test_an_average_of_two_months_of_three_shows_it(reports):
    for month, rate in (
        ("2025-01", 5.6),
        ("2025-02", 5.5),
        ("2025-03", 5.4),
        ("2025-04", 5.2),
        ("2025-06", 5.0),
    ):
        reports.say(month, "city", RATE, rate)
    figure = reports.figure("2025-Q2", "city", RATE)
    assert figure["value"] == pytest.approx((5.2 + 5.0) / 2)
    assert (figure["reported"], figure["expected"], figure["value_reported"]) == (5, 6, 2)
    assert figure["state"] == "partial"


def test_a_month_lacking_earlier_in_the_year_shows_too(reports):
    figure = (
        reports.say("2025-01", "city", RATE, 5.6)
        .say("2025-03", "city", RATE, 5.4)
        .figure("2025-03", "city", RATE)
    )
    assert (figure["value"], figure["ytd"]) == (5.4, pytest.approx((5.6 + 5.4) / 2))
    assert (figure["state"], figure["reported"], figure["expected"], figure["value_reported"]) == (
        "partial",
        2,
        3,
        1,
    )


def test_earlier_months_do_not_stand_in_for_a_period_nobody_reported(reports):
    figure = reports.say("2025-05", "city", RATE, 5.1).figure("2025-06", "city", RATE)
    assert (figure["value"], figure["ytd"], figure["met"]) == (None,) * 3
    assert (figure["state"], figure["reported"], figure["expected"]) == ("missing", 0, 6)


def test_a_month_declared_not_applicable_is_not_due(reports):
    reports.say("2025-01", "city", RATE, 5.6).say("2025-02", "city", RATE, state="not_applicable")
    figure = reports.figure("2025-Q1", "city", RATE)
    assert (figure["state"], figure["reported"], figure["expected"]) == (
        "partial",
        1,
        2,
    )  # January of two due
    reports.say("2025-03", "city", RATE, 5.4)
    assert reports.figure("2025-Q1", "city", RATE)["state"] == "reported"


def test_the_last_month_declared_not_applicable_leaves_the_average_of_the_others(reports):
    reports.say("2025-01", "city", RATE, 5.6).say("2025-02", "city", RATE, 5.4)
    figure = reports.say("2025-03", "city", RATE, state="not_applicable").figure("2025-Q1", "city", RATE)
    assert (figure["value"], figure["state"]) == (pytest.approx((5.6 + 5.4) / 2), "reported")


@pytest.mark.parametrize(("rate", "met"), [(5.4, True), (5.5, True), (5.6, False)])
def test_a_ceiling_is_met_from_below_and_has_no_attainment(reports, rate, met):
    figure = reports.say("2025-01", "city", RATE, rate).figure("2025-01", "city", RATE)
    assert (figure["target"], figure["met"], figure["attainment_pct"]) == (5.5, met, None)
    assert (figure["pace_pct"], figure["mark"]) == (None, None)


def test_an_average_on_the_ceiling_is_not_over_it_by_binary_dust(reports):
    rates = (5.0, 5.3, 5.9, 5.8)
    assert sum(rates) / 4 > 5.5  # as binary fractions
    for month, rate in enumerate(rates, 1):
        reports.say(f"2025-{month:02d}", "city", RATE, rate)
    figure = reports.figure("2025-04", "city", RATE)
    assert (figure["ytd"], figure["met"]) == (5.5, True)


def test_a_blocked_rate_is_not_averaged(reports):
    figure = reports.say("2025-01", "city", RATE, 56, state="blocked").figure("2025-01", "city", RATE)
    assert (figure["value"], figure["state"]) == (None, "blocked")
