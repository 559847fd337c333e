"""The 2025 plan as data: what it holds, and that every number stands in the source."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from flows.cli.listing import as_json, as_markdown
from flows.plan.load import load
from flows.plan.terms import ReportedBy, Rule

ROOT = Path(__file__).parents[2]
PLAN = load(ROOT / "plan" / "2025")


def test_the_plan_has_forty_tasks_fifty_six_indicators_and_seventy_two_county_targets() -> None:
    assert [t.number for t in PLAN.tasks] == list(range(1, 41))
    assert len(PLAN.indicators) == 56
    assert sum(len(i.county_targets) for i in PLAN.annex_indicators) == 8 * 9


def test_twelve_tasks_are_words_only() -> None:
    wordless = [t.number for t in PLAN.tasks if not PLAN.indicators_of_task(t.number)]
    assert wordless == [1, 18, 23, 26, 28, 30, 34, 35, 36, 37, 39, 40]


def test_the_money_of_the_text_is_the_money_of_the_annex() -> None:
    loans = PLAN.indicator["startup_loans"]
    assert loans.target == Decimal("1.1") * 10_000  # 1.1亿元 in 万元
    assert "1.1亿元" in loans.quote


def test_the_zone_has_annex_targets_but_no_per_county_minimum() -> None:
    zone = PLAN.reporter["development_zone"]
    assert zone.kind is ReportedBy.COUNTY
    assert {i.id for i in PLAN.indicators_of(zone)} == {i.id for i in PLAN.annex_indicators}
    assert PLAN.city_target(PLAN.indicator["incubators_per_county"]) == 9 - 1


def test_a_limit_that_the_plan_leaves_to_the_nation_comes_from_the_policy() -> None:
    unemployment = PLAN.indicator["surveyed_urban_unemployment"]
    assert unemployment.target is None
    assert PLAN.city_target(unemployment) == 5.5


def test_every_indicator_is_asked_of_exactly_one_kind_of_reporter() -> None:
    asked = [i.id for r in PLAN.departments for i in PLAN.indicators_of(r)]
    assert (
        len(asked) == len(set(asked)) == 56 - 10
    )  # eight annex and two per-county figures come from counties
    assert all(PLAN.counties_of(i) for i in PLAN.indicators if i.reported_by is ReportedBy.COUNTY)


def test_shares_name_their_numerator_and_denominator() -> None:
    assert all(i.numerator and i.denominator for i in PLAN.indicators if i.rule is Rule.SHARE)


@pytest.mark.parametrize(
    ("written", "id_"),
    [("科区", "horqin"), ("科尔沁左翼中旗", "horqin_left_middle"), ("经开区", "development_zone"),
     (" 奈　曼 ", "naiman"), ("人社局", "human_resources"), ("jarud", "jarud")],
)  # fmt: skip
def test_a_reporter_is_known_by_all_its_names(written: str, id_: str) -> None:
    found = PLAN.reporter_named(written)
    assert found is not None
    assert found.id == id_


def test_an_unknown_name_is_nobody() -> None:
    assert PLAN.reporter_named("科尔沁") is None


def test_the_listing_has_the_agreed_keys() -> None:
    listing = json.loads(as_json(PLAN))
    assert list(listing) == ["counties", "tasks", "indicators"]
    assert listing["counties"][0] == {"id": "horqin", "name": "科尔沁区", "code": "150502"}
    assert list(listing["tasks"][0]) == ["number", "title", "lead", "support"]
    urban = listing["indicators"][0]
    assert list(urban) == [
        "id", "name", "task", "target", "unit", "bound", "rule", "reported_by", "quote", "county_targets",
    ]  # fmt: skip
    assert sum(urban["county_targets"].values()) == urban["target"] == 13500


def test_the_page_of_figures_is_what_the_command_prints() -> None:
    assert (ROOT / "docs" / "figures.md").read_text(encoding="utf-8") == as_markdown(PLAN)


def test_the_annex_file_reads_like_the_printed_page() -> None:
    rows = list(csv.reader((ROOT / "plan/2025/annex_targets.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[1] == ["总计", "13500", "424000", "8000", "11000", "5000", "30000", "3000", "5000"]
    assert [row[0] for row in rows[2:]] == [c.name for c in PLAN.counties]
