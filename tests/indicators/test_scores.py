"""Scores, grades and proposals of a year, worked out by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from flows.indicators.scores import annual_scores, commendations, grades, ranks
from flows.plan.catalogue import Catalogue
from flows.plan.frames import ReportingSchema, RevisionSchema, polars_schema
from flows.plan.terms import Grade

MONTHS = [f"2025-{m:02d}" for m in range(1, 13)]
Row = dict[str, Any]
NEW_YEAR = date(2026, 1, 6)


def reporting(catalogue: Catalogue, **said: dict[str, Row]) -> pl.DataFrame:
    """Everyone in time, but for what is said of a county's months."""
    rows = [
        {"month": month, "reporter": c.id, "kind": "county", "due_on": date(2025, int(month[5:]), 28), "status": "on_time",
         "open_queries": 0, "first_received_at": datetime(2025, 1, 4)} | said.get(c.id, {}).get(month, {})
        for c in catalogue.counties
        for month in MONTHS
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=polars_schema(ReportingSchema))


def year(three_report: Any, east: float | None, west: float | None, north: float | None) -> Any:
    """The year's end of three counties: jobs of 300, 600 and 100; each has its brand."""
    return three_report.everyone("2025-12", "jobs", east, west, north).everyone("2025-12", "brand", 1, 1, 1)


def by_county(frame: pl.DataFrame) -> dict[str, Row]:
    return {row["county"]: row for row in frame.to_dicts()}


def test_a_score_is_the_mean_of_capped_attainments_less_deductions(
    three: Catalogue, three_report: Any
) -> None:
    """East 240 of 300 is 80, west 660 of 600 is capped at 100, north 90 of 100 is 90; the brand is 100 each."""
    record = reporting(
        three,
        east={"2025-03": {"status": "late"}, "2025-04": {"status": "missing", "open_queries": None}},
        north={"2025-12": {"open_queries": 2}},
    )
    scores, lines = annual_scores(year(three_report, 240, 660, 90).frame("2025"), record, three, NEW_YEAR)
    found = by_county(scores)
    assert found["east"]["score"] == (80 + 100) / 2 - (0.5 + 1)  # one late, one never sent
    assert found["west"]["score"] == (100 + 100) / 2
    assert found["north"]["score"] == (90 + 100) / 2 - 2 * 0.5
    assert [found[c]["rank"] for c in ("west", "north", "east")] == [1, 2, 3]
    assert by_county(lines.filter(indicator="jobs"))["west"]["points"] == 100.0


def test_deductions_stop_at_their_cap(three: Catalogue, three_report: Any) -> None:
    record = reporting(three, east={m: {"status": "missing", "open_queries": None} for m in MONTHS[:8]})
    scores, _ = annual_scores(year(three_report, 300, 600, 100).frame("2025"), record, three, NEW_YEAR)
    assert by_county(scores)["east"]["score"] == 100 - 5.0  # eight missing would be 8


def test_a_county_that_missed_two_months_loses_two_points_and_nothing_of_its_total(
    three: Catalogue, three_report: Any
) -> None:
    record = reporting(
        three, east={m: {"status": "missing", "open_queries": None} for m in ("2025-05", "2025-06")}
    )
    scores, _ = annual_scores(year(three_report, 300, 600, 100).frame("2025"), record, three, NEW_YEAR)
    assert (by_county(scores)["east"]["points"], by_county(scores)["east"]["score"]) == (100.0, 98.0)


def test_a_report_that_is_not_due_yet_is_not_missing(three: Catalogue, three_report: Any) -> None:
    """On 20 November the year's reports of November and December (due on the 28th here) are still to come."""
    record = reporting(three, east={m: {"status": "missing", "open_queries": None} for m in MONTHS[9:]})
    scores, _ = annual_scores(
        year(three_report, 300, 600, 100).frame("2025"), record, three, date(2025, 11, 20)
    )
    assert by_county(scores)["east"]["missing"] == 1  # October's alone


def test_an_unknown_year_end_is_not_zero_and_is_not_graded(three: Catalogue, three_report: Any) -> None:
    """Without jobs the east has its brand alone: between (0 + 100) / 2 and (100 + 100) / 2."""
    scores, lines = annual_scores(
        year(three_report, None, 600, 90).frame("2025"), reporting(three), three, NEW_YEAR
    )
    east = by_county(scores)["east"]
    assert (east["score"], east["rank"], east["grade"]) == (None, None, Grade.UNGRADED)
    assert (east["known"], east["expected"], east["points"]) == (1, 2, 100.0)
    assert (east["lowest"], east["highest"]) == (50.0, 100.0)
    assert by_county(lines.filter(indicator="jobs"))["east"]["points"] is None
    assert by_county(scores)["north"]["rank"] == 2  # of those who have a score


def ten(best: float, **others: float) -> dict[str, float | None]:
    return {f"c{n}": best - n for n in range(10 - len(others))} | dict(others)


def test_at_most_thirty_percent_are_excellent(plan: Catalogue) -> None:
    """Ten counties from 99.5 down to 90.5, all above 90: three are 优秀."""
    graded = grades(ten(99.5), plan.policy.annual)
    assert [c for c, g in graded.items() if g is Grade.EXCELLENT] == ["c0", "c1", "c2"]
    assert {g for c, g in graded.items() if c not in {"c0", "c1", "c2"}} == {Grade.PASSING}


def test_nine_counties_may_have_two_excellent(plan: Catalogue) -> None:
    graded = grades({f"c{n}": 99.0 - n for n in range(9)}, plan.policy.annual)  # 9 × 30 % = 2.7
    assert list(graded.values()).count(Grade.EXCELLENT) == 2


def test_a_tie_across_the_limit_lets_none_of_the_tied_in(plan: Catalogue) -> None:
    graded = grades(ten(99.5) | {"c2": 96.5, "c3": 96.5}, plan.policy.annual)
    assert [c for c, g in graded.items() if g is Grade.EXCELLENT] == ["c0", "c1"]


def test_scores_that_print_alike_tie(plan: Catalogue) -> None:
    """92.345 and 92.35 both print 92.35; the next place is the third."""
    assert ranks({"a": 92.345, "b": 92.35, "c": 90.0, "d": None}) == {"a": 1, "b": 1, "c": 3}


@pytest.mark.parametrize(
    ("score", "grade"),
    [(90.0, Grade.EXCELLENT), (89.995, Grade.EXCELLENT), (89.99, Grade.PASSING), (75.0, Grade.PASSING),
     (74.99, Grade.FAILING)],
)  # fmt: skip
def test_a_grade_is_judged_on_the_score_as_printed(plan: Catalogue, score: float, grade: Grade) -> None:
    others = {f"c{n}": 10.0 for n in range(9)}
    assert grades({"a": score} | others, plan.policy.annual)["a"] is grade


def test_one_unit_more_shows_what_it_adds_and_whether_it_turns_the_grade(
    three: Catalogue, three_report: Any
) -> None:
    """North has 49 of 100: (49 + 100) / 2 = 74.5 is 不达标; 50 of 100 makes 75.0, 达标. West is at its cap."""
    frame = year(three_report, 240, 600, 49).frame("2025")
    scores, lines = annual_scores(frame, reporting(three), three, NEW_YEAR)
    north, west = (by_county(lines.filter(indicator="jobs"))[c] for c in ("north", "west"))
    assert by_county(scores)["north"]["grade"] == Grade.FAILING
    assert (north["gain"], north["score_then"], north["grade_then"]) == (0.5, 75.0, Grade.PASSING)
    assert (west["gain"], west["score_then"]) == (0.0, 100.0)
    east = by_county(lines.filter(indicator="jobs"))["east"]
    assert east["gain"] == pytest.approx(100 / 300 / 2)


def quarters(
    catalogue: Catalogue, reports_of: Callable[[Catalogue], Any], *shares: float | None
) -> list[pl.DataFrame]:
    """Figures at the quarters' ends: every county at that share of its target, None: not reported."""
    reports = reports_of(catalogue)
    for n, share in enumerate(shares, 1):
        if share is not None:
            month = f"2025-{3 * n:02d}"
            reports.everyone(month, "jobs", *(t * share for t in (300, 600, 100))).everyone(
                month, "brand", 1, 1, 1
            )
    return [reports.frame(f"2025-{3 * n:02d}") for n in range(1, 5)]


def propose(
    catalogue: Catalogue, ends: list[pl.DataFrame], record: pl.DataFrame, *revised: Row
) -> dict[str, Row]:
    scores, _ = annual_scores(ends[-1], record, catalogue, NEW_YEAR)
    schema = polars_schema(RevisionSchema)
    return by_county(commendations(ends, scores, pl.DataFrame(list(revised), schema=schema), catalogue))


def test_three_quarters_in_a_row_are_proposed(
    three: Catalogue, reports_of: Callable[[Catalogue], Any]
) -> None:
    """A quarter of the year's work at a quarter's end is on pace; the first quarter was behind and does not matter."""
    found = propose(three, quarters(three, reports_of, 0.1, 0.5, 0.75, 1.0), reporting(three))
    assert {row["proposed"] for row in found.values()} == {True}
    assert found["east"]["quarters"] == 3


def test_a_quarter_without_a_report_breaks_the_row(
    three: Catalogue, reports_of: Callable[[Catalogue], Any]
) -> None:
    found = propose(three, quarters(three, reports_of, 0.3, 0.5, None, 1.0), reporting(three))
    assert (found["east"]["quarters"], found["east"]["vetoes"]) == (1, "quarters_in_a_row")


def test_a_late_report_an_open_query_and_a_large_correction_each_veto(
    three: Catalogue, reports_of: Callable[[Catalogue], Any]
) -> None:
    record = reporting(three, east={"2025-03": {"status": "late"}}, west={"2025-12": {"open_queries": 1}})
    revised = {"month": "2025-05", "county": "north", "indicator": "jobs", "first_value": 40.0, "value": 45.0}
    found = propose(three, quarters(three, reports_of, 0.3, 0.5, 0.75, 1.0), record, revised)
    assert {c: row["vetoes"] for c, row in found.items()} == {
        "east": "late_reports_at_most",
        "west": "open_queries_at_most",
        "north": "revision_at_most_pct",
    }
    assert found["north"]["revision_pct"] == (45 - 40) * 100 / 40  # 12.5, more than 10


def test_a_small_correction_is_no_veto_but_is_listed(
    three: Catalogue, reports_of: Callable[[Catalogue], Any]
) -> None:
    revised = {"month": "2025-05", "county": "north", "indicator": "jobs", "first_value": 40.0, "value": 41.0}
    found = propose(three, quarters(three, reports_of, 0.3, 0.5, 0.75, 1.0), reporting(three), revised)
    assert (found["north"]["proposed"], found["north"]["revised_month"]) == (True, "2025-05")


def test_another_policy_is_another_score(three: Catalogue, three_report: Any) -> None:
    lenient = replace(three.policy.annual, deduct_per_late_report=0.0)
    other = replace(three, policy=replace(three.policy, annual=lenient))
    record = reporting(three, east={"2025-03": {"status": "late"}})
    scores, _ = annual_scores(year(three_report, 300, 600, 100).frame("2025"), record, other, NEW_YEAR)
    assert by_county(scores)["east"]["score"] == 100.0


@pytest.mark.parametrize(("on", "missing"), [(date(2025, 10, 28), 0), (date(2025, 10, 29), 1)])
def test_on_the_due_day_itself_a_report_is_not_missing(
    three: Catalogue, three_report: Any, on: date, missing: int
) -> None:
    record = reporting(three, east={"2025-10": {"status": "missing", "open_queries": None}})
    scores, _ = annual_scores(year(three_report, 300, 600, 100).frame("2025"), record, three, on)
    assert by_county(scores)["east"]["missing"] == missing


@pytest.mark.parametrize(("months", "deducted"), [(4, 4.0), (5, 5.0), (6, 5.0)])
def test_deductions_add_up_to_five_points_and_no_more(
    three: Catalogue, three_report: Any, months: int, deducted: float
) -> None:
    record = reporting(three, east={m: {"status": "missing", "open_queries": None} for m in MONTHS[:months]})
    scores, _ = annual_scores(year(three_report, 300, 600, 100).frame("2025"), record, three, NEW_YEAR)
    assert by_county(scores)["east"]["deducted"] == deducted


def test_a_score_is_never_below_zero(three: Catalogue, three_report: Any) -> None:
    """Nothing done, three points deducted."""
    three_report.everyone("2025-12", "jobs", 0, 600, 100).everyone("2025-12", "brand", 0, 1, 1)
    record = reporting(three, east={m: {"status": "missing", "open_queries": None} for m in MONTHS[:3]})
    scores, lines = annual_scores(three_report.frame("2025"), record, three, NEW_YEAR)
    assert by_county(scores)["east"]["score"] == by_county(scores)["east"]["lowest"] == 0
    jobs = by_county(lines.filter(indicator="jobs"))["east"]
    assert (jobs["score_then"], jobs["gain"]) == (0, 0)  # 100 ÷ 300 ÷ 2 more points, three deducted


def test_a_mean_that_ends_in_half_a_hundredth_is_rounded_up_as_on_paper(
    three: Catalogue, three_report: Any
) -> None:
    """East 239.97 of 300 is 79.99, and the brand 100: 89.995, printed 90.00, and so 优秀."""
    lenient = replace(three.policy.annual, excellent_share_at_most_pct=100.0)
    catalogue = replace(three, policy=replace(three.policy, annual=lenient))
    frame = year(three_report, 239.97, 480, 80).frame("2025")
    found = by_county(annual_scores(frame, reporting(three), catalogue, NEW_YEAR)[0])
    assert found["east"]["score"] == 89.995
    assert found["east"]["grade"] == Grade.EXCELLENT
    assert ranks({"east": found["east"]["score"], "other": 90.0}) == {"east": 1, "other": 1}


def test_whoever_reaches_the_best_grade_beyond_its_share_is_marked(
    three: Catalogue, three_report: Any
) -> None:
    """Of three counties thirty percent are none: 90 and more is 达标 here, and said to be beyond the limit."""
    scores, _ = annual_scores(
        year(three_report, 240, 600, 79).frame("2025"), reporting(three), three, NEW_YEAR
    )
    found = by_county(scores)
    assert [(found[c]["score"], found[c]["beyond_limit"]) for c in ("east", "west", "north")] == [
        (90.0, True), (100.0, True), (89.5, False),
    ]  # fmt: skip


def test_equal_scores_share_their_rank_and_say_so(three: Catalogue, three_report: Any) -> None:
    scores, _ = annual_scores(
        year(three_report, 240, 480, 70).frame("2025"), reporting(three), three, NEW_YEAR
    )
    found = by_county(scores)
    assert [(found[c]["rank"], found[c]["tied"]) for c in ("east", "west", "north")] == [
        (1, True),
        (1, True),
        (3, False),
    ]


@pytest.mark.parametrize(("north", "vetoes"), [(80, ""), (79, "score_at_least")])
def test_ninety_points_are_enough_for_a_proposal(
    three: Catalogue, reports_of: Callable[[Catalogue], Any], north: float, vetoes: str
) -> None:
    """80 of 100 and the brand make 90; the quarters' marks are taken from complete ones."""
    ends = quarters(three, reports_of, 0.3, 0.5, 0.75, 1.0)
    reports = year(reports_of(three), 300, 600, north)
    scores, _ = annual_scores(reports.frame("2025"), reporting(three), three, NEW_YEAR)
    found = by_county(commendations(ends, scores, pl.DataFrame(schema=polars_schema(RevisionSchema)), three))
    assert found["north"]["vetoes"] == vetoes


@pytest.mark.parametrize(("value", "pct", "proposed"), [
    (44.0, 10.0, True), (44.01, 10.025, False), (36.0, 10.0, True), (35.99, 10.025, False), (40.0, None, True),
])  # fmt: skip
def test_a_correction_of_ten_percent_either_way_is_the_limit(
    three: Catalogue, reports_of: Callable[[Catalogue], Any], value: float, pct: float | None, proposed: bool
) -> None:
    revised = {
        "month": "2025-05",
        "county": "north",
        "indicator": "jobs",
        "first_value": 40.0,
        "value": value,
    }
    found = propose(three, quarters(three, reports_of, 0.3, 0.5, 0.75, 1.0), reporting(three), revised)
    assert (found["north"]["revision_pct"], found["north"]["proposed"]) == (pct, proposed)


def test_a_correction_of_a_first_zero_is_all_of_it_and_the_largest_is_named(
    three: Catalogue, reports_of: Callable[[Catalogue], Any]
) -> None:
    small = {"month": "2025-02", "county": "north", "indicator": "jobs", "first_value": 40.0, "value": 41.0}
    from_zero = {
        "month": "2025-05",
        "county": "north",
        "indicator": "brand",
        "first_value": 0.0,
        "value": 1.0,
    }
    elsewhere = {
        "month": "2025-06",
        "county": "east",
        "indicator": "jobs",
        "first_value": 1.0,
        "value": 300.0,
    }
    found = propose(
        three, quarters(three, reports_of, 0.3, 0.5, 0.75, 1.0), reporting(three), small, from_zero, elsewhere
    )
    north = found["north"]
    assert (north["revision_pct"], north["revised_month"], north["revised_indicator"]) == (
        100.0,
        "2025-05",
        "brand",
    )


def test_two_quarters_are_one_too_few_and_what_is_short_is_listed(
    three: Catalogue, reports_of: Callable[[Catalogue], Any]
) -> None:
    found = propose(three, quarters(three, reports_of, 0.3, 0.1, 0.75, 0.98), reporting(three))
    assert (found["east"]["quarters"], found["east"]["vetoes"], found["east"]["short"]) == (
        2,
        "quarters_in_a_row",
        "jobs",
    )


def test_who_missed_a_headline_target_is_not_excellent_and_leaves_the_place_to_the_next(
    plan: Catalogue,
) -> None:
    """Three of ten may be 优秀: without c0, who missed one, they are c1 to c3."""
    graded = grades(ten(99.5), plan.policy.annual, {"c0"})
    assert [c for c, g in graded.items() if g is Grade.EXCELLENT] == ["c1", "c2", "c3"]
    assert graded["c0"] is Grade.PASSING


def test_a_headline_target_missed_by_one_is_a_veto_and_one_unit_more_lifts_it(
    three: Catalogue, three_report: Any
) -> None:
    """West has 599 of 600 jobs: (599 ÷ 6 + 100) ÷ 2 = 99.92, above 90, and yet not 优秀; with 600 it is."""
    annual = replace(three.policy.annual, headline_indicators=("jobs",), excellent_share_at_most_pct=100.0)
    strict = replace(three, policy=replace(three.policy, annual=annual))
    frame = year(three_report, 300, 599, 100).frame("2025")
    scores, lines = annual_scores(frame, reporting(strict), strict, NEW_YEAR)
    west = by_county(scores)["west"]
    assert (round(west["score"], 2), west["grade"], west["beyond_limit"]) == (99.92, Grade.PASSING, False)
    assert by_county(scores)["east"]["grade"] == Grade.EXCELLENT
    assert by_county(lines.filter(indicator="jobs"))["west"]["grade_then"] == Grade.EXCELLENT
    no_corrections = pl.DataFrame(schema=polars_schema(RevisionSchema))
    proposed = by_county(commendations([frame], scores, no_corrections, strict))
    assert "headline_indicators" in proposed["west"]["vetoes"].split()
    assert "headline_indicators" not in proposed["east"]["vetoes"].split()
