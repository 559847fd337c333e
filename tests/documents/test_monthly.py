"""The monthly bulletin of a made-up June: what it says, that every number of it is the frame's, its four files."""

import csv
import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from io import BytesIO, StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pdfplumber
import polars as pl
import pypdfium2 as pdfium
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from flows.documents.document import Document, Frames, Issue
from flows.documents.figures import Figure, Figures
from flows.documents.kinds.county_report import make_county
from flows.documents.kinds.monthly import TEMPLATE, MonthlyFacts, make, manuscript, monthly_facts, tables
from flows.documents.kinds.ranking import Placed, with_ties
from flows.documents.manuscript import document_number, spoken_of
from flows.documents.pdf.typeset import Rendering, Typesetter, sheet
from flows.documents.provenance import plain
from flows.documents.workbook import workbook
from flows.indicators.figures import city_own, figures
from flows.plan import frames as declared
from flows.plan.catalogue import Catalogue
from flows.plan.frames import FigureContractSchema, FigureSchema
from flows.plan.load import load
from flows.plan.policy import CityOwnFigures
from flows.plan.terms import CITY
from tests.documents.conftest import CHECKOUT, MM
from tests.documents.sample_frames import JUNE, by_cell, framed, sample_frames

ISSUE = Issue(datetime(2025, 7, 9, 16, 20), date(2025, 7, 9), date(2025, 7, 16), date(2025, 8, 5))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(Path(CHECKOUT / "plan" / "2025"))


@pytest.fixture(scope="module")
def frames(catalogue: Catalogue) -> Frames:
    return sample_frames(catalogue)


@pytest.fixture(scope="module")
def facts(frames: Frames, catalogue: Catalogue) -> MonthlyFacts:
    return monthly_facts(frames, catalogue, JUNE)


@pytest.fixture(scope="module")
def document(frames: Frames, catalogue: Catalogue, typesetter: Typesetter) -> Document:
    return make(frames, catalogue, JUNE, ISSUE, typesetter)


def html_of(frames: Frames, catalogue: Catalogue, issue: Issue, typesetter: Typesetter) -> str:
    """The bulletin before layout, without mark-up: enough where only the words matter."""
    facts = monthly_facts(frames, catalogue, JUNE)
    about = sheet("题", "局", "月调度", issue.as_of, draft=not issue.approved, sample=False)
    spoken = spoken_of(manuscript(facts, frames, catalogue, issue), issue)
    html = typesetter.render(TEMPLATE, {"sheet": about, **spoken}).html
    return re.sub(r"<[^>]*>", "", html)


@pytest.fixture(scope="module")
def leaves(document: Document) -> list[pdfplumber.page.Page]:
    """Its pages, read once."""
    return [*_pages(document.pdf)]


@pytest.fixture(scope="module")
def pages(leaves: list[pdfplumber.page.Page]) -> list[str]:
    return [body_of(page) for page in leaves]


@pytest.fixture(scope="module")
def text(pages: list[str]) -> str:
    return "".join(pages)


def _pages(pdf: bytes) -> Iterator[pdfplumber.page.Page]:
    with pdfplumber.open(BytesIO(pdf)) as opened:
        yield from opened.pages


def body_of(page: pdfplumber.page.Page) -> str:
    """A page's words in reading order, without folio, marks and white space."""
    inside = page.filter(
        lambda thing: thing.get("size", 0) < 60 and "songti" not in thing.get("fontname", "")
    )
    return "".join((inside.extract_text() or "").split()).replace("草稿未经审定示例数据并非真实", "")


def test_the_figures_have_a_field_for_every_column_of_the_frame() -> None:
    assert list(Figure.__dataclass_fields__) == FigureSchema.column_names()


def test_the_first_page_names_the_month_the_plan_and_the_data_cut(pages: list[str]) -> None:
    assert "关于2025年6月全市就业促进行动调度情况的通报" in pages[0]
    assert "《通辽市2025年就业促进行动实施方案》（通政发〔2025〕33号）" in pages[0]
    assert "数据截至2025年7月9日16时20分" in pages[0]


def test_a_total_that_lacks_a_county_names_it_and_prints_the_figure_of_the_frame(
    text: str, frames: Frames
) -> None:
    city = frames.figures.row(
        by_predicate=(pl.col("indicator") == "urban_new_jobs") & (pl.col("county") == "city"), named=True
    )
    assert (city["ytd"], city["reported"], city["expected"]) == (6990, 8, 9)
    # 6990 × 100 ÷ 13500 = 51.78; − 50; behind the seasonal 54.9, which a sum without 开鲁县 does not prove.
    assert (
        "截至6月底，全市城镇新增就业6990人（不含开鲁县，9个地区已报8个），完成年度任务的51.8%，"
        "快于时序进度1.8个百分点。6月当月"
    ) in text


def test_a_partial_total_behind_the_clock_is_not_judged(text: str) -> None:
    assert "因开鲁县未报，暂不作进度评价。" in text


def test_the_city_s_own_figure_stands_beside_the_sum_and_is_not_compared_with_a_partial_one(
    text: str,
) -> None:
    assert "按个人去重，全市为6950人，完成年度任务的51.5%。" in text  # 6950 × 100 ÷ 13500 = 51.48


def test_who_did_not_report_was_late_or_is_queried_is_named(text: str) -> None:
    assert "按时报送18个；迟报1个：奈曼旗（迟2天）；至数据截止时未报送2个：开鲁县、市商务局。" in text
    assert "待核实事项1条：科尔沁区。数据待核（暂不使用）1条：扎鲁特旗。" in text


def test_what_is_asked_is_what_policy_asks_with_its_dates(text: str) -> None:
    assert "请开鲁县、市商务局于7月16日前补报6月数据" in text
    assert "请科尔沁区、扎鲁特旗对附件2所列事项逐条核实，于7月16日前" in text
    assert "于8月5日前报送7月数据" in text


def test_leading_and_behind_are_named_with_how_many_are_ranked(text: str) -> None:
    assert "城镇新增就业完成率居前的是霍林郭勒市（73.1%）、开发区（61.9%）、科尔沁区（59.2%）" in text
    assert "奈曼旗（35.8%）（8个地区排位，开鲁县未报）。" in text


def test_problems_are_in_the_reporters_own_words_with_their_names(text: str) -> None:
    assert "奈曼旗反映：“创业担保贷款反担保要求偏高，申请人难以提供担保，放款周期较长”" in text


def test_no_comparison_is_made_that_the_warehouse_cannot_make(text: str) -> None:
    assert "累计数同比" not in text


def test_a_comparison_with_the_year_before_is_made_where_it_is_known(
    frames: Frames, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    known = frames.figures.with_columns(
        ytd_year_ago=pl.when((pl.col("indicator") == "urban_new_jobs") & (pl.col("county") == "city")).then(
            6678.0
        )
    )
    html = html_of(replace(frames, figures=known), catalogue, ISSUE, typesetter)
    assert "累计数同比增加312人、增长4.7%。" in html  # 6990 − 6678 = 312; 312 × 100 ÷ 6678 = 4.67


def test_a_month_in_which_nobody_reported_is_told_without_a_zero_or_a_judgement(
    frames: Frames, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    nothing = frames_of(framed(declared.CellSchema, []), frames, catalogue)
    html = html_of(nothing, catalogue, ISSUE, typesetter)
    assert "截至6月底，全市城镇新增就业各地均未报送可用数据。" in html
    assert "本月没有可用的分地区数据，不作判断。" in html
    assert "0.0%" not in html.split("口径说明")[0]


def test_another_city_with_three_counties_and_two_indicators_needs_no_code(
    frames: Frames, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    counties = catalogue.counties[:3]
    jobs, tests = catalogue.indicator["urban_new_jobs"], catalogue.indicator["entity_activity_rate"]
    targets = {c.id: jobs.county_targets[c.id] for c in counties}
    smaller = replace(
        catalogue,
        counties=counties,
        indicators=(replace(jobs, county_targets=targets, target=sum(targets.values(), Decimal(0))), tests),
        departments=tuple(d for d in catalogue.departments if d.id in {tests.reporter, "human_resources"}),
        tasks=tuple(task for task in catalogue.tasks if task.number == tests.task),
        policy=replace(
            catalogue.policy,
            annual=replace(catalogue.policy.annual, headline_indicators=()),
            city_own_figures=CityOwnFigures(),
            limits={},
            seasonal={},
        ),
    )
    html = html_of(frames_of(by_cell(catalogue), frames, smaller), smaller, ISSUE, typesetter)
    # 科尔沁区 2782 and 霍林郭勒市 1389 of 4700 + 1900 + 1100; 开鲁县 is silent.
    assert "全市城镇新增就业4171人（不含开鲁县，3个地区已报2个），完成年度任务的54.2%" in html  # 4171/7700


def frames_of(cells: pl.DataFrame, frames: Frames, catalogue: Catalogue) -> Frames:
    """The same reports about other numbers."""
    no_query = pl.DataFrame(schema={"county": pl.String, "indicator": pl.String})
    return replace(
        frames,
        figures=figures(cells, no_query, catalogue, JUNE),
        city_own=city_own(cells, catalogue, JUNE),
        statements=frames.statements.clear(),
    )


def test_every_policy_threshold_is_printed(text: str) -> None:
    scope = text[text.rindex("口径说明") :]
    for words in ("快于时序进度5个百分点及以上", "慢于时序进度5个百分点及以上", "慢于时序进度10个百分点及以上",
                  "连续2个月为黄", "3月以前不催办", "不大于300", "控制目标为5.5%", "6月底为54.9%", "6月底为50.0%"):  # fmt: skip
        assert words in scope


def test_all_forty_tasks_are_listed_with_their_leads(facts: MonthlyFacts) -> None:
    assert [row.task.number for row in facts.tasks] == list(range(1, 41))
    silent = [row.task.number for row in facts.tasks if not row.has_numbers and row.is_silent]
    assert silent == [23, 36]


def test_every_line_of_the_body_fits_the_page_and_numbers_stay_whole(
    leaves: list[pdfplumber.page.Page],
) -> None:
    for page in leaves:
        set_in_text = [c for c in page.chars if c["size"] == pytest.approx(15.75)]
        # A mark at the end of a line may stand over the edge with its blank half.
        right = [c["x1"] - (15.75 / 2 if c["text"] in "，。、；：）》”" else 0) for c in set_in_text]
        assert all(x <= page.width - 26 * MM**-1 + 1 for x in right)
    lines = [line for page in leaves for line in (page.extract_text() or "").split("\n")]
    body = [line for line in lines if len(line) > 20]
    assert not [(a, b) for a, b in pairwise(body) if re.search(r"\d\.$", a) and b[:1].isdigit()]


def test_the_bulletin_says_draft_and_sample_on_every_page(leaves: list[pdfplumber.page.Page]) -> None:
    for page in leaves:
        head = "".join(c["text"] for c in page.chars if c["bottom"] * MM < 28 and c["upright"])
        assert "草稿" in head and "示例数据" in head


@pytest.mark.usefixtures("fresh_layout")
def test_the_same_frames_give_the_same_bytes(
    document: Document, frames: Frames, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    assert make(frames, catalogue, JUNE, ISSUE, typesetter) == document


def test_figures_csv_has_the_contract_s_shape_and_no_zero_for_the_missing(document: Document) -> None:
    assert document.figures_csv.startswith(BOM_UTF8)  # or a spreadsheet takes it for another encoding
    rows = list(csv.DictReader(StringIO(document.figures_csv.decode("utf-8-sig"))))
    assert list(rows[0]) == FigureContractSchema.column_names()
    kailu = next(row for row in rows if (row["county"], row["indicator"]) == ("kailu", "urban_new_jobs"))
    assert (kailu["state"], kailu["ytd"], kailu["attainment_pct"], kailu["rank"]) == ("missing", "", "", "")


def test_the_manifest_records_cut_inputs_files_and_faces(document: Document) -> None:
    manifest = json.loads(document.manifest)
    assert manifest["as_of"] == "2025-07-09 16:20:00"
    assert manifest["files"]["pdf"] == sha256(document.pdf).hexdigest()
    assert manifest["sample"] is True and manifest["approved"] is False
    assert len(manifest["submissions"]) == 21 + 19  # May complete, June less 开鲁县 and 市商务局
    assert [font["role"] for font in manifest["fonts"]] == ["仿宋", "楷体", "黑体", "小标宋", "宋体"]


def test_the_pdf_carries_its_figures_and_its_manifest_inside(document: Document) -> None:
    pdf = pdfium.PdfDocument(document.pdf)
    inside = {
        pdf.get_attachment(at).get_name(): bytes(pdf.get_attachment(at).get_data())
        for at in range(pdf.count_attachments())
    }
    assert inside["figures.csv"] == document.figures_csv
    within, beside = json.loads(inside["manifest.json"]), json.loads(document.manifest)
    assert beside["files"].pop("pdf") == sha256(document.pdf).hexdigest()  # which no PDF can hold itself
    assert within == beside


def test_the_workbook_holds_numbers_as_numbers_and_words_for_what_is_missing(document: Document) -> None:
    book = openpyxl.load_workbook(BytesIO(document.workbook))
    assert book.sheetnames == [
        "完成率和标识", "完成情况", "各地指标", "市级指标", "报送情况", "待核实事项", "任务进展", "各地工作情况",
    ]  # fmt: skip
    rows = rows_of(book["各地指标"], 3)
    assert rows["城镇新增就业", "全市"]["累计"] == 6990
    assert rows["城镇新增就业", "全市"]["完成率（%）"] == pytest.approx(6990 * 100 / 13500)
    assert rows["城镇新增就业", "开鲁县"]["累计"] is None and rows["城镇新增就业", "开鲁县"]["状态"] == "未报"
    ranks = [row["位次"] for (name, _), row in rows.items() if name == "城镇新增就业"]
    assert {type(rank) for rank in ranks} == {int, type(None)}
    assert {row["并列"] for row in rows.values()} == {"并列", None}


def rows_of(sheet: Worksheet, head: int) -> dict[tuple[object, object], dict[object, object]]:
    """The rows below the head by their first two cells."""
    heads = [cell.value for cell in sheet[head]]
    return {
        (row[0], row[1]): dict(zip(heads, row, strict=True))
        for row in sheet.iter_rows(min_row=head + 1, values_only=True)
    }


def test_the_workbook_has_the_page_s_matrices_with_the_colours_of_the_marks(document: Document) -> None:
    book = openpyxl.load_workbook(BytesIO(document.workbook))
    rates = book["完成率和标识"]
    assert [cell.value for cell in rates[3]][:3] == ["地区", "城镇新增就业", "农村牧区劳动力转移就业"]
    assert [row[0].value for row in rates.iter_rows(min_row=4)][-2:] == ["开发区", "全市"]
    marks = rows_of(book["各地指标"], 3)
    grounds = {"红": "FFA00D12", "黄": "FFFFE9A8"}
    for row in rates.iter_rows(min_row=4, max_row=12):
        mark = marks["城镇新增就业", row[0].value]["标识"]
        assert row[1].fill.fgColor.rgb == grounds.get(str(mark), "00000000")
    whole = book["完成情况"]
    assert whole["B3"].value == "城镇新增就业（人）" and whole["J3"].value == "农村牧区劳动力转移就业（人）"
    assert [cell.value for cell in whole[4]][1:9] == [
        "本月", "累计", "年度目标", "完成率", "较时序", "位次", "并列", "标识",
    ]  # fmt: skip
    assert whole["C5"].number_format == "#,##0" and whole["E5"].number_format == "#,##0.0"


def test_every_sheet_keeps_its_head_in_sight_on_paper_and_can_be_filtered(document: Document) -> None:
    book = openpyxl.load_workbook(BytesIO(document.workbook))
    for one in book:
        head = 4 if one.title == "完成情况" else 3
        assert one.page_setup.paperSize == 9 and one.print_title_rows == f"$3:${head}"
        assert str(one.freeze_panes).endswith(str(head + 1))
        assert str(one.auto_filter.ref).startswith(f"A{head}:")
    assert book["完成情况"].print_title_cols == "$A:$A"
    # Two indicators of eight columns a page, after the names.
    assert [at.id for at in book["完成情况"].col_breaks.brk] == [17, 33, 49]


def test_a_milestone_is_told_in_words(document: Document) -> None:
    book = openpyxl.load_workbook(BytesIO(document.workbook))
    told = {row[5] for row in book["市级指标"].iter_rows(min_row=4, values_only=True) if row[6] == "完成"}
    assert told and told <= {"已完成", "未完成", None}


def test_text_that_looks_like_a_formula_stays_text(frames: Frames, catalogue: Catalogue) -> None:
    said = frames.statements.with_columns(text=pl.lit("=1+1"))
    formulas = monthly_facts(replace(frames, statements=said), catalogue, JUNE)
    book = workbook(tables(formulas, Figures(frames.figures, catalogue), catalogue), "表", "局", ISSUE.as_of)
    made = openpyxl.load_workbook(BytesIO(book))
    assert {cell.data_type for cell in made["任务进展"]["G"][3:] if cell.value == "=1+1"} == {"s"}


def test_an_approved_document_carries_its_number_and_no_draft_mark(
    frames: Frames, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    html = html_of(frames, catalogue, replace(ISSUE, number=8, approved=True), typesetter)
    assert "通人社发〔2025〕8号" in html and "草稿" not in html
    assert document_number("通人社发", 2025, None) == "通人社发〔2025〕　　号"


def test_the_feedback_tells_one_county_its_rank_and_what_is_still_needed(
    frames: Frames, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    made = make_county(frames, catalogue, JUNE, ISSUE, typesetter, "naiman")
    text = "".join(body_of(page) for page in _pages(made.pdf))
    assert made.name == "2025-06_奈曼旗反馈单"
    assert "奈曼旗人民政府：" in text and "实于7月9日报送，迟2天。今年以来迟报2次。" in text
    naiman = frames.figures.filter(
        pl.col("county") == "naiman", pl.col("indicator") == "urban_new_jobs"
    ).to_dicts()[0]
    # 394 of 1100 by June; (1100 − 394) ÷ 6 = 117.67, so 118 a month.
    assert (naiman["ytd"], round(naiman["required_monthly"], 2)) == (394, 117.67)
    assert "城镇新增就业人66394110035.8-14.28/8118红" in text
    assert {row["county"] for row in csv.DictReader(StringIO(made.figures_csv.decode("utf-8-sig")))} == {
        "naiman"
    }


def test_the_feedback_to_a_silent_county_says_that_it_is_silent(
    frames: Frames, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    made = make_county(frames, catalogue, JUNE, ISSUE, typesetter, "kailu")
    text = "".join(body_of(page) for page in _pages(made.pdf))
    assert "6月月报应于7月7日前报送，至数据截止时尚未收到。今年以来未报1次。" in text
    assert "方案分解到你县的8项指标因此不作比较、不参加排位。请于7月16日前补报6月数据" in text
    assert "年度任务" not in text  # no table of eight empty rows


class HtmlTypesetter(Typesetter):
    """Keeps the text of a document's HTML on its way to the engine."""

    text = ""

    def pdf(self, rendering: Rendering, *about: Any) -> bytes:
        self.text = re.sub(r"<[^>]*>|\s", "", rendering.html)
        return super().pdf(rendering, *about)


def report_of(frames: Frames, catalogue: Catalogue, typesetter: Typesetter, county: str) -> str:
    """A county's report, without mark-up."""
    html = HtmlTypesetter(typesetter.fonts)
    make_county(frames, catalogue, JUNE, ISSUE, html, county)
    return html.text


def demands(frames: Frames, catalogue: Catalogue, typesetter: Typesetter, county: str) -> str:
    """Its last part."""
    return report_of(frames, catalogue, typesetter, county).partition("三、请办理事项")[2]


def test_a_county_is_asked_only_for_what_it_owes(
    frames: Frames, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    silent = report_of(frames, catalogue, typesetter, "kailu")
    assert "不参加排位。请于7月16日前补报6月数据，并书面说明未报原因。" in silent
    assert "一、" not in silent and "（一）" not in silent  # two sentences need no headings
    asked_nothing = report_of(frames, catalogue, typesetter, "holingol")
    assert "三、请办理事项" not in asked_nothing and "特此函告。" in asked_nothing


def test_that_numbers_do_not_count_until_corrected_is_said_only_where_one_does_not(
    frames: Frames, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    ask = "请对上述事项核实，于7月16日前说明具体原因或报送更正数据"
    assert demands(frames, catalogue, typesetter, "horqin").startswith(f"{ask}。")
    withheld = f"{ask}；数据待核的，更正前不计入合计和位次。"
    assert demands(frames, catalogue, typesetter, "jarud").startswith(withheld)


def test_the_first_sentence_says_it_all_before_any_figure_and_ends_page_one(pages: list[str]) -> None:
    pace = "总的看，8项分地区指标中，3项达到或快于时序进度，5项因报送不全暂不作进度评价；"
    behind = "4个地区15项次明显滞后，其中奈曼旗8项，奈曼旗新增技能人才差距最大。"
    assert pages[0].endswith(pace + behind) and "城镇新增就业6990人" in pages[1]


def test_nobody_far_behind_is_said_only_of_those_who_reported(
    catalogue: Catalogue, typesetter: Typesetter
) -> None:
    cells = by_cell(catalogue).filter(pl.col("county").is_in([CITY, "holingol", "development_zone"]))
    none_open = pl.DataFrame(schema={"county": pl.String, "indicator": pl.String})
    frames = replace(sample_frames(catalogue), figures=figures(cells, none_open, catalogue, JUNE))
    text = "".join(html_of(frames, catalogue, ISSUE, typesetter).split())
    assert "；已报送的地区没有明显滞后的指标。" in plain(text)


def test_the_colours_are_explained_where_they_first_appear(text: str) -> None:
    explained = text.index("慢于10个百分点及以上或连续2个月为黄色的标红色")
    assert explained < text.index("红色15项次") and "红色" not in text[: explained - 60]


def test_a_rate_with_a_limit_is_kept_within_it_and_not_reached(text: str) -> None:
    """5.3 % in each month is below 5.5; the year's target is reached by nobody in June."""
    assert "控制在目标以内的1项" in text
    assert "城镇调查失业率1—6月平均5.3%，控制在5.5%的目标以内。" in text


def test_a_tie_that_the_printed_percentages_do_not_show_says_why(facts: MonthlyFacts) -> None:
    """450 of 594 is 75.76 %, 227 of 300 is 75.67 %: less than one person of 300, which is 0.33 points."""
    first, second, third = facts.county_ranking.rankings[0].first[:3]

    def placed(one: Placed, pct: float, rank: int) -> Placed:
        return replace(one, figure=replace(one.figure, attainment_pct=pct, rank=rank))

    unlike = with_ties(
        [placed(first, 450 * 100 / 594, 6), placed(second, 227 * 100 / 300, 6), placed(third, 70.0, 8)]
    )
    assert [plain(one.tie) for one in unlike] == ["，并列", "，并列，差距折合不足1人", ""]
    alike = with_ties([placed(first, 75.71, 6), placed(second, 75.7, 6)])
    assert [plain(one.tie) for one in alike] == ["，并列", "，并列"]


def test_a_mark_that_nobody_has_is_not_counted(facts: MonthlyFacts, text: str) -> None:
    assert "0项次" not in text
    assert facts.county_ranking.count("blue") > 0


def test_what_is_queried_is_told_without_file_and_cell(facts: MonthlyFacts, text: str) -> None:
    told = facts.record.doubts[0].message
    assert told == "三产新增就业岗位（本月）：应为不超过上月3倍的整数，填报为1590"
    assert "科区6月.xlsx" not in text and "月报!D10" not in text


def test_last_year_is_compared_where_it_is_known_and_left_out_where_it_is_not(
    catalogue: Catalogue, typesetter: Typesetter
) -> None:
    frames = sample_frames(catalogue)
    jobs = (pl.col("indicator") == "urban_new_jobs") & (pl.col("county") == CITY)
    known = pl.when(jobs).then(7200.0).otherwise(pl.col("ytd_year_ago"))
    changed = replace(
        frames,
        figures=frames.figures.with_columns(ytd_year_ago=known, previous_value=pl.when(jobs).then(1200.0)),
    )
    text = plain("".join(html_of(changed, catalogue, ISSUE, typesetter).split()))
    # 6990 − 7200 = −210, −210 × 100 ÷ 7200 = −2.92; 1166 − 1200 = −34
    assert "累计数同比减少210人、下降2.9%。" in text and "6月当月新增1166人，环比减少34人。" in text
    assert "城镇新增就业人116669901350051.8+1.8-2.98/9" in text  # the table's column
    assert "农村牧区劳动力转移就业万人3.0918.5242.443.7-6.3—8/9" in text
    without = plain("".join(html_of(frames, catalogue, ISSUE, typesetter).split()))
    assert "同比" not in without.split("附件4")[0] and "环比" not in without.split("附件4")[0]


def test_a_yellow_mark_is_asked_after_too(catalogue: Catalogue, typesetter: Typesetter) -> None:
    frames = sample_frames(catalogue)
    mark = pl.when(pl.col("mark") == "red").then(pl.lit("yellow")).otherwise(pl.col("mark"))
    softened = replace(frames, figures=frames.figures.with_columns(mark=mark))
    text = plain("".join(html_of(softened, catalogue, ISSUE, typesetter).split()))
    assert (
        "已报送的地区没有明显滞后的指标，偏慢的有17项次，涉及4个地区。" in text
    )  # 15 that were red, 2 yellow
    assert "对黄色标识的项目查找原因，加快推进；完成年度任务尚需的月均数见附件1。" in text
    assert "黄色标识涉及4个地区：奈曼旗8项，" in text and "黄色标识项目尚需月均" in text


def test_where_nothing_is_asked_the_section_says_so(catalogue: Catalogue, typesetter: Typesetter) -> None:
    frames = sample_frames(catalogue)
    unmarked = replace(
        frames,
        figures=frames.figures.with_columns(mark=pl.lit("green")),
        reporting=frames.reporting.with_columns(status=pl.lit("on_time")),
        problems=frames.problems.clear(),
    )
    text = plain("".join(html_of(unmarked, catalogue, replace(ISSUE, next_due_on=None), typesetter).split()))
    assert "四、下一步要求报送齐全，没有待核实事项，也没有黄色、红色标识的项目，" in re.sub(
        "<[^>]*>", "", text
    )
    assert "本月应报送的9个地区、12个牵头单位均按时报送。" in text


def test_the_furthest_behind_are_named_first_among_the_departments(text: str) -> None:
    assert "差距较大的有" in text and "项）（差距" not in text


def test_last_year_stands_by_county_in_attachment_and_workbook_where_it_is_known(
    catalogue: Catalogue, typesetter: Typesetter
) -> None:
    frames = sample_frames(catalogue)
    one = (pl.col("indicator") == "urban_new_jobs") & (pl.col("county") == "holingol")
    known = replace(frames, figures=frames.figures.with_columns(ytd_year_ago=pl.when(one).then(1111.0)))
    rows = Figures(known.figures, catalogue)
    now = rows.of("urban_new_jobs", "holingol").ytd or 0.0
    growth = (now - 1111) * 100 / 1111
    text = plain("".join(html_of(known, catalogue, ISSUE, typesetter).split()))
    assert "完成率较时序同比位次标识" in text and "注：完成率、同比为百分数" in text
    assert f"{growth:+.1f}" in text
    matrix = next(
        t for t in tables(monthly_facts(known, catalogue, JUNE), rows, catalogue) if t.sheet == "完成情况"
    )
    headings = [column.heading for column in matrix.columns]
    row = next(row for row in matrix.rows if row[0] == "霍林郭勒市")
    assert row[headings.index("同比")] == pytest.approx(growth)
    plain_matrix = next(
        t
        for t in tables(monthly_facts(frames, catalogue, JUNE), Figures(frames.figures, catalogue), catalogue)
        if t.sheet == "完成情况"
    )
    assert "同比" not in [column.heading for column in plain_matrix.columns]
