"""Another city, with three counties and two indicators, is a new folder and no code."""

from pathlib import Path

import pytest

from flows.cli.listing import as_json
from flows.plan.catalogue import Catalogue
from flows.plan.load import load

ANOTHER = Path(__file__).parent / "another_city"


@pytest.fixture
def another() -> Catalogue:
    return load(ANOTHER)


def test_its_plan_loads_from_its_folder(another: Catalogue) -> None:
    assert another.plan.city == "青河市"
    assert [c.name for c in another.counties] == ["东县", "西县", "北区"]
    assert {i.id: i.target for i in another.indicators} == {"new_jobs": 600, "job_fairs": 12}


def test_its_counties_and_departments_are_asked_for_their_own(another: Catalogue) -> None:
    asked = {r.name: [i.id for i in another.indicators_of(r)] for r in another.reporters}
    assert asked == {
        "东县": ["new_jobs"],
        "西县": ["new_jobs"],
        "北区": ["new_jobs"],
        "市人社局": ["job_fairs"],
    }


def test_it_lists_like_any_plan(another: Catalogue) -> None:
    assert "青河市" not in as_json(another)
    assert '"new_jobs"' in as_json(another)
