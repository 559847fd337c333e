"""Places, ties and who is not ranked."""

import dataclasses
from decimal import Decimal

import pytest

MOVED = "rural_labour_transferred"  # 科左中旗 91000, 霍林郭勒市 300
JOBS = "urban_new_jobs"


@pytest.fixture
def ranks(plan, reports_of):
    """Places of three counties with the given (reported, target), and who of them is tied."""

    def of(*pairs):
        named = {
            name: Decimal(target) for name, (_, target) in zip(("east", "west", "north"), pairs, strict=True)
        }
        counties = tuple(
            dataclasses.replace(c, id=name) for c, name in zip(plan.counties, named, strict=False)
        )
        jobs = dataclasses.replace(plan.indicator[MOVED], county_targets=named)
        reports = reports_of(dataclasses.replace(plan, counties=counties, indicators=(jobs,)))
        for name, (done, _) in zip(named, pairs, strict=True):
            reports.say("2025-06", name, MOVED, done)
        rows = reports.frame("2025-06").filter(county="city").height
        assert rows == 1
        placed = [reports.figure("2025-06", name, MOVED) for name in named]
        return [p["rank"] for p in placed], [p["tied"] for p in placed]

    return of


def test_the_highest_attainment_comes_first(ranks):
    assert ranks((400, 1000), (600, 1000), (500, 1000)) == ([3, 1, 2], [False] * 3)


def test_equals_share_a_rank_and_the_next_place_stays_empty(ranks):
    assert ranks((500, 1000), (1000, 2000), (400, 1000)) == ([1, 1, 3], [True, True, False])
    assert ranks((500, 1000), (400, 1000), (800, 2000)) == ([1, 2, 2], [False, True, True])


def test_less_than_one_unit_of_the_smaller_target_is_a_tie(ranks):
    # 150 of 300 is 50 %, one more would be 50.33 %: 45700 of 91000 = 50.22 % is in between
    assert ranks((45700, 91000), (150, 300), (0, 1000)) == ([1, 1, 3], [True, True, False])


@pytest.mark.parametrize(("more", "target"), [(151, 300), (4, 7), (71, 700), (46, 90)])
def test_exactly_one_unit_is_no_tie_whatever_its_binary_fraction(ranks, more, target):
    assert ranks((more, target), (more - 1, target), (0, 10**6)) == ([1, 2, 3], [False] * 3)


def test_a_group_is_measured_from_its_leader_and_does_not_creep_downward(ranks):
    # 50.2, 50.0 and 49.8 % of targets whose unit is 0.333 points: the third is 0.4 behind the leader
    assert ranks((150.6, 300), (150, 300), (149.4, 300)) == ([1, 1, 3], [True, True, False])


def test_who_is_level_with_a_member_of_a_tie_shares_it(ranks):
    # 50.1 % leads; 150/300 is within its own unit of it, and 45500/91000 is exactly as far
    assert ranks((45591, 91000), (150, 300), (45500, 91000)) == ([1, 1, 1], [True] * 3)


def test_a_county_without_a_report_is_not_ranked_and_the_number_ranked_says_so(reports):
    reports.everyone("2025-06", JOBS, 2466, None, 500, 510, 530, 275, 540, 570, 780)
    rows = {r["county"]: r for r in reports.frame("2025-06").filter(indicator=JOBS).to_dicts()}
    assert (rows["holingol"]["rank"], rows["holingol"]["tied"]) == (None, None)
    assert (rows["city"]["rank"], rows["city"]["tied"]) == (None, None)
    assert {r["ranked"] for r in rows.values()} == {8}
    assert sorted(r["rank"] for r in rows.values() if r["rank"]) == list(range(1, 9))


def test_a_blocked_county_is_not_ranked(reports):
    reports.everyone("2025-06", JOBS, None, 950, 500, 510, 520, 260, 540, 550, 700)
    reports.say("2025-06", "horqin", JOBS, 9999, state="blocked")
    assert reports.figure("2025-06", "horqin", JOBS)["rank"] is None


def test_nobody_reported_nobody_ranked(reports):
    assert reports.figure("2025-06", "horqin", JOBS)["ranked"] == 0


def test_a_departments_figure_has_no_ranking(reports):
    reports.say("2025-06", "city", "disabled_jobs", 300)
    figure = reports.figure("2025-06", "city", "disabled_jobs")
    assert (figure["rank"], figure["ranked"], figure["tied"], figure["small_target"]) == (None,) * 4


def test_places_gained_are_counted_against_the_period_before(reports):
    reports.everyone("2025-05", JOBS, 2350, 380, 220, 200, 200, 100, 220, 200, None)  # 50 %, else 20 %
    reports.everyone("2025-06", JOBS, 2350, 1140, 550, 200, 200, 100, 220, 200, 240)  # 50, 60, 50, 20 … %
    change = {
        c: reports.figure("2025-06", c, JOBS)["rank_change"] for c in ("horqin", "holingol", "kailu", "jarud")
    }
    assert change == {"horqin": 1 - 2, "holingol": 2 - 1, "kailu": 2 - 2, "jarud": 2 - 4}
    assert reports.figure("2025-06", "development_zone", JOBS)["rank_change"] is None  # not ranked in May
    assert reports.figure("2025-06", "city", JOBS)["rank_change"] is None


def test_a_quarter_is_compared_with_the_quarter_before(reports):
    reports.everyone("2025-03", JOBS, 470, *[300] * 8).everyone("2025-05", JOBS, *[500] * 9)
    reports.everyone("2025-06", JOBS, 4700, *[400] * 8)
    rank = reports.figure("2025-Q1", "horqin", JOBS)["rank"]
    assert reports.figure("2025-Q2", "horqin", JOBS)["rank_change"] == rank - 1


@pytest.mark.parametrize("period", ["2025-01", "2025-Q1", "2025-H1", "2025"])
def test_the_year_starts_without_a_change_of_place(reports, period):
    for month in ("2024-12", "2025-01", "2025-03", "2025-06", "2025-12"):
        reports.everyone(month, JOBS, 470, *[300] * 8)
    assert reports.figure(period, "horqin", JOBS)["rank_change"] is None


def test_small_targets_are_marked(reports):
    assert [reports.figure("2025-06", c, MOVED)["small_target"] for c in ("holingol", "kailu")] == [
        True,
        False,
    ]


@pytest.mark.parametrize(("target", "small"), [(299, True), (300, True), (301, False)])
def test_a_target_of_300_is_the_largest_small_one(plan, reports_of, target, small):
    jobs = dataclasses.replace(plan.indicator[MOVED], county_targets={"horqin": Decimal(target)})
    reports = reports_of(dataclasses.replace(plan, indicators=(jobs,)))
    assert reports.figure("2025-06", "horqin", MOVED)["small_target"] is small
    assert reports.figure("2025-06", "city", MOVED)["small_target"] is None


def test_a_county_that_does_not_report_moves_nobody_else(reports):
    """In May 霍林郭勒市 (950 of 1900) leads 开鲁县 (540 of 1100) and 奈曼旗 (530 of 1100); in June it is silent. Among the two
    that both months have, nobody moved: 开鲁县 is first of two in both, not risen from the second place."""
    for county, may in (("holingol", 950), ("kailu", 540), ("naiman", 530)):
        reports.say("2025-05", county, JOBS, may)
    reports.say("2025-06", "kailu", JOBS, 640).say("2025-06", "naiman", JOBS, 630)
    kailu, naiman, holingol = (reports.figure("2025-06", c, JOBS) for c in ("kailu", "naiman", "holingol"))
    assert (kailu["rank"], naiman["rank"], holingol["rank"]) == (1, 2, None)
    assert (kailu["rank_change"], naiman["rank_change"], holingol["rank_change"]) == (0, 0, None)


def test_a_change_of_rank_is_counted_among_the_counties_of_both_periods(reports):
    for county, may, june in (("holingol", 950, None), ("kailu", 540, 600), ("naiman", 530, 700)):
        reports.say("2025-05", county, JOBS, may)
        if june:
            reports.say("2025-06", county, JOBS, june)
    # 540 and 530 of 1100 in May, 600 and 700 in June: they change places, one each.
    assert reports.figure("2025-06", "naiman", JOBS)["rank_change"] == 2 - 1
    assert reports.figure("2025-06", "kailu", JOBS)["rank_change"] == 1 - 2
