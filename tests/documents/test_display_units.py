"""Amounts of the city in the display unit that the plan declares: printed rounded, held to the exact figure by the gate."""

import pytest

from flows.documents.gate_numbers import number_faults
from flows.documents.print_record import Block, Printed, Subject
from flows.documents.provenance import Source
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.terms import CITY
from tests.documents.conftest import CHECKOUT

AREA = Source("2025-06", CITY, "farm_service_area", "ytd")
JOBS = Source("2025-06", CITY, "rural_labour_transferred", "ytd")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(CHECKOUT / "plan" / "2025")


def faults(
    catalogue: Catalogue, text: str, value: float, after: str = "", kind: str = "cell", source: Source = AREA
) -> list[str]:
    """The kinds of fault of one number, printed as `text` with the words that follow it."""
    unit = catalogue.indicator[source.indicator].display_unit
    printed = Printed(0, text, kind, value, unit, source, Subject())
    return [kind for kind, _ in number_faults(Block("row", text + after, (printed,), ()), catalogue)]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1189.95", 11899519), ("1200", 12000000), ("0.78", 7846), ("0.0784", 784), ("0", 0)],
)
def test_a_column_in_ten_thousands_equals_its_figure(catalogue: Catalogue, text: str, value: float) -> None:
    assert faults(catalogue, text, value) == []


@pytest.mark.parametrize("text", ["1189.94", "1189.96", "1189.9519", "11899519", "118.995"])
def test_any_other_number_is_a_fault(catalogue: Catalogue, text: str) -> None:
    assert faults(catalogue, text, 11899519) == ["数不对"]


def test_a_sentence_may_say_ten_thousands_or_the_exact_figure(catalogue: Catalogue) -> None:
    assert faults(catalogue, "31.63", 316326, "万人，", "amount", JOBS) == []
    assert faults(catalogue, "31.64", 316326, "万人，", "amount", JOBS) == ["数不对"]
    assert faults(catalogue, "7846", 7846, "人，", "amount", JOBS) == []
    assert faults(catalogue, "31.63", 316326, "人，", "amount", JOBS) == ["数不对"]


def test_an_estimate_has_four_figures(catalogue: Catalogue) -> None:
    assert faults(catalogue, "1292", 12921760, "万亩", "estimate") == []
    assert faults(catalogue, "1292.18", 12921760, "万亩", "estimate") == ["数不对"]


def test_what_is_still_needed_is_rounded_up(catalogue: Catalogue) -> None:
    # (424000 − 316326) ÷ 6 = 17945.67: 1.80 ten thousands, not 1.79.
    parts = (("target", 424000.0), ("ytd", 316326.0), ("months", 6.0))
    needed = JOBS._replace(column="required_monthly", parts=parts)
    assert faults(catalogue, "1.8", 18000, source=needed) == []
    assert faults(catalogue, "1.79", 18000, source=needed) == ["数不对"]


def test_a_county_s_amounts_stand_in_the_plan_s_unit(catalogue: Catalogue) -> None:
    jobs = catalogue.indicator[JOBS.indicator]
    assert (jobs.unit_for("kailu"), jobs.unit_for(CITY)) == ("人", "万人")
    assert catalogue.indicator["urban_new_jobs"].unit_for(CITY) == "人"


def test_nothing_is_rounded_up_to_its_target(catalogue: Catalogue) -> None:
    jobs = catalogue.indicator[JOBS.indicator]
    assert jobs.unit_for(CITY, 423972, 424000) == "人"  # both would print 42.4
    assert jobs.unit_for(CITY, 424000, 424000) == "万人"
    assert jobs.unit_for(CITY, 423900, 424000) == "万人"  # 42.39
