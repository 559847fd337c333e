"""Month by month."""

from flows.indicators.figures import trend
from flows.plan.period import Period


def test_each_month_stands_as_its_own_figure_would(three_report):
    for month, totals in (("2025-01", (10, 20, 5)), ("2025-02", (30, None, 9)), ("2025-03", (60, 70, 12))):
        three_report.everyone(month, "jobs", *totals)
    found = trend(three_report.by_cell, three_report.catalogue, Period.parse("2025-Q1"))
    columns = ["value", "ytd", "state", "reported", "expected", "value_reported"]
    for month in ("2025-01", "2025-02", "2025-03"):
        figures = three_report.frame(month).select("county", "indicator", *columns)
        assert found.filter(month=month).drop("month").rows() == figures.rows()


def test_months_run_fastest_and_end_with_the_period(three_report):
    found = trend(three_report.by_cell, three_report.catalogue, Period.parse("2025-05"))
    assert found["month"].to_list()[:6] == ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-01"]
    assert found.height == 2 * (1 + 3) * 5


def test_a_missed_month_is_a_gap_in_the_line(three_report):
    three_report.say("2025-01", "east", "jobs", 10).say("2025-03", "east", "jobs", 60)
    found = trend(three_report.by_cell, three_report.catalogue, Period.parse("2025-03"))
    east = found.filter(county="east", indicator="jobs")
    assert (east["ytd"].to_list(), east["value"].to_list()) == ([10, None, 60], [10, None, None])
