"""The city's own figure beside the sum of its counties."""

from flows.indicators.figures import city_own
from flows.plan.period import Period

JOBS, MOVED = "urban_new_jobs", "rural_labour_transferred"


def own(reports, period="2025-06"):
    frame = city_own(reports.by_cell, reports.catalogue, Period.parse(period))
    return {r.pop("indicator"): r for r in frame.to_dicts()}


def test_a_person_counted_twice_by_counties_counts_once_for_the_city(reports):
    reports.everyone("2025-06", JOBS, *[900] * 9)
    reports.say("2025-06", "city", JOBS, 8050, reporter="human_resources")
    assert own(reports)[JOBS] == {
        "own_ytd": 8050, "sum_of_counties": 9 * 900, "difference": 8050 - 9 * 900, "reported": 9, "expected": 9,
    }  # fmt: skip


def test_the_figure_stays_the_sum_of_the_counties(reports):
    reports.everyone("2025-06", JOBS, *[900] * 9)
    reports.say("2025-06", "city", JOBS, 8050, reporter="human_resources")
    assert reports.figure("2025-06", "city", JOBS)["ytd"] == 9 * 900


def test_no_difference_is_drawn_from_a_sum_that_lacks_a_county(reports):
    reports.everyone("2025-06", JOBS, *[900] * 8, None)
    reports.say("2025-06", "city", JOBS, 8050, reporter="human_resources")
    found = own(reports)[JOBS]
    assert (found["sum_of_counties"], found["difference"], found["reported"]) == (8 * 900, None, 8)


def test_an_own_figure_is_of_the_last_month_and_of_the_named_department(reports):
    reports.everyone("2025-06", JOBS, *[900] * 9)
    reports.say("2025-05", "city", JOBS, 7000, reporter="human_resources")
    reports.say("2025-06", "city", JOBS, 7000, reporter="agriculture")
    assert (own(reports)[JOBS]["own_ytd"], own(reports)[JOBS]["difference"]) == (None, None)


def test_there_is_a_row_for_each_indicator_of_the_policy(reports):
    assert list(own(reports)) == [JOBS, MOVED]


def test_a_city_without_such_a_policy_has_none(three_report):
    assert own(three_report) == {}


def test_the_de_duplicated_figure_decides_whether_the_target_is_reached(reports):
    """The counties come to 425,000, of whom 1,628 are counted twice: 423,372 of 424,000 is not reached."""
    shares = [78000, 300, 74000, 91000, 47000, 18000, 60000, 47000, 9700]  # 425,000
    reports.everyone("2025-12", MOVED, *shares)
    assert reports.figure("2025-12", "city", MOVED)["ytd"] == sum(shares) == 425000
    assert (
        reports.figure("2025-12", "city", MOVED)["met"] is True
    )  # of 424,000, as long as nobody says otherwise
    reports.say("2025-12", "city", MOVED, 423372, reporter="human_resources")
    figure = reports.figure("2025-12", "city", MOVED)
    assert (figure["ytd"], figure["met"]) == (425000, False)
    assert reports.figure("2025-12", "kailu", MOVED)["met"] is True  # 74,000 of 74,000: a county's is its own


def test_it_decides_too_where_a_county_is_lacking_in_the_sum(reports):
    reports.everyone("2025-12", JOBS, *[1000] * 8, None)
    assert reports.figure("2025-12", "city", JOBS)["met"] is None  # 8,000 of 13,500 without one county
    reports.say("2025-12", "city", JOBS, 13600, reporter="human_resources")
    assert reports.figure("2025-12", "city", JOBS)["met"] is True
