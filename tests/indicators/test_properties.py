"""What holds for any reports: sums, silence and order."""

import random
from datetime import date
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.indicators.amounts import amounts, expected_rows
from flows.indicators.rank import with_rank
from flows.plan.period import Period

COUNTIES = ("east", "west", "north")
MONTHS = range(1, 13)
FEW = settings(max_examples=20, deadline=None)

hundredths = st.integers(min_value=-2_000, max_value=9_000_000)
growth = st.integers(min_value=0, max_value=500)
maybe = st.booleans()


def running(increments):
    """Twelve running totals of two decimals from twelve whole hundredths."""
    return [sum(increments[: n + 1]) / 100 for n in range(12)]


def a_year(step):
    return st.lists(step, min_size=12, max_size=12)


def by_county(step):
    return st.fixed_dictionaries({county: a_year(step) for county in COUNTIES})


def held(reports, period):
    """Value and ytd by (county, indicator)."""
    frame = amounts(reports.by_cell, expected_rows(reports.catalogue), Period.parse(period))
    return {(r["county"], r["indicator"]): r for r in frame.to_dicts()}


def reporting(reports, totals, present):
    """Reports of `jobs` for every county and month that `present` allows."""
    for county, increments in totals.items():
        for month, total in zip(MONTHS, running(increments), strict=True):
            if present[county][month - 1]:
                reports.say(f"2025-{month:02d}", county, "jobs", total)
    return reports


@FEW
@given(totals=by_county(hundredths))
def test_months_add_to_quarters_quarters_to_half_years_and_those_to_the_year(three, reports_of, totals):
    reports = reporting(reports_of(three), totals, dict.fromkeys(COUNTIES, [True] * 12))
    written = (
        [f"2025-{m:02d}" for m in MONTHS]
        + [f"2025-Q{q}" for q in (1, 2, 3, 4)]
        + ["2025-H1", "2025-H2", "2025"]
    )
    found = {period: held(reports, period) for period in written}
    parts = {f"2025-Q{q}": [f"2025-{m:02d}" for m in range(3 * q - 2, 3 * q + 1)] for q in (1, 2, 3, 4)}
    parts |= {
        "2025-H1": ["2025-Q1", "2025-Q2"],
        "2025-H2": ["2025-Q3", "2025-Q4"],
        "2025": ["2025-H1", "2025-H2"],
    }
    for whole, pieces in parts.items():
        for county in ("city", *COUNTIES):
            value = found[whole][county, "jobs"]["value"]
            assert value == pytest.approx(sum(found[p][county, "jobs"]["value"] for p in pieces), abs=1e-6)
            assert round(value, 2) == pytest.approx(value, abs=1e-9)


@FEW
@given(
    totals=by_county(hundredths),
    present=by_county(maybe),
    period=st.sampled_from(["2025-01", "2025-05", "2025-Q3"]),
)
def test_counties_add_to_the_city_and_the_coverage_says_which(three, reports_of, totals, present, period):
    found = held(reporting(reports_of(three), totals, present), period)
    city = found["city", "jobs"]
    for column, count in (("ytd", "reported"), ("value", "value_reported")):
        known = [found[c, "jobs"][column] for c in COUNTIES if found[c, "jobs"][column] is not None]
        assert city[count] == len(known)
        assert city[column] == (pytest.approx(sum(known), abs=1e-4) if known else None)
    assert city["expected"] == 3


@FEW
@given(totals=by_county(hundredths), present=by_county(maybe))
def test_a_whole_is_never_known_better_than_its_ends(three, reports_of, totals, present):
    found = held(reporting(reports_of(three), totals, present), "2025-Q2")
    for county in COUNTIES:
        figure = found[county, "jobs"]
        assert (figure["ytd"] is None) == (not present[county][6 - 1])
        assert (figure["value"] is None) == (not (present[county][6 - 1] and present[county][3 - 1]))


@st.composite
def full_reports(draw):
    """Cells of every rule for January to June, none negative: (month, county, indicator, value, more)."""
    cells = []
    for indicator, step in (("jobs", growth), ("brand", st.integers(0, 100))):
        for county in COUNTIES:
            for month, total in zip(range(1, 7), running(draw(a_year(step))), strict=False):
                cells.append((f"2025-{month:02d}", county, indicator, total, {}))
    for month in range(1, 7):
        at = f"2025-{month:02d}"
        whole = draw(st.integers(1, 1000))
        cells += [
            (at, "city", "small_micro_firms", draw(st.integers(1, 60000)), {}),
            (at, "city", "pension_coverage", draw(st.integers(1, whole)), {"measure": "numerator"}),
            (at, "city", "pension_coverage", whole, {"measure": "denominator"}),
            (at, "city", "surveyed_urban_unemployment", draw(st.integers(1, 99)) / 10, {}),
            (at, "city", "public_training_base", 1, {"done_on": date(2025, month, 9)}),
        ]
    return cells


def told(reports, cells):
    for month, county, indicator, value, more in cells:
        reports.say(month, county, indicator, value, **more)
    return reports


@FEW
@given(
    cells=full_reports(),
    left_out=st.sets(st.integers(0, 65), max_size=40),
    period=st.sampled_from(["2025-06", "2025-Q2", "2025-H1"]),
)
def test_leaving_reports_out_makes_no_figure_larger_and_none_zero(
    every_rule, reports_of, cells, left_out, period
):
    kept = [cell for n, cell in enumerate(cells) if n not in left_out]
    full, thin = (held(told(reports_of(every_rule), some), period) for some in (cells, kept))
    for key, before in full.items():
        after = thin[key]
        for column in ("value", "ytd"):
            if after[column] is None or after[column] == before[column]:
                continue
            averaged = key[1] == "surveyed_urban_unemployment"  # an average of fewer months may be larger
            assert averaged or after[column] < before[column]
            assert after["state"] == "partial" or after["value_reported"] < before["value_reported"]
            assert after[column] != 0 or what_is_left_is_zero(thin, key, column)


def what_is_left_is_zero(found, key, column):
    """Whether a sum of zero is what its known counties say themselves; `brand` counts those that have reached it."""
    county, indicator = key
    known = [found[c, indicator][column] for c in COUNTIES if found[c, indicator][column] is not None]
    return county == "city" and (indicator == "brand" or (bool(known) and not any(known)))


@FEW
@given(cells=full_reports(), seed=st.integers())
def test_the_order_of_the_reports_does_not_matter(every_rule, reports_of, cells, seed):
    shuffled = random.Random(seed).sample(cells, len(cells))
    queries = [("east", "jobs"), ("west", "jobs")]
    first = told(reports_of(every_rule), cells).frame("2025-Q2", queries)
    assert told(reports_of(every_rule), shuffled).frame("2025-Q2", queries[::-1]).equals(first)


scores = st.lists(
    st.integers(1, 2000).flatmap(lambda target: st.tuples(st.integers(0, 2 * target), st.just(target))),
    min_size=1, max_size=12,
)  # fmt: skip


def places(pairs):
    """Rank and tied of (done, target) pairs, each a county."""
    frame = pl.DataFrame({
        "county": [f"county_{n}" for n in range(len(pairs))],
        "target": [float(target) for _, target in pairs],
        "ytd": [float(done) for done, _ in pairs],
        "attainment_pct": [done * 100 / target for done, target in pairs],
    }).with_columns(indicator=pl.lit("jobs"), rule=pl.lit("total"))  # fmt: skip
    return with_rank(frame).select("attainment_pct", "target", "rank", "tied").to_dicts()


@given(pairs=scores)
def test_ranks_follow_attainment_and_equals_share_them(pairs):
    found = sorted(places(pairs), key=lambda p: (-p["attainment_pct"], p["rank"]))
    for better, worse in pairwise(found):
        assert better["rank"] <= worse["rank"]
        if better["attainment_pct"] == worse["attainment_pct"]:
            assert better["rank"] == worse["rank"]


@given(pairs=scores)
def test_a_rank_is_one_more_than_the_counties_above_it(pairs):
    ranks = [p["rank"] for p in places(pairs)]
    for place in places(pairs):
        assert place["rank"] == 1 + sum(other < place["rank"] for other in ranks)
        assert place["tied"] == (ranks.count(place["rank"]) > 1)


@given(pairs=scores)
def test_the_leader_of_a_rank_is_at_least_a_unit_behind_the_leader_above(pairs):
    leaders = {}
    for place in sorted(places(pairs), key=lambda p: (-p["attainment_pct"], p["target"])):
        leaders.setdefault(place["rank"], place)
    for better, worse in pairwise(leaders.values()):
        one_unit = max(100 / better["target"], 100 / worse["target"])
        assert better["attainment_pct"] - worse["attainment_pct"] >= one_unit - 1e-8


@given(pairs=scores, seed=st.integers())
def test_ranks_do_not_depend_on_the_order_of_rows(pairs, seed):
    order = random.Random(seed).sample(range(len(pairs)), len(pairs))
    assert [places(pairs)[n] for n in order] == places([pairs[n] for n in order])
