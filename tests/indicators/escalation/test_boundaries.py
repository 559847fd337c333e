"""Every comparison of the ladders with the value on either side."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from flows.indicators.escalation.behind import behind_findings, recoveries
from flows.indicators.escalation.ladder import Finding, awaiting_reply, next_rung, served, unanswered
from flows.indicators.escalation.late import late_arrivals, late_findings
from flows.indicators.escalation.reconcile import PlannedNotice, assign_numbers, reconcile
from flows.plan.catalogue import Catalogue
from flows.plan.load import load
from flows.plan.notice import Ladder, Matter, MatterStatus, Notice, NoticeKind, NoticeState
from flows.plan.workdays import deadlines
from tests.indicators.escalation.test_ladder import KAILU, PLAN, figures, record

AT = datetime(2025, 6, 9, 9, 0)
SHOPS = "tertiary_jobs"


@pytest.fixture(scope="module")
def plan() -> Catalogue:
    return load(PLAN)


def status(
    number: str = "提醒〔2025〕1",
    *,
    month: str = "2025-05",
    ladder: Ladder = Ladder.BEHIND,
    state: NoticeState = NoticeState.SENT,
    reply_by: date = date(2025, 6, 16),
    note: str = "",
) -> MatterStatus:
    """A matter in the ledger: 开鲁县's posts, 40 % done, or its report of the month."""
    kind = {label.label: label for label in NoticeKind}[number.partition("〔")[0]]
    behind = Matter(KAILU, SHOPS, "red", 960.0, 2400.0, 40.0)
    matter = behind if ladder is Ladder.BEHIND else Matter(KAILU)
    notice = Notice(number, kind, ladder, KAILU, month, AT, AT.date(), reply_by, (matter,))
    return MatterStatus(notice, matter, state, AT, note)


def due(month: str, on: date, *history: MatterStatus) -> tuple[NoticeKind | None, str]:
    """What is due of a report not sent."""
    dates = deadlines(month, load(PLAN).policy.reporting)
    (finding,) = late_findings(record(month), history, dates, on)
    return finding.kind, finding.why


def test_drafts_and_withdrawn_notices_are_no_rung() -> None:
    states = [NoticeState.DRAFTED, NoticeState.APPROVED, NoticeState.WITHDRAWN]
    assert served([status(state=state) for state in states]) == []
    kept = [status(state=state) for state in (NoticeState.SENT, NoticeState.ANSWERED, NoticeState.CLOSED)]
    assert served(kept) == kept


def test_a_notice_counts_from_the_last_answer_on() -> None:
    answered, first, second = (
        status(state=NoticeState.ANSWERED),
        status("催办〔2025〕1"),
        status("催办〔2025〕2"),
    )
    assert unanswered([first, answered, second]) == (second,)
    assert unanswered([answered, first, second]) == (first, second)


def test_the_day_of_the_reply_belongs_to_the_sender() -> None:
    sent = [status(reply_by=date(2025, 6, 16))]
    assert awaiting_reply(sent, date(2025, 6, 16)) is sent[-1]
    assert awaiting_reply(sent, date(2025, 6, 17)) is None
    assert awaiting_reply([], date(2025, 6, 16)) is None


def test_the_second_urging_is_the_last_before_the_escalation() -> None:
    reminder, first, second = status(), status("催办〔2025〕1"), status("催办〔2025〕2")
    assert next_rung([reminder]) is NoticeKind.URGING
    assert next_rung([reminder, first]) is NoticeKind.URGING
    assert next_rung([reminder, first, second]) is NoticeKind.ESCALATION
    assert next_rung([reminder, first, second, status("督办建议〔2025〕1")]) is None


@pytest.mark.parametrize(("day", "kind", "why"), [
    (2, None, "9月5日到期，未到提醒日"),
    (3, NoticeKind.REMINDER, "9月5日到期，尚未报送"),  # two working days before Friday the 5th
    (5, NoticeKind.REMINDER, "9月5日到期，尚未报送"),
    (6, None, "逾期，次一工作日催办"), (7, None, "逾期，次一工作日催办"),  # a weekend
    (8, NoticeKind.URGING, "应于9月5日报送，逾期未报"),
])  # fmt: skip
def test_a_report_due_on_a_friday_is_reminded_of_until_then_and_urged_on_monday(
    day: int, kind: NoticeKind | None, why: str
) -> None:
    assert due("2025-08", date(2025, 9, day)) == (kind, why)


@pytest.mark.parametrize("state", [NoticeState.ANSWERED, NoticeState.CLOSED])
def test_who_has_answered_is_not_urged(state: NoticeState) -> None:
    answered = status(month="2025-08", ladder=Ladder.LATE, state=state)
    assert due("2025-08", date(2025, 9, 8), answered) == (None, "未报，已答复")


def test_the_answer_of_another_month_or_matter_counts_for_nothing() -> None:
    earlier = status(month="2025-07", ladder=Ladder.LATE, state=NoticeState.ANSWERED)
    behind = status(month="2025-08", state=NoticeState.ANSWERED)
    assert due("2025-08", date(2025, 9, 8), earlier, behind)[0] is NoticeKind.URGING


def test_a_reminder_is_not_waited_for_but_an_urging_is() -> None:
    """The report itself is overdue: only the reply to an urging still has time."""
    late = {"month": "2025-08", "ladder": Ladder.LATE, "reply_by": date(2025, 9, 15)}
    assert due("2025-08", date(2025, 9, 8), status(**late))[0] is NoticeKind.URGING  # type: ignore[arg-type]  # its keywords
    urged = status("催办〔2025〕1", **late)  # type: ignore[arg-type]  # its keywords
    assert due("2025-08", date(2025, 9, 15), urged) == (None, "催办〔2025〕1已发，答复期限未到")
    assert due("2025-08", date(2025, 9, 16), urged)[0] is NoticeKind.URGING


def test_only_what_was_sent_of_a_late_report_is_resolved_by_its_arrival() -> None:
    came = record("2025-05", datetime(2025, 6, 9, 16))
    sent = status(month="2025-05", ladder=Ladder.LATE)
    assert [r.how for r in late_arrivals(came, [sent])] == ["已于6月9日补报，迟4天"]  # due on the 5th
    in_time = record("2025-05", datetime(2025, 6, 5, 16))
    assert [r.how for r in late_arrivals(in_time, [sent])] == ["已于6月5日按时报送"]
    for other in (
        replace(sent, state=NoticeState.ANSWERED), status(month="2025-05"), status(month="2025-04", ladder=Ladder.LATE),
    ):  # fmt: skip
        assert late_arrivals(came, [other]) == []
    assert late_arrivals(record("2025-05"), [sent]) == []


@pytest.mark.parametrize(
    ("month", "kind"),
    [("2025-02", NoticeKind.REMINDER), ("2025-03", NoticeKind.URGING), ("2025-12", NoticeKind.URGING)],
)
def test_red_is_urged_from_march_on(plan: Catalogue, month: str, kind: NoticeKind) -> None:
    reminded = status(month="2025-01", reply_by=date(2025, 2, 17))
    (finding,) = behind_findings(figures("red"), [reminded], plan, month, date(2026, 1, 8))
    assert (finding.kind, finding.matter.cites) == (kind, "提醒〔2025〕1")


@pytest.mark.parametrize(("month", "again"), [("2025-04", True), ("2025-05", False), ("2025-06", False)])
def test_a_notice_of_this_month_or_a_later_one_stops_this_months(
    plan: Catalogue, month: str, again: bool
) -> None:
    (finding,) = behind_findings(figures("red"), [status(month=month)], plan, "2025-05", date(2025, 6, 20))
    assert (finding.kind is not None) is again
    assert again or finding.why == "提醒〔2025〕1已发出，本期不再重复"


def test_a_withdrawn_notice_of_this_month_stops_nothing(plan: Catalogue) -> None:
    withdrawn = status(state=NoticeState.WITHDRAWN)
    (finding,) = behind_findings(figures("red"), [withdrawn], plan, "2025-05", date(2025, 6, 20))
    assert (finding.kind, finding.matter.cites) == (NoticeKind.REMINDER, None)


@pytest.mark.parametrize(("mark", "why"), [(None, "未报或待核，不作判断"), ("green", "已不在黄、红之列")])
def test_a_matter_on_record_has_a_finding_also_when_it_is_not_behind(
    plan: Catalogue, mark: str | None, why: str
) -> None:
    assert behind_findings(figures(mark), (), plan, "2025-06", date(2025, 7, 8)) == []
    (finding,) = behind_findings(figures(mark), [status()], plan, "2025-06", date(2025, 7, 8))
    assert (finding.kind, finding.why) == (None, why)


@pytest.mark.parametrize(("month", "closed"), [("2025-04", False), ("2025-05", True), ("2025-06", True)])
def test_catching_up_closes_what_was_sent_up_to_that_month(plan: Catalogue, month: str, closed: bool) -> None:
    assert bool(recoveries(figures("blue", 60.0), [status(month="2025-05")], plan, month)) is closed


def test_catching_up_names_the_month(plan: Catalogue) -> None:
    (resolution,) = recoveries(figures("blue", 96.0), [status(month="2025-05")], plan, "2025-12")
    assert resolution.how == "12月底完成率96.0%，已不在黄、红之列"


def test_catching_up_closes_nothing_else(plan: Catalogue) -> None:
    for other in (status(state=NoticeState.ANSWERED), status(ladder=Ladder.LATE)):
        assert recoveries(figures("green", 48.0), [other], plan, "2025-06") == []
    for mark in ("yellow", "red", None):
        assert recoveries(figures(mark), [status()], plan, "2025-06") == []


def drafted(**more: object) -> MatterStatus:
    return status(state=NoticeState.DRAFTED, **more)  # type: ignore[arg-type]  # its keywords


@pytest.mark.parametrize(("month", "withdrawn"), [
    ("2025-04", ["未发出，以2025-05数据为准"]), ("2025-05", ["事项有增减，另行起草"]), ("2025-06", []),
])  # fmt: skip
def test_an_unsent_draft_of_figures_gives_way_to_its_own_and_later_months(
    month: str, withdrawn: list[str]
) -> None:
    result = reconcile([], [drafted(month=month)], "2025-05")
    assert [w.why for w in result.withdrawals] == withdrawn


@pytest.mark.parametrize(("month", "stays"), [("2025-04", True), ("2025-05", False), ("2025-06", True)])
def test_an_unsent_draft_of_a_missing_report_is_touched_by_its_own_month_alone(
    month: str, stays: bool
) -> None:
    result = reconcile([], [drafted(month=month, ladder=Ladder.LATE)], "2025-05")
    assert (not result.withdrawals) is stays


def test_a_sent_notice_is_never_withdrawn() -> None:
    assert reconcile([], [status(month="2025-05")], "2025-05").withdrawals == ()


def test_what_a_person_withdrew_in_one_month_may_be_drafted_in_the_next(plan: Catalogue) -> None:
    by_hand = status(state=NoticeState.WITHDRAWN, note="人工撤回：另行约谈")
    same = behind_findings(figures("red", 40.0), [], plan, "2025-05", date(2025, 6, 9))
    assert reconcile(same, [by_hand], "2025-05").drafts == ()
    assert len(reconcile(same, [by_hand], "2025-06").drafts) == 1
    withdrawn_by_machine = replace(by_hand, note="更正后完成率由38.0%变为40.0%，另行起草")
    assert len(reconcile(same, [withdrawn_by_machine], "2025-05").drafts) == 1


def test_a_draft_whose_figure_became_unknown_or_whose_rung_changed_says_so(plan: Catalogue) -> None:
    unknown = behind_findings(figures(None, None), [drafted()], plan, "2025-05", date(2025, 6, 9))
    assert [w.why for w in reconcile(unknown, [drafted()], "2025-05").withdrawals] == ["未报或待核，不作判断"]
    reminded = status("提醒〔2025〕7", month="2025-04", reply_by=date(2025, 5, 15))
    red = behind_findings(figures("red"), [reminded, drafted()], plan, "2025-05", date(2025, 6, 9))
    assert [w.why for w in reconcile(red, [reminded, drafted()], "2025-05").withdrawals] == ["已转为催办"]


def test_a_unit_gets_one_notice_for_each_ladder_and_rung_whatever_the_order_of_its_findings() -> None:
    findings = [
        Finding(KAILU, ladder, Matter(KAILU, indicator), kind, "")
        for ladder, kind, indicator in [
            (Ladder.BEHIND, NoticeKind.REMINDER, "urban_new_jobs"), (Ladder.LATE, NoticeKind.REMINDER, ""),
            (Ladder.BEHIND, NoticeKind.URGING, SHOPS), (Ladder.BEHIND, NoticeKind.REMINDER, "startup_loans"),
        ]
    ]  # fmt: skip
    drafts = reconcile(findings, [], "2025-05").drafts
    assert [(d.ladder, d.kind, [m.indicator for m in d.matters]) for d in drafts] == [
        (Ladder.BEHIND, NoticeKind.REMINDER, ["urban_new_jobs", "startup_loans"]),
        (Ladder.BEHIND, NoticeKind.URGING, [SHOPS]),
        (Ladder.LATE, NoticeKind.REMINDER, [""]),
    ]


def planned(kind: NoticeKind, ladder: Ladder) -> PlannedNotice:
    return PlannedNotice(KAILU, ladder, kind, (Matter(KAILU),))


def test_numbers_go_on_after_the_highest_given_of_their_kind() -> None:
    filed = [
        status("提醒〔2025〕9"),
        status("提醒〔2025〕3"),
        status("催办〔2025〕4", state=NoticeState.WITHDRAWN),
    ]
    wanted = [
        planned(k, Ladder.BEHIND)
        for k in (NoticeKind.REMINDER, NoticeKind.URGING, NoticeKind.REMINDER, NoticeKind.ESCALATION)
    ]
    notices = assign_numbers(wanted, filed, "2025-05", AT, AT.date(), date(2025, 6, 16), date(2025, 6, 5))
    assert [n.number for n in notices] == [
        "提醒〔2025〕10",
        "催办〔2025〕5",
        "提醒〔2025〕11",
        "督办建议〔2025〕1",
    ]


@pytest.mark.parametrize(("kind", "ladder", "reply_by"), [
    (NoticeKind.REMINDER, Ladder.LATE, date(2025, 6, 5)), (NoticeKind.URGING, Ladder.LATE, date(2025, 6, 16)),
    (NoticeKind.REMINDER, Ladder.BEHIND, date(2025, 6, 16)), (NoticeKind.URGING, Ladder.BEHIND, date(2025, 6, 16)),
])  # fmt: skip
def test_only_the_reminder_of_a_report_is_answered_by_the_due_day(
    kind: NoticeKind, ladder: Ladder, reply_by: date
) -> None:
    (notice,) = assign_numbers(
        [planned(kind, ladder)], [], "2025-05", AT, AT.date(), date(2025, 6, 16), date(2025, 6, 5)
    )
    assert notice.reply_by == reply_by
