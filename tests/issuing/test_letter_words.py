"""The figures a letter names: those of the document it brings, and none where the document carries others."""

from datetime import date, datetime
from pathlib import Path

import pytest

from flows.issuing.letter_words import (
    LetterFacts,
    letter_blocks,
    notice_blocks,
    overall_sentence,
    sentences,
)
from flows.issuing.mail.letter_page import Table, as_text
from flows.plan.issued import Issued
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
    loans = Matter("kailu", "startup_loans", "yellow", 450.5, 900.0, 50.06, -5.94, rank=7, tied=True)
    jobs = Matter("kailu", "urban_new_jobs", "red", 335.0, 1100.0, 30.45, -19.55, rank=8, tied=False)
    said, table = notice_blocks(notice(loans, jobs), plan_of(Settings(), 2025))
    assert said == "涉及2项指标，请于7月15日前书面答复原因和改进措施："
    assert isinstance(table, Table)
    assert table.rows == (  # in the order of the plan; 30.45 and 19.55 rounded half up
        ("城镇新增就业", "335人", "30.5%", "-19.6个百分点", "红", "8"),
        ("创业担保贷款发放金额", "450.5万元", "50.1%", "-5.9个百分点", "黄", "并列7"),
    )


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


def test_a_year_is_judged_by_its_tasks_and_by_the_citys_own_figure(tmp_path: Path) -> None:
    """The counties' 431,132 are above the 424,000 asked for; counted once a person, 423,372 × 100 ÷ 424,000 = 99.85 %."""
    year = Period.parse("2025")
    row = "2025,city,rural_labour_transferred,人,431132.0,431132.0,424000.0,101.68208,100.0,1.68208,,reported,9,9"
    (tmp_path / "figures.csv").write_text(f"{OF_A_BULLETIN.splitlines()[0]}\n{row}\n", encoding="utf-8")
    plan, own = plan_of(Settings(), 2025), {"rural_labour_transferred": 423372.0}
    figure = {"county": "city", "indicator": "rural_labour_transferred", "state": "reported"}
    rows = [figure | {"target": 424000.0, "attainment_pct": 101.68, "gap_pp": 1.68}]
    assert overall_sentence(rows, plan, year, own) == [
        "2025年，全市1项分地区指标中，1项未完成年度任务（农村牧区劳动力转移就业）。"
    ]
    assert sentences(tmp_path, plan, year, own=own) == (
        "2025年，全市农村牧区劳动力转移就业43.11万人，完成年度任务的101.7%；按个人去重为42.34万人，完成年度任务的99.9%。",
    )


def test_a_notices_letter_has_its_matters_in_the_plans_order() -> None:
    posts = Matter("naiman", "tertiary_jobs", "yellow", 943, 2100, 44.9, -5.1, None, 8, 8, False, 192.8)
    jobs = Matter("naiman", "urban_new_jobs", "red", 431, 1100, 39.18, -10.82, -15.7, 7, 8, True, 111.5)
    notice = Notice(
        "提醒〔2025〕3", NoticeKind.REMINDER, Ladder.BEHIND, "naiman", "2025-06", datetime(2025, 7, 7, 16, 30),
        date(2025, 7, 8), date(2025, 7, 15), (posts, jobs),
    )  # fmt: skip
    text = as_text("奈曼旗：", notice_blocks(notice, plan_of(Settings(), 2025)), "")
    assert "涉及2项指标，请于7月15日前书面答复原因和改进措施：" in text
    first, second = text.splitlines()[3:5]
    assert (
        first.strip() == "城镇新增就业：累计431人，完成年度任务39.2%，较时序-10.8个百分点，标识红，位次并列7"
    )
    assert second.strip().startswith("三产新增就业岗位：累计943个")


def test_a_countys_letter_asks_for_what_the_bulletin_asks_and_by_its_day(tmp_path: Path) -> None:
    """Red in June; issued on 8 July, answers are due on the 15th. A silent county is only told that it is silent."""
    head, plan = OF_A_BULLETIN.splitlines()[0], plan_of(Settings(), 2025)
    rows = (
        "2025-06,kailu,urban_new_jobs,人,96.0,431.0,1100.0,39.18,50.0,-10.82,8,reported,,",
        "2025-06,hure,urban_new_jobs,人,,,500.0,,50.0,,,missing,,",
    )
    (tmp_path / "figures.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    key = ("kailu", "urban_new_jobs")
    facts = LetterFacts({key: "red"}, {key}, {}, date(2025, 7, 15))
    document = Issued(
        number="通人社发〔2025〕6号", series="通人社发", year=2025, serial=6, gap_note="",
        document="2025-06/monthly_dispatch", kind="monthly_dispatch", period="2025-06", county="", title="通报",
        file_name="通报", as_of=datetime(2025, 7, 7, 18), issued_on=date(2025, 7, 8),
        issued_at=datetime(2025, 7, 8, 9), draft_sha256="", sha256="", is_sample=False,
    )  # fmt: skip
    _, table, asked = letter_blocks(tmp_path, plan, document, facts, "kailu")
    assert isinstance(table, Table)
    assert table.rows[0] == ("城镇新增就业", "431人", "39.2%", "-10.8个百分点", "红", "并列8")
    assert asked == "请于7月15日前对标为红色的城镇新增就业分析原因，报送整改措施。"
    assert letter_blocks(tmp_path, plan, document, facts, "hure") == [
        "库伦旗6月月报尚未收到，请于7月15日前补报，并书面说明未报原因。"
    ]
