"""What is typed into the form is what is read out of it, for every reporter and any values."""

from decimal import Decimal
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.terms import Measure, State, StatementKind
from flows.submissions.form.form_spec import Entries, Entry, FormSpec, form_spec
from flows.submissions.form.layout import DONE, NOT_DONE, ZERO
from flows.submissions.form.writer import write_form
from flows.submissions.read_form import read
from tests.submissions.conftest import DUE_ON, PLAN, understood


@cache
def plan() -> Catalogue:
    return load(PLAN)


REPORTERS = [r.id for r in load(PLAN).reporters]
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=5, max_size=60).map(
    "进展".__add__
)


def amount(decimals: int, at_most: int = 10**9) -> st.SearchStrategy[Decimal]:
    scale = 10**decimals
    return st.integers(0, at_most * scale).map(lambda n: Decimal(n) / scale)


@st.composite
def filled_forms(draw: st.DrawFn) -> tuple[FormSpec, Entries]:
    """Any reporter's form with any plausible filling: numbers, zeros, blanks."""
    form = form_spec(plan(), draw(st.sampled_from(REPORTERS)), "2025-06", {})
    rows: dict[tuple[str, str], Entry] = {}
    for line in form.lines:
        values = dict(rows.get((line.county, line.indicator), Entry()).values)
        for measure in line.measures:
            if measure is Measure.DONE:
                values[measure] = draw(st.sampled_from([DONE, NOT_DONE]))
            elif draw(st.integers(0, 9)):  # one in ten stays blank
                values[measure] = draw(amount(line.decimals, 100 if line.unit == "%" else 10**9))
        if line.measures:
            blank = not values and ZERO if draw(st.booleans()) else ""
            rows[line.county, line.indicator] = Entry(values, choice=blank or "")
    words = {(t.number, kind): draw(WORDS) for t in form.tasks for kind in StatementKind}
    words |= {(0, kind): draw(WORDS) for kind in StatementKind if form.is_county}
    return form, Entries(rows, words)


@pytest.mark.parametrize("begins", ["进展：", "进展:", "存在问题：", "下一步打算: ", "填表人："])
def test_words_that_begin_like_a_label_stay_where_they_were_written(begins: str) -> None:
    form = form_spec(plan(), "horqin", "2025-06", {})
    words = {(0, kind): f"{begins}{kind}之下写的话" for kind in StatementKind}
    reading = understood(
        read("月报.xlsx", write_form(form, DUE_ON, Entries({}, words)), plan(), lambda *_: {})
    )
    assert {(s.task, s.kind): s.text for s in reading.statements} == words


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(filled_forms())
def test_numbers_and_words_come_back_exactly(case: tuple[FormSpec, Entries]) -> None:
    form, typed = case
    reading = understood(read("月报.xlsx", write_form(form, DUE_ON, typed), plan(), lambda *_: {}))
    assert (reading.reporter, reading.month, reading.is_sample) == (form.reporter.id, "2025-06", False)
    assert {(s.task, s.kind): s.text for s in reading.statements} == typed.words
    for o in reading.observations:
        entry = typed.rows[o.county, o.indicator]
        value = entry.values.get(o.measure)
        if o.state is State.REPORTED and o.measure is not Measure.DONE:
            assert o.value == value
        elif o.state is State.CONFIRMED_ZERO:
            assert value == 0 or (value is None and entry.choice == ZERO)
        elif o.state is State.MISSING:
            assert value is None


@settings(max_examples=15, deadline=None)
@given(filled_forms())
def test_the_same_form_is_the_same_bytes(case: tuple[FormSpec, Entries]) -> None:
    assert write_form(case[0], DUE_ON, case[1]) == write_form(case[0], DUE_ON, case[1])
