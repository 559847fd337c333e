"""Every threshold of the checks with the value on either side."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.observation import KnownTotals
from flows.plan.terms import Measure
from flows.submissions.form.form_spec import Entry, FormSpec, Prior, form_spec
from tests.submissions.conftest import KNOWN, reading_of, total
from tests.submissions.test_rules import department

JOBS, LOANS, MOVED, SKILLED = (
    "urban_new_jobs",
    "startup_loans",
    "rural_labour_transferred",
    "skilled_talent_trained",
)


def rules(
    catalogue: Catalogue, form: FormSpec, indicator: str, entry: Entry, known: Prior = KNOWN
) -> set[str]:
    """The rules that speak of one row of 开鲁县's June, all other rows honest."""
    reading = reading_of(catalogue, form, {indicator: entry}, known)
    return {p.rule for p in reading.problems if p.indicator == indicator}


@pytest.mark.parametrize(("rule", "indicator", "month", "running", "speaks"), [
    ("negative_running_total", "incubators_per_county", "0", "0", False),
    ("negative_running_total", "incubators_per_county", "-1", "-1", True),
    ("falling_running_total", JOBS, "0", "497", False),  # May stands at 497
    ("falling_running_total", JOBS, "-1", "496", True),
    ("falling_running_total", JOBS, "-487", "10", True),
    ("falling_running_total", JOBS, "-498", "-1", False),  # an error already
    ("running_total_against_month", JOBS, "110", "606", True),
    ("running_total_against_month", JOBS, "110", "607", False),  # 497 + 110
    ("running_total_against_month", JOBS, "110", "608", True),
    ("implausible_for_one_county", "incubators_per_county", "20", "20", False),
    ("implausible_for_one_county", "incubators_per_county", "21", "21", True),
    ("slip_of_ten_thousand", LOANS, "117.62", "89999.99", False),  # the target of 900 × 100 = 90000
    ("slip_of_ten_thousand", LOANS, "117.62", "90000", True),
    ("slip_of_ten_thousand", LOANS, "89999.99", "436.12", False),
    ("slip_of_ten_thousand", LOANS, "90000", "436.12", True),
    ("ten_thousandth", MOVED, "6200", "519", True),  # a hundredth of May's 52000 is 520
    ("ten_thousandth", MOVED, "6200", "520", False),
    ("ten_thousandth", MOVED, "6200", "5", True),  # 5 × 10⁴ = 50000, at least 90 % of 52000 = 46800
    ("ten_thousandth", MOVED, "6200", "4", False),
    ("ten_thousandth", MOVED, "6200", "0", False),
    ("month_typed_for_running_total", JOBS, "496", "496", True),  # below May's 497
    ("month_typed_for_running_total", JOBS, "497", "497", False),
    ("running_total_typed_for_month", JOBS, "496", "496", False),
    ("running_total_typed_for_month", JOBS, "497", "497", True),
    ("running_total_typed_for_month", JOBS, "498", "499", False),
    ("month_and_total_exchanged", JOBS, "607", "110", True),  # 497 + 110 under 本月
    ("month_and_total_exchanged", JOBS, "608", "110", False),
    ("exactly_the_target", SKILLED, "229", "399", False),
    ("exactly_the_target", SKILLED, "230", "400", True),
    ("exactly_the_target", SKILLED, "231", "401", False),
    ("leap", JOBS, "440", "937", False),  # 40 % of 1100 is 440
    ("leap", JOBS, "441", "938", True),
])  # fmt: skip
def test_a_threshold_speaks_on_its_own_side_alone(
    catalogue: Catalogue, form: FormSpec, rule: str, indicator: str, month: str, running: str, speaks: bool
) -> None:
    assert (rule in rules(catalogue, form, indicator, total(month, running))) is speaks


def with_checks(catalogue: Catalogue, **thresholds: object) -> Catalogue:
    checks = replace(catalogue.policy.checks, **thresholds)  # type: ignore[arg-type]  # keys of Checks
    return replace(catalogue, policy=replace(catalogue.policy, checks=checks))


LEAP, EXACT = (JOBS, total("450", "947")), (SKILLED, total("230", "400"))
THREE = ("incubators_per_county", total("3", "3"))


@pytest.mark.parametrize(("threshold", "value", "rule", "row", "speaks"), [
    ("jump_at_least", 450, "leap", LEAP, True),
    ("jump_at_least", 451, "leap", LEAP, False),
    ("jump_pct_of_target", 40.9, "leap", LEAP, True),  # 450 of 1100 is 40.909 %
    ("jump_pct_of_target", 41.0, "leap", LEAP, False),
    ("exact_target_at_least", 400, "exactly_the_target", EXACT, True),
    ("exact_target_at_least", 401, "exactly_the_target", EXACT, False),
    ("most_per_county", 3, "implausible_for_one_county", THREE, False),
    ("most_per_county", 2, "implausible_for_one_county", THREE, True),
])  # fmt: skip
def test_the_policys_threshold_decides(
    catalogue: Catalogue,
    form: FormSpec,
    threshold: str,
    value: float,
    rule: str,
    row: tuple[str, Entry],
    speaks: bool,
) -> None:
    assert (rule in rules(with_checks(catalogue, **{threshold: value}), form, *row)) is speaks


def around(**known: object) -> Prior:
    return dict(KNOWN) | {
        ("kailu", JOBS): KnownTotals(**{"previous": Decimal(497), "following": None} | known)
    }  # type: ignore[arg-type]  # its fields


@pytest.mark.parametrize(("following", "speaks"), [(606, True), (607, False), (608, False)])
def test_a_total_may_equal_the_following_months(
    catalogue: Catalogue, form: FormSpec, following: int, speaks: bool
) -> None:
    known = around(following=Decimal(following))
    assert ("above_following_month" in rules(catalogue, form, JOBS, total("110", "607"), known)) is speaks


@pytest.mark.parametrize(("earlier", "month", "running", "speaks"), [
    ((437, 377), "60", "557", True), ((438, 379), "59", "556", False),  # 60 three times, 59 three times
    ((437, 378), "60", "557", False), ((436, 376), "60", "557", False), ((437, None), "60", "557", False),
])  # fmt: skip
def test_sixty_three_times_running_is_asked_about(
    catalogue: Catalogue,
    form: FormSpec,
    earlier: tuple[int, int | None],
    month: str,
    running: str,
    speaks: bool,
) -> None:
    known = around(earlier=tuple(None if n is None else Decimal(n) for n in earlier))
    assert ("same_increment" in rules(catalogue, form, JOBS, total(month, running), known)) is speaks


@pytest.mark.parametrize(("month", "running", "found"), [
    ("110", "110", set()), ("110", "109", {"month_above_running_total"}),
    ("0", "5", set()), ("-1", "5", {"falling_running_total"}),
])  # fmt: skip
def test_where_nothing_is_known_before_the_month_is_compared_with_the_year(
    catalogue: Catalogue, month: str, running: str, found: set[str]
) -> None:
    known = {key: totals for key, totals in KNOWN.items() if key[1] != JOBS}
    form = form_spec(catalogue, "kailu", "2025-06", known)
    assert rules(catalogue, form, JOBS, total(month, running), known) == found


@pytest.mark.parametrize(("level", "found"), [
    ("-0.01", {"rate_out_of_range", "negative_level"}), ("0", set()), ("0.01", {"rate_as_fraction"}),
    ("0.99", {"rate_as_fraction"}), ("1", set()), ("100", set()), ("100.01", {"rate_out_of_range"}), ("101", {"rate_out_of_range"}),
])  # fmt: skip
def test_a_percentage_lies_between_0_and_100_and_is_no_fraction(
    catalogue: Catalogue, level: str, found: set[str]
) -> None:
    entry = Entry({Measure.LEVEL: Decimal(level)})
    reading = department(catalogue, "market_regulation", "entity_activity_rate", entry)
    assert {p.rule for p in reading.problems if p.indicator == "entity_activity_rate"} == found


@pytest.mark.parametrize(("part", "whole", "found"), [
    (49, 50, set()), (50, 50, set()), (51, 50, {"part_above_whole"}), (-1, 50, {"negative_level"}), (0, 50, set()),
])  # fmt: skip
def test_a_part_may_be_the_whole_and_no_more(
    catalogue: Catalogue, part: int, whole: int, found: set[str]
) -> None:
    entry = Entry({Measure.NUMERATOR: part, Measure.DENOMINATOR: whole})
    reading = department(catalogue, "human_resources", "integrated_major_share", entry)
    assert {p.rule for p in reading.problems if p.indicator == "integrated_major_share"} == found


@pytest.mark.parametrize(("level", "found"), [("-1", set()), ("0", set())])
def test_a_gain_in_percentage_points_may_be_negative(
    catalogue: Catalogue, level: str, found: set[str]
) -> None:
    entry: Mapping[Measure, Decimal] = {Measure.LEVEL: Decimal(level)}
    reading = department(catalogue, "human_resources", "urbanisation_rate_gain", Entry(entry))
    assert {p.rule for p in reading.problems if p.indicator == "urbanisation_rate_gain"} == found


@pytest.mark.parametrize(
    ("level", "found"),
    [("-1", {"negative_level"}), ("0", set()), ("5499999", set()), ("5500000", {"slip_of_ten_thousand"})],
)
def test_a_stock_is_not_negative_and_not_a_hundred_times_its_target(
    catalogue: Catalogue, level: str, found: set[str]
) -> None:
    """小微企业户数: the target is 55000."""
    reading = department(
        catalogue, "market_regulation", "small_micro_firms", Entry({Measure.LEVEL: Decimal(level)})
    )
    assert {p.rule for p in reading.problems if p.indicator == "small_micro_firms"} == found
