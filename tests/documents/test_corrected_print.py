"""What a document would print otherwise: sentences with and without numbers, and the numbers of tables."""

import json
from pathlib import Path

from flows.documents.corrected_print import (
    OTHER_COLUMNS,
    ChangedNumber,
    changed_numbers,
    changed_sentences,
)
from flows.documents.kinds.correction import marked_changes
from flows.documents.print_record import Block, Printed, Subject
from flows.documents.provenance import Source


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
