"""What a document would print otherwise: sentences with and without numbers, and the numbers of tables."""

import json
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from flows.documents.corrected_print import (
    OTHER_COLUMNS,
    ChangedNumber,
    changed_numbers,
    changed_sentences,
)
from flows.documents.document import Issue
from flows.documents.kinds.correction import Correcting, make, marked_changes
from flows.documents.pdf.typeset import Typesetter
from flows.documents.print_record import Block, Printed, Subject
from flows.documents.provenance import Source, plain
from flows.plan.frames import CorrectedCellSchema, CorrectedFigureSchema, polars_schema
from flows.plan.issued import Issued
from flows.plan.load import load
from tests.documents.conftest import CHECKOUT
from tests.documents.sample_frames import sample_frames


def text(words: str, block: str = "p") -> Block:
    return Block(block, words, (), ())


def row(county: str, column: str, printed: str, value: float, block: str = "annex") -> Block:
    number = Printed(2, printed, "cell", value, "", Source("2025-05", county, "loans", column), Subject())
    return Block(block, f"某地{printed}", (number,), ())


def test_a_sentence_without_a_number_is_compared_too() -> None:
    then = [text("各地没有明显滞后的指标。报送齐全。")]
    now = [text("开鲁县明显滞后。报送齐全。")]
    assert changed_sentences(then, now) == (("各地没有明显滞后的指标。", "开鲁县明显滞后。"),)


def test_what_follows_the_data_cut_is_no_changed_sentence() -> None:
    then = [text("单位：人。数据截至2025年6月6日。", "chart-note"), text("数据截至6月6日。", "introduction")]
    assert changed_sentences(then, []) == ()


def test_a_sentence_that_is_new_stands_alone() -> None:
    assert changed_sentences([text("甲。")], [text("甲。"), text("乙。")]) == (("", "乙。"),)


def test_the_other_numbers_of_tables_are_listed_once_and_what_is_missing_is_a_dash() -> None:
    then = [
        row("kailu", "required_monthly", "92", 92.0),
        row("kailu", "required_monthly", "92", 92.0, "hasten"),
    ]
    now = [row("kailu", "required_monthly", "93", 93.0), row("hure", "rank_change", "1", -1.0)]
    assert changed_numbers(then, now) == (
        ChangedNumber("kailu", "loans", "required_monthly", "92", "93"),
        ChangedNumber("hure", "loans", "rank_change", "—", "↓1"),  # a place down from none
    )


def test_the_figures_own_columns_and_charts_are_not_among_them() -> None:
    then = [row("kailu", "ytd", "361", 361.0), row("kailu", "share_pct", "3.1", 3.1, "svg")]
    assert changed_numbers(then, []) == ()


def test_the_changed_words_of_a_sentence_are_marked_and_a_number_is_one_word() -> None:
    before, now = marked_changes("全市新增7338人，排第3位。", "全市新增6738人，排第3位。")
    assert [(p.text, p.change) for p in before] == [
        ("全市新增", ""),
        ("7338人", "removed"),
        ("，排第3位。", ""),
    ]
    assert [(p.text, p.change) for p in now] == [("全市新增", ""), ("6738人", "added"), ("，排第3位。", "")]


FIGURES = {"value", "ytd", "attainment_pct", "gap_pp", "rank"}  # the columns of 表2
SENTENCES = {"own_ytd", "seasonal_gap_pp", "absent_pct", "lowest", "highest"}  # printed in sentences alone
REPORTED = {
    "days_late",
    "errors",
    "versions",
    "late_this_year",
    "missing_this_year",
    "open_queries",
    "known",
    "late",
    "missing",
    "deduction",
    "statement",
}  # the reporting record, and what is deducted for it
FIXED = {
    "rows",
    "count",
    "axis",
    "month",
    "date",
    "expected",
    "target",
    "excellent_limit",
}  # of no figure, or the plan's


def test_every_column_that_a_bulletin_or_report_prints_is_listed_or_no_result() -> None:
    printed = json.loads((Path(__file__).parent / "printed_columns.json").read_text("utf-8"))
    columns = {
        column.partition(" ×")[0]
        for kind in ("month", "quarter", "quarter, partial", "half-year", "year")
        for lines in printed[kind].values()
        for column in lines
    }
    results = {c for c in columns if "." not in c}  # policy.…, plan.…, period.… are none
    assert results - FIGURES - OTHER_COLUMNS.keys() - SENTENCES - REPORTED - FIXED == set()


@pytest.mark.parametrize(
    ("period", "kind", "is_upward"),
    [("2025-06", "monthly_dispatch", False), ("2025-Q2", "quarterly_analysis", True)],
)
def test_the_correction_of_a_report_goes_upward_as_the_report_did(
    period: str, kind: str, is_upward: bool, typesetter: Typesetter
) -> None:
    """GB/T 9704-2012, 7.2.6: a document to the government above names its signatory; a bulletin to counties does not."""
    catalogue, at = load(CHECKOUT / "plan" / "2025"), datetime(2025, 7, 8, 9)
    original = Issued(
        number="通人社发〔2025〕6号", series="通人社发", year=2025, serial=6, gap_note="", document=f"{period}/{kind}",
        kind=kind, period=period, county="", title="原件", file_name="原件", as_of=at, issued_on=at.date(), issued_at=at,
        draft_sha256="", sha256="", is_sample=False,
    )  # fmt: skip
    report = Issued(**{name: getattr(original, name) for name in Issued.__dataclass_fields__} | {
        "number": "通人社函〔2025〕3号", "county": "kailu", "title": "关于反馈开鲁县调度情况的函"})  # fmt: skip
    nothing = (pl.DataFrame(schema=polars_schema(s)) for s in (CorrectedCellSchema, CorrectedFigureSchema))
    correcting = Correcting(original, (), *nothing, touched=(), county_reports=(report,))
    issue = Issue(as_of=at, issued_on=date(2025, 7, 9), answer_by=date(2025, 7, 16))
    frames, setter = sample_frames(catalogue), typesetter.for_records()
    page = plain(make(correcting, frames, catalogue, "更正说明", issue, setter).page_source)
    assert ("签发人：" in page) is is_upward
    assert ("市人民政府：" in page, "各旗县市区人民政府" in page) == (is_upward, not is_upward)
    said = "《关于反馈开鲁县调度情况的函》（通人社函〔2025〕3号）所列相应数据，以本件为准。"
    assert said in "".join(page.split()) and "不涉及已发出" not in page
