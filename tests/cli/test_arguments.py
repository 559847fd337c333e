"""Periods, counties, indicators and drafts as people type them."""

from pathlib import Path

import click
import pytest
from click.shell_completion import BashComplete
from click.testing import CliRunner, Result

from flows.__main__ import cli
from flows.cli.arguments import county_named, indicator_named, spelled
from flows.office import Office
from flows.plan.load import plan_of, plans
from flows.plan.period import Period
from flows.plan.plan_file import PlanError
from flows.settings import ROOT, Settings
from tests.conftest import NOW
from tests.staff import TYPED, typed

PLAN = plan_of(Settings())
JUNE = Period.month(2025, 6)


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("6月", "2025-06"), ("2025年6月", "2025-06"), ("2025-6", "2025-06"), ("２０２５年６月份", "2025-06"), ("六月", "2025-06"),
        ("十二月", "2025-12"), ("2025年二季度", "2025-Q2"), ("第二季度", "2025-Q2"), ("Q2", "2025-Q2"), ("上半年", "2025-H1"),
        ("2025年下半年", "2025-H2"), ("2025年度", "2025"), ("全年", "2025"), ("2025", "2025"), ("2025-06", "2025-06"),
        ("2025-Q2", "2025-Q2"), ("2025-H1", "2025-H1"), ("五季度", "五季度"), ("", ""), ("去年6月", "去年6月"),
    ],
)  # fmt: skip
def test_a_period_is_read_as_people_write_it_and_without_a_year_is_of_the_newest_plan(
    written: str, period: str
) -> None:
    assert spelled(written) == period


@pytest.mark.parametrize(
    ("typed_before", "typed_word", "words"),
    [
        (["monthly"], "2025-0", [f"2025-0{month}" for month in range(1, 10)]),
        (["quarterly"], "", ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]),
        (["monthly", "2025-06", "--county"], "开", ["开鲁县", "开发区"]),
        (["trace", "2025-06"], "城镇", ["城镇新增就业", "城镇调查失业率"]),
        (["trace", "2025-06", "城镇新增就业"], "奈", ["奈曼旗"]),
    ],
)
def test_the_tab_key_completes_periods_counties_and_indicators(
    typed_before: list[str], typed_word: str, words: list[str]
) -> None:
    completion = BashComplete(cli, {}, "diaodu", "_DIAODU_COMPLETE")
    assert [one.value for one in completion.get_completions(typed_before, typed_word)] == words


def test_the_tab_key_offers_nothing_where_there_is_no_plan(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DIAODU_PLANS", str(tmp_path))
    completion = BashComplete(cli, {}, "diaodu", "_DIAODU_COMPLETE")
    assert completion.get_completions(["monthly", "2025-06", "--county"], "开") == []


def test_a_part_of_a_name_is_enough_where_it_fits_one_alone() -> None:
    assert county_named(PLAN, "鲁县") == "kailu"
    assert indicator_named(PLAN, "城镇新增").id == "urban_new_jobs"
    with pytest.raises(click.UsageError, match=r"“科左”合得上的旗县市区有 2 个，写全些：科左中旗、科左后旗"):
        county_named(PLAN, "科左")
    with pytest.raises(click.UsageError, match=r"没有“渔业”这项指标，应为"):
        indicator_named(PLAN, "渔业")


def test_a_name_that_is_whole_wins_over_longer_ones_that_hold_it() -> None:
    assert indicator_named(PLAN, "创业培训").id == "startup_training"


def test_a_copied_plan_folder_whose_year_was_not_changed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "2026").symlink_to(ROOT / "plan" / "2025")
    with pytest.raises(PlanError, match="应为与文件夹名 2026 一致，实为 2025"):
        plans(Settings(plans=tmp_path))


def test_a_month_without_a_plan_says_how_to_make_next_years() -> None:
    done = CliRunner().invoke(cli, ["notices", "2027-01"])
    assert "抄成 plan/2027，改年份、目标和期限" in str(done.exception)


@pytest.fixture
def three(office: Settings) -> Settings:
    """An office with a bulletin and two counties' reports of May, and one of June."""
    desk = Office(office, lambda: NOW)
    desk.make("monthly_dispatch", "2025-05")
    for county in ("kailu", "hure"):
        desk.make("monthly_dispatch", "2025-05", county=county)
    desk.make("monthly_dispatch", "2025-04", county="kailu")
    return office


def approve(*documents: str) -> Result:
    return CliRunner().invoke(cli, ["approve", *documents, *typed("审核岗")], input=f"{TYPED}\n")


def test_drafts_are_approved_by_the_numbers_of_the_list_last_shown(three: Settings) -> None:
    listed = CliRunner().invoke(cli, ["approve"]).output.splitlines()
    assert [line.split("　")[:2] for line in listed[:4]] == [
        ["  1", "2025-04/monthly_dispatch-kailu"], ["  2", "2025-05/monthly_dispatch"],
        ["  3", "2025-05/monthly_dispatch-hure"], ["  4", "2025-05/monthly_dispatch-kailu"],
    ]  # fmt: skip
    done = approve("2-3")
    assert "2025-05/monthly_dispatch：审核同意" in done.output
    assert "2025-05/monthly_dispatch-hure：审核同意" in done.output
    assert done.output.endswith("共 2 份，办成 2 份\n")
    assert "第 9 份" in str(approve("9").exception)


def test_a_number_is_refused_once_its_draft_was_made_again(three: Settings) -> None:
    CliRunner().invoke(cli, ["approve"])
    number = next(q.number for one in Office(three).status(JUNE).reporters for q in one.open)
    run = ["answer", number, "上月少报9人，本月补报", *typed()]
    assert CliRunner().invoke(cli, run, input=f"{TYPED}\n").exit_code == 0
    Office(three, lambda: NOW).make("monthly_dispatch", "2025-05", county="kailu")
    assert "列出之后已重新生成" in str(approve("4").exception)


def test_a_draft_is_named_by_its_folder_below_the_data_too(three: Settings) -> None:
    assert "审核同意" in approve("data/reports/2025-05/monthly_dispatch/").output


def test_a_group_is_approved_whole_and_what_fails_is_said_and_stops_no_other(three: Settings) -> None:
    approve("2025-05/monthly_dispatch-hure")
    done = approve("2025-05", "2025-05/monthly_dispatch-hure")
    assert done.exit_code == 1
    assert "没有办成：2025-05/monthly_dispatch-hure：已于" in done.output
    assert done.output.endswith("共 3 份，办成 2 份\n")
