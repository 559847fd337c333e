"""The gate: what a finished PDF is found guilty of. Each fault is put into a template, as an error would be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from flows.documents.document import Document, Frames, Issue
from flows.documents.gate import Expected, _page
from flows.documents.gate_expectations import faults_of
from flows.documents.kinds import county_report as feedback
from flows.documents.kinds import monthly
from flows.documents.pdf.fonts import Faces
from flows.documents.pdf.page_text import Page, pages
from flows.documents.pdf.typeset import TEMPLATES, Typesetter
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.period import Period
from tests.documents.conftest import CHECKOUT
from tests.documents.sample_frames import JUNE, sample_frames

ISSUE = Issue(datetime(2025, 7, 9, 16, 20), date(2025, 7, 9), date(2025, 7, 16), date(2025, 8, 5))
MONTHLY, FEEDBACK = "macros/monthly.html.j2", "county_feedback.html.j2"
Altered = Callable[[str, str, str], Typesetter]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(CHECKOUT / "plan" / "2025")


@pytest.fixture(scope="module")
def frames(catalogue: Catalogue) -> Frames:
    return sample_frames(catalogue)


@pytest.fixture(scope="module")
def bulletin(frames: Frames, catalogue: Catalogue, typesetter: Typesetter) -> Document:
    return monthly.make(frames, catalogue, JUNE, ISSUE, typesetter)


@pytest.fixture
def altered(faces: Faces, tmp_path: Path) -> Altered:
    """A typesetter one of whose templates says `new` where it said `old`, once."""

    def alter(name: str, old: str, new: str) -> Typesetter:
        words = (TEMPLATES / name).read_text("utf-8")
        assert old in words, name
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(words.replace(old, new, 1), encoding="utf-8")
        return Typesetter(faces, (tmp_path, TEMPLATES))

    return alter


def of_month(frames: Frames, catalogue: Catalogue, setter: Typesetter) -> tuple[str, ...]:
    document = monthly.make(frames, catalogue, JUNE, ISSUE, setter)
    return faults_of(document, "monthly_dispatch", frames, catalogue, JUNE, ISSUE)


def of_county(
    frames: Frames, catalogue: Catalogue, setter: Typesetter, county: str = "horqin"
) -> tuple[str, ...]:
    document = feedback.make_county(frames, catalogue, JUNE, ISSUE, setter, county)
    return faults_of(document, "monthly_dispatch", frames, catalogue, JUNE, ISSUE, county)


def test_a_bulletin_as_it_should_be_has_no_fault(
    bulletin: Document, frames: Frames, catalogue: Catalogue
) -> None:
    assert faults_of(bulletin, "monthly_dispatch", frames, catalogue, JUNE, ISSUE) == ()


@pytest.mark.parametrize("county", ["horqin", "kailu", "jarud", "development_zone"])
def test_a_county_in_every_state_gets_a_feedback_without_fault(
    frames: Frames, catalogue: Catalogue, typesetter: Typesetter, county: str
) -> None:
    assert of_county(frames, catalogue, typesetter, county) == ()


def test_a_changed_digit_is_found_where_it_is_seldom_said(
    frames: Frames, catalogue: Catalogue, altered: Altered
) -> None:
    """Who rose is said only where somebody rose."""
    rising = replace(frames, figures=frames.figures.with_columns(rank_change=frames.figures["rank"] * 0 + 2))
    setter = altered(MONTHLY, "上升2位及以上", "上升3位及以上")
    assert any("数字无出处：3" in fault for fault in of_month(rising, catalogue, setter))


def test_a_lost_row_is_named_with_what_it_should_say(
    frames: Frames, catalogue: Catalogue, altered: Altered
) -> None:
    setter = altered(
        "macros/annex.html.j2", "{% for county in counties %}", "{% for county in counties[1:] %}"
    )
    found = of_month(frames, catalogue, setter)
    lost = [fault for fault in found if "附件1 科尔沁区（" in fault]
    assert len(lost) == 8 / 2  # two indicators side by side
    assert "应印“科尔沁区" in lost[0]


def test_last_months_document_is_not_this_months(
    bulletin: Document, frames: Frames, catalogue: Catalogue
) -> None:
    july = replace(bulletin, title=bulletin.title.replace("6月", "7月"))
    found = faults_of(july, "annual_assessment", frames, catalogue, Period.parse("2025-07"), ISSUE)
    assert any("题目不符：应为“关于2025年7月" in fault for fault in found)
    assert any("月份不符：“截至6月底”，应为7月底" in fault for fault in found)


def test_another_data_cut_is_found(bulletin: Document, frames: Frames, catalogue: Catalogue) -> None:
    later = replace(ISSUE, as_of=datetime(2025, 7, 10, 8, 0))
    found = faults_of(bulletin, "monthly_dispatch", frames, catalogue, JUNE, later)
    assert any("数据截止不符：应有“数据截至2025年7月10日8时00分”" in fault for fault in found)


def test_a_glyph_without_meaning_an_empty_page_and_a_wrong_sheet_are_faults(
    frames: Frames, catalogue: Catalogue
) -> None:
    expected = Expected("", JUNE, ISSUE, frames, catalogue)
    blank = Page(2, 210.0, 297.0, " ", "—2—", 0, {}, 0)
    assert [f.kind for f in _page(blank, expected)] == ["空白页"]
    boxes = Page(2, 216.0, 279.0, "字", "", 3, {"fangsong": False}, 0)
    assert [f.kind for f in _page(boxes, expected)] == ["纸张不符", "缺字", "缺页码", "字体未内嵌"]


def test_a_table_is_read_row_by_row(bulletin: Document) -> None:
    lying = next(page for page in pages(bulletin.pdf) if page.width > page.height)
    words = "".join(lying.text.split())
    assert words.index("科尔沁区") < words.index("霍林郭勒市") < words.index("开鲁县") < words.index("全市")
