"""Every check by its name: what triggers it, where, and what it does to the cell."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from flows.plan.catalogue import Catalogue
from flows.plan.observation import KnownTotals, Problem, Reading
from flows.plan.terms import CITY, Measure, State, StatementKind, Tier
from flows.submissions.checks.run import RULES
from flows.submissions.form.form_spec import Entries, Entry, FormSpec, form_spec
from flows.submissions.form.layout import DONE, NOT_DONE
from flows.submissions.form.writer import write_form
from flows.submissions.read_form import read
from tests.submissions.conftest import DUE_ON, KNOWN, MAY, cell, named, reading_of, total, understood

Rows = Mapping[str, Entry]

# What a county types into one row (May stands at 497, 130, 318.5, 0), and the one rule that must speak.
COUNTY: dict[str, tuple[str, Entry]] = {
    "not_understood": ("urban_new_jobs", total("约110", "607")),
    "not_a_number": (
        "urban_new_jobs",
        Entry({Measure.IN_MONTH: date(2025, 6, 1), Measure.RUNNING_TOTAL: 607}),
    ),
    "not_whole": ("urban_new_jobs", total("110", "607.5")),
    "too_many_decimals": ("startup_loans", total("117.62", "436.125")),
    "number_beside_choice": ("urban_new_jobs", total("", "607", choice="不适用", reason="本年度没有任务")),
    "not_filled_in": ("urban_new_jobs", total("110", "/")),
    "running_total_not_filled_in": ("urban_new_jobs", total("", "", choice="零")),
    "choice_not_understood": ("urban_new_jobs", total("110", "607", choice="有")),
    "not_applicable_without_reason": ("secondary_jobs", total("", "", choice="不适用")),
    "negative_running_total": ("incubators_per_county", total("0", "-1")),
    "falling_running_total": ("urban_new_jobs", total("-7", "490")),  # 497 - 7 = 490: it adds up, but falls
    "running_total_against_month": ("urban_new_jobs", total("110", "617")),  # 497 + 110 = 607
    "slip_of_ten_thousand": (
        "startup_loans",
        total("117.62", "4361200"),
    ),  # 元: 900 × 100 = 90000 is the limit
    "month_typed_for_running_total": ("urban_new_jobs", total("110", "110")),
    "running_total_typed_for_month": ("urban_new_jobs", total("607", "607")),
    "exactly_the_target": ("skilled_talent_trained", total("230", "400")),  # all of 400; 230 is 57.5 %
    "ten_thousandth": ("rural_labour_transferred", total("6200", "6")),  # 万人: 6 × 10⁴ = 60000, May 52000
    "month_and_total_exchanged": ("urban_new_jobs", total("607", "110")),
    "month_above_all_before": ("urban_new_jobs", total("607", "1104")),  # 607 typed for 110; 497 + 607
    "leap": ("urban_new_jobs", total("450", "947")),  # 450 of 1100 is 40.9 %
    "implausible_for_one_county": ("incubators_per_county", total("21", "21")),
}
# What a department types; everything else on its form stays blank.
DEPARTMENT: dict[str, tuple[str, str, Entry]] = {
    "negative_level": ("market_regulation", "small_micro_firms", Entry({Measure.LEVEL: -5})),
    "rate_out_of_range": ("market_regulation", "entity_activity_rate", Entry({Measure.LEVEL: Decimal("170.2")})),
    "rate_as_fraction": ("market_regulation", "entity_activity_rate", Entry({Measure.LEVEL: Decimal("0.7")})),
    "part_above_whole": (
        "human_resources", "integrated_major_share", Entry({Measure.NUMERATOR: 51, Measure.DENOMINATOR: 50}),
    ),
    "empty_whole": (
        "human_resources", "integrated_major_share", Entry({Measure.NUMERATOR: 3, Measure.DENOMINATOR: 0}),
    ),
    "done_not_understood": ("human_resources", "public_training_base", Entry({Measure.DONE: "快了"})),
    "done_not_filled_in": ("human_resources", "public_training_base", Entry({Measure.DONE: "/"})),
    "done_without_date": ("human_resources", "public_training_base", Entry({Measure.DONE: DONE})),
    "date_without_done": (
        "human_resources", "public_training_base", Entry({Measure.DONE: NOT_DONE}, done_on=date(2025, 6, 1)),
    ),
    "done_after_month": (
        "human_resources", "public_training_base", Entry({Measure.DONE: DONE}, done_on=date(2025, 7, 1)),
    ),
}  # fmt: skip
ELSEWHERE = {"coarse_amount", "sheet_sum_differs",
    "error_value", "unit_differs", "struck_through", "zero_from_formula", "altered_target", "coarse_unit",
    "other_count",  # need another program: cases/
    "month_above_running_total", "above_following_month", "same_increment", "done_taken_back",  # need other months: below
}  # fmt: skip


def department(catalogue: Catalogue, reporter: str, indicator: str, entry: Entry) -> Reading:
    form = form_spec(catalogue, reporter, "2025-06", {})
    words = {(form.tasks[0].number, StatementKind.PROGRESS): "按计划推进。"}
    content = write_form(form, DUE_ON, Entries(rows={(CITY, indicator): entry}, words=words))
    return understood(read("月报.xlsx", content, catalogue, lambda *_: {}))


def test_every_rule_has_a_test() -> None:
    assert {rule.name for rule in RULES} == COUNTY.keys() | DEPARTMENT.keys() | ELSEWHERE


@pytest.mark.parametrize("rule", COUNTY)
def test_a_county_row_triggers_its_rule_and_no_other(catalogue: Catalogue, form: FormSpec, rule: str) -> None:
    indicator, entry = COUNTY[rule]
    reading = reading_of(catalogue, form, {indicator: entry})
    problems = [p for p in reading.problems if p.rule == rule]
    assert len(problems) == 1
    assert problems[0].indicator == indicator and problems[0].county == "kailu"
    assert problems[0].sheet == "月报" and problems[0].cell


@pytest.mark.parametrize("rule", DEPARTMENT)
def test_a_department_row_triggers_its_rule(catalogue: Catalogue, rule: str) -> None:
    reporter, indicator, entry = DEPARTMENT[rule]
    reading = department(catalogue, reporter, indicator, entry)
    assert [p.rule for p in reading.problems if p.indicator == indicator] == [rule]


@pytest.mark.parametrize(
    "rule", [r for r in RULES if r.tier is Tier.ERROR and r.name in COUNTY], ids=lambda r: r.name
)
def test_an_error_blocks_its_cell_and_keeps_no_value(
    catalogue: Catalogue, form: FormSpec, rule: object
) -> None:
    name = rule.name  # type: ignore[attr-defined]  # ids need the rule itself
    indicator, entry = COUNTY[name]
    reading = reading_of(catalogue, form, {indicator: entry})
    blocked = [o for o in reading.observations if o.state is State.BLOCKED]
    assert {(o.indicator, o.value) for o in blocked} == {(indicator, None)}
    assert len(blocked) == (2 if name == "month_and_total_exchanged" else 1)  # 本月 and 累计
    assert blocked[-1].cell == named(reading, name).cell


def test_a_blocked_part_takes_its_whole_with_it(catalogue: Catalogue) -> None:
    reading = department(catalogue, *DEPARTMENT["part_above_whole"])
    for part in (Measure.NUMERATOR, Measure.DENOMINATOR):
        assert cell(reading, "integrated_major_share", part).state is State.BLOCKED


def test_a_queried_number_is_used(catalogue: Catalogue, form: FormSpec) -> None:
    reading = reading_of(catalogue, form, {"urban_new_jobs": total("110", "617")})
    assert cell(reading, "urban_new_jobs").value == 617


def test_the_message_says_where_what_expected_and_found(catalogue: Catalogue, form: FormSpec) -> None:
    reading = reading_of(catalogue, form, {"urban_new_jobs": total("-7", "490")})
    assert named(reading, "falling_running_total").message("开鲁6月.xlsx") == (
        "开鲁6月.xlsx · 月报!G6 · 城镇新增就业（累计）：应为不小于上月累计 497 的整数，填报为 490"
    )


def test_a_real_reason_answers_the_query(catalogue: Catalogue, form: FormSpec) -> None:
    entry = total("-7", "490", reason="与社保数据比对，核减重复统计7人")
    problem = named(reading_of(catalogue, form, {"urban_new_jobs": entry}), "falling_running_total")
    assert problem.answer == "与社保数据比对，核减重复统计7人"


@pytest.mark.parametrize(
    "reason", ["", "/", "无", "核实无误", "已核实，数据无误。", "核减", "经核对，情况属实！"]
)
def test_an_assurance_is_no_answer(catalogue: Catalogue, form: FormSpec, reason: str) -> None:
    entry = total("-7", "490", reason=reason)
    assert (
        named(reading_of(catalogue, form, {"urban_new_jobs": entry}), "falling_running_total").answer is None
    )


def test_an_error_cannot_be_answered_away(catalogue: Catalogue, form: FormSpec) -> None:
    entry = total("110", "607.5", reason="半个人按实际工时折算统计")
    assert named(reading_of(catalogue, form, {"urban_new_jobs": entry}), "not_whole").answer is None


def test_a_month_made_up_later_may_not_exceed_the_following_month(
    catalogue: Catalogue, form: FormSpec
) -> None:
    known = dict(KNOWN) | {("kailu", "urban_new_jobs"): KnownTotals(Decimal(497), Decimal(600))}
    reading = reading_of(catalogue, form, known=known)  # June's own total is 607
    assert "7月累计 600" in named(reading, "above_following_month").expected


def test_where_last_month_is_missing_the_month_still_cannot_exceed_the_year(
    catalogue: Catalogue, form: FormSpec
) -> None:
    known = {key: k for key, k in KNOWN.items() if key[1] != "urban_new_jobs"}
    form = form_spec(catalogue, "kailu", "2025-06", known)
    reading = reading_of(catalogue, form, {"urban_new_jobs": total("110", "11")}, known)
    named(reading, "month_above_running_total")


def test_where_last_month_is_missing_nothing_is_added_up(catalogue: Catalogue, form: FormSpec) -> None:
    known = {key: k for key, k in KNOWN.items() if key[1] != "urban_new_jobs"}
    form = form_spec(catalogue, "kailu", "2025-06", known)
    assert reading_of(catalogue, form, {"urban_new_jobs": total("110", "900")}, known).problems == ()


def test_where_last_month_is_missing_the_sheets_own_sum_decides(catalogue: Catalogue, form: FormSpec) -> None:
    """The form still shows May's 497: 497 + 110 = 607, not 617."""
    known = {key: k for key, k in KNOWN.items() if key[1] != "urban_new_jobs"}
    reading = reading_of(catalogue, form, {"urban_new_jobs": total("110", "617")}, known)
    problem = named(reading, "sheet_sum_differs")
    assert problem.expected == "表内上月累计 497 加本月 110，即 607" and problem.cell == "G6"
    assert cell(reading, "urban_new_jobs").state is State.BLOCKED
    explained = {"urban_new_jobs": total("110", "617", reason="补报5月漏报的10人，已核实来源")}
    assert reading_of(catalogue, form, explained, known).problems == ()


def test_in_january_the_year_starts_from_zero(catalogue: Catalogue) -> None:
    form = form_spec(catalogue, "kailu", "2025-01", KNOWN)  # December's 497 is another year's
    rows = {("kailu", "urban_new_jobs"): total("80", "90")}
    content = write_form(form, date(2025, 2, 5), Entries(rows=rows))
    reading = understood(read("月报.xlsx", content, catalogue, lambda *_: KNOWN))
    (problem,) = (p for p in reading.problems if p.indicator == "urban_new_jobs")
    assert problem.rule == "running_total_against_month" and "上月累计 0 加本月 80，即 80" in problem.expected


def test_no_query_reasons_from_a_blocked_number(catalogue: Catalogue, form: FormSpec) -> None:
    """35 beside 零 does not also fail to add up."""
    reading = reading_of(catalogue, form, {"urban_new_jobs": total("35", "607", choice="零")})
    assert {p.rule for p in reading.problems} == {"number_beside_choice"}


def test_an_optional_row_may_stay_blank_and_then_says_nothing(catalogue: Catalogue) -> None:
    reading = department(catalogue, *DEPARTMENT["done_without_date"])
    assert not [o for o in reading.observations if o.indicator == "urban_new_jobs"]
    assert not [p for p in reading.problems if p.indicator == "urban_new_jobs"]


def test_a_department_may_report_the_citys_own_figure(catalogue: Catalogue) -> None:
    reading = department(catalogue, "human_resources", "urban_new_jobs", total("900", "7100"))
    observed = cell(reading, "urban_new_jobs")
    assert (observed.county, observed.value) == (CITY, 7100)


def same_as_may() -> dict[str, Entry]:
    return {i: total("", MAY[i], choice="零") for i in MAY}


def test_last_months_file_is_known_by_all_its_totals(catalogue: Catalogue, form: FormSpec) -> None:
    problem = named(reading_of(catalogue, form, same_as_may()), "last_months_file")
    assert problem.found == "与上月完全相同的累计（8 行）"  # ten, less the two that stand at 0


def test_one_new_total_is_no_old_file(catalogue: Catalogue, form: FormSpec) -> None:
    rows = same_as_may() | {"urban_new_jobs": total("1", "498")}
    assert reading_of(catalogue, form, rows).problems == ()


def test_a_month_of_nothing_in_three_rows_is_no_slip(catalogue: Catalogue, form: FormSpec) -> None:
    """117.62 under both in January is right: the year starts from zero."""
    known = {key: KnownTotals(None, None) for key in KNOWN}
    form = form_spec(catalogue, "kailu", "2025-06", known)
    reading = reading_of(catalogue, form, {"startup_loans": total("117.62", "117.62")}, known)
    assert not [p for p in reading.problems if p.indicator == "startup_loans"]


def test_a_small_target_may_be_met_to_the_digit(catalogue: Catalogue, form: FormSpec) -> None:
    """One base of one: every honest county ends there."""
    assert reading_of(catalogue, form, {"incubators_per_county": total("1", "1")}).problems == ()


MARCH_TOTAL = {
    ("kailu", "urban_new_jobs"): KnownTotals(Decimal(497), None, months_back=3)
}  # April and May: not reported


def after_a_gap(catalogue: Catalogue, month: str, running: str) -> list[Problem]:
    """The problems of 城镇新增就业 in June where March's 497 is the last total known."""
    form = form_spec(catalogue, "kailu", "2025-06", MARCH_TOTAL)
    content = write_form(form, DUE_ON, Entries(rows={("kailu", "urban_new_jobs"): total(month, running)}))
    reading = understood(read("月报.xlsx", content, catalogue, lambda *_: MARCH_TOTAL))
    return [p for p in reading.problems if p.indicator == "urban_new_jobs"]


def test_a_total_is_compared_with_the_last_month_reported_however_long_ago(catalogue: Catalogue) -> None:
    (problem,) = after_a_gap(catalogue, "11", "11")
    assert problem.rule == "month_typed_for_running_total"
    assert problem.expected == "不小于3月累计 497 加本月 11，即 508"


@pytest.mark.parametrize(
    ("month", "running", "rules"),
    [
        ("110", "607", []),  # 497 + 110: nothing in April and May
        ("110", "900", []),  # 900 − 497 − 110 = 293 in April and May
        ("110", "606", ["running_total_against_month"]),  # one less than 497 + 110
        ("", "496", ["falling_running_total", "not_filled_in"]),  # one less than 497
        ("607", "110", ["month_and_total_exchanged"]),  # 607 ≥ 497 + 110 and 110 < 497
        ("100", "1817", []),  # 1817 − 497 = 1320 = 3 × 40 % of 1100
        ("100", "1818", ["leap"]),
    ],
)
def test_after_a_gap_the_total_is_no_less_than_the_last_one_and_the_month(
    catalogue: Catalogue, month: str, running: str, rules: list[str]
) -> None:
    assert sorted(p.rule for p in after_a_gap(catalogue, month, running)) == rules


def test_one_fault_in_a_row_is_one_question(catalogue: Catalogue, form: FormSpec) -> None:
    """480 is less than May's 497, and 497 + 110 = 607 is due: only the sum is asked about."""
    reading = reading_of(catalogue, form, {"urban_new_jobs": total("110", "480")})
    assert named(reading, "running_total_against_month").expected == "上月累计 497 加本月 110，即 607"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("6", "以“万”为单位"),
        ("58", "以“千”为单位"),
        ("400", "请核对计量单位"),
    ],  # 400 × 1000 is 7.7 times May's 52000
)
def test_the_remedy_names_the_unit_that_was_typed(
    catalogue: Catalogue, form: FormSpec, typed: str, words: str
) -> None:
    reading = reading_of(catalogue, form, {"rural_labour_transferred": total("6200", typed)})
    assert words in named(reading, "ten_thousandth").remedy


@pytest.mark.parametrize(("said", "rules"), [(NOT_DONE, ["done_taken_back"]), (DONE, ["done_without_date"])])
def test_a_milestone_taken_back_is_asked_about(catalogue: Catalogue, said: str, rules: list[str]) -> None:
    known = {(CITY, "public_training_base"): KnownTotals(Decimal(1), None, months_back=2)}
    form = form_spec(catalogue, "human_resources", "2025-06", known)
    rows = {(CITY, "public_training_base"): Entry({Measure.DONE: said})}
    reading = understood(
        read("月报.xlsx", write_form(form, DUE_ON, Entries(rows=rows)), catalogue, lambda *_: known)
    )
    problems = [p for p in reading.problems if p.indicator == "public_training_base"]
    assert [p.rule for p in problems] == rules
    assert said == DONE or problems[0].expected == "“是”（4月已报完成）"


def test_nought_of_nought_is_no_error(catalogue: Catalogue) -> None:
    entry = Entry({Measure.NUMERATOR: 0, Measure.DENOMINATOR: 0})
    reading = department(catalogue, "human_resources", "integrated_major_share", entry)
    assert [p for p in reading.problems if p.indicator == "integrated_major_share"] == []
    for part in (Measure.NUMERATOR, Measure.DENOMINATOR):
        assert cell(reading, "integrated_major_share", part).state is State.CONFIRMED_ZERO


@pytest.mark.parametrize(
    ("month", "running", "rules"),
    [
        ("498", "995", ["month_above_all_before"]),  # 498 is one more than all before it: 497
        ("497", "994", ["leap"]),  # 497 is 45 % of 1100
        ("170", "667", []),
    ],
)
def test_a_month_with_more_than_all_before_it_is_asked_about(
    catalogue: Catalogue, form: FormSpec, month: str, running: str, rules: list[str]
) -> None:
    reading = reading_of(catalogue, form, {"urban_new_jobs": total(month, running)})
    assert [p.rule for p in reading.problems] == rules
