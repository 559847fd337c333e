"""When a draft is dated and what it asks by when."""

from datetime import date, datetime

import pytest

from flows.documents import evidence as evidences
from flows.documents.composing import planned
from flows.documents.evidence import Evidence, TooEarlyError
from flows.office import Office
from flows.settings import Settings


def require_due(evidence: Evidence, today: date) -> None:
    evidences.require_due(evidence.catalogue, evidence.period, evidence.reporting, today)


def test_a_bulletin_is_dated_by_the_policy_and_asks_for_answers_five_working_days_later(
    office: Settings,
) -> None:
    issue = planned(Office(office).gather("2025-05", datetime(2025, 6, 5, 18, 0)))
    assert issue.issued_on == date(2025, 6, 6)  # the working day after 5 June
    assert issue.answer_by == date(2025, 6, 13)  # 9 10 11 12 13
    assert issue.next_due_on == date(2025, 7, 7)


def test_a_bulletin_is_never_dated_before_its_data_cut(office: Settings) -> None:
    """科左中旗 reported June on 9 July; the policy would date the bulletin the 8th."""
    issue = planned(Office(office).gather("2025-06"))
    assert issue.as_of == datetime(2025, 7, 9, 16, 30)
    assert issue.issued_on == date(2025, 7, 9)
    assert issue.answer_by == date(2025, 7, 16)


def test_a_report_whose_day_has_passed_is_not_asked_for_again(office: Settings) -> None:
    january_made_in_july = planned(Office(office).gather("2025-01"))
    assert january_made_in_july.issued_on == date(2025, 7, 9)
    assert january_made_in_july.next_due_on is None


def test_the_manifest_can_name_the_plan_it_was_made_by(office: Settings) -> None:
    sources = planned(Office(office).gather("2025-06")).sources
    assert {"policy.toml", "annex_targets.csv", "plan.txt"} <= set(sources)
    assert all(len(digest) == 64 for digest in sources.values())


def test_a_period_that_is_not_over_is_not_drafted_and_says_what_there_is(office: Settings) -> None:
    evidence = Office(office).gather("2025")
    with pytest.raises(TooEarlyError) as refused:
        require_due(evidence, date(2025, 12, 31))
    assert str(refused.value) == (
        "2025年度还没有结束：12月报表应报21份，已报0份。请到期、收齐后再出；确要先出一份看看，加 --early（网页上选“提前出”）"
    )
    with pytest.raises(TooEarlyError, match="2025年度报来的报表太少：12月报表应报21份，已报0份"):
        require_due(evidence, date(2026, 1, 6))


def test_a_month_most_of_whose_reports_came_is_drafted_the_day_after_it_is_over(office: Settings) -> None:
    """20 of 21 June reports are there: more than half."""
    evidence = Office(office).gather("2025-06")
    require_due(evidence, date(2025, 7, 1))
    with pytest.raises(TooEarlyError, match="2025年6月还没有结束：6月报表应报21份，已报20份"):
        require_due(evidence, date(2025, 6, 30))
