"""The synthetic half-year: complete, plausible, marked, the same every time, and with the cases it must show."""

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.observation import KnownTotals, Reading
from flows.plan.terms import Rule
from flows.plan.workdays import deadlines
from flows.submissions.read_form import read
from flows.submissions.sample import cases
from flows.submissions.sample.submissions import SampleFile, sample
from flows.submissions.sample.year import Year
from tests.submissions.conftest import PLAN, understood

MONTHS = tuple(f"2025-{month:02d}" for month in range(1, 7))
ANOTHER_CITY = Path(__file__).parents[1] / "plan" / "another_city"


@cache
def files(seed: int = 1) -> tuple[SampleFile, ...]:
    plan = load(PLAN)
    return tuple(sample(plan, MONTHS, seed, lambda month: deadlines(month, plan.policy.reporting)))


@cache
def readings() -> Mapping[str, Reading]:
    """Every file read in the order it arrives, against what is in force by then."""
    plan, totals, read_so_far = load(PLAN), {}, {}
    for file in files():
        reading = understood(
            read(file.name, file.content, plan, lambda who, month: _around(totals, who, month))
        )
        totals[reading.reporter, reading.month] = {
            (o.county, o.indicator): o.value for o in reading.observations if o.measure == "running_total"
        }
        read_so_far[file.name] = reading
    return read_so_far


def _around(
    totals: Mapping[tuple[str, str], Mapping[tuple[str, str], Decimal]], who: str, month: str
) -> dict:
    number = int(month[-2:])
    before, after = (totals.get((who, f"2025-{number + step:02d}"), {}) for step in (-1, 1))
    return {cell: KnownTotals(before.get(cell), after.get(cell)) for cell in {*before, *after}}


def test_everybody_reports_every_month_but_those_who_never_do(catalogue: Catalogue) -> None:
    came = {(r.reporter, int(r.month[-2:])) for r in readings().values()}
    everybody = {(r.id, month) for r in catalogue.reporters for month in range(1, 7)}
    silent = {(catalogue.counties[place].id, month) for place, month in cases.NEVER_REPORTS}
    assert came == everybody - silent


def test_the_county_that_never_reports_june_does_report_its_other_months(catalogue: Catalogue) -> None:
    place = next(place for place, month in cases.NEVER_REPORTS if month == 6)
    name = catalogue.counties[place].name
    assert [f.month for f in files() if f.name.startswith(name)] == list(MONTHS[:5])


def test_reports_come_in_office_hours_between_the_first_and_the_due_day(catalogue: Catalogue) -> None:
    late = {(catalogue.counties[place].name, month) for place, month in cases.LATE}
    for file in files():
        due = deadlines(file.month, catalogue.policy.reporting)
        assert time(8, 40) <= file.received_at.time() <= time(17, 30)
        if "更正" in file.name or any(file.name.startswith(n) and int(file.month[-2:]) == m for n, m in late):
            assert file.received_at.date() > due.due_on
        else:
            assert due.due_on.replace(day=1) <= file.received_at.date() <= due.due_on


def test_exactly_one_query_is_open_and_one_is_answered(catalogue: Catalogue) -> None:
    problems = [(name, p) for name, r in readings().items() for p in r.problems]
    assert {p.rule for _, p in problems} == {"running_total_against_month"}
    assert [name for name, p in problems if p.answer is None] == ["开鲁县2025年6月月报.xlsx"]
    assert [name for name, p in problems if p.answer] == ["开发区2025年6月月报.xlsx"]


def test_one_county_corrects_may_in_july_with_its_reason() -> None:
    (name,) = (f.name for f in files() if "更正" in f.name)
    first, again = readings()[name.replace("（更正）", "")], readings()[name]
    assert (first.month, again.month, first.reporter) == ("2025-05", "2025-05", again.reporter)
    before, after = (next(o for o in r.observations if o.measure == "running_total") for r in (first, again))
    assert before.value is not None and after.value == before.value - cases.COUNTED_TWICE
    assert after.reason == cases.CORRECTION_REASON


def test_every_file_says_that_it_is_a_sample() -> None:
    assert all(reading.is_sample for reading in readings().values())


def test_nothing_in_a_sample_needs_a_remark() -> None:
    assert {decision for reading in readings().values() for decision in reading.decisions} == set()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not() -> None:
    again = tuple(sample(load(PLAN), MONTHS[:1], 1, lambda m: deadlines(m, load(PLAN).policy.reporting)))
    january = {f.name: f.content for f in files() if f.month == MONTHS[0]}
    assert {f.name: f.content for f in again} == january
    other = tuple(sample(load(PLAN), MONTHS[:1], 2, lambda m: deadlines(m, load(PLAN).policy.reporting)))
    assert {f.name: f.content for f in other} != january


def test_running_totals_never_fall_and_end_near_their_targets(catalogue: Catalogue) -> None:
    year = Year(catalogue, 1)
    for i in catalogue.annex_indicators:
        for county in i.county_targets:
            running = year.running(county, i.id)
            assert list(running) == sorted(running)
            assert Decimal("0.92") <= running[11] / i.county_targets[county] <= Decimal("1.11")


@pytest.mark.parametrize("seed", [1, 7, 2025])
def test_by_june_every_mark_is_earned_by_somebody(catalogue: Catalogue, seed: int) -> None:
    year, marks = Year(catalogue, seed), catalogue.policy.marks
    gaps = [
        year.running(county, i.id)[5] * 100 / target - 50  # June's pace is 6 × 100 / 12
        for i in catalogue.annex_indicators
        for county, target in i.county_targets.items()
    ]
    assert min(gaps) <= marks.red_at_most_pp and max(gaps) >= marks.blue_at_least_pp
    assert any(marks.red_at_most_pp < gap <= marks.yellow_at_most_pp for gap in gaps)
    assert any(marks.yellow_at_most_pp < gap < marks.blue_at_least_pp for gap in gaps)


def test_counts_are_whole_and_a_persons_city_figure_is_below_the_sum_of_counties(
    catalogue: Catalogue,
) -> None:
    year = Year(catalogue, 1)
    for name in catalogue.policy.city_own_figures.indicators:
        counties = [year.running(county, name)[5] for county in catalogue.indicator[name].county_targets]
        assert all(value == value.to_integral_value() for value in counties)
        assert year.running("city", name)[5] < sum(counties)


def test_the_unemployment_rate_stays_near_its_limit(catalogue: Catalogue) -> None:
    year = Year(catalogue, 1)
    (rate,) = (i for i in catalogue.indicators if i.rule is Rule.MEAN)
    assert all(Decimal("5.1") <= year.level(rate, month) <= Decimal("5.6") for month in range(1, 13))


def test_another_city_with_three_counties_has_its_sample_too() -> None:
    city = load(ANOTHER_CITY)
    plan_months = [f"{city.plan.year}-{month:02d}" for month in range(1, 7)]
    made = list(sample(city, plan_months, 1, lambda month: deadlines(month, city.policy.reporting)))
    assert len(made) >= 6 * len(city.counties)
    for file in made:
        understood(read(file.name, file.content, city, lambda *_: {}))
