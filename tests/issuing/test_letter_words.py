"""The figures a letter names: those of the document it brings, and none where the document carries others."""

from datetime import date, datetime
from pathlib import Path

import pytest

from flows.issuing.letter_words import notice_blocks, overall_sentence, sentences
from flows.issuing.mail.letter_page import Table
from flows.plan.load import plan_of
from flows.plan.notice import Ladder, Matter, Notice, NoticeKind
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


def notice(*matters: Matter, addressee: str = "kailu") -> Notice:
    return Notice(
        "提醒〔2025〕3", NoticeKind.REMINDER, Ladder.BEHIND, addressee, "2025-06", datetime(2025, 7, 7, 16, 30),
        date(2025, 7, 8), date(2025, 7, 15), matters,
    )  # fmt: skip


def test_the_letter_of_a_notice_names_its_indicators_with_their_figures() -> None:
    """Its rows once lacked the county, which the unit depends on: no such notice could be mailed."""
    own = Matter("kailu", "urban_new_jobs", "red", 335.0, 1100.0, 30.45, -19.55, rank=8, tied=False)
    said, table = notice_blocks(notice(own), plan_of(Settings(), 2025))
    assert said == "涉及指标 1 项，请于7月15日前书面答复原因和下一步措施："
    assert isinstance(table, Table)
    assert table.rows == (
        ("城镇新增就业", "335人", "30.5%", "-19.6", "红", "8"),
    )  # 30.45 and 19.55 rounded half up


def test_a_departments_letter_says_whose_figure_it_is_and_the_citys_in_its_display_unit() -> None:
    catalogue = plan_of(Settings(), 2025)
    city = Matter("city", "rural_labour_transferred", "yellow", 431000.0, 1000000.0, 43.1, -6.9)
    county = Matter("naiman", "rural_labour_transferred", "red", 31000.0, 100000.0, 31.0, -19.0)
    _, table = notice_blocks(notice(city, county, addressee="trade_union"), catalogue)
    assert isinstance(table, Table)
    assert [row[:2] for row in table.rows] == [
        ("农村牧区劳动力转移就业", "43.1万人"),
        ("奈曼旗农村牧区劳动力转移就业", "31000人"),
    ]


def test_the_letter_of_a_missing_report_asks_for_it() -> None:
    assert notice_blocks(notice(Matter("kailu")), plan_of(Settings(), 2025)) == [
        "2025年6月报表尚未收到，请于7月15日前报送。"
    ]
