"""Two documents compared: figures by what they are, paragraphs by their words; as a page and with tracked changes."""

import io
from datetime import datetime
from typing import Any

import docx
from docx.oxml.ns import qn

from flows.documents.comparison import Side, compare
from flows.documents.provenance import Source

YTD = {
    "kind": "amount",
    "period": "2025-06",
    "county": "kailu",
    "indicator": "urban_new_jobs",
    "column": "ytd",
}


def block(text: str, *numbers: dict[str, Any]) -> dict[str, Any]:
    return {"id": "text", "text": text, "printed": list(numbers)}


def side(label: str, number: str, *more: dict[str, Any]) -> Side:
    text = f"开鲁县城镇新增就业{number}人。"
    return Side(label, "通报", "2025-06", datetime(2025, 7, 9), [block(text, {**YTD, "text": number}), *more])


def name_of(source: Source) -> str:
    return f"{source.county} {source.indicator} {source.column}"


SAME = block("共9个地区。", {"kind": "count", "text": "9", "value": 9})


def test_a_figure_that_differs_is_named_once_and_its_paragraph_shown() -> None:
    found = compare(side("原稿", "431", SAME), side("现稿", "440", SAME), name_of)
    assert [(one.name, one.before, one.after) for one in found.numbers] == [
        ("kailu urban_new_jobs ytd", "431", "440")
    ]
    assert found.lines() == [
        "kailu urban_new_jobs ytd：431 → 440",
        "- 开鲁县城镇新增就业[-431-]人。",
        "+ 开鲁县城镇新增就业[+440+]人。",
    ]


def test_equal_documents_differ_in_nothing() -> None:
    found = compare(side("甲", "431"), side("乙", "431"), name_of)
    assert (found.lines(), found.numbers, found.changes) == (["文字和数都没有变"], [], [])


def test_the_page_needs_nothing_from_elsewhere_and_escapes_what_it_shows() -> None:
    page = compare(side("<b>", "431"), side("现稿", "440"), name_of).as_html().decode()
    assert "<del>431</del>" in page and "<ins>440</ins>" in page and "&lt;b&gt;" in page
    assert "http" not in page and "<script" not in page


def test_in_the_docx_every_difference_is_a_tracked_change_and_equal_input_gives_equal_bytes() -> None:
    new = block("其他9人。", {"kind": "count", "text": "9", "value": 9})
    first, second = (
        compare(side("原稿", "431"), side("现稿", "440", new), name_of).as_docx() for _ in range(2)
    )
    assert first == second
    body = docx.Document(io.BytesIO(first)).element.body
    inserted = ["".join(t.text or "" for t in one.iter(qn("w:t"))) for one in body.iter(qn("w:ins"))]
    deleted = ["".join(t.text or "" for t in one.iter(qn("w:delText"))) for one in body.iter(qn("w:del"))]
    # The figure in the list, then in its paragraph: whole, though 431 and 440 begin alike.
    assert (deleted, inserted) == (["431", "431"], ["440", "440", "其他9人。"])


def test_the_numbers_of_a_row_stand_apart() -> None:
    def row(month: str) -> dict[str, Any]:
        return block(
            f"城镇新增就业人{month}6237", {"kind": "cell", "text": month}, {"kind": "cell", "text": "6237"}
        )

    found = compare(side("原稿", "431", row("1400")), side("现稿", "431", row("1388")), name_of)
    assert found.lines() == ["- 城镇新增就业人 [-1400-] 6237", "+ 城镇新增就业人 [+1388+] 6237"]
