"""The two ladders: one laggard over four months, what stops it, what is never done twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from flows.indicators.escalation.behind import behind_findings, recoveries
from flows.indicators.escalation.ladder import Finding, without_own, without_switched_off
from flows.indicators.escalation.late import late_arrivals, late_findings
from flows.indicators.escalation.reconcile import Reconciliation, assign_numbers, reconcile
from flows.plan.catalogue import Catalogue
from flows.plan.frames import FigureSchema, ReportingSchema, polars_schema
from flows.plan.load import load
from flows.plan.notice import MatterStatus, Notice, NoticeKind, NoticeState
from flows.plan.workdays import add_workdays, deadlines

PLAN = Path(__file__).parents[3] / "plan" / "2025"
KAILU = "kailu"
SENT, DRAFTED = NoticeState.SENT, NoticeState.DRAFTED


@pytest.fixture(scope="module")
def plan() -> Catalogue:
    return load(PLAN)


def figures(
    mark: str | None, attainment: float | None = 40.0, indicator: str = "tertiary_jobs"
) -> pl.DataFrame:
    """One county's figure: of 2400 posts, behind or not as the mark says."""
    ytd = None if attainment is None else attainment * 24
    row = {"county": KAILU, "indicator": indicator, "mark": mark, "ytd": ytd, "target": 2400.0,
           "attainment_pct": attainment, "gap_pp": None if attainment is None else attainment - 50.0}  # fmt: skip
    return pl.DataFrame([row], schema=polars_schema(FigureSchema))


def record(month: str, came: datetime | None = None) -> pl.DataFrame:
    due = deadlines(month, load(PLAN).policy.reporting).due_on
    days = None if came is None else max((came.date() - due).days, 0)
    status = "missing" if came is None else "late" if days else "on_time"
    row = {"month": month, "reporter": KAILU, "kind": "county", "due_on": due, "first_received_at": came,
           "status": status, "days_late": days or None}  # fmt: skip
    return pl.DataFrame([row], schema=polars_schema(ReportingSchema))


class Office:
    """The ledger kept in memory: drafts what is due, sends it on the same day unless told otherwise."""

    def __init__(self, plan: Catalogue) -> None:
        self.plan = plan
        self.filed: list[MatterStatus] = []

    def behind(self, month: str, on: date, frame: pl.DataFrame, send: bool = True) -> Reconciliation:
        self._close(recoveries(frame, self.filed, self.plan, month))
        return self._settle(behind_findings(frame, self.filed, self.plan, month, on), month, on, send)

    def late(self, month: str, on: date, frame: pl.DataFrame, send: bool = True) -> Reconciliation:
        self._close(late_arrivals(frame, self.filed))
        return self._settle(late_findings(frame, self.filed, self._dates(month), on), month, on, send)

    def _dates(self, month: str):  # type: ignore[no-untyped-def]
        return deadlines(month, self.plan.policy.reporting)

    def _settle(self, found: Sequence[Finding], month: str, on: date, send: bool) -> Reconciliation:
        settled = reconcile(found, self.filed, month)
        back = {w.notice.number: w.why for w in settled.withdrawals}
        self.filed = [
            replace(f, state=NoticeState.WITHDRAWN, note=back[f.notice.number])
            if f.notice.number in back
            else f
            for f in self.filed
        ]
        at, due = datetime.combine(on, datetime.min.time()), self._dates(month).due_on
        made = assign_numbers(settled.drafts, self.filed, month, at, on, add_workdays(on, 5), due)
        self.filed += [MatterStatus(n, m, SENT if send else DRAFTED, at, "") for n in made for m in n.matters]
        return settled

    def _close(self, good: Sequence) -> None:  # type: ignore[type-arg]
        how = {(g.filed.notice.number, g.filed.matter): g.how for g in good}
        self.filed = [
            replace(f, state=NoticeState.CLOSED, note=how[f.notice.number, f.matter])
            if (f.notice.number, f.matter) in how
            else f
            for f in self.filed
        ]

    @property
    def last(self) -> Notice:
        return self.filed[-1].notice


@pytest.fixture
def office(plan: Catalogue) -> Office:
    return Office(plan)


def kinds(settled: Reconciliation) -> list[NoticeKind]:
    return [draft.kind for draft in settled.drafts]


def test_one_laggard_climbs_a_rung_a_month_and_each_cites_the_one_before(office: Office) -> None:
    """Yellow in March, red from April on, nothing answered."""
    said = []
    for month, on, mark in (
        ("2025-03", date(2025, 4, 8), "yellow"),
        ("2025-04", date(2025, 5, 8), "red"),
        ("2025-05", date(2025, 6, 9), "red"),
        ("2025-06", date(2025, 7, 8), "red"),
    ):
        office.behind(month, on, figures(mark))
        said.append((office.last.number, office.last.matters[0].cites))
    assert said == [
        ("提醒〔2025〕1", None),
        ("催办〔2025〕1", "提醒〔2025〕1"),
        ("催办〔2025〕2", "催办〔2025〕1"),
        ("督办建议〔2025〕1", "催办〔2025〕2"),
    ]
    assert kinds(office.behind("2025-07", date(2025, 8, 8), figures("red"))) == []  # already proposed


def test_the_same_run_again_drafts_nothing_new(office: Office) -> None:
    office.behind("2025-06", date(2025, 7, 8), figures("red"), send=False)
    again = office.behind("2025-06", date(2025, 7, 8), figures("red"), send=False)
    assert (kinds(again), again.withdrawals, len(again.kept)) == ([], (), 1)


def test_a_matter_is_not_written_of_twice_in_a_period_however_late_the_run(office: Office) -> None:
    office.behind("2025-06", date(2025, 7, 8), figures("red"))
    assert kinds(office.behind("2025-06", date(2025, 7, 31), figures("red"))) == []


def test_after_a_pause_one_notice_is_sent_and_it_is_the_first(office: Office) -> None:
    """Red since March, but nobody was reminded: June brings one reminder, not three notices."""
    assert kinds(office.behind("2025-06", date(2025, 7, 8), figures("red"))) == [NoticeKind.REMINDER]


def test_a_draft_that_was_never_sent_is_no_rung(office: Office) -> None:
    office.behind("2025-05", date(2025, 6, 9), figures("red"), send=False)
    july = office.behind("2025-06", date(2025, 7, 8), figures("red"))
    assert kinds(july) == [NoticeKind.REMINDER]
    assert [w.why for w in july.withdrawals] == ["未发出，以2025-06数据为准"]


def test_nobody_is_urged_before_the_month_policy_sets(office: Office) -> None:
    office.behind("2025-01", date(2025, 2, 10), figures("red"))
    assert kinds(office.behind("2025-02", date(2025, 3, 10), figures("red"))) == [NoticeKind.REMINDER]
    assert kinds(office.behind("2025-03", date(2025, 4, 8), figures("red"))) == [NoticeKind.URGING]


def test_before_the_reply_is_due_nothing_follows(office: Office) -> None:
    office.behind("2025-05", date(2025, 7, 7), figures("yellow"))  # drafted late: reply by 14 July
    assert kinds(office.behind("2025-06", date(2025, 7, 8), figures("red"))) == []


def test_an_answer_stops_the_ladder_and_the_next_period_begins_at_its_foot(office: Office) -> None:
    office.behind("2025-04", date(2025, 5, 8), figures("yellow"))
    office.filed = [replace(f, state=NoticeState.ANSWERED) for f in office.filed]
    assert kinds(office.behind("2025-05", date(2025, 6, 9), figures("red"))) == [NoticeKind.REMINDER]


def test_catching_up_closes_what_was_sent_and_says_how(office: Office) -> None:
    office.behind("2025-04", date(2025, 5, 8), figures("red"))
    assert kinds(office.behind("2025-05", date(2025, 6, 9), figures("green", 48.0))) == []
    assert [(f.state, f.note) for f in office.filed] == [
        (NoticeState.CLOSED, "5月底完成率48.0%，已不在黄、红之列")
    ]


def test_a_month_without_a_figure_neither_closes_nor_climbs(office: Office) -> None:
    office.behind("2025-04", date(2025, 5, 8), figures("yellow"))
    assert kinds(office.behind("2025-05", date(2025, 6, 9), figures(None, None))) == []
    assert [f.state for f in office.filed] == [SENT]


def test_a_correction_over_the_line_withdraws_the_unsent_draft_and_says_so(office: Office) -> None:
    office.behind("2025-06", date(2025, 7, 8), figures("red", 38.0), send=False)
    corrected = office.behind("2025-06", date(2025, 7, 10), figures("green", 46.5), send=False)
    assert kinds(corrected) == []
    assert [w.why for w in corrected.withdrawals] == ["更正后完成率由38.0%变为46.5%，已不在黄、红之列"]


def test_a_rank_that_moved_because_others_reported_takes_no_draft_back(office: Office) -> None:
    office.behind("2025-06", date(2025, 7, 8), figures("red").with_columns(rank=7, ranked=7), send=False)
    later = office.behind(
        "2025-06", date(2025, 7, 9), figures("red").with_columns(rank=8, ranked=8), send=False
    )
    assert (kinds(later), later.withdrawals, len(later.kept)) == ([], (), 1)


def test_what_a_person_took_back_is_not_drafted_again_until_its_figures_change(office: Office) -> None:
    office.behind("2025-06", date(2025, 7, 8), figures("red", 38.0), send=False)
    office.filed = [replace(f, state=NoticeState.WITHDRAWN, note="人工撤回：另行约谈") for f in office.filed]
    assert kinds(office.behind("2025-06", date(2025, 7, 9), figures("red", 38.0), send=False)) == []
    assert kinds(office.behind("2025-06", date(2025, 7, 10), figures("red", 37.0), send=False)) == [
        NoticeKind.REMINDER
    ]


def test_a_correction_that_stays_below_the_line_is_drafted_anew_under_a_new_number(office: Office) -> None:
    office.behind("2025-06", date(2025, 7, 8), figures("red", 38.0), send=False)
    corrected = office.behind("2025-06", date(2025, 7, 10), figures("red", 39.0), send=False)
    assert [w.why for w in corrected.withdrawals] == ["更正后完成率由38.0%变为39.0%，另行起草"]
    assert office.last.number == "提醒〔2025〕2"


def test_a_sum_of_counties_has_no_addressee_and_a_departments_indicator_has(plan: Catalogue) -> None:
    annex = figures("red").with_columns(county=pl.lit("city"))
    assert behind_findings(annex, (), plan, "2025-06", date(2025, 7, 8)) == []
    own = figures("red", indicator="startup_training").with_columns(county=pl.lit("city"))
    found = behind_findings(own, (), plan, "2025-06", date(2025, 7, 8))
    assert [f.addressee for f in found] == [plan.indicator["startup_training"].reporter]


def test_a_silent_reporter_is_reminded_two_working_days_before_and_urged_the_day_after(
    office: Office,
) -> None:
    """June's report is due on Monday 7 July; two working days before is Thursday the 3rd."""
    silent = record("2025-06")
    by_day = {
        day: kinds(office.late("2025-06", date(2025, 7, day), silent))
        for day in (2, 3, 4, 7, 8, 9, 15, 16, 23, 24, 31)
    }
    assert {day: kind for day, kind in by_day.items() if kind} == {
        3: [NoticeKind.REMINDER],
        8: [NoticeKind.URGING],  # reply by the 15th
        16: [NoticeKind.URGING],  # reply by the 23rd
        24: [NoticeKind.ESCALATION],
    }
    assert [f.matter.cites for f in office.filed] == [None, "提醒〔2025〕1", "催办〔2025〕1", "催办〔2025〕2"]
    assert office.filed[0].notice.reply_by == date(2025, 7, 7)  # the report's own due day


def test_who_has_reported_is_not_reminded(office: Office) -> None:
    assert kinds(office.late("2025-06", date(2025, 7, 3), record("2025-06", datetime(2025, 7, 2, 9)))) == []


def test_a_report_made_up_late_is_remembered_with_its_days(office: Office) -> None:
    office.late("2025-06", date(2025, 7, 8), record("2025-06"))
    office.late("2025-06", date(2025, 7, 10), record("2025-06", datetime(2025, 7, 9, 16)))
    assert [(f.state, f.note) for f in office.filed] == [(NoticeState.CLOSED, "已于7月9日补报，迟2天")]


def test_a_report_that_comes_before_the_urging_is_sent_takes_it_back(office: Office) -> None:
    office.late("2025-06", date(2025, 7, 8), record("2025-06"), send=False)
    came = office.late("2025-06", date(2025, 7, 9), record("2025-06", datetime(2025, 7, 9, 16)), send=False)
    assert [w.why for w in came.withdrawals] == ["已于7月9日补报，迟2天"]


def test_an_overdue_report_after_a_pause_gets_one_urging(office: Office) -> None:
    assert kinds(office.late("2025-06", date(2025, 9, 1), record("2025-06"))) == [NoticeKind.URGING]


def test_the_ladders_do_not_touch_one_another(office: Office) -> None:
    office.late("2025-05", date(2025, 6, 6), record("2025-05"))
    assert kinds(office.behind("2025-06", date(2025, 7, 8), figures("red"))) == [NoticeKind.REMINDER]


def test_a_kind_that_policy_switches_off_is_not_drafted_and_the_run_says_so(plan: Catalogue) -> None:
    kinds = replace(plan.policy.notices, behind=(NoticeKind.URGING,), late=(NoticeKind.REMINDER,))
    other = replace(plan, policy=replace(plan.policy, notices=kinds))
    yellow = behind_findings(figures("yellow"), (), other, "2025-06", date(2025, 7, 8))
    (reminder,) = without_switched_off(yellow, kinds)
    assert (reminder.kind, reminder.why) == (None, "黄色；工作口径不发提醒")
    red = behind_findings(figures("red"), (), other, "2025-06", date(2025, 7, 8))
    (urging,) = without_switched_off(red, kinds)
    assert (urging.kind, urging.why) == (
        NoticeKind.URGING,
        "红色，不先提醒",
    )  # there are no reminders to wait for
    dates = deadlines("2025-06", plan.policy.reporting)
    (late,) = without_switched_off(late_findings(record("2025-06"), (), dates, dates.urge_on), kinds)
    assert late.kind is None and late.why.endswith("；工作口径不发催办")


def test_nobody_writes_a_letter_to_himself(plan: Catalogue) -> None:
    """The issuer, 通辽市人力资源和社会保障局, reports as 市人社局: its own matters are found and not written of."""
    assert plan.issuing_department == "human_resources"
    red = behind_findings(figures("red"), (), plan, "2025-06", date(2025, 7, 8))
    assert without_own(red, plan.issuing_department) == red
    (own,) = without_own([replace(red[0], addressee="human_resources")], plan.issuing_department)
    assert (own.kind, own.matter.cites) == (None, None)
    assert own.why.endswith("；本单位的事项，不发函，由本单位督促")
