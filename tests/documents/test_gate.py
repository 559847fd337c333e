"""The gate: what a finished PDF is found guilty of. Each fault is put into a template, as an error would be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from flows.documents.document import Document, Frames, Issue
from flows.documents.gate import Expected, _page, examine
from flows.documents.kinds import county_report as feedback
from flows.documents.kinds import monthly
from flows.documents.pdf.fonts import Fonts
from flows.documents.pdf.page_text import Page, pages
from flows.documents.pdf.typeset import TEMPLATES, Rendering, Typesetter
from flows.plan.catalogue import Catalogue
from flows.plan.frames import StatementSchema
from flows.plan.load import load
from tests.documents.conftest import CHECKOUT
from tests.documents.sample_frames import JUNE, framed, sample_frames

ISSUE = Issue(datetime(2025, 7, 9, 16, 20), date(2025, 7, 9), date(2025, 7, 16), date(2025, 8, 5))
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
def altered(fonts: Fonts, tmp_path: Path) -> Altered:
    """A typesetter one of whose templates says `new` where it said `old`, once."""

    def alter(name: str, old: str, new: str) -> Typesetter:
        words = (TEMPLATES / name).read_text("utf-8")
        assert old in words, name
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(words.replace(old, new, 1), encoding="utf-8")
        return Typesetter(fonts, (tmp_path, TEMPLATES))

    return alter


def of_county(
    frames: Frames, catalogue: Catalogue, setter: Typesetter, county: str = "horqin"
) -> tuple[str, ...]:
    return feedback.make_county(frames, catalogue, JUNE, ISSUE, setter, county).faults


@pytest.mark.parametrize("county", ["horqin", "kailu", "jarud", "development_zone"])
def test_a_county_in_every_state_gets_a_feedback_without_fault(
    frames: Frames, catalogue: Catalogue, typesetter: Typesetter, county: str
) -> None:
    assert of_county(frames, catalogue, typesetter, county) == ()


def test_a_row_of_one_county_under_the_name_of_another_is_found(
    frames: Frames, catalogue: Catalogue, altered: Altered
) -> None:
    """The whole row is 霍林郭勒市's, figures and subject, but for the name that is printed before it."""
    setter = altered(
        "macros/annex.html.j2", "<th>{{ county.name }}</th>", "<th>{{ counties[loop.index0 - 1].name }}</th>"
    )
    found = monthly.make(frames, catalogue, JUNE, ISSUE, setter).faults
    assert any("对象不符" in fault and "应写明霍林郭勒市" in fault for fault in found)


def test_last_months_document_is_not_this_months(bulletin: Document, catalogue: Catalogue) -> None:
    expected = Expected(bulletin.title.replace("6月", "7月"), (), catalogue)
    assert any("题目不符：应为“关于2025年7月" in str(fault) for fault in examine(bulletin.pdf, expected))


def test_a_glyph_without_meaning_an_empty_page_and_a_wrong_sheet_are_faults(catalogue: Catalogue) -> None:
    expected = Expected("", (), catalogue)
    blank = Page(2, 210.0, 297.0, " ", "—2—", 0, {}, 0)
    assert [f.kind for f in _page(blank, expected)] == ["空白页"]
    boxes = Page(2, 216.0, 279.0, "字", "", 3, {"fangsong": False}, 0)
    assert [f.kind for f in _page(boxes, expected)] == ["纸张不符", "缺字", "缺页码", "字体未内嵌"]


def test_a_table_is_read_row_by_row(bulletin: Document) -> None:
    lying = next(page for page in pages(bulletin.pdf) if page.width > page.height)
    words = "".join(lying.text.split())
    assert words.index("科尔沁区") < words.index("霍林郭勒市") < words.index("开鲁县") < words.index("全市")


def test_the_labels_of_a_chart_are_read_in_the_order_they_are_set_wherever_they_stand(
    typesetter: Typesetter,
) -> None:
    label, name = (
        f'<text x="{x}" y="12" style="font-family: heiti; font-size: 10px">{words}</text>'
        for x, words in ((120, "107%"), (10, "科尔沁区"))
    )
    html = f'<html lang="zh"><head><title>图</title></head><body><svg width="200" height="20">{label}{name}</svg></body></html>'
    page = typesetter.pdf(Rendering("chart", html, ()), ISSUE.as_of)
    assert "".join(pages(page)[0].text.split()) == "107%科尔沁区"


def test_a_county_s_own_words_hold_up_nothing(
    frames: Frames, catalogue: Catalogue, typesetter: Typesetter
) -> None:
    """Names that look like placeholders, 600 characters, and a run of letters and digits that no line can break."""
    words = {
        "progress": f"与XX公司洽谈，××镇占位经营，nano级材料None，{{{{待填}}}}。{'组织招聘活动，落实各项补贴政策。' * 40}",
        "problem": "TODO" + "1234567890" * 30,
        "next_step": "n" * 300,
    }
    spoken = frames.statements.filter(pl.col("reporter") != "horqin")
    rows = [
        {"month": "2025-06", "reporter": "horqin", "task": 0, "kind": kind, "text": text}
        for kind, text in words.items()
    ]
    frames = replace(frames, statements=pl.concat([spoken, framed(StatementSchema, rows)]))
    document = monthly.make(frames, catalogue, JUNE, ISSUE, typesetter)
    assert document.faults == ()
    text = "".join(page.text for page in pages(document.pdf))
    assert "（余略，全文见附表）" in "".join(text.split())
    sheet = openpyxl.load_workbook(BytesIO(document.workbook))["各地工作情况"]
    assert words["progress"] in {cell.value for row in sheet.iter_rows() for cell in row}
