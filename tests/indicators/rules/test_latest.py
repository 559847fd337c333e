"""期末数: the level at the end of the last month."""

FIRMS = "small_micro_firms"


def test_the_level_is_that_of_the_last_month(reports):
    reports.say("2025-04", "city", FIRMS, 54100).say("2025-06", "city", FIRMS, 54800)
    for period in ("2025-06", "2025-Q2", "2025-H1"):
        figure = reports.figure(period, "city", FIRMS)
        assert (figure["value"], figure["ytd"]) == (54800, 54800)
        assert figure["attainment_pct"] == 54800 * 100 / 55000


def test_an_earlier_level_is_never_carried_forward(reports):
    figure = reports.say("2025-05", "city", FIRMS, 54800).figure("2025-Q2", "city", FIRMS)
    assert (figure["value"], figure["ytd"], figure["state"]) == (None, None, "missing")
    assert (figure["reported"], figure["expected"], figure["met"]) == (0, 1, None)


def test_a_level_knows_neither_pace_nor_mark(reports):
    figure = reports.say("2025-06", "city", FIRMS, 54800).figure("2025-06", "city", FIRMS)
    assert (figure["pace_pct"], figure["gap_pp"], figure["mark"], figure["required_monthly"]) == (None,) * 4


def test_breaking_through_is_more_than_reaching(reports):
    reports.say("2025-05", "city", FIRMS, 55000).say("2025-06", "city", FIRMS, 55001)
    assert [reports.figure(f"2025-0{m}", "city", FIRMS)["met"] for m in (5, 6)] == [False, True]
    assert reports.figure("2025-05", "city", FIRMS)["attainment_pct"] == 55000 * 100 / 55000
