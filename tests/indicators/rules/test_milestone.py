"""事项: done or not, with a date."""

from datetime import date

BASE = "public_training_base"


def states(reports, *periods):
    return [(f["value"], f["state"]) for f in (reports.figure(p, "city", BASE) for p in periods)]


def test_done_stays_done_though_later_reports_are_silent_or_forget(reports):
    reports.say("2025-04", "city", BASE, 1, done_on=date(2025, 4, 18)).say("2025-06", "city", BASE, 0)
    assert states(reports, "2025-04", "2025-05", "2025-06", "2025") == [(1, "reported")] * 4
    assert reports.figure("2025", "city", BASE)["met"] is True
    assert reports.figure("2025", "city", BASE)["attainment_pct"] == 1 * 100 / 1


def test_not_done_is_zero_only_if_the_last_month_says_so(reports):
    reports.say("2025-04", "city", BASE, 0).say("2025-05", "city", BASE, state="confirmed_zero")
    assert states(reports, "2025-04", "2025-05", "2025-06") == [
        (0, "reported"), (0, "confirmed_zero"), (None, "missing"),
    ]  # fmt: skip
    assert [reports.figure(f"2025-0{m}", "city", BASE)["met"] for m in (5, 6)] == [False, None]


def test_a_date_alone_says_done(reports):
    reports.say("2025-04", "city", BASE, None, done_on=date(2025, 4, 18))
    assert states(reports, "2025-04", "2025-Q2") == [(1, "reported")] * 2


def test_a_date_after_the_periods_end_is_not_done_yet(reports):
    reports.say("2025-06", "city", BASE, 1, done_on=date(2025, 7, 3))
    assert states(reports, "2025-06", "2025-07") == [(0, "reported"), (1, "reported")]


def test_a_later_report_does_not_reach_back(reports):
    reports.say("2025-07", "city", BASE, 1, done_on=date(2025, 5, 20))
    assert states(reports, "2025-06") == [(None, "missing")]


def test_a_blocked_yes_is_unknown(reports):
    reports.say("2025-06", "city", BASE, 1, state="blocked")
    assert states(reports, "2025-06") == [(None, "blocked")]


def test_last_years_milestone_is_not_this_years(reports):
    reports.say("2024-11", "city", BASE, 1, done_on=date(2024, 11, 2))
    assert states(reports, "2025-01") == [(None, "missing")]
