"""The whole way of a figure: an error, its receipt, the correction; the bulletin; a correction after it; the next month."""

from pathlib import Path

import pytest

from flows.issuing.compared import NotComparableError
from flows.office import Office
from flows.settings import Settings
from tests.evidence.correction_cycle import COUNTED_TWICE, COUNTY, Cycle, cycle, page


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data=tmp_path_factory.mktemp("cycle") / "data")


@pytest.fixture(scope="module")
def run(settings: Settings) -> Cycle:
    return cycle(settings)


def test_an_error_is_told_marked_and_corrected_in_the_workbook_that_went_back(run: Cycle) -> None:
    assert (run.first.status, run.first.left) == ("accepted", 1)
    assert "月报!F9 · 三产新增就业岗位（本月）：应为以“个”计的整数，填报为 约234" in run.first.receipt
    assert list(run.marks) == ["月报!F9"]
    assert (run.second.status, run.second.left) == ("accepted", 0)
    assert (
        "与 2025-06-03 09:20 收到的上一版相比，改了 1 个数：三产新增就业岗位（本月）数据待核→234。"
        in run.second.receipt
    )


def test_a_figure_corrected_after_the_bulletin_is_told_to_everybody(run: Cycle) -> None:
    before, after = 361, 361 - COUNTED_TWICE  # 349
    assert run.bulletin.number == "通人社发〔2025〕1号" and run.is_equal
    assert "期限后 26 天收到，此前已报过，按更正处理" in run.third.receipt  # 1 July − 5 June
    assert f"城镇新增就业（累计）{before}→{after}" in run.third.receipt
    assert run.correction.number == "通人社发〔2025〕2号"
    words = "".join(run.words.split()).replace("　", "")
    assert f"{COUNTY}5月城镇新增就业人{before}{after}" in words
    assert f"{before}→{after}" in words and "核减重复统计" in words


def test_the_next_bulletin_carries_it(run: Cycle) -> None:
    assert run.footnotes == (
        f"上期印发后，{COUNTY}5月城镇新增就业由361人更正为349人。本期按更正后的数计算。",
    )
    assert run.revisions == (f"5月{COUNTY}城镇新增就业人361349-3.3%",)  # −12 × 100 ÷ 361 = −3.32…


def test_the_bulletin_is_compared_with_how_it_would_read_corrected(run: Cycle, settings: Settings) -> None:
    found = Office(settings).compare(run.bulletin.number, run.correction.number)
    assert found.after.label == "通人社发〔2025〕1号 按 通人社发〔2025〕2号 更正后"
    changed = {one.name: (one.before, one.after) for one in found.numbers}
    assert changed[f"{COUNTY} 城镇新增就业 累计 2025年5月"] == ("361", "349")
    with pytest.raises(NotComparableError, match="更正的是 通人社发〔2025〕1号"):
        Office(settings).compare(run.correction.number, run.correction.number)


def test_the_page_shows_every_step(run: Cycle) -> None:
    shown = page(run)
    for receipt in (run.first.receipt, run.second.receipt, run.third.receipt):
        assert receipt.rstrip() in shown
    assert "ANOTHER" not in shown
    kept = (Path(__file__).parents[2] / "docs" / "evidence" / "correction-cycle.md").read_text(
        encoding="utf-8"
    )
    heads = [[line for line in text.splitlines() if line.startswith("## ")] for text in (shown, kept)]
    assert heads[0] == heads[1]
