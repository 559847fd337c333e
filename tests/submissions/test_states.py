"""The four states of a cell, from what is typed and what is chosen. A blank is never zero."""

from decimal import Decimal

import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.terms import Measure, State
from flows.submissions.form.form_spec import FormSpec
from tests.submissions.conftest import KNOWN, cell, reading_of, total

MONTH, TOTAL = Measure.IN_MONTH, Measure.RUNNING_TOTAL
NEW = "incubators_per_county"  # stood at 0 in May
OLD = "urban_new_jobs"  # stood at 497 in May


def test_a_number_is_reported(catalogue: Catalogue, form: FormSpec) -> None:
    seen = cell(reading_of(catalogue, form), OLD)
    assert (seen.value, seen.state) == (Decimal(607), State.REPORTED)


@pytest.mark.parametrize("typed", ["0", "零", "〇", "０"])
def test_a_typed_zero_is_confirmed(catalogue: Catalogue, form: FormSpec, typed: str) -> None:
    seen = cell(reading_of(catalogue, form, {NEW: total(typed, typed)}), NEW)
    assert (seen.value, seen.state) == (Decimal(0), State.CONFIRMED_ZERO)


@pytest.mark.parametrize("typed", ["", "/", "-", "—", "——", "无", "／", " ", "－"])
def test_a_mark_for_nothing_is_missing_and_asked_about(
    catalogue: Catalogue, form: FormSpec, typed: str
) -> None:
    reading = reading_of(catalogue, form, {NEW: total(typed, typed)})
    seen = cell(reading, NEW)
    assert (seen.value, seen.state) == (None, State.MISSING)
    assert [p.rule for p in reading.problems] == ["not_filled_in"]


def test_choosing_zero_confirms_it(catalogue: Catalogue, form: FormSpec) -> None:
    reading = reading_of(catalogue, form, {NEW: total("", "", choice="零")})
    assert [(cell(reading, NEW, m).value, cell(reading, NEW, m).state) for m in (MONTH, TOTAL)] == [
        (Decimal(0), State.CONFIRMED_ZERO)
    ] * 2
    assert reading.problems == ()


def test_zero_is_of_the_month_so_last_months_total_must_still_be_written(
    catalogue: Catalogue, form: FormSpec
) -> None:
    reading = reading_of(catalogue, form, {OLD: total("", "", choice="零")})
    assert cell(reading, OLD, MONTH).state is State.CONFIRMED_ZERO
    assert (cell(reading, OLD).value, cell(reading, OLD).state) == (None, State.MISSING)


def test_zero_beside_last_months_total_is_no_contradiction(catalogue: Catalogue, form: FormSpec) -> None:
    reading = reading_of(catalogue, form, {OLD: total("", "497", choice="零")})
    assert (cell(reading, OLD, MONTH).value, cell(reading, OLD).value) == (0, 497)
    assert reading.problems == ()


def test_not_applicable_with_its_reason_stands(catalogue: Catalogue, form: FormSpec) -> None:
    entry = total("", "", choice="不适用", reason="本年度没有建设任务，已书面报告")
    reading = reading_of(catalogue, form, {NEW: entry})
    assert cell(reading, NEW).state is State.NOT_APPLICABLE
    assert reading.problems == ()


def test_a_number_beside_zero_is_blocked_not_chosen_between(catalogue: Catalogue, form: FormSpec) -> None:
    reading = reading_of(catalogue, form, {OLD: total("35", "532", choice="零")})
    assert {cell(reading, OLD, m).state for m in (MONTH, TOTAL)} == {State.BLOCKED}


def test_zero_with_an_unknown_last_month_takes_the_total_as_written(
    catalogue: Catalogue, form: FormSpec
) -> None:
    known = {key: k for key, k in KNOWN.items() if key[1] != OLD}
    reading = reading_of(catalogue, form, {OLD: total("", "497", choice="零")}, known)
    assert cell(reading, OLD).value == 497 and reading.problems == ()


def test_what_stood_in_the_cell_is_kept_as_written(catalogue: Catalogue, form: FormSpec) -> None:
    reading = reading_of(catalogue, form, {OLD: total("１１０", "６０７人")})
    assert (cell(reading, OLD).written, cell(reading, OLD).value) == ("６０７人", 607)
