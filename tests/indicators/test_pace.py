"""Against the target and the clock."""

import dataclasses
from decimal import Decimal

import pytest

from flows.plan.terms import Bound

JOBS = "urban_new_jobs"


def with_city_target(plan, indicator, target, **more):
    changed = tuple(
        dataclasses.replace(i, target=Decimal(target), **more) if i.id == indicator else i
        for i in plan.indicators
    )
    return dataclasses.replace(plan, indicators=changed)


@pytest.mark.parametrize(
    ("done", "promised", "printed"),
    [(12314, 12500, 98.5), (6650, 6600, 100.8), (5331, 5700, 93.5), (698, 1200, 58.2), (8123, 13500, 60.2)],
)
def test_published_pairs_come_out_as_they_were_printed(plan, reports_of, done, promised, printed):
    reports = reports_of(with_city_target(plan, "disabled_jobs", promised)).say(
        "2025-12", "city", "disabled_jobs", done
    )
    attainment = reports.figure("2025", "city", "disabled_jobs")["attainment_pct"]
    assert attainment == done * 100 / promised
    assert round(attainment, 1) == printed


def test_june_stands_at_half_the_year(reports):
    figure = reports.everyone("2025-06", JOBS, 8123, *[0] * 8).figure("2025-06", "city", JOBS)
    assert figure["attainment_pct"] == 8123 * 100 / 13500
    assert figure["pace_pct"] == 6 * 100 / 12
    assert figure["gap_pp"] == pytest.approx(8123 * 100 / 13500 - 50)


def test_pace_counts_the_months_to_the_periods_end(reports):
    reports.say("2025-06", "horqin", JOBS, 2466)
    assert [reports.figure(p, "horqin", JOBS)["pace_pct"] for p in ("2025-01", "2025-Q3", "2025")] == [
        1 * 100 / 12, 9 * 100 / 12, 100,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("bound", "on_target"), [(Bound.AT_LEAST, True), (Bound.MORE_THAN, False), (Bound.AT_MOST, True)]
)
def test_each_bound_has_its_own_side_and_its_own_view_of_the_target_itself(
    plan, reports_of, bound, on_target
):
    catalogue = with_city_target(plan, "disabled_jobs", 700, bound=bound)
    met = [
        reports_of(catalogue)
        .say("2025-06", "city", "disabled_jobs", n)
        .figure("2025-06", "city", "disabled_jobs")["met"]
        for n in (699, 700, 701)
    ]
    assert met == [bound is Bound.AT_MOST, on_target, bound is not Bound.AT_MOST]


def test_what_is_left_is_spread_over_the_months_left(reports):
    figure = reports.say("2025-06", "horqin", JOBS, 2466).figure("2025-06", "horqin", JOBS)
    assert figure["required_monthly"] == (4700 - 2466) / (12 - 6)


@pytest.mark.parametrize(("month", "done", "needed"), [
    ("2025-06", 4700, 0), ("2025-06", 5000, 0), ("2025-12", 4700, 0), ("2025-12", 4699, None), ("2025-11", 4699, 1),
])  # fmt: skip
def test_nothing_is_needed_once_it_is_reached_and_no_month_is_left_in_december(reports, month, done, needed):
    figure = reports.say(month, "horqin", JOBS, done).figure(month, "horqin", JOBS)
    assert figure["required_monthly"] == needed


def test_a_partial_sum_is_not_found_wanting(reports):
    city = reports.everyone("2025-06", JOBS, 900, *[50] * 7, None).figure("2025-06", "city", JOBS)
    assert city["attainment_pct"] == (900 + 7 * 50) * 100 / 13500
    assert (city["met"], city["required_monthly"], city["mark"]) == (None, None, None)


def test_a_partial_sum_that_reaches_the_target_has_reached_it(reports):
    city = reports.everyone("2025-06", JOBS, 13500, *[50] * 7, None).figure("2025-06", "city", JOBS)
    assert (city["met"], city["required_monthly"], city["mark"]) == (True, 0, "blue")


def test_a_limit_of_the_policy_is_the_target_where_the_plan_has_none(reports):
    figure = reports.figure("2025-06", "city", "surveyed_urban_unemployment")
    assert (figure["target"], figure["met"], figure["unit"]) == (5.5, None, "%")
