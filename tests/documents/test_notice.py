"""Reminder, urging and proposal as pages: whose figures, what they cite, by when, and the letter form."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO

import pdfplumber
import pytest

from flows.documents.document import Document, Frames, Issue
from flows.documents.kinds.notice import make_notice
from flows.documents.pdf.typeset import Typesetter
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.notice import Ladder, Matter, MatterStatus, Notice, NoticeKind, NoticeState
from tests.documents.conftest import CHECKOUT, MM
from tests.documents.sample_frames import sample_frames

CUT = datetime(2025, 7, 7, 16, 30)
JOBS = Matter("naiman", "urban_new_jobs", "red", 431, 1100, 39.18, -10.82, -15.7, 7, 8, False, 111.5)
POSTS = Matter("naiman", "tertiary_jobs", "yellow", 943, 2100, 44.9, -5.1, None, 8, 8, False, 192.8)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(CHECKOUT / "plan" / "2025")


@pytest.fixture(scope="module")
def frames(catalogue: Catalogue) -> Frames:
    return sample_frames(catalogue)


def notice(
    number: str, kind: NoticeKind, *matters: Matter, ladder: Ladder = Ladder.BEHIND, **more: object
) -> Notice:
    said = {
        "addressee": "naiman",
        "month": "2025-06",
        "drafted_on": date(2025, 7, 8),
        "reply_by": date(2025, 7, 15),
    }
    return Notice(number, kind, ladder, as_of=CUT, matters=matters, **(said | more))  # type: ignore[arg-type]


def text_of(document: Document) -> str:
    """The words in reading order, without the marks in the margins, white space and the pale 草稿 behind."""
    with pdfplumber.open(BytesIO(document.pdf)) as opened:
        kept = [page.filter(lambda o: o.get("size", 0) < 100 and o["top"] > 90) for page in opened.pages]
        return "".join("".join(page.extract_text().split()) for page in kept)


def sent_a_day_later(one: Notice) -> tuple[str, MatterStatus]:
    """A notice of the ledger that went out the day after it was drafted."""
    at = datetime.combine(one.drafted_on, time(9)) + timedelta(days=1)
    return one.number, MatterStatus(one, one.matters[0], NoticeState.SENT, at, "")


@pytest.fixture
def page(frames: Frames, catalogue: Catalogue, typesetter: Typesetter):  # type: ignore[no-untyped-def]
    def make(one: Notice, *earlier: Notice) -> Document:
        issue = Issue(as_of=one.as_of, issued_on=one.drafted_on, answer_by=one.reply_by)
        return make_notice(one, frames, catalogue, dict(map(sent_a_day_later, earlier)), issue, typesetter)

    return make


def test_a_reminder_says_one_countys_own_figures_and_by_when(page) -> None:  # type: ignore[no-untyped-def]
    document = page(notice("提醒〔2025〕3", NoticeKind.REMINDER, JOBS))
    said = text_of(document)
    assert document.title == "关于2025年6月就业促进行动指标进度的提醒函"
    assert "奈曼旗人民政府：" in said
    assert "城镇新增就业431人，完成年度任务1100人的39.2%，慢于时序进度10.8个百分点" in said
    assert "慢于季节进度15.7个百分点，在参加排位的8个地区中列第7位" in said
    assert "要完成年度任务，余下6个月尚需月均112人" in said  # 111.5 rounded up: a half of a person is one
    assert "经市人民政府同意，请你旗分析原因，加快进度，于7月15日前将原因和措施函复我局" in said
    assert "编号：提醒〔2025〕3" in said
    assert "科尔沁区" not in said


def test_an_urging_cites_the_unanswered_reminder_and_names_who_what_and_by_when(page) -> None:  # type: ignore[no-untyped-def]
    before = notice("提醒〔2025〕3", NoticeKind.REMINDER, JOBS, month="2025-05", drafted_on=date(2025, 6, 9))
    cited = Matter(**{f: getattr(JOBS, f) for f in JOBS.__dataclass_fields__} | {"cites": before.number})
    said = text_of(page(notice("催办〔2025〕1", NoticeKind.URGING, cited, POSTS), before))
    assert "二、前次文书。我局已于2025年6月10日发出提醒〔2025〕3，请于7月15日前答复，至今未收到答复" in said
    for part in (
        "奈曼旗人民政府：",
        "一、催办事项。",
        "三、办理要求和时限。请于2025年7月15日前书面说明原因",
    ):
        assert part in said
    assert (
        "截至6月底，你旗有2项指标慢于时序进度5个百分点及以上，情况见下表（数据截至2025年7月7日16时30分）。"
        in said
    )


def test_an_overdue_report_is_urged_without_a_figure(page) -> None:  # type: ignore[no-untyped-def]
    late = notice("催办〔2025〕2", NoticeKind.URGING, Matter("kailu"), ladder=Ladder.LATE, addressee="kailu")
    said = text_of(page(late))
    assert "你县2025年6月就业促进行动月报应于7月7日前报送，至7月8日尚未收到" in said
    assert "前次文书" not in said
    assert "二、办理要求和时限。请于2025年7月15日前补报6月月报，并书面说明未报原因" in said
    assert "完成率" not in said


def test_a_proposal_tells_the_whole_way_and_leaves_the_decision(page) -> None:  # type: ignore[no-untyped-def]
    way = [
        notice("提醒〔2025〕1", NoticeKind.REMINDER, JOBS, month="2025-03", drafted_on=date(2025, 4, 9)),
        notice("催办〔2025〕1", NoticeKind.URGING, JOBS, month="2025-04", drafted_on=date(2025, 5, 9)),
        notice("催办〔2025〕2", NoticeKind.URGING, JOBS, month="2025-05", drafted_on=date(2025, 6, 9)),
    ]
    said = text_of(page(notice("督办建议〔2025〕1", NoticeKind.ESCALATION, JOBS), *way))
    at = [said.index(n.number) for n in way]
    assert at == sorted(at)
    assert "签发人：" in said
    assert "1.2025年4月10日发出提醒〔2025〕1，请于7月15日前答复，未收到答复" in said
    assert "是否督办，请市人民政府决定" in said


def test_the_letter_form_has_its_rules_and_no_number_on_page_one(page) -> None:  # type: ignore[no-untyped-def]
    """GB/T 9704-2012, 10.1: 30 mm above the issuer, double rules of 170 mm, the lower one 20 mm from the foot."""
    with pdfplumber.open(BytesIO(page(notice("提醒〔2025〕3", NoticeKind.REMINDER, JOBS)).pdf)) as opened:
        first = opened.pages[0]
        red = [r for r in (*first.rects, *first.curves) if abs(r["width"] * MM - 170) < 0.5]
        issuer = [c for c in first.chars if c["fontname"].endswith("xiaobiaosong") and c["size"] > 25]
        assert {round(r["x0"] * MM) for r in red} == {20}
        assert max(r["bottom"] for r in red) * MM == pytest.approx(297 - 20, abs=0.5)
        ink_top = min(c["top"] for c in issuer) * MM
        assert ink_top == pytest.approx(30, abs=2)
        assert "—1—" not in "".join(first.extract_text().split())


@pytest.mark.usefixtures("fresh_layout")
def test_the_same_notice_is_the_same_to_the_byte(page) -> None:  # type: ignore[no-untyped-def]
    one = notice("提醒〔2025〕3", NoticeKind.REMINDER, JOBS)
    first, again = page(one), page(one)
    for part in ("pdf", "workbook", "figures_csv", "manifest"):
        assert getattr(first, part) == getattr(again, part), part


def test_its_indicators_stand_in_the_order_of_the_plan_whatever_order_the_ledger_has(page) -> None:  # type: ignore[no-untyped-def]
    document = page(notice("提醒〔2025〕4", NoticeKind.REMINDER, POSTS, JOBS))
    said = text_of(document)
    assert said.index("城镇新增就业") < said.index("三产新增就业岗位")
    first = document.figures_csv.decode("utf-8-sig").splitlines()[1]
    assert "urban_new_jobs" in first


def test_a_departments_table_has_no_ranks_and_keeps_a_long_name_on_one_line(page) -> None:  # type: ignore[no-untyped-def]
    """A department's own figures are ranked with nobody's."""
    own = {"county": "city", "rank": None, "ranked": None, "tied": None}
    base = Matter(**{f: getattr(POSTS, f) for f in POSTS.__dataclass_fields__} | own)
    graduates = replace(base, indicator="graduates_grassroots")
    training = replace(base, indicator="subsidised_training")
    late = notice("提醒〔2025〕5", NoticeKind.REMINDER, graduates, training, addressee="education")
    document = page(late)
    assert "位次" not in text_of(document)
    with pdfplumber.open(BytesIO(document.pdf)) as opened:
        lines = [line["text"].replace(" ", "") for line in opened.pages[0].extract_text_lines()]
    assert any("服务基层项目促进高校毕业生就业" in line for line in lines)
