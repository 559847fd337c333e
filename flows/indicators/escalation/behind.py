"""Figures behind pace (滞后): yellow is reminded of, red urged, by the marks of the figures."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl

from flows.indicators.escalation.ladder import (
    Finding,
    Resolution,
    awaiting_reply,
    next_rung,
    served,
    unanswered,
)
from flows.plan.catalogue import Catalogue
from flows.plan.notice import Ladder, Matter, MatterStatus, NoticeKind, NoticeState
from flows.plan.policy import Policy
from flows.plan.terms import CITY, Mark
from flows.plan.units import round_half_up

_BEHIND = (Mark.YELLOW, Mark.RED)
_FIGURES_CARRIED = (
    "county", "indicator", "mark", "ytd", "target", "attainment_pct", "gap_pp", "seasonal_gap_pp", "rank", "ranked",
    "tied", "required_monthly",
)  # fmt: skip


def behind_findings(
    figures: pl.DataFrame, filed: Sequence[MatterStatus], catalogue: Catalogue, month: str, on: date
) -> list[Finding]:
    """One finding for each figure that is behind or has a notice on record; a figure without a mark is not judged.

    The mark is judged on the better of the two gaps. The addressee is the county, for a department's own
    indicator the department; a sum of counties has none.
    """
    histories: dict[tuple[str, Ladder, str, str], list[MatterStatus]] = {}
    for one in filed:
        histories.setdefault(one.key, []).append(one)
    findings = []
    for addressee, row in _addressed(figures, catalogue):
        history = histories.get((addressee, Ladder.BEHIND, row["county"], row["indicator"]), [])
        if row["mark"] in _BEHIND or history:
            findings.append(_finding(addressee, row, history, catalogue.policy, month, on))
    return findings


def recoveries(
    figures: pl.DataFrame, filed: Sequence[MatterStatus], catalogue: Catalogue, month: str
) -> list[Resolution]:
    """The matters sent up to this month whose figure is known and no longer behind."""
    rows = {(who, row["county"], row["indicator"]): row for who, row in _addressed(figures, catalogue)}
    resolutions = []
    for one in filed:
        row = rows.get((one.notice.addressee, one.matter.county, one.matter.indicator))
        open_still = (
            one.notice.ladder is Ladder.BEHIND and one.state is NoticeState.SENT and one.notice.month <= month
        )
        if open_still and row and row["mark"] in (Mark.GREEN, Mark.BLUE):
            resolutions.append(
                Resolution(
                    one,
                    f"{int(month[5:])}月底完成率{round_half_up(row['attainment_pct'], 1)}%，已不在黄、红之列",
                )
            )
    return resolutions


def _addressed(figures: pl.DataFrame, catalogue: Catalogue) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in figures.iter_rows(named=True):
        who = row["county"] if row["county"] != CITY else catalogue.indicator[row["indicator"]].reporter
        if who is not None:
            yield who, row


def _finding(
    addressee: str, row: dict[str, Any], history: list[MatterStatus], policy: Policy, month: str, on: date
) -> Finding:
    sent = unanswered([one for one in history if one.notice.month < month])
    kind, why = _rung(row, history, sent, policy, month, on)
    cites = sent[-1].notice.number if kind and sent else None
    return Finding(
        addressee, Ladder.BEHIND, Matter(**{c: row[c] for c in _FIGURES_CARRIED}, cites=cites), kind, why
    )


def _rung(
    row: dict[str, Any],
    history: list[MatterStatus],
    sent: Sequence[MatterStatus],
    policy: Policy,
    month: str,
    on: date,
) -> tuple[NoticeKind | None, str]:
    if row["mark"] not in _BEHIND:
        return None, "未报或待核，不作判断" if row["mark"] is None else "已不在黄、红之列"
    if this := next((one for one in served(history) if one.notice.month >= month), None):
        return None, f"{this.notice.number}{this.state.label}，本期不再重复"
    if waiting := awaiting_reply(sent, on):
        return None, f"{waiting.notice.number}已发，答复期限未到"
    if row["mark"] == Mark.YELLOW:
        return NoticeKind.REMINDER, "黄色"
    return _rung_of_red(sent, policy, int(month[5:]))


def _rung_of_red(sent: Sequence[MatterStatus], policy: Policy, month: int) -> tuple[NoticeKind | None, str]:
    """Of a red figure: nobody is urged before the month policy sets, nor who was not reminded first while there are
    reminders."""
    urging_from = policy.marks.no_urging_before_month
    if month < urging_from:
        return NoticeKind.REMINDER, f"红色，{urging_from}月以前只提醒"
    if not sent and NoticeKind.REMINDER in policy.notices.behind:
        return NoticeKind.REMINDER, "红色，此前没有未答复的提醒，先提醒"
    kind = next_rung(sent)
    return (
        kind,
        f"红色，{f'{sent[-1].notice.number}未答复' if sent else '不先提醒'}" if kind else "已提请督办",
    )
