"""占比: a numerator over a denominator."""

import pytest

PENSION = "pension_coverage"


def share(reports, numerator, denominator, month="2025-06"):
    for measure, (value, state) in (("numerator", numerator), ("denominator", denominator)):
        if state:
            reports.say(month, "city", PENSION, value, state=state, measure=measure)
    return reports.figure("2025-06", "city", PENSION)


def test_a_share_is_a_hundred_numerators_over_the_denominator(reports):
    figure = share(reports, (1_520_000, "reported"), (1_600_000, "reported"))
    assert figure["value"] == figure["ytd"] == 1_520_000 * 100 / 1_600_000 == 95
    assert figure["met"] is True
    assert figure["attainment_pct"] == 95 * 100 / 95


def test_only_the_last_month_counts(reports):
    figure = share(reports, (1, "reported"), (2, "reported"), month="2025-05")
    assert (figure["value"], figure["state"]) == (None, "missing")


@pytest.mark.parametrize(
    ("numerator", "denominator", "state"),
    [
        ((5, "reported"), (None, ""), "missing"),
        ((None, ""), (5, "reported"), "missing"),
        ((None, "missing"), (None, "confirmed_zero"), "missing"),
        ((5, "reported"), (None, "blocked"), "blocked"),
        ((None, "blocked"), (None, ""), "blocked"),
        ((None, "not_applicable"), (None, "not_applicable"), "not_applicable"),
        ((5, "reported"), (0, "reported"), "blocked"),  # five of none cannot be
        ((None, "confirmed_zero"), (None, "confirmed_zero"), "not_applicable"),  # nothing to have a share in
    ],
)
def test_without_both_parts_there_is_no_share(reports, numerator, denominator, state):
    figure = share(reports, numerator, denominator)
    assert (figure["value"], figure["ytd"], figure["met"], figure["attainment_pct"]) == (None,) * 4
    assert (figure["state"], figure["reported"]) == (state, 0)


def test_none_of_some_is_a_confirmed_zero(reports):
    figure = share(reports, (None, "confirmed_zero"), (40, "reported"))
    assert (figure["value"], figure["state"], figure["reported"]) == (0, "confirmed_zero", 1)
