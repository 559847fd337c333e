"""A correction after issue: 扎鲁特旗 corrects May on 1 July, after May's bulletin went out on 9 June."""

import re
from datetime import datetime

import pypdfium2 as pdfium
import pytest

from flows.documents.composing import compose, frames_of
from flows.documents.corrections import NothingToCorrectError
from flows.documents.corrections import compose as correction
from flows.documents.kinds.amendments import AmendedSince
from flows.documents.kinds.monthly import monthly_facts
from flows.documents.provenance import plain
from flows.documents.publishing import draft_folder, publish
from flows.documents.tracing.lines import as_text, faults
from flows.office import Office
from flows.plan.issued import Decision, DocumentName, Issued
from flows.plan.load import plan_of
from flows.plan.period import Period
from flows.settings import Settings
from tests.staff import actor


def issue(office: Settings, document: str, at: datetime) -> Issued:
    found = Office(office).approval_status(document)
    desk = Office(office, lambda: at)
    for by in ("审核岗", "签发岗"):
        found = desk.decide(found, Decision.APPROVED, actor(office, by))
    return desk.issue(document)[0]


@pytest.fixture
def may(office: Settings) -> Issued:
    evidence = Office(office).gather("2025-05", datetime(2025, 6, 6, 18, 0))
    folder = draft_folder(office.reports, "2025-05", "monthly_dispatch")
    publish(compose("monthly_dispatch", evidence, Office(office).typesetter), folder)
    return issue(office, "2025-05/monthly_dispatch", datetime(2025, 6, 9, 15, 0))


def words_of(pdf: bytes) -> str:
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in pdfium.PdfDocument(pdf))


def the_next_document_says_what_was_corrected_since(office: Settings) -> None:
    """The footnote of June, and none as of a moment before the correction came."""
    june = Office(office).gather("2025-06")
    facts = monthly_facts(frames_of(june), plan_of(office, 2025), Period.parse("2025-06"))
    (corrected,) = facts.amended_since.corrected
    words = (corrected.name, corrected.month, corrected.indicator.name, corrected.before, corrected.now)
    assert list(map(plain, words)) == ["扎鲁特旗", "5月", "城镇新增就业", "501人", "489人"]
    assert facts.amended_since.late == ()
    pdf = compose("monthly_dispatch", june, Office(office).typesetter).pdf
    note = "注：上期印发后，扎鲁特旗5月城镇新增就业由501人更正为489人。本期按更正后的数计算。"
    assert note in words_of(pdf)
    (amendment,) = facts.amendments
    row = (amendment.month, amendment.name, amendment.first, amendment.now, amendment.change)
    # (489 − 501) × 100 ÷ 501 = −2.395…
    assert list(map(plain, row)) == ["5月", "扎鲁特旗", "501", "489", "-2.4%"]
    before = Office(office).gather("2025-06", datetime(2025, 6, 30, 18, 0))
    told = monthly_facts(frames_of(before), plan_of(office, 2025), Period.parse("2025-06"))
    assert told.amended_since == AmendedSince()
    assert told.amendments == ()


def test_a_corrected_figure_is_told_once_with_old_new_who_and_why(office: Settings, may: Issued) -> None:
    the_next_document_says_what_was_corrected_since(office)
    (pdf,) = Office(office).correct()
    assert pdf.relative_to(office.reports).as_posix() == "2025-05/correction_1/2025-05_更正说明1.pdf"
    words = words_of(pdf.read_bytes())
    assert f"（{may.number}，2025年6月9日印发，以下称原文件）印发后，扎鲁特旗更正了所报数据" in words
    assert "扎鲁特旗更正数据1项" in words
    assert "扎鲁特旗5月城镇新增就业人501489" in words  # the row: 501 first, 489 now
    the_changed_sentences_stand_side_by_side(office, words)
    assert "不涉及已发出的本期提醒、催办文书和反馈单" in words
    the_trace_compares_the_corrected_total_with_the_total(office)
    entry = issue(office, "2025-05/correction_1", datetime(2025, 7, 21, 10, 0))
    assert (entry.number, entry.kind) == ("通人社发〔2025〕2号", "correction")
    assert Office(office).correct() == []  # told once
    assert Office(office).remake(entry).is_equal
    with pytest.raises(NothingToCorrectError, match="不需要更正"):
        correction_made_again(office, entry.as_of)


def the_changed_sentences_stand_side_by_side(office: Settings, words: str) -> None:
    """Twelve fewer for 扎鲁特旗 are twelve fewer for the city, in the month and since January."""
    then, now = (
        Office(office)
        .gather("2025-05", at)
        .figures.filter(county="city", indicator="urban_new_jobs")
        .to_dicts()[0]
        for at in (datetime(2025, 6, 6, 18, 0), None)
    )
    assert (then["ytd"] - now["ytd"], then["value"] - now["value"]) == (12, 12)
    for figure in (then, now):
        assert f"全市城镇新增就业{figure['ytd']:.0f}人" in words
        assert f"5月当月新增{figure['value']:.0f}人。" in words
    assert (
        f"{then['value']:.0f}→{now['value']:.0f}{then['ytd']:.0f}→{now['ytd']:.0f}" in words
    )  # a row of 表2
    # No data cut is a sentence of the text, and what is the same stands once: nowhere 8→8.
    assert "数据截至2025年6月" not in words.partition("有变化的文字")[2]
    assert re.findall(r"(?<![\d.])([+-]?[\d.]+)→\1(?![\d.])", words) == []
    # 扎鲁特旗 fell from the third place to the fourth, where it was in April; 科尔沁区 rose into its place.
    other = words.partition("原文件其他有变化的数")[2].partition("有变化的文字")[0]
    assert "科尔沁区城镇新增就业位次升降↓2↓1扎鲁特旗城镇新增就业位次升降↑1—" in other


def the_trace_compares_the_corrected_total_with_the_total(office: Settings) -> None:
    """501 was the running total at first and 489 is; neither is the month's own number, 489 less April's total."""
    jobs = plan_of(office, 2025).indicator["urban_new_jobs"]
    found = Office(office).trace(Period.parse("2025-05"), jobs, "jarud")
    printed = {(p.column, p.text) for p in found.printed if p.document == "2025-05/correction_1"}
    assert {("ytd_before", "501"), ("ytd", "489")} <= printed
    assert ("value", "489") not in printed  # the month's own number is another one
    assert faults(found) == []
    assert "  2025-05/correction_1　更正前累计 501　累计 489" in as_text(found)


def correction_made_again(office: Settings, as_of: datetime) -> None:
    desk, name = Office(office), DocumentName.correction("2025-05", 2)
    with desk.warehouse() as warehouse:
        correction(warehouse, desk.plans, desk.typesetter, name, as_of)


def test_without_an_issued_document_there_is_nothing_to_correct(office: Settings) -> None:
    assert Office(office).correct() == []
    with pytest.raises(NothingToCorrectError, match="没有印发过文件，不需要更正"):
        Office(office).correct(["2025-05"])
