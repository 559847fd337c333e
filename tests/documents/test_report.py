"""The reports on a quarter and a half-year: what they say by the figures, what they leave unsaid, their charts."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pdfplumber
import polars as pl
import pytest

from flows.documents.charts.report import city_chart
from flows.documents.document import Document, Frames, Issue
from flows.documents.figures import Figures
from flows.documents.kinds.report import HALF_YEARLY, QUARTERLY, Kind, charts, context
from flows.documents.kinds.review import review_facts
from flows.documents.pdf.typeset import Typesetter, sheet
from flows.documents.provenance import plain
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.period import Period
from tests.documents.conftest import CHECKOUT
from tests.documents.gate_plantings import made
from tests.documents.year_frames import year_frames

ISSUE = Issue(datetime(2025, 7, 9, 16, 20), date(2025, 7, 9), date(2025, 7, 16), date(2025, 8, 5))
Q1, Q2, Q4, H1 = (Period.parse(f"2025-{written}") for written in ("Q1", "Q2", "Q4", "H1"))
SILENT_TWICE = (("hure", 2), ("hure", 6))

Say = Callable[..., str]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(Path(CHECKOUT / "plan" / "2025"))


@pytest.fixture(scope="module")
def say(catalogue: Catalogue, typesetter: Typesetter) -> Say:
    """The words of a report without mark-up, the charts left out: setting a page takes long."""

    def words(kind: Kind, period: Period, changed: Callable[[Any], Any] = lambda f: f, **year: Any) -> str:
        frames = changed(year_frames(catalogue, period, **year))
        facts = review_facts(frames, catalogue, period, date(2026, 1, 31))
        told = context(facts, frames, catalogue, ISSUE)
        about = sheet("题", "局", kind.subject, ISSUE.as_of, draft=True, sample=True)
        html = typesetter.render(
            kind.template,
            {"sheet": about, "title_lines": ["题"], "document_number": "〔2025〕号", "charts": {}, **told},
        ).html
        return re.sub(r"\s|<[^>]*>", "", html)

    return words


# The same documents as the gate's tests have, so that each is laid out once.
@pytest.fixture(scope="module")
def document(catalogue: Catalogue, typesetter: Typesetter) -> Document:
    """The report on a second quarter."""
    return made("quarter", catalogue, typesetter)


@pytest.fixture(scope="module")
def partial(catalogue: Catalogue, typesetter: Typesetter) -> Document:
    """The report on a second quarter without 库伦旗's June."""
    return made("quarter, partial", catalogue, typesetter)


def test_a_half_that_did_its_half_is_told_so(say: Say) -> None:
    assert "8项分地区指标均完成年度任务的50%以上，实现时间过半、任务过半。" in say(HALF_YEARLY, H1)


def test_one_indicator_short_of_half_and_nothing_is_celebrated(say: Say) -> None:
    text = say(HALF_YEARLY, H1, pace={"kailu": 0.7})
    assert "时间过半、任务过半" not in text
    assert "8项分地区指标中，8项未过半" in text  # everyone stands at exactly half, 开鲁县 at 35 %


def test_a_partial_half_is_called_neither(say: Say) -> None:
    text = say(HALF_YEARLY, H1, silent=SILENT_TWICE)
    assert "8项因有地区未报，是否过半暂不判断" in text and "时间过半、任务过半" not in text


def test_the_second_half_has_no_midsummer(say: Say) -> None:
    text = say(HALF_YEARLY, Period.parse("2025-H2"))
    assert "过半" not in text and "四、下一步工作安排" in text and "下半年工作安排" not in text


def test_a_half_year_with_missed_months_has_right_totals_and_says_what_is_not_known(
    say: Say, catalogue: Catalogue
) -> None:
    text = say(HALF_YEARLY, H1, silent=[("naiman", 2), ("naiman", 3)])
    assert "奈曼旗2月、3月未报，2月、3月、4月的当月数无法计算，6月累计数不受影响。" in text
    # 50 % of 13500, 4700 + 1900 + 1100 + 1000 + 1000 + 500 + 1100 + 1000 + 1200 each rounded by itself
    assert "截至6月底，全市城镇新增就业6750人，完成年度任务的50.0%，与时序进度持平" in text
    frames = year_frames(catalogue, H1, silent=[("naiman", 2), ("naiman", 3)])
    naiman = frames.figures.filter(pl.col("county") == "naiman", pl.col("indicator") == "urban_new_jobs")
    assert naiman["ytd"].to_list() == [550]  # half of 1100


def test_a_county_silent_at_the_end_is_in_no_total_and_not_judged(say: Say) -> None:
    text = say(HALF_YEARLY, H1, silent=SILENT_TWICE)
    assert "库伦旗2月、6月未报，累计数未计入全市合计，不参加排位。" in text
    # 6750 less half of 库伦旗's 500
    assert (
        "城镇新增就业6500人（不含库伦旗，9个地区已报8个），完成年度任务的48.1%，因库伦旗未报，暂不作进度评价"
        in text
    )
    assert "至数据截止时未报送2份：库伦旗（2月、6月）" in text
    # 库伦旗 has 500 of 13500, 3.7 %: the others are forecast; 6500 ÷ 54.9 % = 11839.7
    assert "城镇新增就业（不含库伦旗，其任务占全市的3.7%）全年约11840人" in text


def test_a_report_that_is_not_due_yet_is_not_missing(catalogue: Catalogue) -> None:
    everyone = [(reporter.id, 6) for reporter in catalogue.reporters]
    frames = year_frames(catalogue, Q2, silent=everyone)
    early = review_facts(frames, catalogue, Q2, date(2025, 7, 3)).punctuality  # June is due on 5 July
    assert (early.due, early.on_time, early.missing, early.gaps) == (
        42,
        42,
        (),
        (),
    )  # 21 reporters, two months
    late = review_facts(frames, catalogue, Q2, date(2025, 7, 6)).punctuality
    assert (late.due, late.missing_count) == (63, 21)


def test_a_quarter_after_a_missed_month_has_no_number_of_its_own(say: Say) -> None:
    text = say(QUARTERLY, Q2, silent=[("naiman", 3)])
    assert "奈曼旗3月未报，二季度数无法计算，6月累计数不受影响。" in text


def test_the_quarter_is_compared_with_the_one_before_by_what_the_figures_say(say: Say) -> None:
    text = say(QUARTERLY, Q2)
    # 25 % of 13500 is 3375 in each quarter
    assert "二季度新增3375人。" in text and "二季度新增3375人，比上季度持平。" not in text
    assert "二季度新增3375人，与上季度持平。" in text


def test_without_last_year_nothing_is_said_of_it(say: Say) -> None:
    assert "同比增" not in say(QUARTERLY, Q2) and "累计数同比" not in say(HALF_YEARLY, H1)


def test_with_last_year_the_change_is_said(say: Say) -> None:
    def with_last_year(frames: Any) -> Any:
        of_city = (pl.col("indicator") == "urban_new_jobs") & (pl.col("county") == "city")
        known = pl.when(of_city).then(6438.0)
        return replace(frames, figures=frames.figures.with_columns(ytd_year_ago=known))

    # 6750 − 6438 = 312, and 312 × 100 ÷ 6438 = 4.85
    assert "累计数同比增加312人、增长4.8%。" in say(HALF_YEARLY, H1, with_last_year)


def test_the_rate_still_needed_is_beside_the_rate_so_far(say: Say) -> None:
    slow = say(QUARTERLY, Q1)
    # 3375 in three months is 1125 a month; (13500 − 3375) ÷ 9 = 1125
    assert "今年以来月均1125人，完成年度任务今后9个月尚需月均1125人，等于今年以来的月均。" in slow
    fast = say(QUARTERLY, Period.parse("2025-Q3"))
    # 78 % of 13500 is 10530, 1170 a month; (13500 − 10530) ÷ 3 = 990
    assert "今年以来月均1170人，完成年度任务今后3个月尚需月均990人，低于今年以来的月均。" in fast


def test_the_forecast_of_a_complete_quarter_gives_a_range_and_what_it_says_of_the_target(say: Say) -> None:
    text = say(QUARTERLY, Q2)
    # 6750 × 100 ÷ 54.9 = 12295.1; ÷ ((54.9 + 64.6) ÷ 2) = 11297.1; ÷ ((45.2 + 54.9) ÷ 2) = 13486.5
    assert (
        "按季节份额推算，城镇新增就业全年约12295人，区间为11297～13487人，区间上限低于年度任务，照此进度难以完成"
        "（年度任务13500人）。"
    ) in text
    assert "其他指标暂不具备测算条件。" in text
    assert "年度任务在区间之内，能否完成尚不确定" in say(QUARTERLY, Q1)


def test_when_the_year_is_over_nothing_is_foretold(say: Say) -> None:
    text = say(QUARTERLY, Q4)
    assert (
        "全年已经结束，以实际完成数为准，不再推算。" in text
        and "按季节份额推算，" not in text
        and "尚需月均" not in text.split("附件：")[0]
    )


def test_the_reporters_words_carry_their_names_and_an_earlier_month_is_named(say: Say) -> None:
    text = say(HALF_YEARLY, H1, pace={"kailu": 0.6})
    assert "开鲁县反映：“开鲁县6月岗位与求职者不匹配”" in text  # the reddest first
    silent_in_june = say(HALF_YEARLY, H1, silent=[("kailu", 6)])
    assert "（5月）开鲁县5月开展专场招聘。" in silent_in_june


def test_where_no_words_came_it_says_so(say: Say) -> None:
    text = say(HALF_YEARLY, H1, words=False)
    for sentence in ("各地未报送工作做法。", "各地未报送困难和问题。", "各地未报送下一步打算。"):
        assert sentence in text


def test_proposals_are_only_what_figures_and_policy_ask(say: Say) -> None:
    content = say(QUARTERLY, Q2)
    assert "各地各指标没有红色标识，报送齐全，无待核实事项" in content
    behind = say(QUARTERLY, Q2, pace={"kailu": 0.6}, silent=[("hure", 6)])
    assert (
        "（一）加快滞后指标进度。开鲁县8项为红色标识，由所在地逐项分析原因，于7月16日前报送整改措施" in behind
    )
    assert "库伦旗于7月16日前补报6月数据，并书面说明未报原因。" in behind


def test_in_a_first_quarter_with_one_month_nothing_is_made_up(say: Say) -> None:
    everyone = [(c, m) for m in (2, 3) for c in ("horqin", "holingol", "kailu", "horqin_left_middle",
                "horqin_left_rear", "hure", "naiman", "jarud", "development_zone")]  # fmt: skip
    text = say(QUARTERLY, Q1, silent=everyone)
    assert "截至3月底，全市城镇新增就业各地均未报送可用数据。" in text
    assert "末月数据未报，暂不测算全年" in text
    assert "0.0%" not in text.split("口径说明")[0]


def test_all_forty_tasks_are_attached(say: Say) -> None:
    text = say(HALF_YEARLY, H1)
    assert "任务进展情况表" in text and "未报送" in text
    assert all(
        task in text
        for task in ("各牵头单位报送的40项任务进展见附件3", "40项任务中，没有数量指标的12项，已报送进展0项")
    )


def test_the_charts_are_the_same_drawing_every_time(catalogue: Catalogue) -> None:
    frames = year_frames(catalogue, Q2)
    facts, figures = (
        review_facts(frames, catalogue, Q2, ISSUE.as_of.date()),
        Figures(frames.figures, catalogue),
    )
    first, again = (charts(facts, figures, catalogue) for _ in range(2))
    assert first == again and list(first) == ["city", "counties", "gaps", "contribution", "outlook"]
    for drawing in first.values():
        assert "<metadata" not in drawing and " style=" not in drawing and "<image" not in drawing
        assert 'font-family="fangsong"' in drawing


def test_a_missed_month_is_a_gap_in_the_drawing_and_a_partial_one_is_hollow(catalogue: Catalogue) -> None:
    frames = year_frames(catalogue, Q2, silent=[("naiman", 4)])
    series = review_facts(frames, catalogue, Q2, ISSUE.as_of.date()).indicator_series[0]
    assert [pct for _, pct, _ in series.city.attainment][3] is not None
    assert [partial for _, _, partial in series.city.attainment] == [False, False, False, True, False, False]
    naiman = next(c for c in series.counties if c.name == "奈曼旗")
    assert [round(p, 1) if p is not None else None for _, p, _ in naiman.attainment] == [
        6.0, 14.0, 25.0, None, 42.0, 50.0]  # fmt: skip
    assert "报送不全的月份" in city_chart([("题", series.city, None)])


def test_without_a_county_indicator_there_is_nothing_to_draw(catalogue: Catalogue) -> None:
    frames = year_frames(catalogue, Q2)
    facts, figures = (
        review_facts(frames, catalogue, Q2, ISSUE.as_of.date()),
        Figures(frames.figures, catalogue),
    )
    assert charts(replace(facts, indicator_series=()), figures, catalogue) == {}


def test_the_page_carries_title_charts_and_signatory_s_room(document: Document) -> None:
    with pdfplumber.open(BytesIO(document.pdf)) as pdf:
        bodies = (page.filter(lambda thing: thing.get("size", 0) < 60) for page in pdf.pages)  # no watermark
        text = "".join("".join((body.extract_text() or "").split()) for body in bodies)
        assert not any(page.images for page in pdf.pages)  # vectors, not pictures
    assert "关于2025年第二季度全市就业促进行动" in text and "情况的分析报告" in text and "签发人：" in text
    for title in ("图1累计完成率与时序进度、季节进度", "图2各地较时序进度", "图3各地城镇新增就业累计完成率",
                  "图4各地对全市累计数的贡献", "图5城镇新增就业全年推算及区间", "表2各地各指标完成率热力表"):  # fmt: skip
        assert title in text
    assert "来源：各旗县市区、开发区报送，数据截至2025年7月9日" in text
    for heading in ("一、总体运行情况", "二、主要指标分析", "三、各地对比", "四、趋势研判", "五、工作建议"):
        assert heading in text


@pytest.mark.usefixtures("fresh_layout")
def test_the_same_frames_give_the_same_report(
    document: Document, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    assert made("quarter", catalogue, typesetter) == document


def test_its_workbook_has_the_year_month_by_month(partial: Document) -> None:
    book = openpyxl.load_workbook(BytesIO(partial.workbook))
    assert book.sheetnames == [
        "完成率和标识",
        "完成情况",
        "各地指标",
        "市级指标",
        "报送情况",
        "待核实事项",
        "任务进展",
        "各地工作情况",
        "逐月走势",
        "逐月报送",
    ]
    assert [c.value for c in book["各地指标"][3]][3] == "本季度"
    hure = [row for row in book["逐月走势"].iter_rows(min_row=4, values_only=True) if row[1] == "库伦旗"]
    assert hure[4][2:5] == (5, 40, 210)  # 42 % of 500, and 34 % in April: 210 − 170
    assert hure[5][2:5] == (6, None, None)


def test_the_summary_of_the_half_year_is_set_and_named(catalogue: Catalogue, typesetter: Typesetter) -> None:
    summary = made("half-year", catalogue, typesetter)
    assert summary.name == "2025-H1_半年总结报告"
    assert summary.title == "关于2025年上半年全市就业促进行动的总结报告"


def test_a_quarter_and_its_months_each_say_whom_they_lack(say: Say) -> None:
    """奈曼旗's March is not known, so neither is its April nor its quarter: 25 % of 13500 less its 275 is 3100, and
    9 % of 12400 + 8 % of 13500 + 8 % of 13500 = 1116 + 1080 + 1080 = 3276 = 3100 + its own 88 + 88 of May and June."""
    text = say(QUARTERLY, Q2, silent=[("naiman", 3)])
    assert "二季度新增3100人（奈曼旗报送不全，未计入）。" in text
    assert (
        "分月看，4月、5月、6月分别新增1116人（不含奈曼旗）、1080人、1080人，各月所含地区不同，不能直接相加。"
    ) in text
    assert "城镇新增就业人3100" in text and "本季度已报" in text and "9/98/9" in text  # 累计9/9, 本季度数8/9


def test_shares_of_the_sum_and_of_the_task_are_those_of_the_same_counties(catalogue: Catalogue) -> None:
    """Without 库伦旗 (500 of 13500) 开鲁县's task of 1100 is 1100 ÷ 13000 = 8.46 %, as its half is of the sum 6500."""
    frames = year_frames(catalogue, Q2, silent=[("hure", 6)])
    jobs = review_facts(frames, catalogue, Q2, date(2025, 7, 31)).structure[0]
    shares = {share.county: share for share in jobs.shares}
    assert (shares["kailu"].of_task_pct, shares["kailu"].of_sum_pct) == (1100 * 100 / 13000, 550 * 100 / 6500)
    assert (shares["hure"].of_task_pct, shares["hure"].of_sum_pct) == (None, None)
    assert jobs.known == 8


def test_the_basis_of_shares_is_said(say: Say) -> None:
    assert "（以已报的8个地区为100%，任务份额同此口径）" in say(QUARTERLY, Q2, silent=[("hure", 6)])


def test_the_quarter_analyses_what_lags_before_what_leads(say: Say) -> None:
    text = plain(say(QUARTERLY, Q2, pace={"kailu": 0.7}))
    analysis = text.split("二、主要指标分析")[1].split("三、各地对比")[0]
    # 开鲁县 stands at 50 % × 0.7 = 35 %, 15 points behind; the city at (13500 − 1100) / 2 + 385 = 6585 of 13500 = 48.8 %
    assert (
        "城镇新增就业。完成年度任务的48.8%，慢于时序进度1.2个百分点，慢于季节进度6.1个百分点，年初以来一直落后。"
        in analysis
    )
    assert "1个地区慢于时序进度，为开鲁县（慢15.0个百分点）。" in analysis
    # 6585 ÷ 6 = 1097.5 and (13500 − 6585) ÷ 6 = 1152.5, both rounded up
    assert "今年以来月均1098人，完成年度任务今后6个月尚需月均1153人。" in analysis
    assert "反映" not in analysis  # its words of no indicator in particular
    assert "比上季度" in analysis


def test_a_forecast_without_a_small_county_says_whose_it_is(say: Say) -> None:
    text = plain(say(QUARTERLY, Q2, silent=[("hure", 6)]))
    # 库伦旗 has 500 of 13500: 3.7 %; 6500 ÷ 54.9 % = 11839.7
    assert "城镇新增就业（不含库伦旗，其任务占全市的3.7%）全年约11840人" in text
    assert "（这些地区的年度任务13000人）" in text


def test_a_county_s_words_are_quoted_of_the_indicator_that_they_name(say: Say) -> None:
    def reworded(frames: Frames) -> Frames:
        kailu = (pl.col("reporter") == "kailu") & (pl.col("kind") == "problem")
        text = pl.when(kailu).then(pl.lit("城镇新增岗位少。")).otherwise(pl.col("text"))
        return replace(frames, statements=frames.statements.with_columns(text=text))

    analysis = plain(say(QUARTERLY, Q2, reworded, pace={"kailu": 0.7})).split("二、主要指标分析")[1]
    quoted = "开鲁县反映：“城镇新增岗位少”。"
    assert analysis.split("三、各地对比")[0].count(quoted) == 1
    assert f"尚需月均1153人。{quoted}" in analysis


def test_in_december_the_target_decides_and_the_clock_is_not_spoken_of(say: Say) -> None:
    """Everyone stands at 100 %; the city's own figure of one indicator is short of it."""

    def short(frames: Frames) -> Frames:
        city = (pl.col("indicator") == "rural_labour_transferred") & (pl.col("county") == "city")
        met = pl.when(city).then(pl.lit(value=False)).otherwise(pl.col("met"))
        own = pl.DataFrame({"indicator": ["rural_labour_transferred"], "own_ytd": [423372.0]})
        own = own.with_columns(difference=pl.lit(423372.0 - 424000))
        return replace(frames, figures=frames.figures.with_columns(met=met), city_own=own)

    for kind, period in ((QUARTERLY, Q4), (HALF_YEARLY, Period.parse("2025-H2"))):
        text = plain(say(kind, period, short)).split("附件：")[0]
        assert "8项分地区指标中，7项完成年度任务，1项未完成年度任务；" in text
        assert (
            "慢于时序进度0" not in text and "快于时序进度0" not in text and "达到或快于时序进度" not in text
        )
        assert "各项指标均完成年度任务。" in text
    analysis = plain(say(QUARTERLY, Q4, short)).split("二、主要指标分析")[1]
    # 423372 × 100 ÷ 424000 = 99.85
    assert (
        "农村牧区劳动力转移就业。各地合计完成年度任务的100.0%，按个人去重完成99.9%，未完成年度任务。"
        in analysis
    )


def test_a_table_says_under_it_whom_its_numbers_lack(say: Say) -> None:
    text = plain(say(QUARTERLY, Q2, silent=[("naiman", 3)]))
    assert "本季度、上季度数未计入奈曼旗（报送不全）。" in text  # its quarters are the counties of both
    without_june = plain(say(QUARTERLY, Q2, silent=[("hure", 6)]))
    assert "是全市的下限，未达到时序进度的不评价快慢，不算尚需月均。本季度数未计入" not in without_june
    assert "8项分地区指标因有地区未报，暂不计算尚需月均。" in without_june
    assert "尚需月均已报地区" not in without_june  # no column of dashes


def test_what_is_reported_in_time_by_all_is_said_in_a_word(say: Say) -> None:
    assert "二季度应报送报表63份，均按时报送。" in plain(say(QUARTERLY, Q2))  # 21 reporters in 3 months


def test_no_number_of_a_table_lies_over_the_rule_of_its_column(partial: Document) -> None:
    with pdfplumber.open(BytesIO(partial.pdf)) as pdf:
        page = next(p for p in pdf.pages if "表1" in (p.extract_text() or ""))
        words = [w for w in page.extract_words() if re.fullmatch(r"[+-]?[\d.]+", w["text"])]
        rules = [edge for edge in page.edges if edge["orientation"] == "v"]
    crossed = [
        word["text"]
        for word in words
        for rule in rules
        if word["x0"] + 0.5 < rule["x0"] < word["x1"] - 0.5
        and rule["top"] < (word["top"] + word["bottom"]) / 2 < rule["bottom"]
    ]
    assert len(words) > 40 and len(rules) > 40 and crossed == []
