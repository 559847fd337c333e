"""逐地达标: every county must reach the number."""

BRAND = "training_brand_per_county"


def test_the_city_counts_the_counties_that_have_reached_the_number(reports):
    reports.everyone("2025-05", BRAND, 1, 0, 0, 0, 0, 0, 0, 0).everyone(
        "2025-06", BRAND, 2, 1, 1, 0, 0, 0, 0, 0
    )
    city = reports.figure("2025-06", "city", BRAND)
    assert (city["ytd"], city["target"]) == (3, 8)  # of the nine, the zone is no county
    assert city["value"] == 3 - 1
    assert (city["reported"], city["expected"], city["state"]) == (8, 8, "reported")
    assert city["attainment_pct"] == 3 * 100 / 8
    assert (city["met"], city["rank"], city["gap_pp"]) == (False, None, None)


def test_a_county_is_judged_by_its_own_number_and_not_ranked(reports):
    reports.everyone("2025-06", BRAND, 2, 1, 1, 0, 0, 0, 0, 0)
    horqin, hure = (reports.figure("2025-06", c, BRAND) for c in ("horqin", "hure"))
    assert (horqin["ytd"], horqin["target"], horqin["met"], horqin["attainment_pct"]) == (
        2,
        1,
        True,
        2 * 100 / 1,
    )
    assert (hure["ytd"], hure["met"]) == (0, False)
    assert (horqin["rank"], horqin["ranked"], horqin["mark"], horqin["small_target"]) == (None,) * 4


def test_who_did_not_report_has_not_failed(reports):
    reports.everyone("2025-06", BRAND, 1, 1, 1, 1, 1, 1, 1, None)
    city = reports.figure("2025-06", "city", BRAND)
    assert (city["ytd"], city["reported"], city["expected"], city["state"]) == (7, 7, 8, "partial")
    assert city["met"] is None


def test_all_eight_make_the_city_meet_it(reports):
    reports.everyone("2025-06", BRAND, 1, 1, 3, 1, 1, 1, 1, 1)
    assert reports.figure("2025-06", "city", BRAND)["met"] is True


def test_how_many_are_new_is_known_of_those_that_reported_both_ends(reports):
    reports.everyone("2025-05", BRAND, 0, None, 1, None, None, None, None, None)
    reports.everyone("2025-06", BRAND, 1, 1, 1, None, None, None, None, None)
    city = reports.figure("2025-06", "city", BRAND)
    assert (city["ytd"], city["value"]) == (3, 1)
    assert (city["reported"], city["value_reported"]) == (3, 2)


def test_a_number_taken_back_undoes_the_county(reports):
    reports.everyone("2025-05", BRAND, 1, 1, 0, 0, 0, 0, 0, 0).everyone(
        "2025-06", BRAND, 1, 0, 0, 0, 0, 0, 0, 0
    )
    assert reports.figure("2025-06", "city", BRAND)["value"] == 1 - 2


def test_nobody_known_is_not_nobody(reports):
    city = reports.figure("2025-06", "city", BRAND)
    assert (city["ytd"], city["value"], city["state"], city["met"]) == (None, None, "missing", None)
