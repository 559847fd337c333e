"""The figures a letter names: those of the document it brings, and none where the document carries others."""

from pathlib import Path

import pytest

from flows.issuing.letter_words import overall_sentence, sentences
from flows.plan.load import plan_of
from flows.plan.period import Period
from flows.settings import Settings

JUNE = Period.parse("2025-06")
OF_A_BULLETIN = (
    "period,county,indicator,unit,value,ytd,target,attainment_pct,pace_pct,gap_pp,rank,state,reported,expected\n"
    "2025-06,city,urban_new_jobs,人,1500.0,8123.0,13500.0,60.17037,50.0,10.17037,,reported,9,9\n"
)
OF_A_NOTICE = (
    "county,indicator,mark,ytd,target,attainment_pct,gap_pp,seasonal_gap_pp,cites\n"
    "kailu,urban_new_jobs,red,335.0,1100.0,30.45,-11.2,-14.7,\n"
)
OF_A_CORRECTION = "month,reporter,county,indicator,measure,value_before,value\n"


def test_a_bulletins_letter_names_the_policys_figures(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text(OF_A_BULLETIN, encoding="utf-8")
    assert sentences(tmp_path, plan_of(Settings(), 2025), JUNE) == (
        "截至6月底，全市城镇新增就业8123人，完成年度任务的60.2%，快于时序进度10.2个百分点。",
    )


def test_one_sentence_says_how_the_city_keeps_the_pace_and_a_lower_bound_proves_nobody_behind() -> None:
    def row(indicator: str, gap: float | None, state: str = "reported") -> dict[str, object]:
        return {"county": "city", "indicator": indicator, "gap_pp": gap, "state": state}

    rows = [
        row("urban_new_jobs", 10.2), row("rural_labour_transferred", -5.2, "partial"), row("startup_loans", -0.1),
        row("secondary_jobs", -0.04), row("tertiary_jobs", None, "missing"),
    ]  # fmt: skip
    assert overall_sentence(rows, plan_of(Settings(), 2025), JUNE) == [
        "截至6月底，全市5项分地区指标中，2项达到或快于时序进度，1项慢于时序进度（创业担保贷款发放金额），2项报送不全、暂不比较。"
    ]
    assert overall_sentence(rows[-1:], plan_of(Settings(), 2025), JUNE) == []


@pytest.mark.parametrize("carried", [OF_A_NOTICE, OF_A_CORRECTION], ids=["notice", "correction"])
def test_a_document_that_carries_other_columns_is_sent_without_figures(tmp_path: Path, carried: str) -> None:
    """A notice's matters once stopped its letter from being queued at all."""
    (tmp_path / "figures.csv").write_text(carried, encoding="utf-8")
    assert sentences(tmp_path, plan_of(Settings(), 2025), JUNE, "kailu") == ()
