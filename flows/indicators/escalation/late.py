"""Reports not sent (迟报): reminded of before the due day, urged after it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from flows.indicators.escalation.ladder import Finding, Resolution, awaiting_reply, next_rung, unanswered
from flows.plan.notice import Ladder, Matter, MatterStatus, NoticeKind, NoticeState
from flows.plan.workdays import Deadlines


def late_findings(
    reporting: pl.DataFrame, filed: Sequence[MatterStatus], deadlines: Deadlines, on: date
) -> list[Finding]:
    """One finding for each reporter, for the month of `deadlines`, in the order of the reporting record."""
    rows = reporting.filter(month=deadlines.month).iter_rows(named=True)
    return [_finding(row, _history(filed, row["reporter"], deadlines.month), deadlines, on) for row in rows]


def late_arrivals(reporting: pl.DataFrame, filed: Sequence[MatterStatus]) -> list[Resolution]:
    """The matters sent, of any month of the record, whose report has arrived since, with how late it was."""
    record = {
        (r["reporter"], r["month"]): r for r in reporting.filter(pl.col("status") != "missing").to_dicts()
    }
    return [
        Resolution(one, arrival(record[key]))
        for one in filed
        if one.notice.ladder is Ladder.LATE and one.state is NoticeState.SENT
        for key in [(one.notice.addressee, one.notice.month)]
        if key in record
    ]


def arrival(row: dict[str, Any]) -> str:
    """How a report arrived: 已于7月9日补报，迟2天."""
    received = row["first_received_at"]
    on = f"已于{received.month}月{received.day}日"
    return f"{on}补报，迟{row['days_late']}天" if row["status"] == "late" else f"{on}按时报送"


def _history(filed: Sequence[MatterStatus], reporter: str, month: str) -> list[MatterStatus]:
    key = (reporter, Ladder.LATE, reporter, "")
    return [one for one in filed if one.key == key and one.notice.month == month]


def _finding(row: dict[str, Any], history: list[MatterStatus], deadlines: Deadlines, on: date) -> Finding:
    reporter, sent = row["reporter"], unanswered(history)
    kind, why = (None, arrival(row)) if row["status"] != "missing" else _rung(history, sent, deadlines, on)
    cites = sent[-1].notice.number if kind and sent else None
    return Finding(reporter, Ladder.LATE, Matter(county=reporter, cites=cites), kind, why)


def _rung(
    history: list[MatterStatus], sent: Sequence[MatterStatus], deadlines: Deadlines, on: date
) -> tuple[NoticeKind | None, str]:
    due = f"{deadlines.due_on.month}月{deadlines.due_on.day}日"
    if on < deadlines.remind_on:
        return None, f"{due}到期，未到提醒日"
    if any(one.state in (NoticeState.ANSWERED, NoticeState.CLOSED) for one in history):
        return None, "未报，已答复"
    if on < deadlines.urge_on:
        if sent:
            return None, f"{sent[-1].notice.number}已提醒，{due}到期"
        return (
            (NoticeKind.REMINDER, f"{due}到期，尚未报送")
            if on <= deadlines.due_on
            else (None, "逾期，次一工作日催办")
        )
    if waiting := awaiting_reply([one for one in sent if one.notice.kind is not NoticeKind.REMINDER], on):
        return None, f"{waiting.notice.number}已发，答复期限未到"
    kind = next_rung(sent)
    return kind, f"应于{due}报送，逾期未报" if kind else "已提请督办"
