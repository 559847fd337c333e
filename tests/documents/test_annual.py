"""The annual assessment, one county's sheet and the proposal: what they say of a year worked out by hand."""

import re
from dataclasses import replace
from io import BytesIO

import openpyxl
import pdfplumber
import polars as pl
import pytest

from flows.documents.document import Document, Frames
from flows.documents.kinds import annual, commendation
from flows.documents.kinds.assessment import Assessment, assessment
from flows.documents.kinds.county_report import make_county
from flows.documents.pdf.typeset import Typesetter
from flows.plan import frames as declared
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from tests.documents.annual_frames import YEAR, year_frames
from tests.documents.conftest import CHECKOUT
from tests.documents.gate_plantings import (
    NEW_YEAR,  # as the gate's tests have it: each document is laid out once
)
from tests.documents.sample_frames import framed


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(CHECKOUT / "plan" / "2025")


@pytest.fixture(scope="module")
def frames(catalogue: Catalogue) -> Frames:
    return year_frames(catalogue)


@pytest.fixture(scope="module")
def scores(frames: Frames, catalogue: Catalogue) -> Assessment:
    return assessment(frames, catalogue)


@pytest.fixture(scope="module")
def report(frames: Frames, catalogue: Catalogue, typesetter: Typesetter) -> Document:
    return annual.make(frames, catalogue, YEAR, NEW_YEAR, typesetter)


@pytest.fixture(scope="module")
def text(report: Document) -> str:
    return text_of(report)


def text_of(document: Document) -> str:
    """The words in reading order, without margins, white space and the pale 草稿 behind."""
    with pdfplumber.open(BytesIO(document.pdf)) as opened:
        kept = [
            page.filter(lambda o: o.get("size", 0) < 100 and 90 < o["top"] < 750)
            if page.height > page.width
            else page.filter(lambda o: o.get("size", 0) < 100)
            for page in opened.pages
        ]
        return "".join("".join(page.extract_text().split()) for page in kept)


def test_grades_stand_in_the_order_of_the_scores(text: str, scores: Assessment) -> None:
    """Of ten indicators two are each-county (100): 开鲁 (8×70 + 2×100)/10 − 2×0.5 late = 75, 奈曼 84 − 2 = 82."""
    by_name = {c.name: c for c in scores.counties}
    assert (by_name["开鲁县"].score, by_name["奈曼旗"].score) == (pytest.approx(75.0), pytest.approx(82.0))
    assert "优秀2个（科尔沁区、扎鲁特旗）" in text
    assert "暂不评定1个（库伦旗）" in text
    assert [c.name for c in scores.by_place][-2:] == ["开鲁县", "库伦旗"]


def test_the_score_of_one_county_is_the_mean_of_its_lines(scores: Assessment) -> None:
    naiman = next(c for c in scores.counties if c.name == "奈曼旗")
    assert naiman.points == pytest.approx(sum(line.points or 0 for line in naiman.lines) / len(naiman.lines))
    assert naiman.score == pytest.approx((naiman.points or 0) - 2 * 1.0)  # May and June never sent


def test_the_limit_keeps_two_of_nine(scores: Assessment) -> None:
    assert scores.limit == 2  # 30 % of nine is 2.7
    assert [c.label for c in scores.by_place].count("优秀") <= 2
    assert scores.beyond_limit == [c.name for c in scores.by_place if c.beyond_limit]


def test_a_county_without_december_is_never_judged_as_zero(scores: Assessment, text: str) -> None:
    hure = next(c for c in scores.counties if c.name == "库伦旗")
    assert (hure.score, hure.rank, hure.label) == (None, None, "暂不评定")
    assert "库伦旗10项指标年末未报或待核，不按零计算，暂不评定" in text
    assert "不含库伦旗，9个地区已报8个" in text


def test_every_indicator_and_every_task_is_listed(text: str, catalogue: Catalogue) -> None:
    first = text.partition("全部指标完成情况表")[2].partition("任务完成情况表")[2]
    whole = re.sub(r"[^\w]", "", text)
    assert "方案确定的56项指标中" in text
    # 8 + 46 + the two that every county must reach = 56: every one of them is spoken of
    assert "分解到各地的8项指标" in text and "牵头单位报送的46项市级指标" in text
    assert text.count("要求8个地区每地至少1个") == 2
    assert "40项任务中，有数量指标的28项" in text
    assert "没有数量指标的12项，由牵头单位文字报送，12月已报送0项" in text
    assert first
    assert [i.name for i in catalogue.indicators if re.sub(r"[^\w]", "", i.name) not in whole] == []


def test_every_number_of_the_policy_is_printed(text: str) -> None:
    rules = text.rpartition("口径说明")[2]
    for said in (
        "100分封顶", "迟报一次扣0.5分", "未报一次扣1分", "待核实事项一条扣0.5分", "不超过5分", "90分及以上为优秀",
        "不超过9个地区的30%，即2个", "75分及以上为达标", "连续3个季度末", "变动超过10%的，不予建议",
    ):  # fmt: skip
        assert said in rules


def test_the_signatory_is_left_to_the_hand(text: str) -> None:
    assert "签发人：关于2025年度" in text.replace("签发人：通", "签发人：")


def test_the_report_proposes_and_awards_nothing(text: str) -> None:
    assert "表扬须报上级审定，本报告不作表扬决定" in text


def test_the_proposal_sets_the_counter_evidence_beside_each_name(
    frames: Frames, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    said = text_of(commendation.make(frames, catalogue, YEAR, NEW_YEAR, typesetter))
    assert "建议通报表扬名单（供审定）" in said
    assert "扎鲁特旗。得分100.00" in said
    assert "5月城镇新增就业累计数更正，变动3.0%" in said  # (412 − 400) × 100 ÷ 400
    missed = "城镇新增就业、农村牧区劳动力转移就业未完成年度任务"
    assert f"开鲁县。{missed}；年末有红色标识" in said
    assert "；得分75.00，不足90；迟报2次" in said
    assert "库伦旗。年末数据不全；得分暂不评定；未报1次" in said
    assert "有迟报超过" not in said and "更正使累计数变动超过10%的，不予建议。" in said
    assert "仅为建议，不是表扬决定" in said


def test_one_county_sees_its_own_sheet_alone(
    frames: Frames, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    document = make_county(frames, catalogue, YEAR, NEW_YEAR, typesetter, "kailu")
    said = text_of(document)
    assert document.title == "关于反馈开鲁县2025年度就业促进行动评估得分的函"
    assert "扣1分（迟报2次），得分75.00" in said
    assert "奈曼旗" not in said


@pytest.mark.usefixtures("fresh_layout")
def test_the_same_year_is_the_same_to_the_byte(
    report: Document, frames: Frames, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    assert annual.make(frames, catalogue, YEAR, NEW_YEAR, typesetter) == report


def test_the_annual_counts_what_was_sent_and_answered_of_each_kind_and_the_queries(
    frames: Frames, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    outcomes = pl.DataFrame(
        [("reminder", "behind", 5, 3, 1), ("urging", "late", 2, 0, 0)],
        schema=["kind", "ladder", "sent", "answered", "closed"],
        orient="row",
    )
    asked = [
        {"month": "2025-06", "reporter": "hure", "tier": tier, "message": f"{n}", "answer": answer}
        for n, (tier, answer) in enumerate(
            (("query", "补报"), ("query", "核减"), ("query", None), ("error", None))
        )
    ]
    changed = replace(frames, notice_outcomes=outcomes, problems=framed(declared.ProblemSchema, asked))
    text = text_of(annual.make(changed, catalogue, YEAR, NEW_YEAR, typesetter))
    assert "发出滞后提醒5份（已答复3份、办结1份），迟报催办2份（均未答复）。" in text
    assert (
        "报表核对提出待核实事项3条，已说明2条，其余1条未说明（库伦旗1条）。" in text
    )  # an error is no query


def test_the_workbook_calls_the_year_s_number_the_year_s(report: Document) -> None:
    book = openpyxl.load_workbook(BytesIO(report.workbook))
    heads = [cell.value for cell in book["完成情况"][4]]
    assert "本年" in heads and "本月" not in heads
    assert [
        ws.title for ws in book if any(c.value == "本月" for row in ws.iter_rows(max_row=4) for c in row)
    ] == []
