"""Checks that need more than a row: earlier months, an earlier version, the neighbours, another row."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.observation import KnownTotals
from flows.plan.terms import CITY
from flows.submissions.checks.report_rules import REPORT_RULES
from flows.submissions.form.form_spec import Entries, Entry, FormSpec, form_spec
from flows.submissions.form.writer import write_form
from flows.submissions.read_form import read
from tests.submissions.conftest import DUE_ON, JUNE, KNOWN, MAY, named, reading_of, total, understood

JOBS = "urban_new_jobs"
TESTED_HERE = {
    "last_months_file", "wrong_month_label", "neighbours_numbers", "part_above_total", "city_above_counties",
}  # fmt: skip


def test_every_rule_of_a_report_has_a_test() -> None:
    assert {rule.__name__ for rule in REPORT_RULES} == TESTED_HERE


def with_earlier(*earlier: str | None) -> dict[tuple[str, str], KnownTotals]:
    """April's and March's totals beside May's 497."""
    april, march = (None if e is None else Decimal(e) for e in earlier)
    return dict(KNOWN) | {("kailu", JOBS): replace(KNOWN["kailu", JOBS], earlier=(april, march))}


def test_the_third_equal_step_in_a_row_is_queried(catalogue: Catalogue, form: FormSpec) -> None:
    """277, 387, 497, 607: each month 110."""
    problem = named(reading_of(catalogue, form, known=with_earlier("387", "277")), "same_increment")
    assert "连续三个月每月都恰好增加 110" in problem.expected


@pytest.mark.parametrize("earlier", [("387", "278"), ("387", None), (None, "277")])
def test_two_equal_steps_are_none(
    catalogue: Catalogue, form: FormSpec, earlier: tuple[str | None, str | None]
) -> None:
    assert reading_of(catalogue, form, known=with_earlier(*earlier)).problems == ()


def test_small_numbers_repeat_by_themselves(catalogue: Catalogue, form: FormSpec) -> None:
    """379, 438, 497, 556 by 59, one below the policy's 60."""
    known = with_earlier("438", "379")
    assert reading_of(catalogue, form, {JOBS: total("59", "556")}, known).problems == ()


def test_in_march_the_first_step_is_from_zero(catalogue: Catalogue) -> None:
    """100, 200, 300: January's step counts too."""
    known = {("kailu", JOBS): KnownTotals(Decimal(200), None, earlier=(Decimal(100), None))}
    form = form_spec(catalogue, "kailu", "2025-03", known)
    content = write_form(form, DUE_ON, Entries(rows={("kailu", JOBS): total("100", "300")}))
    reading = understood(read("月报.xlsx", content, catalogue, lambda *_: known))
    assert [p.rule for p in reading.problems if p.indicator == JOBS] == ["same_increment"]


def julys(current: Mapping[str, str]) -> dict[str, Entry]:
    """July's numbers: June's totals and 40 more each, where July's form should have June's label."""
    return {i: total("40", Decimal(c) + 40) for i, c in current.items()}


def june_totals() -> dict[str, str]:
    return {i: str(Decimal(MAY[i]) + Decimal(JUNE[i])) for i in MAY}


BIG = ("urban_new_jobs", "rural_labour_transferred", "secondary_jobs", "tertiary_jobs")


def test_the_next_months_numbers_under_this_months_label_are_queried(
    catalogue: Catalogue, form: FormSpec
) -> None:
    june = june_totals()
    known = {k: replace(v, current=Decimal(june[k[1]])) for k, v in KNOWN.items()}
    rows = julys({i: june[i] for i in BIG})
    reading = reading_of(catalogue, form, rows, known)
    (problem,) = (p for p in reading.problems if p.rule == "wrong_month_label")
    assert problem.found == "接着6月已报累计的下一个月的数（4 行）"


def test_numbers_that_already_stand_for_the_next_month_are_queried(
    catalogue: Catalogue, form: FormSpec
) -> None:
    june = june_totals()
    known = {k: replace(v, following=Decimal(june[k[1]]) + 40) for k, v in KNOWN.items()}
    reading = reading_of(catalogue, form, julys({i: june[i] for i in BIG}), known)
    assert [p.rule for p in reading.problems if not p.indicator] == ["wrong_month_label"]


def test_a_correction_of_the_month_is_no_wrong_label(catalogue: Catalogue, form: FormSpec) -> None:
    """The same June again, ten fewer of one: 607 stands, 597 comes."""
    june = june_totals()
    known = {k: replace(v, current=Decimal(june[k[1]])) for k, v in KNOWN.items()}
    assert reading_of(catalogue, form, {JOBS: total("100", "597")}, known).problems == ()


def hures(*indicators: str) -> dict[tuple[str, str], KnownTotals]:
    """库伦旗's June stands, and in these rows it is what 开鲁县 now reports."""
    june = june_totals()
    return dict(KNOWN) | {("hure", i): KnownTotals(None, None, current=Decimal(june[i])) for i in indicators}


def test_three_totals_that_are_a_neighbours_are_queried(catalogue: Catalogue, form: FormSpec) -> None:
    problem = named(reading_of(catalogue, form, known=hures(*BIG[:3])), "neighbours_numbers")
    assert problem.found == "与库伦旗已报的本月累计相同的数（3 行）" and problem.county == "kailu"


@pytest.mark.parametrize("alike", [BIG[:2], ("incubators_per_county", "training_brand_per_county", *BIG[:2])])
def test_two_equal_totals_or_small_ones_are_chance(
    catalogue: Catalogue, form: FormSpec, alike: tuple[str, ...]
) -> None:
    """One base each (1 and 0) is what every county has."""
    assert reading_of(catalogue, form, known=hures(*alike)).problems == ()


def trained(catalogue: Catalogue, subsidised: int, known: dict[tuple[str, str], KnownTotals]) -> list[str]:
    rows = {
        (CITY, "skills_training"): total("300", "3000"),
        (CITY, "subsidised_training"): total("300", str(subsidised)),
    }
    return city_rules(catalogue, rows, known, "subsidised_training")


def city_rules(
    catalogue: Catalogue,
    rows: dict[tuple[str, str], Entry],
    known: dict[tuple[str, str], KnownTotals],
    of: str,
) -> list[str]:
    form = form_spec(catalogue, "human_resources", "2025-06", known)
    content = write_form(form, DUE_ON, Entries(rows=rows))
    reading = understood(read("月报.xlsx", content, catalogue, lambda *_: known))
    return [p.rule for p in reading.problems if p.indicator == of]


@pytest.mark.parametrize(("subsidised", "rules"), [(3000, []), (3001, ["part_above_total"])])
def test_a_part_is_no_larger_than_its_whole(catalogue: Catalogue, subsidised: int, rules: list[str]) -> None:
    assert trained(catalogue, subsidised, {}) == rules


@pytest.mark.parametrize(("city", "rules"), [("900", []), ("901", ["city_above_counties"])])
def test_the_citys_own_figure_is_no_larger_than_its_counties(
    catalogue: Catalogue, city: str, rules: list[str]
) -> None:
    """Nine counties with 100 each."""
    known = {(c.id, JOBS): KnownTotals(None, None, current=Decimal(100)) for c in catalogue.counties}
    assert city_rules(catalogue, {(CITY, JOBS): total("90", city)}, known, JOBS) == rules


def test_where_a_county_is_missing_the_citys_own_figure_is_not_compared(catalogue: Catalogue) -> None:
    known = {(c.id, JOBS): KnownTotals(None, None, current=Decimal(100)) for c in catalogue.counties[1:]}
    assert city_rules(catalogue, {(CITY, JOBS): total("90", "901")}, known, JOBS) == []
